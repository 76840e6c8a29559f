// What the outputs of a layer add up: Σ|terms| of every element that is a sum, in training and backward. Two orders of summation share
// no digits of a sum that cancels (PyTorch's own differ between processors), so such elements are measured against this (DECISIONS.md).
import {
  forwardLayer,
  type LayerContext,
  type NamedValues,
  type ParameterName,
  type StateName,
  type Tape,
  type Tensor,
} from '../ops/index.ts';
import { elements, type LayerOf, type LayerSpec, type LayerType } from '../spec/index.ts';

export interface LayerPass<L extends LayerSpec = LayerSpec> {
  readonly layer: L;
  readonly inputs: readonly Tensor[];
  readonly context: LayerContext;
  readonly tape: Tape;
  readonly dy: Float64Array;
}

/** Left out: the output is no sum, and is measured by itself. */
export interface Terms {
  readonly y?: Float64Array;
  readonly inputs?: readonly Float64Array[];
  readonly parameters?: NamedValues<ParameterName>;
  readonly state?: NamedValues<StateName>;
}

const abs = (values: Float64Array): Float64Array => values.map(Math.abs);
const at = (values: Float64Array, i: number): number => values[i] as number;

/** Of a layer that is linear in its inputs, its parameters and dy: the same pass through absolute values. */
function absolutePass({ layer, inputs, context, dy }: LayerPass): Terms {
  const parameters = Object.fromEntries(
    Object.entries(context.parameters).map(([name, values]) => [name, abs(values)]),
  ) as NamedValues<ParameterName>;
  const tape = forwardLayer(
    layer,
    inputs.map(({ shape, data }) => ({ shape, data: abs(data) })),
    { ...context, parameters },
  );
  return { y: tape.output.data, ...tape.backward(abs(dy)) };
}

/** Where only the gradient sums, over windows that overlap. */
const routed = ({ tape, dy }: LayerPass): Terms => ({ inputs: tape.backward(abs(dy)).inputs });

/** Of a function of one input: terms of its value and of its derivative, from x. */
const curve =
  <L extends LayerSpec>(value: ((x: number, layer: L) => number) | null, slope: (x: number, layer: L) => number) =>
  ({ layer, inputs, dy }: LayerPass<L>): Terms => {
    const x = inputs[0]?.data ?? new Float64Array();
    return {
      ...(value && { y: x.map((v) => value(v, layer)) }),
      inputs: [dy.map((d, i) => Math.abs(d) * slope(at(x, i), layer))],
    };
  };

/** Positions of the values that are normalised together, and of the parameter that each belongs to. */
interface Group {
  readonly positions: readonly number[];
  readonly parameter: (position: number) => number;
  readonly running: number;
}

function groupsOf({ layer, inputs }: LayerPass): Group[] {
  const [batch = 0, channels = 1, ...rest] = inputs[0]?.shape ?? [];
  const places = elements(rest);
  if (layer.type === 'LayerNorm') {
    const width = channels * places;
    return Array.from({ length: batch }, (_, n) => ({
      positions: Array.from({ length: width }, (__, i) => n * width + i),
      parameter: (i) => i % width,
      running: 0,
    }));
  }
  return Array.from({ length: channels }, (_, c) => ({
    positions: Array.from(
      { length: batch * places },
      (__, i) => (Math.floor(i / places) * channels + c) * places + (i % places),
    ),
    parameter: () => c,
    running: c,
  }));
}

const meanOver = (positions: readonly number[], f: (i: number) => number): number =>
  positions.reduce((sum, i) => sum + f(i), 0) / positions.length;

/** x̂ = (x - mean)·factor cancels by itself, and enters the gradient: its own terms, (|x| + mean|x|)·factor, stand for it there. */
function normalization(pass: LayerPass<LayerOf<'BatchNorm1d' | 'BatchNorm2d' | 'LayerNorm'>>): Terms {
  const { layer, inputs, context, dy } = pass;
  const x = inputs[0]?.data ?? new Float64Array();
  const { weight, bias } = context.parameters;
  const { running_mean: oldMean, running_var: oldVariance } = context.state;
  const running = layer.type !== 'LayerNorm' && context.mode === 'evaluate';
  const [y, dx] = [new Float64Array(x.length), new Float64Array(x.length)];
  const [dw, db] = [new Float64Array(weight?.length ?? 0), new Float64Array(bias?.length ?? 0)];
  const [mean, variance] = [new Float64Array(oldMean?.length ?? 0), new Float64Array(oldMean?.length ?? 0)];
  for (const { positions, parameter, running: c } of groupsOf(pass)) {
    const middle = running ? at(oldMean ?? x, c) : meanOver(positions, (i) => at(x, i));
    const spread = running ? at(oldVariance ?? x, c) : meanOver(positions, (i) => (at(x, i) - middle) ** 2);
    const factor = 1 / Math.sqrt(spread + layer.eps);
    const most = running ? Math.abs(middle) : meanOver(positions, (i) => Math.abs(at(x, i)));
    const normalized = (i: number): number => (Math.abs(at(x, i)) + most) * factor;
    const g = (i: number): number => Math.abs(at(dy, i) * (weight ? at(weight, parameter(i)) : 1));
    const [g0, g1] = [meanOver(positions, g), meanOver(positions, (i) => g(i) * normalized(i))];
    for (const i of positions) {
      const k = parameter(i);
      y[i] = normalized(i) * Math.abs(weight ? at(weight, k) : 1) + Math.abs(bias ? at(bias, k) : 0);
      dx[i] = factor * (g(i) + g0 + normalized(i) * g1);
      if (weight) dw[k] = at(dw, k) + Math.abs(at(dy, i)) * normalized(i);
      if (bias) db[k] = at(db, k) + Math.abs(at(dy, i));
    }
    if (layer.type === 'LayerNorm' || !oldMean || !oldVariance) continue;
    const unbiased = positions.length / (positions.length - 1);
    const { momentum } = layer;
    mean[c] = momentum * most + (1 - momentum) * Math.abs(at(oldMean, c));
    variance[c] =
      momentum * unbiased * meanOver(positions, (i) => (normalized(i) / factor) ** 2) +
      (1 - momentum) * at(oldVariance, c);
  }
  return {
    y,
    inputs: [dx],
    parameters: { ...(weight && { weight: dw }), ...(bias && { bias: db }) },
    ...(oldMean && { state: { running_mean: mean, running_var: variance } }),
  };
}

/** Sum over dim=1 at the place of each value. */
function overChannels(shape: readonly number[], values: Float64Array): Float64Array {
  const [, channels = 1, ...rest] = shape;
  const places = elements(rest);
  return values.map((_, i) => {
    const first = Math.floor(i / (channels * places)) * channels * places + (i % places);
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += at(values, first + c * places);
    return sum;
  });
}

function softmax({ tape, dy }: LayerPass): Terms {
  const { shape, data: y } = tape.output;
  const sums = overChannels(
    shape,
    y.map((v, i) => v * Math.abs(at(dy, i))),
  );
  return { inputs: [y.map((v, i) => v * (Math.abs(at(dy, i)) + at(sums, i)))] };
}

/** The logarithm of a sum that is near 1 has the sum's last bit as its first: 1 is one of its terms. */
function logSoftmax({ tape, dy }: LayerPass): Terms {
  const { shape, data: y } = tape.output;
  const sums = overChannels(shape, abs(dy));
  return {
    y: y.map((v) => 1 + Math.abs(v)),
    inputs: [dy.map((d, i) => Math.abs(d) + Math.exp(at(y, i)) * at(sums, i))],
  };
}

const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** tanh's argument in GELU's approximation, and its derivative. */
const inner = (x: number): number => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
const innerSlope = (x: number): number => Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);

/** ½x(1 ± erf) and ½x(1 ± tanh): 1 and the function are the terms, for large negative x nothing is left of them. */
const gelu = curve<LayerOf<'GELU'>>(
  (x) => Math.abs(x),
  (x, { approximate }) =>
    approximate === 'none'
      ? 1 + Math.abs(x) * density(x)
      : 1 + 0.5 * Math.abs(x) * (1 + Math.tanh(inner(x)) ** 2) * innerSlope(x),
);

const ALPHA = 1.7580993408473766;

function alphaDropout({ layer, inputs, context }: LayerPass<LayerOf<'AlphaDropout'>>): Terms {
  const x = inputs[0]?.data ?? new Float64Array();
  const { p } = layer;
  if (p === 0 || context.mode === 'evaluate') return {};
  const a = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p));
  return { y: x.map((v) => a * (Math.abs(v) + ALPHA * (1 + p))) };
}

/** 1 + s·z may nearly cancel. */
function gaussianDropout({ inputs, context, dy }: LayerPass): Terms {
  const { noise } = context;
  if (!noise) return {};
  const x = inputs[0]?.data ?? new Float64Array();
  const size = (i: number): number => 1 + Math.abs(at(noise, i) - 1);
  return {
    y: x.map((v, i) => Math.abs(v) * size(i)),
    inputs: [dy.map((d, i) => Math.abs(d) * size(i))],
  };
}

/** dy·y·(1-y) of the printed gradient: 1 and y are terms. */
function dropout({ layer, tape, dy }: LayerPass<LayerOf<'Dropout'>>): Terms {
  if (layer.gradient === 'chain_rule') return {};
  const y = tape.output.data;
  return { inputs: [dy.map((d, i) => Math.abs(d) * at(y, i) * (1 + at(y, i)))] };
}

type Rule<L extends LayerSpec> = ((pass: LayerPass<L>) => Terms) | null;

/** null: nothing is summed, every output is measured by itself. */
const RULES: { readonly [T in LayerType]: Rule<LayerOf<T>> } = {
  Linear: absolutePass,
  Conv2d: absolutePass,
  DropConnect: absolutePass,
  AvgPool2d: absolutePass,
  AdaptiveAvgPool2d: absolutePass,
  MaxPool2d: routed,
  Flatten: null,
  BatchNorm1d: normalization,
  BatchNorm2d: normalization,
  LayerNorm: normalization,
  ReLU: null,
  LeakyReLU: null,
  ELU: null,
  GELU: gelu,
  SiLU: curve<LayerOf<'SiLU'>>(null, (x) => logistic(x) * (1 + Math.abs(x) * logistic(-x))),
  // The derivative of both is taken at PyTorch's recorded output (replay-layers.ts); 1 - y cancels exactly, 1 - y² does not.
  Sigmoid: null,
  Tanh: curve<LayerOf<'Tanh'>>(null, (x) => 1 + Math.tanh(x) ** 2),
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  Dropout: dropout,
  Dropout2d: null,
  AlphaDropout: alphaDropout,
  GaussianDropout: gaussianDropout,
  Add: ({ inputs, tape }) => ({
    y: tape.output.data.map((_, i) => inputs.reduce((sum, { data }) => sum + Math.abs(at(data, i)), 0)),
  }),
  Concat: null,
};

export const summedTerms = (pass: LayerPass): Terms => (RULES[pass.layer.type] as Rule<LayerSpec>)?.(pass) ?? {};
