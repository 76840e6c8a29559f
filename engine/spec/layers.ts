// What each kind of layer makes of its inputs, and what it has to learn: one rule per kind, an exhaustive table.
// Known before anything is compiled or trained; shared by the checks, the planner, the analyzer and the exporters.
import type { Shape } from './data.ts';
import { pair, type LayerOf, type LayerSpec, type LayerType } from './model.ts';

/** Why a layer cannot take its inputs; becomes a Problem at that layer. */
export class LayerShapeError extends Error {
  readonly expected: string;
  readonly received: string;
  constructor(expected: string, received: string) {
    super(`needs ${expected}, but gets ${received}`);
    this.name = 'LayerShapeError';
    this.expected = expected;
    this.received = received;
  }
}

/** `scale` and `shift` belong to normalisation layers; a scale is no weight to be penalised where biases are left out. */
export type ParameterRole = 'weight' | 'bias' | 'scale' | 'shift';

export interface ParameterShape {
  /** torch's name within the layer: `weight`, `bias`. */
  readonly name: 'weight' | 'bias';
  readonly role: ParameterRole;
  readonly shape: Shape;
  /** Inputs that one output adds up; decides torch's default initialisation of weight and bias. */
  readonly fanIn: number;
}

/** State that training changes without a gradient: running statistics. f32, saved with the parameters. */
export interface StateShape {
  readonly name: 'running_mean' | 'running_var';
  readonly shape: Shape;
  readonly initial: number;
}

interface LayerRule<L extends LayerSpec> {
  /** How many inputs it takes. */
  readonly arity: 'one' | 'several';
  /**
   * Shape of the output per example.
   * @throws LayerShapeError when the inputs do not fit.
   */
  output(layer: L, inputs: readonly Shape[]): Shape;
  readonly parameters?: (layer: L, input: Shape) => readonly ParameterShape[];
  readonly state?: (layer: L, input: Shape) => readonly StateShape[];
  /** Multiply-adds per example of the forward pass; 0 where there are none worth counting. */
  readonly multiplyAdds?: (layer: L, input: Shape, output: Shape) => number;
}

export const elements = (shape: Shape): number => shape.reduce((product, x) => product * x, 1);
export const shapeText = (shape: Shape): string => `[${shape.join(', ')}]`;

const one = (inputs: readonly Shape[]): Shape => inputs[0] ?? [];
const refuse = (expected: string, input: Shape): never => {
  throw new LayerShapeError(expected, shapeText(input));
};

function features(input: Shape): number {
  return input.length === 1 ? (input[0] as number) : refuse('an input [features] (put a Flatten before it)', input);
}

/** [channels, height, width]. */
export function image(input: Shape): readonly [number, number, number] {
  if (input.length !== 3) refuse('an input [channels, height, width]', input);
  return input as unknown as readonly [number, number, number];
}

export interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly ceil: boolean;
}

/** The arguments of a window that slides over an image, defaults of torch filled in. */
export function windowOf(layer: LayerOf<'Conv2d' | 'MaxPool2d' | 'AvgPool2d'>): Window {
  const kernel = pair(layer.kernel_size);
  return {
    kernel,
    stride: pair(layer.stride ?? kernel),
    padding: pair(layer.padding),
    dilation: layer.type === 'AvgPool2d' ? [1, 1] : pair(layer.dilation),
    ceil: layer.type === 'Conv2d' ? false : layer.ceil_mode,
  };
}

/** torch's size of a sliding window's output; with ceil, a last window must begin inside the input or its left padding. */
function windowed(size: number, axis: 0 | 1, w: Window): number {
  const [kernel, stride, padding] = [w.kernel[axis], w.stride[axis], w.padding[axis]];
  const span = size + 2 * padding - w.dilation[axis] * (kernel - 1) - 1;
  if (span < 0) return 0;
  const whole = Math.floor(span / stride) + 1;
  if (!w.ceil || span % stride === 0) return whole;
  return whole * stride >= size + padding ? whole : whole + 1;
}

function windowedImage(input: Shape, w: Window): readonly [number, number] {
  const [, height, width] = image(input);
  const out = [windowed(height, 0, w), windowed(width, 1, w)] as const;
  if (out[0] < 1 || out[1] < 1) {
    const reach = ([0, 1] as const).map((axis) => w.dilation[axis] * (w.kernel[axis] - 1) + 1);
    refuse(`at least ${reach.join(' × ')} pixels, padding included, for its kernel`, input);
  }
  return out;
}

function pooled(layer: LayerOf<'MaxPool2d' | 'AvgPool2d'>, input: Shape): Shape {
  const w = windowOf(layer);
  for (const axis of [0, 1] as const)
    if (w.padding[axis] * 2 > w.kernel[axis])
      throw new LayerShapeError('padding of at most half its kernel_size', String(w.padding[axis]));
  return [image(input)[0], ...windowedImage(input, w)];
}

const biased = (layer: { readonly bias: boolean }, outputs: number, fanIn: number): ParameterShape[] =>
  layer.bias ? [{ name: 'bias', role: 'bias', shape: [outputs], fanIn }] : [];

const same = { arity: 'one', output: (_: unknown, inputs: readonly Shape[]) => one(inputs) } as const;

const linear = {
  arity: 'one',
  output: (layer: LayerOf<'Linear' | 'DropConnect'>, inputs: readonly Shape[]): Shape => {
    features(one(inputs));
    return [layer.out_features];
  },
  parameters: (layer: LayerOf<'Linear' | 'DropConnect'>, input: Shape): ParameterShape[] => {
    const fanIn = features(input);
    return [
      { name: 'weight', role: 'weight', shape: [layer.out_features, fanIn], fanIn },
      ...biased(layer, layer.out_features, fanIn),
    ];
  },
  multiplyAdds: (layer: LayerOf<'Linear' | 'DropConnect'>, input: Shape): number =>
    layer.out_features * features(input),
} as const;

const conv2d: LayerRule<LayerOf<'Conv2d'>> = {
  arity: 'one',
  output(layer, inputs) {
    const input = one(inputs);
    const [channels] = image(input);
    if (channels % layer.groups !== 0)
      throw new LayerShapeError(`a number of channels that groups (${layer.groups}) divides`, `${channels} channels`);
    if (layer.out_channels % layer.groups !== 0)
      throw new LayerShapeError(`out_channels that groups (${layer.groups}) divides`, String(layer.out_channels));
    return [layer.out_channels, ...windowedImage(input, windowOf(layer))];
  },
  parameters(layer, input) {
    const perGroup = image(input)[0] / layer.groups;
    const [kh, kw] = pair(layer.kernel_size);
    const fanIn = perGroup * kh * kw;
    return [
      { name: 'weight', role: 'weight', shape: [layer.out_channels, perGroup, kh, kw], fanIn },
      ...biased(layer, layer.out_channels, fanIn),
    ];
  },
  multiplyAdds(layer, input, output) {
    const [kh, kw] = pair(layer.kernel_size);
    return elements(output) * (image(input)[0] / layer.groups) * kh * kw;
  },
};

function batchNorm(check: (input: Shape) => void): LayerRule<LayerOf<'BatchNorm1d' | 'BatchNorm2d'>> {
  return {
    arity: 'one',
    output(_, inputs) {
      check(one(inputs));
      return one(inputs);
    },
    parameters(layer, [channels = 1]) {
      if (!layer.affine) return [];
      const shared = { shape: [channels], fanIn: channels };
      return [
        { name: 'weight', role: 'scale', ...shared },
        { name: 'bias', role: 'shift', ...shared },
      ];
    },
    state: (_, [channels = 1]) => [
      { name: 'running_mean', shape: [channels], initial: 0 },
      { name: 'running_var', shape: [channels], initial: 1 },
    ],
  };
}

const several = (inputs: readonly Shape[]): void => {
  if (inputs.length < 2) throw new LayerShapeError('two inputs or more', String(inputs.length));
};

export const LAYER_RULES: { readonly [T in LayerType]: LayerRule<LayerOf<T>> } = {
  Linear: linear,
  DropConnect: linear,
  Conv2d: conv2d,
  MaxPool2d: { arity: 'one', output: (layer, inputs) => pooled(layer, one(inputs)) },
  AvgPool2d: { arity: 'one', output: (layer, inputs) => pooled(layer, one(inputs)) },
  AdaptiveAvgPool2d: {
    arity: 'one',
    output: (layer, inputs) => [image(one(inputs))[0], ...pair(layer.output_size)],
  },
  Flatten: { arity: 'one', output: (_, inputs) => [elements(one(inputs))] },
  BatchNorm1d: batchNorm(features),
  BatchNorm2d: batchNorm(image),
  LayerNorm: {
    arity: 'one',
    output: (_, inputs) => one(inputs),
    parameters(layer, input) {
      if (!layer.elementwise_affine) return [];
      const shared = { shape: input, fanIn: elements(input) };
      return [
        { name: 'weight', role: 'scale', ...shared },
        ...(layer.bias ? [{ name: 'bias', role: 'shift', ...shared } as const] : []),
      ];
    },
  },
  ReLU: same,
  LeakyReLU: same,
  ELU: same,
  GELU: same,
  SiLU: same,
  Sigmoid: same,
  Tanh: same,
  Softmax: same,
  LogSoftmax: same,
  Dropout: same,
  Dropout2d: {
    arity: 'one',
    output(_, inputs) {
      image(one(inputs));
      return one(inputs);
    },
  },
  AlphaDropout: same,
  GaussianDropout: same,
  Add: {
    arity: 'several',
    output(_, inputs) {
      several(inputs);
      for (const input of inputs)
        if (input.join() !== one(inputs).join()) refuse(`inputs of one shape, ${shapeText(one(inputs))}`, input);
      return one(inputs);
    },
  },
  Concat: {
    arity: 'several',
    output(_, inputs) {
      several(inputs);
      const [, ...rest] = one(inputs);
      for (const input of inputs)
        if (input.slice(1).join() !== rest.join())
          refuse(`inputs that differ in the first dimension only, like ${shapeText(one(inputs))}`, input);
      return [inputs.reduce((sum, input) => sum + (input[0] as number), 0), ...rest];
    },
  },
};

/** The rule of a layer, typed for layers of any kind. */
export const layerRule = (layer: LayerSpec): LayerRule<LayerSpec> =>
  LAYER_RULES[layer.type] as unknown as LayerRule<LayerSpec>;
