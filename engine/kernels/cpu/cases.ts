// What the kernels are tested on: every layer, every loss, nets that mix them, and every part of a recipe. Exhaustive tables: a
// layer or loss without a case does not compile.
import type { LayerType, LossType } from '../../spec/index.ts';
import { sampleTable, type Layers, type Sample, type TableSample } from '../../train/sample-experiments.ts';

type Cases = Readonly<Record<string, readonly Sample[]>>;

/** The cases of a table, each with a title. */
export const named = (cases: Cases): (readonly [string, Sample])[] =>
  Object.entries(cases).flatMap(([name, samples]) =>
    samples.map((sample, i) => [samples.length > 1 ? `${name} ${i + 1}` : name, sample] as const),
  );

const SGD = { type: 'SGD', lr: 0.01 };

/** Between trained layers, so that every gradient is asked for; three outputs. */
const vectors = (rows: number, features: number, ...layers: Layers): Sample => ({
  layers: [features, ...layers, 3],
  data: sampleTable({ rows, testRows: 5, input: features + 2, targets: 3 }),
});

/** Behind a convolution and before a Linear layer, with two outputs. */
const images = (rows: number, input: TableSample['input'], ...layers: Layers): Sample => ({
  layers: [{ type: 'Conv2d', out_channels: 3, kernel_size: 1 }, ...layers, 'Flatten', 2],
  data: sampleTable({ rows, testRows: 3, input, targets: 2 }),
});

const conv = (options: object): Layers[number] => ({ type: 'Conv2d', out_channels: 5, kernel_size: 3, ...options });
const maxPool = (options: object): Layers[number] => ({ type: 'MaxPool2d', kernel_size: 2, ...options });
const avgPool = (options: object): Layers[number] => ({ type: 'AvgPool2d', kernel_size: 2, ...options });
const adaptive = (size: number | readonly [number, number]): Layers[number] => ({
  type: 'AdaptiveAvgPool2d',
  output_size: size,
});
const norm = (type: string, options: object = {}): Layers[number] => ({ type, ...options });
/** Takes its inputs by name. */
const from = (type: string, inputs: readonly string[], options: object = {}): Layers[number] => ({
  type,
  inputs,
  ...options,
});

/** Values that lie far from zero and close together. */
const farOff = (sample: Sample): Sample => {
  const data = sample.data as {
    readonly x: readonly (readonly number[])[];
    readonly test_x: readonly (readonly number[])[];
  };
  const move = (rows: readonly (readonly number[])[]): number[][] => rows.map((row) => row.map((x) => 1000 + 0.01 * x));
  return { ...sample, data: { ...data, x: move(data.x), test_x: move(data.test_x) } };
};
const batches = (size: number, sample: Sample, options: object = {}): Sample => ({
  ...sample,
  recipe: { optimizer: SGD, batch_size: size, ...options },
});

const activations = (type: string, options: object = {}): readonly Sample[] => [
  vectors(1, 1, { type, ...options }),
  vectors(21, 13, { type, ...options }),
  images(9, [2, 3, 5], { type, ...options }),
];

/** Softmax and LogSoftmax: threads share pixels; behind and before layers whose threads share rows, as many of them. */
const overChannels = (type: string): readonly Sample[] => [
  ...activations(type),
  images(3, [2, 1, 7], type),
  images(130, [1, 3, 3], type, conv({ padding: 1 })),
  images(9, [2, 6, 6], maxPool({}), type, conv({ padding: 1 })),
  images(9, [2, 4, 3], 'ReLU', type, 'ReLU'),
];

export const LAYER_CASES: { readonly [T in LayerType]: readonly Sample[] } = {
  Linear: [
    { layers: [1], points: 2 },
    { layers: [1], points: 20, bias: false },
    { layers: [31, 'ReLU', 33, 'ReLU', 1], points: 17, bias: false },
    vectors(7, 5, 6),
    vectors(50, 301, 7),
    vectors(97, 3, 64),
  ],
  Conv2d: [
    images(1, [1, 1, 1], conv({ kernel_size: 1 })),
    images(3, [2, 5, 4], conv({ bias: false })),
    images(4, [2, 6, 7], conv({ kernel_size: [2, 3], out_channels: 7 })),
    images(5, [3, 8, 8], conv({ padding: 1 })),
    images(9, [1, 7, 9], conv({ kernel_size: 5, padding: 2, out_channels: 13 })),
    images(4, [2, 9, 9], conv({ stride: 2 })),
    images(10, [2, 8, 7], conv({ stride: [2, 3], padding: 1 })),
    images(6, [2, 9, 10], conv({ dilation: 2 })),
    images(3, [2, 9, 10], conv({ dilation: [1, 3], padding: [2, 3], stride: [3, 2] })),
    images(8, [3, 6, 6], conv({ out_channels: 6, groups: 3, padding: 1 })),
    images(5, [3, 5, 5], conv({ out_channels: 9, groups: 3, kernel_size: 1 })),
    images(4, [2, 5, 5], conv({ kernel_size: 1, stride: 2, out_channels: 4 })),
    images(2, [1, 4, 4], conv({ kernel_size: 4, padding: 3 })),
    images(4, [2, 6, 6], conv({ kernel_size: [1, 6] }), conv({ kernel_size: [6, 1], out_channels: 20 })),
    images(130, [2, 6, 6], conv({ kernel_size: 5, out_channels: 8 })),
    images(3, [2, 12, 12], conv({ kernel_size: 7, padding: 3, out_channels: 2 })),
    images(3, [2, 3, 3], conv({ kernel_size: 3, padding: 4, out_channels: 2 })),
    images(3, [2, 11, 11], conv({ kernel_size: 3, dilation: 2, stride: 2, padding: 1, out_channels: 2 })),
  ],
  MaxPool2d: [
    images(3, [2, 4, 6], maxPool({})),
    images(5, [2, 5, 7], maxPool({})),
    images(9, [2, 7, 7], maxPool({ kernel_size: 3, stride: 2, padding: 1 })),
    images(4, [1, 8, 9], maxPool({ kernel_size: [2, 3], stride: [1, 2], dilation: [2, 1] })),
    images(2, [1, 6, 6], maxPool({ kernel_size: 3, stride: 1 })),
    images(4, [1, 6, 7], maxPool({ kernel_size: 2, ceil_mode: true })),
    images(4, [1, 7, 7], maxPool({ kernel_size: 3, stride: 3, padding: 1, ceil_mode: true })),
  ],
  AvgPool2d: [
    images(3, [2, 4, 6], avgPool({})),
    images(9, [2, 5, 7], avgPool({})),
    images(5, [2, 7, 7], avgPool({ kernel_size: 3, stride: 2, padding: 1 })),
    images(5, [2, 7, 7], avgPool({ kernel_size: 3, stride: 2, padding: 1, count_include_pad: false })),
    images(4, [1, 8, 9], avgPool({ kernel_size: [2, 3], stride: [1, 2] })),
    images(2, [1, 6, 6], avgPool({ kernel_size: 3 })),
    images(130, [1, 6, 7], avgPool({ ceil_mode: true })),
    images(4, [1, 7, 7], avgPool({ kernel_size: 3, stride: 3, padding: 1, ceil_mode: true })),
    images(4, [1, 7, 7], avgPool({ kernel_size: 3, padding: 1, ceil_mode: true, count_include_pad: false })),
    images(1, [2, 5, 5], avgPool({ kernel_size: 5 })),
  ],
  AdaptiveAvgPool2d: [
    images(9, [2, 8, 8], adaptive(1)),
    images(5, [3, 6, 8], adaptive([3, 4])),
    images(21, [2, 6, 9], adaptive([2, 3])),
    images(6, [2, 7, 5], adaptive([3, 4])),
    images(6, [2, 3, 2], adaptive([5, 7])),
    images(3, [1, 5, 5], adaptive([5, 1])),
    images(130, [1, 4, 5], adaptive(3)),
    images(1, [1, 1, 1], adaptive(2)),
  ],
  // Behind a function of each value: a bias right before the mean is taken off has no gradient but rounding.
  BatchNorm1d: [
    vectors(3, 4, 'Tanh', norm('BatchNorm1d', { eps: 0.1 })),
    vectors(21, 13, 'Tanh', norm('BatchNorm1d'), 'Tanh'),
    vectors(50, 9, 'Sigmoid', norm('BatchNorm1d', { momentum: 0.3, eps: 1e-2 }), 'ReLU'),
    vectors(130, 7, 'Tanh', norm('BatchNorm1d', { affine: false })),
    vectors(130, 1, 'ReLU', norm('BatchNorm1d', { momentum: 1 })),
    batches(50, { ...vectors(121, 6, norm('BatchNorm1d'), 'Tanh', norm('BatchNorm1d')), bias: false }),
    batches(20, vectors(32, 5, 'Tanh', norm('BatchNorm1d', { momentum: 0 }))),
    farOff({
      layers: [norm('BatchNorm1d'), 4, 'Tanh', 2],
      data: sampleTable({ rows: 97, testRows: 5, input: 6, targets: 2 }),
    }),
    {
      layers: [norm('BatchNorm1d', { affine: false }), 4, 'Tanh', 2],
      data: sampleTable({ rows: 21, testRows: 5, input: 6, targets: 2 }),
    },
    { layers: [4, 'Tanh', norm('BatchNorm1d')], data: sampleTable({ rows: 30, testRows: 5, input: 3, targets: 4 }) },
  ],
  BatchNorm2d: [
    images(1, [2, 3, 3], 'Tanh', norm('BatchNorm2d')),
    images(2, [1, 1, 2], 'Tanh', norm('BatchNorm2d', { eps: 0.1 }), 'Tanh'),
    images(21, [2, 5, 4], 'Tanh', norm('BatchNorm2d', { momentum: 0.3 }), 'ReLU', conv({})),
    images(50, [3, 4, 3], 'Sigmoid', conv({ bias: false }), norm('BatchNorm2d', { affine: false })),
    images(130, [2, 3, 5], 'Tanh', norm('BatchNorm2d', { eps: 1e-3 }), maxPool({})),
    batches(12, images(29, [2, 4, 4], 'Tanh', norm('BatchNorm2d'), 'ReLU', conv({ bias: false }), norm('BatchNorm2d'))),
    farOff({
      layers: [norm('BatchNorm2d'), conv({}), 'Tanh', 'Flatten', 2],
      data: sampleTable({ rows: 21, testRows: 5, input: [3, 4, 4], targets: 2 }),
    }),
  ],
  LayerNorm: [
    vectors(1, 4, norm('LayerNorm')),
    vectors(21, 13, norm('LayerNorm'), 'Tanh'),
    vectors(50, 30, norm('LayerNorm', { eps: 1e-2, bias: false }), 'ReLU'),
    vectors(130, 7, norm('LayerNorm', { elementwise_affine: false })),
    batches(50, vectors(121, 6, norm('LayerNorm'), 'Tanh', norm('LayerNorm'))),
    images(1, [2, 3, 3], norm('LayerNorm')),
    images(21, [2, 5, 4], norm('LayerNorm'), 'ReLU', conv({})),
    images(130, [2, 3, 5], norm('LayerNorm', { elementwise_affine: false }), maxPool({})),
    farOff({
      layers: [norm('LayerNorm'), 4, 'Tanh', 2],
      data: sampleTable({ rows: 50, testRows: 5, input: 60, targets: 2 }),
    }),
    {
      layers: [norm('LayerNorm'), 4, 'Tanh', norm('LayerNorm', { eps: 1 })],
      data: sampleTable({ rows: 30, testRows: 5, input: 5, targets: 4 }),
    },
  ],
  Add: [
    vectors(21, 6, 'Tanh', 6, from('Add', ['fc2', 'tanh1'])),
    vectors(50, 6, 'Tanh', 6, from('Add', ['tanh1', 'fc2']), 'ReLU'),
    // Each input is used again behind the sum.
    vectors(7, 5, 5, from('Add', ['fc0', 'fc1']), 5, from('Add', ['fc0', 'fc1', 'fc3', 'add2'])),
    vectors(130, 4, from('Add', ['fc0', 'fc0', 'fc0']), 'Sigmoid'),
    vectors(5, 4, 'ReLU', from('Add', ['relu1', 'fc0'])),
    images(
      21,
      [2, 5, 4],
      conv({ padding: 1 }),
      'ReLU',
      conv({ padding: 1 }),
      from('Add', ['conv2d3', 'relu2']),
      'ReLU',
    ),
    // One branch learns nothing.
    {
      layers: [
        from('Tanh', ['input']),
        from('Linear', ['input'], { out_features: 4 }),
        from('Add', ['tanh0', 'linear1']),
        2,
      ],
      data: sampleTable({ rows: 21, testRows: 5, input: 4, targets: 2 }),
    },
    // The answer is the sum.
    {
      layers: [3, 'Tanh', 3, from('Add', ['fc0', 'fc2'])],
      data: sampleTable({ rows: 21, testRows: 5, input: 4, targets: 3 }),
    },
  ],
  Concat: [
    vectors(21, 6, 'Tanh', 5, from('Concat', ['fc2', 'tanh1'])),
    vectors(50, 6, 'Tanh', from('Concat', ['input', 'tanh1', 'fc0', 'input']), 'ReLU'),
    vectors(130, 3, 'Tanh', from('Concat', ['tanh1', 'tanh1']), norm('BatchNorm1d'), 'Sigmoid'),
    images(
      26,
      [2, 5, 4],
      conv({ padding: 1 }),
      'ReLU',
      from('Concat', ['conv2d0', 'relu2', 'input', 'conv2d1']),
      conv({}),
    ),
    images(130, [1, 3, 3], from('Concat', ['conv2d0', 'input']), norm('LayerNorm')),
    {
      layers: [3, 'Tanh', from('Linear', ['input'], { out_features: 2 }), from('Concat', ['tanh1', 'linear2'])],
      data: sampleTable({ rows: 21, testRows: 5, input: 4, targets: 5 }),
    },
  ],
  Flatten: [images(6, [2, 3, 3], 'ReLU')],
  ReLU: activations('ReLU'),
  LeakyReLU: [
    ...activations('LeakyReLU'),
    ...activations('LeakyReLU', { negative_slope: 0.3 }),
    vectors(50, 9, { type: 'LeakyReLU', negative_slope: 0 }),
    vectors(21, 9, { type: 'LeakyReLU', negative_slope: 1.5 }, 'Tanh'),
  ],
  ELU: [
    ...activations('ELU'),
    ...activations('ELU', { alpha: 0.3 }),
    vectors(130, 5, { type: 'ELU', alpha: 2 }, 4, 'ELU'),
  ],
  GELU: [
    ...activations('GELU'),
    ...activations('GELU', { approximate: 'tanh' }),
    vectors(50, 6, 'GELU', 5, { type: 'GELU', approximate: 'tanh' }),
    farOff({ layers: ['GELU', 4], data: sampleTable({ rows: 21, testRows: 5, input: 30, targets: 4 }) }),
    vectors(21, 6, 'GELU', 'GELU'),
  ],
  SiLU: [
    ...activations('SiLU'),
    vectors(50, 6, 'SiLU', 'SiLU', 4, 'SiLU'),
    images(130, [2, 3, 3], 'SiLU', conv({ padding: 1 })),
  ],
  Sigmoid: activations('Sigmoid'),
  Tanh: activations('Tanh'),
  Softmax: [...overChannels('Softmax'), vectors(50, 40, 'Tanh', 'Softmax', 6, 'Softmax')],
  LogSoftmax: [...overChannels('LogSoftmax'), vectors(50, 40, 'LogSoftmax', 'Tanh', 6, 'LogSoftmax')],
  Dropout: [
    vectors(1, 1, { type: 'Dropout', p: 0.5 }),
    vectors(21, 9, { type: 'Dropout', p: 0.1 }, 'ReLU'),
    vectors(100, 7, 'Tanh', { type: 'Dropout', p: 0.7 }),
    images(11, [2, 4, 5], { type: 'Dropout', p: 0.4 }),
    vectors(5, 6, 'Sigmoid', { type: 'Dropout', p: 0.3, gradient: 'as_printed' }),
  ],
  Dropout2d: [
    images(1, [1, 1, 1], { type: 'Dropout2d', p: 0.5 }),
    images(11, [2, 4, 5], { type: 'Dropout2d', p: 0.3 }),
    images(140, [2, 3, 3], 'ReLU', { type: 'Dropout2d', p: 0.6 }),
  ],
  AlphaDropout: [
    vectors(1, 2, { type: 'AlphaDropout', p: 0.5 }),
    vectors(50, 13, 'Tanh', { type: 'AlphaDropout', p: 0.2 }),
    images(9, [1, 3, 5], { type: 'AlphaDropout', p: 0.7 }),
  ],
  GaussianDropout: [
    vectors(2, 3, { type: 'GaussianDropout', p: 0.5 }),
    vectors(5, 3, { type: 'GaussianDropout', p: 0.2 }, 'Tanh', { type: 'GaussianDropout', p: 0.4 }),
    vectors(50, 13, 'Sigmoid', { type: 'GaussianDropout', p: 0.1 }),
    images(9, [1, 3, 5], { type: 'GaussianDropout', p: 0.3 }),
  ],
  DropConnect: [
    vectors(1, 2, { type: 'DropConnect', out_features: 5, p: 0.5 }),
    vectors(50, 13, { type: 'DropConnect', out_features: 17, p: 0.2 }, 'Tanh', 0.5),
    vectors(100, 5, { type: 'DropConnect', out_features: 1, p: 0.4, bias: false }),
  ],
};

const numbers = (loss: object, targets = 3, rows = 21): Sample => ({
  layers: [4, 'Tanh', targets],
  data: sampleTable({ rows, testRows: 4, input: 3, targets }),
  recipe: { loss },
});
/** One target and several, one example, several blocks of which the last is filled in part; an image. */
const ofNumbers = (loss: object): readonly Sample[] => [
  numbers(loss),
  numbers(loss, 1),
  numbers(loss, 2, 1),
  numbers({ ...loss, reduction: 'sum' }, 2),
  numbers(loss, 17, 50),
  numbers({ ...loss, reduction: 'sum' }, 1, 130),
  { ...images(21, [1, 3, 3]), recipe: { loss } },
];
/** With targets from 0 to 1, many of them at either end. */
const within = (sample: Sample): Sample => {
  const data = sample.data as {
    readonly y: readonly (readonly number[])[];
    readonly test_y: readonly (readonly number[])[];
  };
  const limit = (rows: readonly (readonly number[])[]): number[][] =>
    rows.map((row) => row.map((t) => Math.min(Math.max(t, 0), 1)));
  return { ...sample, data: { ...data, y: limit(data.y), test_y: limit(data.test_y) } };
};
const classes = (loss: object, count: number, rows = 21, last: Layers = []): Sample => ({
  layers: [6, 'Tanh', count, ...last],
  data: sampleTable({ rows, testRows: 4, input: 3, classes: count }),
  recipe: { loss },
});

export const LOSS_CASES: { readonly [T in LossType]: readonly Sample[] } = {
  MSELoss: ofNumbers({ type: 'MSELoss' }),
  L1Loss: ofNumbers({ type: 'L1Loss' }),
  SmoothL1Loss: [...ofNumbers({ type: 'SmoothL1Loss' }), ...ofNumbers({ type: 'SmoothL1Loss', beta: 0.3 })],
  HuberLoss: [...ofNumbers({ type: 'HuberLoss' }), ...ofNumbers({ type: 'HuberLoss', delta: 0.3 })],
  CrossEntropyLoss: [
    classes({ type: 'CrossEntropyLoss' }, 2),
    classes({ type: 'CrossEntropyLoss' }, 11, 50),
    classes({ type: 'CrossEntropyLoss', reduction: 'sum' }, 3, 1),
    classes({ type: 'CrossEntropyLoss', label_smoothing: 0.1 }, 5),
    classes({ type: 'CrossEntropyLoss', label_smoothing: 1, reduction: 'sum' }, 4),
  ],
  NLLLoss: [
    classes({ type: 'NLLLoss' }, 2, 21, ['LogSoftmax']),
    classes({ type: 'NLLLoss' }, 29, 50, ['LogSoftmax']),
    classes({ type: 'NLLLoss', reduction: 'sum' }, 3, 1, ['LogSoftmax']),
    classes({ type: 'NLLLoss', reduction: 'sum' }, 5, 130, ['LogSoftmax']),
    classes({ type: 'NLLLoss' }, 4),
    {
      layers: [conv({}), 'Flatten', 4, 'LogSoftmax'],
      data: sampleTable({ rows: 21, testRows: 4, input: [1, 3, 3], classes: 4 }),
      recipe: { loss: { type: 'NLLLoss' } },
    },
  ],
  BCEWithLogitsLoss: ofNumbers({ type: 'BCEWithLogitsLoss' }).map(within),
};

export const NETS: Cases = {
  'of one unit': [{ layers: [1, 'Tanh', 1, 'Tanh', 1], points: 19 }],
  'of all activations': [
    { layers: [13, 'Sigmoid', 1, 'Tanh', 6, 'ReLU', 1], points: 7 },
    { layers: [13, 'SiLU', 9, 'ELU', 6, 'GELU', 5, 'LeakyReLU', 4, 'Softmax', 1], points: 50 },
  ],
  wide: [{ layers: [301, 'Tanh', 7, 'Sigmoid', 64, 'ReLU', 1], points: 20 }],
  'with dropout': [
    { layers: [0.25, 'Tanh', 9, 0.5, 'ReLU', 11, 0.1, 1], points: 21 },
    { layers: [24, 'Tanh', 300, 0.3, 1], points: 48 },
    { layers: [12, 'Tanh', 10, 0.3, 5, 'Sigmoid', 1], points: 49 },
    { layers: [7, 'ReLU', 0.5, 10, 'Tanh', 1], points: 203 },
  ],
  'of images': [
    {
      layers: [
        conv({ kernel_size: 5, out_channels: 6 }),
        'ReLU',
        maxPool({}),
        conv({ out_channels: 7 }),
        'ReLU',
        maxPool({}),
        'Flatten',
        12,
        0.5,
        'ReLU',
        5,
      ],
      data: sampleTable({ rows: 19, testRows: 6, input: [3, 16, 16], classes: 5 }),
      recipe: { optimizer: SGD, loss: { type: 'CrossEntropyLoss' } },
    },
  ],
  // Of the form of a small residual net: two blocks, the second with a stride and a convolution beside it.
  residual: [
    {
      layers: [
        conv({ padding: 1, bias: false, out_channels: 4 }),
        norm('BatchNorm2d'),
        'ReLU',
        conv({ padding: 1, bias: false, out_channels: 4 }),
        norm('BatchNorm2d'),
        'ReLU',
        conv({ padding: 1, bias: false, out_channels: 4 }),
        norm('BatchNorm2d'),
        from('Add', ['batchnorm2d7', 'relu2']),
        'ReLU',
        conv({ padding: 1, stride: 2, bias: false, out_channels: 8 }),
        norm('BatchNorm2d'),
        'ReLU',
        conv({ padding: 1, bias: false, out_channels: 8 }),
        norm('BatchNorm2d'),
        from('Conv2d', ['relu9'], { kernel_size: 1, stride: 2, bias: false, out_channels: 8 }),
        norm('BatchNorm2d'),
        from('Add', ['batchnorm2d14', 'batchnorm2d16']),
        'ReLU',
        adaptive(1),
        'Flatten',
        5,
      ],
      data: sampleTable({ rows: 21, testRows: 6, input: [3, 8, 8], classes: 5 }),
      recipe: { optimizer: SGD, loss: { type: 'CrossEntropyLoss' } },
    },
  ],
  // Every layer sees all earlier ones.
  dense: [
    {
      layers: [
        conv({ padding: 1 }),
        'ReLU',
        from('Concat', ['relu1', 'input']),
        conv({ padding: 1 }),
        'ReLU',
        from('Concat', ['relu4', 'relu1', 'input']),
        avgPool({}),
        norm('BatchNorm2d'),
        'Flatten',
        5,
      ],
      data: sampleTable({ rows: 19, testRows: 6, input: [3, 8, 8], classes: 5 }),
      recipe: { optimizer: SGD, loss: { type: 'CrossEntropyLoss' } },
    },
  ],
};

const net = { layers: [19, 'Tanh', 10, 0.2, 'Sigmoid', 1], points: 20 } as const satisfies Sample;
// eps is large so that f32 noise in a vanishing gradient does not become a whole step.
const adam = { type: 'Adam', lr: 0.01, eps: 1e-3 };
const recipe = (options: Readonly<Record<string, unknown>>): readonly Sample[] => [{ ...net, recipe: options }];

export const RECIPES: Cases = {
  SGD: recipe({ optimizer: { type: 'SGD', lr: 0.1 } }),
  'SGD momentum': recipe({ optimizer: { type: 'SGD', lr: 0.05, momentum: 0.9, weight_decay: 0.01 } }),
  'SGD dampening': recipe({ optimizer: { type: 'SGD', lr: 0.05, momentum: 0.9, dampening: 0.3 } }),
  'SGD nesterov': recipe({ optimizer: { type: 'SGD', lr: 0.05, momentum: 0.8, nesterov: true } }),
  Adam: recipe({ optimizer: adam }),
  'Adam weight decay': recipe({ optimizer: { ...adam, weight_decay: 0.1 } }),
  'Adam weight decay without biases': recipe({ optimizer: { ...adam, weight_decay: 0.1, weight_decay_biases: false } }),
  'Adam small betas': recipe({ optimizer: { ...adam, betas: [0.3, 0.5] } }),
  AdamW: recipe({ optimizer: { ...adam, type: 'AdamW', weight_decay: 0.1 } }),
  RMSprop: recipe({ optimizer: { type: 'RMSprop', lr: 0.01, eps: 1e-3 } }),
  'RMSprop momentum': recipe({
    optimizer: { type: 'RMSprop', lr: 0.01, eps: 1e-3, momentum: 0.5, weight_decay: 0.01 },
  }),
  'RMSprop centered': recipe({ optimizer: { type: 'RMSprop', lr: 0.01, eps: 1e-2, centered: true, alpha: 0.9 } }),
  Adagrad: recipe({ optimizer: { type: 'Adagrad', lr: 0.05, eps: 1e-3, lr_decay: 0.01 } }),
  'Adagrad from a sum': recipe({ optimizer: { type: 'Adagrad', lr: 0.05, initial_accumulator_value: 0.1 } }),
  L1: recipe({ optimizer: SGD, regularization: { l1: 0.02 } }),
  'L1 proximal': recipe({ optimizer: { type: 'SGD', lr: 0.1 }, regularization: { l1: 0.3, l1_method: 'proximal' } }),
  'L2 half': recipe({ optimizer: SGD, regularization: { l2: 0.3, l2_form: 'half' } }),
  'both, no biases': recipe({ optimizer: adam, regularization: { l1: 0.01, l2: 0.1, biases: false } }),
  'decoupled decay': recipe({ optimizer: SGD, regularization: { decoupled_decay: 2, biases: false } }),
  'decoupled decay with penalties': recipe({
    optimizer: { ...adam, type: 'AdamW', weight_decay: 3 },
    regularization: { decoupled_decay: 5, l1: 0.1, l2: 0.5 },
  }),
  'max norm': recipe({ optimizer: SGD, regularization: { max_norm: 0.5 } }),
  'own values of a layer': [
    {
      ...net,
      layers: [
        { type: 'Linear', out_features: 9, regularization: { l1: 0.1, max_norm: 0.3 } },
        'Tanh',
        { type: 'Linear', out_features: 8, regularization: { l2: 0, weight_decay: 0.5, max_norm: null } },
        'Tanh',
        1,
      ],
      recipe: {
        optimizer: { type: 'SGD', lr: 0.05, weight_decay: 0.1 },
        regularization: { l1: 0.01, l2: 0.2, max_norm: 1 },
      },
    },
  ],
  'clipping by norm': recipe({
    optimizer: { type: 'SGD', lr: 0.3, momentum: 0.5 },
    gradient_clipping: { type: 'norm', max_norm: 0.05 },
    regularization: { l1: 0.05, l2: 0.3 },
  }),
  'clipping by a norm that is never reached': recipe({
    optimizer: adam,
    gradient_clipping: { type: 'norm', max_norm: 1000 },
  }),
  'clipping of a net of images': [
    {
      ...images(21, [2, 6, 6], conv({}), 'ReLU', maxPool({})),
      recipe: { optimizer: SGD, gradient_clipping: { type: 'norm', max_norm: 0.1 } },
    },
  ],
  'clipping by value': recipe({
    optimizer: { type: 'SGD', lr: 0.1 },
    gradient_clipping: { type: 'value', clip_value: 0.02 },
    regularization: { l2: 0.3 },
  }),
};
