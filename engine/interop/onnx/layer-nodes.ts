// How each kind of layer is written as ONNX nodes of opset 17, in evaluation mode: one rule per kind, an exhaustive table.
import { pair, windowOf, type LayerOf, type LayerShape, type LayerType, type Shape } from '../../spec/index.ts';
import type { NamedArray } from '../named-arrays.ts';
import type { Attribute } from './messages.ts';

export const OPSET = 17;

export const int = (value: number): Attribute => ({ kind: 'int', value });
export const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });

/** What a rule writes with: it emits nodes and gets back the names of their outputs. */
export interface NodeSink {
  /** @param part distinguishes the nodes of one layer; left out for the layer's last one. */
  node(op: string, inputs: readonly string[], attributes?: Readonly<Record<string, Attribute>>, part?: string): string;
  constant(part: string, array: NamedArray): string;
  /** Name of the layer's trained array or running statistic. */
  parameter(part: 'weight' | 'bias' | 'running_mean' | 'running_var'): string;
}

export interface LayerInputs {
  readonly shape: LayerShape;
  /** Names of the values it takes. */
  readonly values: readonly string[];
}

/** @returns the name of the layer's output: its input's name where evaluation leaves the layer out. */
type NodeRule<T extends LayerType> = (layer: LayerOf<T>, inputs: LayerInputs, sink: NodeSink) => string;

const one = ({ values }: LayerInputs): string => values[0] ?? '';
const scalar = (value: number): NamedArray => ({ shape: [], values: Float32Array.of(value) });
const filled = (shape: Shape, value: number): NamedArray => ({
  shape,
  values: new Float32Array(shape.reduce((product, x) => product * x, 1)).fill(value),
});

/** Dropout of every kind is the identity in evaluation. */
const leftOut = (_: unknown, inputs: LayerInputs): string => one(inputs);
const simple =
  (op: string, attributes: Readonly<Record<string, Attribute>> = {}) =>
  (_: unknown, inputs: LayerInputs, sink: NodeSink): string =>
    sink.node(op, [one(inputs)], attributes);

const linear = (layer: LayerOf<'Linear' | 'DropConnect'>, inputs: LayerInputs, sink: NodeSink): string =>
  sink.node('Gemm', [one(inputs), sink.parameter('weight'), ...(layer.bias ? [sink.parameter('bias')] : [])], {
    transB: int(1),
  });

const batchNorm = (layer: LayerOf<'BatchNorm1d' | 'BatchNorm2d'>, inputs: LayerInputs, sink: NodeSink): string => {
  const [channels = 1] = inputs.shape.input;
  const scale = layer.affine ? sink.parameter('weight') : sink.constant('ones', filled([channels], 1));
  const shift = layer.affine ? sink.parameter('bias') : sink.constant('zeros', filled([channels], 0));
  return sink.node(
    'BatchNormalization',
    [one(inputs), scale, shift, sink.parameter('running_mean'), sink.parameter('running_var')],
    { epsilon: float(layer.eps) },
  );
};

/** How far the last window reaches beyond the input, on the right and below; what `ceil_mode` and leftovers come to. */
function overhang(layer: LayerOf<'MaxPool2d' | 'AvgPool2d'>, { input, output }: LayerShape): readonly [number, number] {
  const { kernel, stride, padding, dilation } = windowOf(layer);
  return ([0, 1] as const).map((axis) => {
    const reach = dilation[axis] * (kernel[axis] - 1) + 1;
    const covered = ((output[axis + 1] as number) - 1) * stride[axis] + reach - padding[axis];
    return Math.max(0, covered - (input[axis + 1] as number));
  }) as unknown as readonly [number, number];
}

/** Below every f32 that training can reach; what padding counts as under a maximum. */
const LOWEST = -3.4028234663852886e38;

function padded(value: number, pads: readonly number[], input: string, sink: NodeSink): string {
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  const sizes = sink.node('Constant', [], { value_ints: ints([0, 0, top, left, 0, 0, bottom, right]) }, 'pads');
  return sink.node('Pad', [input, sizes, sink.constant('padding', scalar(value))], {}, 'padded');
}

/** Padding is written out to the end of the last window, so `ceil_mode`, which readers do not agree on, is never needed. */
const maxPool: NodeRule<'MaxPool2d'> = (layer, inputs, sink) => {
  const { kernel, stride, padding, dilation } = windowOf(layer);
  const pads = [...padding, ...overhang(layer, inputs.shape)];
  const attributes = { kernel_shape: ints(kernel), strides: ints(stride), dilations: ints(dilation) };
  // Runtimes refuse padding as wide as the kernel, which a dilated window can need.
  const wide = pads.some((pad, i) => pad >= kernel[(i % 2) as 0 | 1]);
  if (wide) return sink.node('MaxPool', [padded(LOWEST, pads, one(inputs), sink)], attributes);
  return sink.node('MaxPool', [one(inputs)], { ...attributes, pads: ints(pads) });
};

/**
 * torch divides by the window's size, padding included or not, but never counts what `ceil_mode` lets it hang over the
 * padding. ONNX counts all padding or none: so the padding that counts becomes part of the input first.
 */
const avgPool: NodeRule<'AvgPool2d'> = (layer, inputs, sink) => {
  const { kernel, stride, padding } = windowOf(layer);
  const [below, right] = overhang(layer, inputs.shape);
  const attributes = { kernel_shape: ints(kernel), strides: ints(stride) };
  const over = [Math.max(0, below - padding[0]), Math.max(0, right - padding[1])];
  if (layer.count_include_pad && over.some((x) => x > 0)) {
    const counted = padded(0, [...padding, ...padding], one(inputs), sink);
    return sink.node('AveragePool', [counted], { ...attributes, pads: ints([0, 0, ...over]) });
  }
  return sink.node('AveragePool', [one(inputs)], {
    ...attributes,
    pads: ints([...padding, below, right]),
    count_include_pad: int(layer.count_include_pad ? 1 : 0),
  });
};

/** Shares of each input position in torch's bins [bins, size]: from floor(i·size/bins) up to ceil((i+1)·size/bins). */
function bins(count: number, size: number): Float32Array {
  const shares = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const [from, to] = [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)];
    shares.fill(1 / (to - from), i * size + from, i * size + to);
  }
  return shares;
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] as number);
}

/** Even bins are an average pool. Uneven ones overlap, and are averaged by a matrix on each side: bins · x · binsᵀ. */
const adaptivePool: NodeRule<'AdaptiveAvgPool2d'> = (layer, inputs, sink) => {
  const [rows, columns] = pair(layer.output_size);
  const [, height = 1, width = 1] = inputs.shape.input;
  if (rows === 1 && columns === 1) return sink.node('GlobalAveragePool', [one(inputs)]);
  if (height % rows === 0 && width % columns === 0) {
    const size = ints([height / rows, width / columns]);
    return sink.node('AveragePool', [one(inputs)], { kernel_shape: size, strides: size });
  }
  const left = sink.constant('rows', { shape: [rows, height], values: bins(rows, height) });
  const right = sink.constant('columns', {
    shape: [width, columns],
    values: transposed(bins(columns, width), columns, width),
  });
  return sink.node('MatMul', [sink.node('MatMul', [left, one(inputs)], {}, 'averaged_rows'), right]);
};

const layerNorm: NodeRule<'LayerNorm'> = (layer, inputs, sink) => {
  const scale = layer.elementwise_affine
    ? sink.parameter('weight')
    : sink.constant('ones', filled(inputs.shape.input, 1));
  const shift = layer.elementwise_affine && layer.bias ? [sink.parameter('bias')] : [];
  return sink.node('LayerNormalization', [one(inputs), scale, ...shift], { axis: int(1), epsilon: float(layer.eps) });
};

/** ½x·(1 + erf(x/√2)), or with tanh(√(2/π)·(x + 0.044715x³)) in erf's place: opset 17 has no Gelu of its own. */
const gelu: NodeRule<'GELU'> = (layer, inputs, sink) => {
  const x = one(inputs);
  const times = (part: string, value: string, factor: number): string =>
    sink.node('Mul', [value, sink.constant(`${part}_factor`, scalar(factor))], {}, part);
  const plus = (part: string, a: string, b: string): string => sink.node('Add', [a, b], {}, part);
  let gate: string;
  if (layer.approximate === 'tanh') {
    const square = sink.node('Mul', [x, x], {}, 'square');
    const cube = sink.node('Mul', [square, x], {}, 'cube');
    const inner = times('scaled', plus('inner', x, times('cubic', cube, 0.044715)), Math.sqrt(2 / Math.PI));
    gate = sink.node('Tanh', [inner], {}, 'tanh');
  } else gate = sink.node('Erf', [times('scaled', x, Math.SQRT1_2)], {}, 'erf');
  const raised = plus('gate', gate, sink.constant('one', scalar(1)));
  return sink.node('Mul', [times('half', x, 0.5), raised]);
};

export const NODE_RULES: { readonly [T in LayerType]: NodeRule<T> } = {
  Linear: linear,
  DropConnect: linear,
  Conv2d(layer, inputs, sink) {
    const { kernel, stride, padding, dilation } = windowOf(layer);
    const parameters = [sink.parameter('weight'), ...(layer.bias ? [sink.parameter('bias')] : [])];
    return sink.node('Conv', [one(inputs), ...parameters], {
      kernel_shape: ints(kernel),
      strides: ints(stride),
      pads: ints([...padding, ...padding]),
      dilations: ints(dilation),
      group: int(layer.groups),
    });
  },
  MaxPool2d: maxPool,
  AvgPool2d: avgPool,
  AdaptiveAvgPool2d: adaptivePool,
  Flatten: simple('Flatten', { axis: int(1) }),
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  LayerNorm: layerNorm,
  ReLU: simple('Relu'),
  LeakyReLU: (layer, inputs, sink) => sink.node('LeakyRelu', [one(inputs)], { alpha: float(layer.negative_slope) }),
  ELU: (layer, inputs, sink) => sink.node('Elu', [one(inputs)], { alpha: float(layer.alpha) }),
  GELU: gelu,
  SiLU: (_, inputs, sink) => sink.node('Mul', [one(inputs), sink.node('Sigmoid', [one(inputs)], {}, 'gate')]),
  Sigmoid: simple('Sigmoid'),
  Tanh: simple('Tanh'),
  Softmax: simple('Softmax', { axis: int(1) }),
  LogSoftmax: simple('LogSoftmax', { axis: int(1) }),
  Dropout: leftOut,
  Dropout2d: leftOut,
  AlphaDropout: leftOut,
  GaussianDropout: leftOut,
  Add: (_, inputs, sink) => sink.node('Sum', inputs.values),
  Concat: (_, inputs, sink) => sink.node('Concat', inputs.values, { axis: int(1) }),
};
