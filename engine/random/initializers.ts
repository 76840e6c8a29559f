// First values of a parameter: torch's defaults, and the functions of torch.nn.init.
// Bounds and deviations are computed in f64 in torch's order of operations; the draws are f32.
import type { InitializerSpec, Shape } from '../spec/index.ts';
import type { Generator } from './generator.ts';
import { normal } from './normal.ts';
import { truncatedNormal } from './truncated-normal.ts';
import { uniform } from './uniform.ts';

type Fans = Readonly<Record<'fan_in' | 'fan_out', number>>;
type KaimingSpec = Extract<InitializerSpec, { type: 'kaiming_uniform' | 'kaiming_normal' }>;

/**
 * Inputs that one output adds up, and outputs that one input goes to.
 * @param shape [outputs, inputs, ...window].
 * @throws RangeError for fewer than two dimensions.
 */
function fansOf(shape: Shape, type: string): Fans {
  const [outputs, inputs, ...window] = shape;
  if (outputs === undefined || inputs === undefined)
    throw new RangeError(`${type} needs a parameter of two dimensions or more, but this one is [${shape.join(', ')}]`);
  const receptive = window.reduce((product, n) => product * n, 1);
  return { fan_in: inputs * receptive, fan_out: outputs * receptive };
}

/** `torch.nn.init.calculate_gain`. */
function gainOf({ nonlinearity, a }: Pick<KaimingSpec, 'nonlinearity' | 'a'>): number {
  switch (nonlinearity) {
    case 'linear':
    case 'sigmoid':
      return 1;
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.sqrt(2);
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + a * a));
    case 'selu':
      return 3 / 4;
    default:
      return nonlinearity satisfies never;
  }
}

const kaimingDeviation = (spec: KaimingSpec, shape: Shape): number =>
  gainOf(spec) / Math.sqrt(fansOf(shape, spec.type)[spec.mode]);

function xavierDeviation({ type, gain }: { readonly type: string; readonly gain: number }, shape: Shape): number {
  const { fan_in, fan_out } = fansOf(shape, type);
  return gain * Math.sqrt(2 / (fan_in + fan_out));
}

function symmetric(generator: Generator, out: Float32Array, deviation: number): Float32Array {
  const bound = Math.sqrt(3) * deviation;
  return uniform(generator, out, -bound, bound);
}

/**
 * Fills a parameter as `torch.nn.init.<type>_` does.
 * @param out f32, as many values as the shape has; also returned.
 * @throws RangeError when the kind needs a matrix and the parameter is none, or its bounds are the wrong way round.
 * @source golden: initialization.
 */
export function initialize(generator: Generator, spec: InitializerSpec, shape: Shape, out: Float32Array): Float32Array {
  switch (spec.type) {
    case 'uniform':
      return uniform(generator, out, spec.a, spec.b);
    case 'normal':
      return normal(generator, out, spec.mean, spec.std);
    case 'trunc_normal':
      return truncatedNormal(generator, out, spec);
    case 'constant':
      return out.fill(spec.val);
    case 'zeros':
      return out.fill(0);
    case 'ones':
      return out.fill(1);
    case 'xavier_uniform':
      return symmetric(generator, out, xavierDeviation(spec, shape));
    case 'xavier_normal':
      return normal(generator, out, 0, xavierDeviation(spec, shape));
    case 'kaiming_uniform':
      return symmetric(generator, out, kaimingDeviation(spec, shape));
    case 'kaiming_normal':
      return normal(generator, out, 0, kaimingDeviation(spec, shape));
    default:
      return spec satisfies never;
  }
}

/**
 * The weight of `nn.Linear` and `nn.Conv2d` as they come: `kaiming_uniform_(weight, a=√5)`.
 * @param fanIn inputs that one output adds up, ≥ 1.
 */
export function defaultWeight(generator: Generator, fanIn: number, out: Float32Array): Float32Array {
  const a = Math.sqrt(5);
  return symmetric(generator, out, gainOf({ nonlinearity: 'leaky_relu', a }) / Math.sqrt(fanIn));
}

/** Their bias: U(±1/√fan_in). */
export function defaultBias(generator: Generator, fanIn: number, out: Float32Array): Float32Array {
  const bound = 1 / Math.sqrt(fanIn);
  return uniform(generator, out, -bound, bound);
}
