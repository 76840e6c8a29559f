// Every layer that a NumPy script can write: forward for training, the same in evaluation, and the chain rule by hand. One rule
// per kind, an exhaustive table; null where the script would be no tutorial any more (pictures).
import { elements, type LayerOf, type LayerShape, type LayerType } from '../../spec/index.ts';
import { complement, pyFloat, pyTuple } from '../script/text.ts';
import type { Helper } from './helpers.ts';
import type { Draws } from './random.ts';

/** Names of what a layer works with. */
export interface Names {
  /** The layer's own name: its output in training. */
  readonly out: string;
  /** Its inputs. */
  readonly x: readonly string[];
  /** The loss's gradient at its output. */
  readonly d: string;
  readonly shape: LayerShape;
  /** Expression of its weight, and of its bias. */
  readonly weight: string;
  readonly bias: string;
  readonly draws: Draws;
  /** Rows that a train batch can have. */
  readonly batchRows: readonly number[];
}

export interface Backward {
  readonly lines: readonly string[];
  /** The gradient at each input. */
  readonly inputs: readonly string[];
  readonly weight?: string;
  readonly bias?: string;
}

export interface NumpyRule<L> {
  /** Said once, before the first layer of its kind. */
  readonly note?: string;
  /** Lines before, in training. */
  readonly prepare?: (layer: L, n: Names) => readonly string[];
  /** The output in training; left out: as in evaluation. */
  readonly train?: (layer: L, n: Names) => string;
  /** The output in evaluation, as one expression of `x`. */
  readonly evaluate: (layer: L, n: Names) => string;
  readonly backward: (layer: L, n: Names) => Backward;
  readonly helper?: Helper;
}

const x0 = ({ x }: Names): string => x[0] ?? '';

/** An activation: `out = f(x)`, and its slope as an expression. */
function activation<L>(
  evaluate: (layer: L, x: string, n: Names) => string,
  slope: (layer: L, x: string, out: string, n: Names) => string,
  helper?: Helper,
): NumpyRule<L> {
  return {
    evaluate: (layer, n) => evaluate(layer, x0(n), n),
    backward: (layer, n) => ({ lines: [], inputs: [`${n.d} * ${slope(layer, x0(n), n.out, n)}`] }),
    ...(helper && { helper }),
  };
}

const mask = ({ out }: Names): string => `${out}_mask`;
const keep = (p: number): string => complement(p);

/** `bernoulli(x.shape, 0.5) / 0.5`: kept ones are scaled up so that the mean stays. */
function maskOf(p: number, shape: string, draws: Draws): string {
  draws.use('bernoulli');
  return `bernoulli(${shape}, ${keep(p)}) / ${keep(p)}`;
}

const affine = (layer: { readonly bias: boolean }, n: Names, weight: string): string =>
  `${x0(n)} @ ${weight}.T${layer.bias ? ` + ${n.bias}` : ''}`;

const linear: NumpyRule<LayerOf<'Linear'>> = {
  evaluate: (layer, n) => affine(layer, n, n.weight),
  backward: (layer, n) => ({
    lines: [],
    inputs: [`${n.d} @ ${n.weight}`],
    weight: `${n.d}.T @ ${x0(n)}`,
    ...(layer.bias && { bias: `${n.d}.sum(axis=0)` }),
  }),
};

const dropConnect: NumpyRule<LayerOf<'DropConnect'>> = {
  note: 'DropConnect: weights are left out instead of units, one mask for the whole batch.',
  prepare: (layer, n) => [`${mask(n)} = ${maskOf(layer.p, `${n.weight}.shape`, n.draws)}`],
  train: (layer, n) => affine(layer, n, `(${n.weight} * ${mask(n)})`),
  evaluate: (layer, n) => affine(layer, n, n.weight),
  backward: (layer, n) => ({
    lines: [],
    inputs: [`${n.d} @ (${n.weight} * ${mask(n)})`],
    weight: `(${n.d}.T @ ${x0(n)}) * ${mask(n)}`,
    ...(layer.bias && { bias: `${n.d}.sum(axis=0)` }),
  }),
};

const dropout: NumpyRule<LayerOf<'Dropout'>> = {
  note: 'Dropout: a unit is left out with probability p; the others are scaled by 1/(1-p), so that the mean stays.',
  prepare: (layer, n) => [`${mask(n)} = ${maskOf(layer.p, `${x0(n)}.shape`, n.draws)}`],
  train: (_, n) => `${x0(n)} * ${mask(n)}`,
  evaluate: (_, n) => x0(n),
  backward: (_, n) => ({ lines: [], inputs: [`${n.d} * ${mask(n)}`] }),
};

const gaussian: NumpyRule<LayerOf<'GaussianDropout'>> = {
  note: 'Gaussian dropout: every unit times a random number with mean 1 and variance p/(1-p).',
  prepare(layer, n) {
    const std = pyFloat(Math.sqrt(layer.p / (1 - layer.p)));
    for (const rows of n.batchRows) n.draws.useNormal(rows * elements(n.shape.input));
    return [`${mask(n)} = 1 + ${std} * normal(${x0(n)}.size).reshape(${x0(n)}.shape)`];
  },
  train: (_, n) => `${x0(n)} * ${mask(n)}`,
  evaluate: (_, n) => x0(n),
  backward: (_, n) => ({ lines: [], inputs: [`${n.d} * ${mask(n)}`] }),
};

/** The value that SELU tends to, with its sign turned. */
const ALPHA = 1.7580993408473766;

const alphaDropout: NumpyRule<LayerOf<'AlphaDropout'>> = {
  note: 'Alpha dropout: dropped units get a fixed value, and all are rescaled so that mean and variance stay.',
  prepare(layer, n) {
    n.draws.use('bernoulli');
    return [
      `${n.out}_kept = bernoulli(${x0(n)}.shape, ${keep(layer.p)})`,
      `${n.out}_scale = ${pyFloat(1 / Math.sqrt((ALPHA * ALPHA * layer.p + 1) * (1 - layer.p)))}`,
    ];
  },
  train: (layer, n) =>
    `${n.out}_scale * (${x0(n)} * ${n.out}_kept + ${ALPHA} * (${n.out}_kept - 1 + ${pyFloat(layer.p)}))`,
  evaluate: (_, n) => x0(n),
  backward: (_, n) => ({ lines: [], inputs: [`${n.d} * ${n.out}_scale * ${n.out}_kept`] }),
};

/** Mean 0 and variance 1 along an axis, then scale and shift; `normalised` and `spread` are kept for the way back. */
function normalise(n: Names, axis: number, eps: number): string[] {
  return [
    `${n.out}_mean = ${x0(n)}.mean(axis=${axis}, keepdims=True)`,
    `${n.out}_var = ${x0(n)}.var(axis=${axis}, keepdims=True)`,
    `${n.out}_std = np.sqrt(${n.out}_var + ${pyFloat(eps)})`,
    `${n.out}_normalised = (${x0(n)} - ${n.out}_mean) / ${n.out}_std`,
  ];
}

function scaled(normalised: string, n: Names): string {
  const has = (part: string): boolean => n.shape.parameterShapes.some((x) => x.name === part);
  return `${normalised}${has('weight') ? ` * ${n.weight}` : ''}${has('bias') ? ` + ${n.bias}` : ''}`;
}

/** Shifting or stretching all numbers along the axis changes nothing, so those two parts of the gradient are taken off. */
function normaliseBackward(n: Names, axis: number): Backward {
  const has = (part: string): boolean => n.shape.parameterShapes.some((x) => x.name === part);
  const [inner, normalised] = [`d_${n.out}_normalised`, `${n.out}_normalised`];
  const mean = (value: string): string => `${value}.mean(axis=${axis}, keepdims=True)`;
  return {
    lines: [
      `${inner} = ${n.d}${has('weight') ? ` * ${n.weight}` : ''}`,
      `shift = ${mean(inner)}`,
      `stretch = ${mean(`(${inner} * ${normalised})`)}`,
    ],
    inputs: [`(${inner} - shift - ${normalised} * stretch) / ${n.out}_std`],
    ...(has('weight') && { weight: `(${n.d} * ${normalised}).sum(axis=0)` }),
    ...(has('bias') && { bias: `${n.d}.sum(axis=0)` }),
  };
}

const batchNorm: NumpyRule<LayerOf<'BatchNorm1d'>> = {
  prepare(layer, n) {
    const [old, share] = [complement(layer.momentum), pyFloat(layer.momentum)];
    const unbiased = `len(${x0(n)}) / (len(${x0(n)}) - 1)`;
    return [
      ...normalise(n, 0, layer.eps),
      `${n.out}_running_mean = ${old} * ${n.out}_running_mean + ${share} * ${n.out}_mean`,
      `${n.out}_running_var = ${old} * ${n.out}_running_var + ${share} * ${n.out}_var * ${unbiased}`,
    ];
  },
  train: (_, n) => scaled(`${n.out}_normalised`, n),
  evaluate: (layer, n) =>
    scaled(`normalised(${x0(n)}, ${n.out}_running_mean, ${n.out}_running_var, ${pyFloat(layer.eps)})`, n),
  backward: (_, n) => normaliseBackward(n, 0),
  helper: 'normalised',
};

const layerNorm: NumpyRule<LayerOf<'LayerNorm'>> = {
  prepare: (layer, n) => normalise(n, 1, layer.eps),
  train: (_, n) => scaled(`${n.out}_normalised`, n),
  evaluate: (layer, n) => scaled(`layer_norm(${x0(n)}, ${pyFloat(layer.eps)})`, n),
  backward: (_, n) => normaliseBackward(n, 1),
  helper: 'layer_norm',
};

const gelu: NumpyRule<LayerOf<'GELU'>> = {
  evaluate: (layer, n) =>
    layer.approximate === 'none'
      ? `0.5 * ${x0(n)} * (1 + erf(${x0(n)} / math.sqrt(2)))`
      : `0.5 * ${x0(n)} * (1 + np.tanh(math.sqrt(2 / math.pi) * (${x0(n)} + 0.044715 * ${x0(n)} ** 3)))`,
  backward(layer, n) {
    const x = x0(n);
    if (layer.approximate === 'none')
      return {
        lines: [],
        inputs: [
          `${n.d} * (0.5 * (1 + erf(${x} / math.sqrt(2))) + ${x} * np.exp(-(${x}**2) / 2) / math.sqrt(2 * math.pi))`,
        ],
      };
    const [t, inner, slope] = [`${n.out}_tanh`, `${n.out}_inner`, `${n.out}_slope`];
    return {
      lines: [
        `${t} = np.tanh(math.sqrt(2 / math.pi) * (${x} + 0.044715 * ${x} ** 3))`,
        `${inner} = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * ${x}**2)`,
        `${slope} = 0.5 * (1 + ${t})`,
        `${slope} += 0.5 * ${x} * (1 - ${t}**2) * ${inner}`,
      ],
      inputs: [`${n.d} * ${slope}`],
    };
  },
  helper: 'erf',
};

export const NUMPY_RULES: { readonly [T in LayerType]: NumpyRule<LayerOf<T>> | null } = {
  Linear: linear,
  DropConnect: dropConnect,
  Conv2d: null,
  MaxPool2d: null,
  AvgPool2d: null,
  AdaptiveAvgPool2d: null,
  Flatten: {
    evaluate: (_, n) => `${x0(n)}.reshape(len(${x0(n)}), -1)`,
    backward: (_, n) => ({ lines: [], inputs: [`${n.d}.reshape(${x0(n)}.shape)`] }),
  },
  BatchNorm1d: batchNorm,
  BatchNorm2d: null,
  LayerNorm: layerNorm,
  ReLU: activation(
    (_, x) => `np.maximum(${x}, 0)`,
    (_, x) => `(${x} > 0)`,
  ),
  LeakyReLU: activation(
    (layer, x) => `np.where(${x} > 0, ${x}, ${pyFloat(layer.negative_slope)} * ${x})`,
    (layer, x) => `np.where(${x} > 0, 1, ${pyFloat(layer.negative_slope)})`,
  ),
  ELU: activation(
    (layer, x) => `np.where(${x} > 0, ${x}, ${pyFloat(layer.alpha)} * np.expm1(np.minimum(${x}, 0)))`,
    (layer, x, out) => `np.where(${x} > 0, 1, ${out} + ${pyFloat(layer.alpha)})`,
  ),
  GELU: gelu,
  SiLU: activation(
    (_, x) => `${x} * sigmoid(${x})`,
    (_, x) => `sigmoid(${x}) * (1 + ${x} * (1 - sigmoid(${x})))`,
    'sigmoid',
  ),
  Sigmoid: activation(
    (_, x) => `sigmoid(${x})`,
    (_, _x, out) => `${out} * (1 - ${out})`,
    'sigmoid',
  ),
  Tanh: activation(
    (_, x) => `np.tanh(${x})`,
    (_, _x, out) => `(1 - ${out}**2)`,
  ),
  Softmax: {
    evaluate: (_, n) => `np.exp(log_softmax(${x0(n)}))`,
    backward: (_, n) => ({
      lines: [],
      inputs: [`${n.out} * (${n.d} - (${n.d} * ${n.out}).sum(axis=1, keepdims=True))`],
    }),
    helper: 'log_softmax',
  },
  LogSoftmax: {
    evaluate: (_, n) => `log_softmax(${x0(n)})`,
    backward: (_, n) => ({ lines: [], inputs: [`${n.d} - np.exp(${n.out}) * ${n.d}.sum(axis=1, keepdims=True)`] }),
    helper: 'log_softmax',
  },
  Dropout: dropout,
  Dropout2d: null,
  AlphaDropout: alphaDropout,
  GaussianDropout: gaussian,
  Add: {
    evaluate: (_, n) => n.x.join(' + '),
    backward: (_, n) => ({ lines: [], inputs: n.x.map(() => n.d) }),
  },
  Concat: {
    evaluate: (_, n) => `np.concatenate(${pyTuple(n.x).replace(/,\)$/, ')')}, axis=1)`,
    backward(_, n) {
      let start = 0;
      const inputs = n.shape.inputs.map(([size = 0]) => `${n.d}[:, ${start}:${(start += size)}]`);
      return { lines: [], inputs };
    },
  },
};
