// The first weights of a NumPy script: the words that earlier variants take, torch's defaults, and what the document asks for.
import { elements, type InitializerSpec, type ParameterShape, type ResolvedVariant } from '../../spec/index.ts';
import { refused } from '../refusals.ts';
import { scriptLayers, type ScriptContext, type ScriptLayer } from '../script/context.ts';
import { comment, plain, pyFloat, pyTuple, type Part } from '../script/text.ts';
import type { Draws } from './random.ts';

const LEARNS: ReadonlySet<string> = new Set(['Linear', 'Conv2d', 'DropConnect']);

/** torch.nn.init.calculate_gain. */
function gainOf({ nonlinearity, a }: Extract<InitializerSpec, { nonlinearity: string }>): number {
  switch (nonlinearity) {
    case 'linear':
    case 'sigmoid':
      return 1;
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + a * a));
    case 'selu':
      return 3 / 4;
    default:
      return nonlinearity satisfies never;
  }
}

const fixed = (init: InitializerSpec): number | null =>
  init.type === 'constant' ? init.val : init.type === 'zeros' ? 0 : init.type === 'ones' ? 1 : null;

/** A uniform or normal distribution, as an initialisation comes to. */
function distribution(
  init: InitializerSpec,
  shape: readonly number[],
  path: string,
): { readonly low?: string; readonly high?: string; readonly std?: string; readonly mean?: number } {
  const [fanOut = 1, fanIn = 1] = shape;
  switch (init.type) {
    case 'uniform':
      return { low: pyFloat(init.a), high: pyFloat(init.b) };
    case 'normal':
      return { mean: init.mean, std: pyFloat(init.std) };
    case 'xavier_uniform': {
      const bound = `${init.gain === 1 ? '' : `${pyFloat(init.gain)} * `}math.sqrt(6 / (${fanIn} + ${fanOut}))`;
      return { low: `-${bound}`, high: bound };
    }
    case 'xavier_normal':
      return { std: `${init.gain === 1 ? '' : `${pyFloat(init.gain)} * `}math.sqrt(2 / (${fanIn} + ${fanOut}))` };
    case 'kaiming_uniform':
    case 'kaiming_normal': {
      const fan = init.mode === 'fan_in' ? fanIn : fanOut;
      const gain = pyFloat(gainOf(init));
      if (init.type === 'kaiming_normal') return { std: `${gain} / math.sqrt(${fan})` };
      const bound = `${gain} * math.sqrt(3 / ${fan})`;
      return { low: `-${bound}`, high: bound };
    }
    case 'trunc_normal':
      throw refused(path, 'numpy_trunc_normal');
    case 'constant':
    case 'zeros':
    case 'ones':
      return {};
    default:
      return init satisfies never;
  }
}

/** A parameter with an initialisation of its own, as an expression. */
function initText(init: InitializerSpec, shape: readonly number[], path: string, draws: Draws): string {
  const value = fixed(init);
  const size = pyTuple(shape);
  if (value !== null) return value === 0 ? `np.zeros(${size})` : `np.full(${size}, ${pyFloat(value)})`;
  const { low, high, std, mean = 0 } = distribution(init, shape, path);
  if (low !== undefined) {
    draws.use('uniform');
    return `uniform(${size}, ${low}, ${high})`;
  }
  const count = elements(shape);
  draws.useNormal(count);
  return `f32(${mean === 0 ? '' : `${pyFloat(mean)} + `}${std} * normal(${count})).reshape(${size})`;
}

interface Owned {
  readonly layer: ScriptLayer;
  readonly parameter: ParameterShape;
  readonly init: InitializerSpec;
}

const ownInits = (layers: readonly ScriptLayer[]): readonly Owned[] =>
  layers.flatMap((layer) =>
    layer.shape.parameterShapes.flatMap((parameter) => {
      const init = 'init' in layer.spec ? layer.spec.init?.[parameter.name] : undefined;
      return init === undefined ? [] : [{ layer, parameter, init }];
    }),
  );

/** Words that torch's default initialisation of some layers takes: one per number. */
const defaultWords = (layers: readonly ScriptLayer[]): number =>
  layers.filter(({ spec }) => LEARNS.has(spec.type)).reduce((sum, { shape }) => sum + shape.parameters, 0);

const normalKinds: ReadonlySet<string> = new Set(['normal', 'xavier_normal', 'kaiming_normal']);

/** What the weights of a variant before this one take from the stream; their values are of no interest. */
function skipped(variant: ResolvedVariant, draws: Draws): string[] {
  const layers = scriptLayers(variant);
  let words = defaultWords(layers);
  const lines: string[] = [];
  const flush = (): void => {
    if (words > 0) lines.push(`draw(${words})`);
    words = 0;
  };
  for (const { parameter, init } of ownInits(layers)) {
    if (fixed(init) !== null) continue;
    const count = elements(parameter.shape);
    if (normalKinds.has(init.type)) {
      flush();
      draws.useNormal(count);
      lines.push(`normal(${count})`);
    } else words += count;
  }
  flush();
  return lines.map((line, i) => (i === 0 ? `${line}  # the weights of ${plain(variant.variant)}` : line));
}

/** torch's defaults of one layer; what the document initialises itself is drawn all the same, and then not used. */
function defaults({ spec, shape, name }: ScriptLayer, replaced: ReadonlySet<string>, draws: Draws): string[] {
  const parameters = shape.parameterShapes;
  const kept = parameters.filter((x) => !replaced.has(`${name}_${x.name}`));
  if (!LEARNS.has(spec.type))
    return kept.map((x) => `${name}_${x.name} = ${x.name === 'weight' ? 'np.ones' : 'np.zeros'}(${pyTuple(x.shape)})`);
  if (kept.length === 0)
    return [`draw(${shape.parameters})  # torch's first weights of ${plain(spec.name)}, replaced below`];
  const [outputs = 1] = shape.output;
  const [inputs = 1] = shape.input;
  if (parameters.length === 2) {
    draws.use('linear');
    return [`${name}_weight, ${name}_bias = linear(${inputs}, ${outputs})`];
  }
  draws.use('uniform');
  const bound = `1 / math.sqrt(${inputs})`;
  return [`${name}_weight = uniform((${outputs}, ${inputs}), -${bound}, ${bound})`];
}

const states = ({ shape, name }: ScriptLayer): string[] =>
  shape.state.map((x) => `${name}_${x.name} = ${x.initial === 0 ? 'np.zeros' : 'np.ones'}((1, ${x.shape.join(', ')}))`);

/** @throws InteropError UNSUPPORTED naming an initialisation that NumPy cannot make. */
export function weightsPart(context: ScriptContext, draws: Draws): Part {
  const owned = ownInits(context.layers);
  const replaced = new Set(owned.map(({ layer, parameter }) => `${layer.name}_${parameter.name}`));
  const earlier = context.earlier.flatMap((variant) => skipped(variant, draws));
  const head =
    earlier.length === 0
      ? []
      : comment('The lab draws the first weights of variants one after another, as a script with several nets does.');
  const lines = [
    ...head,
    ...earlier,
    ...context.layers.flatMap((layer) => [...defaults(layer, replaced, draws), ...states(layer)]),
    ...owned.map(
      ({ layer, parameter, init }) =>
        `${layer.name}_${parameter.name} = ${initText(init, parameter.shape, `model.layers.${layer.spec.name}.init.${parameter.name}`, draws)}`,
    ),
  ];
  return { imports: lines.some((x) => x.includes('math.')) ? ['math', 'numpy'] : ['numpy'], lines };
}
