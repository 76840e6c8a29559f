// Documents for everything that can be exported: each layer, loss, optimizer, schedule, regularizer, augmentation and kind of
// data at least once, small enough to run in a second. Tests and the check with real consumers share them.
import type { RunEvent } from '../spec/index.ts';

export interface ExportDocument {
  readonly name: string;
  readonly document: Readonly<Record<string, unknown>>;
  /** The variant to export; left out: the last one. */
  readonly variant?: string;
  readonly events?: readonly RunEvent[];
  /** Whether the NumPy script can be written, too. */
  readonly numpy: boolean;
}

const LINE = { type: 'linear_noise', points: 20, x_min: -1, x_max: 1, slope: 1, noise: 0.3 };
const TABLE = {
  type: 'table',
  x: [
    [0, 0, 1],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 1],
    [0.5, -1, 2],
    [-1.25, 0.5, 0],
  ],
  y: [[0], [1], [1], [0], [1], [0]],
  test_x: [
    [0.1, 0.2, 0.3],
    [1, -1, 1],
  ],
  test_y: [[1], [0]],
};
/** Of sample-stored.ts. */
const STORED = {
  type: 'dataset',
  digest: '5314bfe7578cfe58d021eda57f39168976105219ce8c2546d3410992d901b1ee',
  name: 'sample.csv',
  rows: 40,
  columns: [
    { name: 'length', role: 'feature', kind: 'number', missing: 'median' },
    { name: 'colour', role: 'feature', kind: 'category', categories: 3, missing: 'most_frequent' },
    { name: 'size', role: 'feature', kind: 'number' },
    { name: 'weight', role: 'target', kind: 'number' },
    { name: 'kind', role: 'ignore', kind: 'category', categories: 4 },
  ],
  split: { method: 'random', validation: 0.2, test: 0.2, seed: 7 },
  standardize_target: true,
};
const STORED_CLASSES = {
  ...STORED,
  columns: STORED.columns.map((x) => ({
    ...x,
    role: x.name === 'weight' ? 'feature' : x.name === 'kind' ? 'target' : x.role,
  })),
  split: { method: 'stratified', test: 0.3 },
};
const STORED_PICTURES = {
  type: 'dataset',
  digest: 'd7609d930b611413fd35e8935f362c1782ba52c33e2cf2d489d42f549e845f47',
  name: 'digits',
  rows: 36,
  pictures: { shape: [1, 8, 8], classes: 3, mean: [0.5], std: [0.5] },
  split: { method: 'file', validation: 0.25, test: 0.2 },
};
const PICTURES = { type: 'shapes32', train: 24, validation: 10, test: 12, seed: 3 };

interface Parts {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly layers?: readonly unknown[];
  readonly recipe?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly initialization?: 'sequential' | 'same';
  readonly variants?: readonly unknown[];
}

const linear = (name: string, out_features: number, more: object = {}) => ({
  type: 'Linear',
  name,
  out_features,
  ...more,
});
const layer = (type: string, more: object = {}) => ({ type, name: type.toLowerCase(), ...more });

function document(name: string, parts: Parts): Record<string, unknown> {
  return {
    format: 'overfit-experiment',
    version: 1,
    name,
    seed: parts.seed ?? 5,
    initialization: parts.initialization ?? 'sequential',
    data: parts.data ?? LINE,
    model: { layers: parts.layers ?? [linear('fc1', 16), layer('Tanh'), linear('fc2', 1)] },
    recipe: {
      ...(parts.recipe && 'epochs' in parts.recipe ? {} : { steps: 12 }),
      evaluate_every: 4,
      loss: { type: 'MSELoss' },
      optimizer: { type: 'SGD', lr: 0.05 },
      ...parts.recipe,
    },
    variants: parts.variants ?? [{ name: 'base' }],
  };
}

const dense = (name: string, parts: Parts, numpy = true, more: Partial<ExportDocument> = {}): ExportDocument => ({
  name,
  document: document(name, parts),
  numpy,
  ...more,
});

const between = (middle: object): Parts => ({
  layers: [linear('fc1', 16), middle, linear('fc2', 1)],
  // LogSoftmax gives large numbers, and with larger rates large steps.
  recipe: { optimizer: { type: 'SGD', lr: 0.002 } },
});

const ACTIVATIONS = [
  layer('ReLU'),
  layer('LeakyReLU', { negative_slope: 0.2 }),
  layer('ELU', { alpha: 0.7 }),
  layer('GELU'),
  layer('GELU', { name: 'gelu tanh', approximate: 'tanh' }),
  layer('SiLU'),
  layer('Sigmoid'),
  layer('Tanh'),
  layer('Softmax'),
  layer('LogSoftmax'),
  layer('BatchNorm1d', { momentum: 0.3, eps: 1e-3 }),
  layer('BatchNorm1d', { name: 'plain norm', affine: false }),
  layer('LayerNorm'),
  layer('LayerNorm', { name: 'no bias', bias: false }),
  layer('LayerNorm', { name: 'bare', elementwise_affine: false }),
  layer('Dropout', { p: 0.3 }),
  layer('AlphaDropout', { p: 0.2 }),
  layer('GaussianDropout', { p: 0.25 }),
  { ...linear('connect', 8), type: 'DropConnect', p: 0.4 },
];

const OPTIMIZERS = [
  { type: 'SGD', lr: 0.05, momentum: 0.9 },
  { type: 'SGD', lr: 0.05, momentum: 0.9, dampening: 0.1, weight_decay: 0.01 },
  { type: 'SGD', lr: 0.05, momentum: 0.8, nesterov: true },
  { type: 'Adam', lr: 0.01, weight_decay: 0.02, betas: [0.8, 0.99], eps: 1e-6 },
  { type: 'AdamW', lr: 0.01 },
  { type: 'AdamW', lr: 0.01, weight_decay: 0, weight_decay_biases: false },
  { type: 'AdamW', lr: 0.01, weight_decay: 0.1, weight_decay_biases: false },
  { type: 'RMSprop', lr: 0.01 },
  { type: 'RMSprop', lr: 0.01, momentum: 0.5, centered: true, alpha: 0.9, weight_decay: 0.01 },
  { type: 'Adagrad', lr: 0.05, lr_decay: 0.1, initial_accumulator_value: 0.2, weight_decay: 0.01 },
];

const LOSSES = [
  { type: 'MSELoss', reduction: 'sum' },
  { type: 'L1Loss' },
  { type: 'L1Loss', reduction: 'sum' },
  { type: 'SmoothL1Loss', beta: 0.5 },
  { type: 'HuberLoss', delta: 0.4 },
  { type: 'BCEWithLogitsLoss' },
];

const SCHEDULES: readonly (readonly [name: string, recipe: Record<string, unknown>, numpy: boolean])[] = [
  ['steps', { schedule: { type: 'StepLR', step_size: 3, gamma: 0.5, interval: 'step' } }, true],
  ['exponential', { schedule: { type: 'ExponentialLR', gamma: 0.9 } }, true],
  ['cosine', { schedule: { type: 'CosineAnnealingLR', T_max: 8, eta_min: 0.001, interval: 'step' } }, true],
  ['one cycle', { schedule: { type: 'OneCycleLR', max_lr: 0.1, cycle_momentum: false } }, false],
  [
    'one cycle with momentum',
    {
      schedule: { type: 'OneCycleLR', max_lr: 0.1, three_phase: true, anneal_strategy: 'linear' },
      optimizer: { type: 'Adam', lr: 0.01 },
    },
    false,
  ],
  ['plateau', { schedule: { type: 'ReduceLROnPlateau', metric: 'train_loss', patience: 0, threshold: 0.5 } }, false],
  ['warm-up', { warm_up: { steps: 5 } }, true],
  [
    'warm-up and steps',
    {
      warm_up: { steps: 5, start_factor: 0.1 },
      schedule: { type: 'StepLR', step_size: 2, interval: 'epoch' },
      batch_size: 8,
    },
    true,
  ],
  [
    'warm-up and cosine',
    { warm_up: { steps: 5 }, schedule: { type: 'CosineAnnealingLR', T_max: 8, eta_min: 0.001, interval: 'step' } },
    false,
  ],
];

const INITS: readonly (readonly [object, boolean])[] = [
  [{ weight: { type: 'uniform', a: -1, b: 1 }, bias: { type: 'zeros' } }, true],
  [{ weight: { type: 'normal', std: 0.2 }, bias: { type: 'normal', mean: 0.1, std: 0.01 } }, true],
  [{ weight: { type: 'trunc_normal', std: 0.5, a: -1, b: 1 } }, false],
  [{ weight: { type: 'constant', val: 0.1 }, bias: { type: 'ones' } }, true],
  [{ weight: { type: 'xavier_uniform', gain: 1.5 } }, true],
  [{ weight: { type: 'xavier_normal' } }, true],
  [{ weight: { type: 'kaiming_uniform', nonlinearity: 'relu' } }, true],
  [{ weight: { type: 'kaiming_normal', mode: 'fan_out', a: 0.1 } }, true],
];

const REGULARIZERS: readonly (readonly [string, object, object?])[] = [
  ['l1', { l1: 0.01 }],
  ['l1 of weights', { l1: 0.01, biases: false }],
  ['l1 proximal', { l1: 0.5, l1_method: 'proximal' }],
  ['l2', { l2: 0.01 }],
  ['l2 half', { l2: 0.01, l2_form: 'half' }],
  ['elastic net', { l1: 0.01, l2: 0.02, biases: false }],
  ['decoupled', { decoupled_decay: 0.5 }],
  ['max norm', { max_norm: 0.5 }],
  ['everything', { l1: 0.01, l1_method: 'proximal', l2: 0.01, decoupled_decay: 0.1, max_norm: 1 }],
  [
    'own of a layer',
    { l1: 0.01, l2: 0.01, max_norm: 2 },
    { l1: 0.1, l2: 0, decoupled_decay: 0.3, max_norm: null, weight_decay: 0.1 },
  ],
];

/** The from-scratch tutorial (EXAMPLES.md §2). */
const numpyDropout = (name: string, gradient: string): ExportDocument =>
  dense(name, {
    data: { ...TABLE, x: TABLE.x.slice(0, 4), y: TABLE.y.slice(0, 4), test_x: [], test_y: [] },
    layers: [
      linear('fc1', 4, { bias: false, init: { weight: { type: 'uniform', a: -1, b: 1 } } }),
      { type: 'Sigmoid', name: 'sigmoid1' },
      { type: 'Dropout', name: 'dropout1', p: 0.2, gradient },
      linear('fc2', 1, { bias: false, init: { weight: { type: 'uniform', a: -1, b: 1 } } }),
      { type: 'Sigmoid', name: 'sigmoid2' },
    ],
    recipe: {
      steps: 200,
      evaluate_every: 50,
      loss: { type: 'MSELoss', reduction: 'sum' },
      optimizer: { type: 'SGD', lr: 0.25 },
    },
    seed: 1,
  });

const conv = (name: string, out_channels: number, kernel_size: unknown, more: object = {}) => ({
  type: 'Conv2d',
  name,
  out_channels,
  kernel_size,
  ...more,
});
const CLASSES = {
  loss: { type: 'CrossEntropyLoss' },
  optimizer: { type: 'SGD', lr: 0.01, momentum: 0.9 },
  steps: 3,
  evaluate_every: 2,
};

/** One picture net per line: layers between the input and `Flatten, Linear(10)`. */
const PICTURE_NETS: readonly (readonly [string, readonly object[]])[] = [
  ['conv', [conv('conv', 4, 3, { stride: 2, padding: 1 })]],
  [
    'conv with everything',
    [conv('conv', 6, [3, 5], { stride: [2, 1], padding: [1, 2], dilation: 2, groups: 3, bias: false })],
  ],
  ['max pool', [layer('MaxPool2d', { kernel_size: 3, stride: 2, padding: 1 })]],
  ['max pool ceil', [layer('MaxPool2d', { kernel_size: [3, 2], stride: 5, padding: 1, dilation: 2, ceil_mode: true })]],
  ['average pool', [layer('AvgPool2d', { kernel_size: 3, stride: 2, padding: 1 })]],
  ['average pool ceil', [layer('AvgPool2d', { kernel_size: 4, stride: 3, padding: 2, ceil_mode: true })]],
  [
    'average pool without padding',
    [
      layer('AvgPool2d', {
        kernel_size: [3, 4],
        stride: [2, 3],
        padding: [1, 2],
        ceil_mode: true,
        count_include_pad: false,
      }),
    ],
  ],
  ['adaptive pool', [layer('AdaptiveAvgPool2d', { output_size: 4 })]],
  ['uneven adaptive pool', [layer('AdaptiveAvgPool2d', { output_size: [5, 3] })]],
  ['global pool', [layer('AdaptiveAvgPool2d', { output_size: 1 })]],
  ['batch norm', [conv('conv', 4, 5), layer('BatchNorm2d')]],
  ['plain batch norm', [conv('conv', 4, 5), layer('BatchNorm2d', { affine: false, momentum: 0 })]],
  ['layer norm', [conv('conv', 2, 5, { stride: 4 }), layer('LayerNorm')]],
  ['channel dropout', [conv('conv', 4, 5, { stride: 3 }), layer('Dropout2d', { p: 0.5 })]],
  ['channel softmax', [conv('conv', 4, 5, { stride: 3 }), layer('Softmax')]],
];

const pictureNet = (name: string, layers: readonly object[], recipe: object = {}): ExportDocument =>
  dense(
    name,
    { data: PICTURES, layers: [...layers, layer('Flatten'), linear('fc', 10)], recipe: { ...CLASSES, ...recipe } },
    false,
  );

/** Branches: a residual sum and a concatenation, with a dropout that is idle. */
const BRANCHES = [
  linear('first', 8),
  layer('Tanh'),
  { type: 'Dropout', name: 'idle', p: 0 },
  { ...linear('left', 8), inputs: ['idle'] },
  layer('ReLU'),
  { type: 'Add', name: 'sum', inputs: ['relu', 'idle', 'left'] },
  { ...linear('right', 3), inputs: ['input'] },
  { type: 'Concat', name: 'both', inputs: ['sum', 'right'] },
  linear('last', 1),
];

/** LeNet on drawn pictures, as the CNN example (EXAMPLES.md §3), shortened. */
const LENET = [
  conv('conv1', 6, 5),
  layer('ReLU', { name: 'relu1' }),
  layer('MaxPool2d', { name: 'pool1', kernel_size: 2 }),
  conv('conv2', 16, 5),
  layer('ReLU', { name: 'relu2' }),
  layer('MaxPool2d', { name: 'pool2', kernel_size: 2 }),
  layer('Flatten'),
  linear('fc1', 120),
  layer('ReLU', { name: 'relu3' }),
  linear('fc2', 84),
  layer('ReLU', { name: 'relu4' }),
  linear('fc3', 10),
];

/** Numbers without a pattern that two languages could make differently. */
const grid = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => ((7 * i + 3 * j) % 11) / 8 - 0.5));
const kinds = (rows: number, classes: number): number[][] =>
  Array.from({ length: rows }, (_, i) => [(5 * i) % classes]);

const CLASS_NET = [linear('fc1', 6), layer('Tanh'), linear('fc2', 3)];
/** Every form of a table, short enough for the script and too long for it: validation rows, class indices, pictures of floats. */
const TABLES: readonly ExportDocument[] = [
  dense('table with validation', {
    data: { ...TABLE, validation_x: [[0.25, 0.5, 0.75]], validation_y: [[0.5]] },
    recipe: { early_stopping: { patience: 5 } },
  }),
  dense('table of classes', {
    data: { type: 'table', x: grid(9, 2), y: kinds(9, 3), test_x: grid(4, 2), test_y: kinds(4, 3), classes: 3 },
    layers: CLASS_NET,
    recipe: { loss: { type: 'CrossEntropyLoss' }, batch_size: 4, shuffle: true },
  }),
  dense('long table of classes', {
    data: {
      type: 'table',
      x: grid(140, 3),
      y: kinds(140, 3),
      validation_x: grid(20, 3),
      validation_y: kinds(20, 3),
      test_x: grid(30, 3),
      test_y: kinds(30, 3),
      classes: 3,
    },
    layers: CLASS_NET,
    recipe: { loss: { type: 'CrossEntropyLoss', reduction: 'sum' }, optimizer: { type: 'SGD', lr: 0.001 } },
  }),
  dense('table of pictures', {
    data: {
      type: 'table',
      x: grid(5, 30),
      y: kinds(5, 2),
      test_x: grid(2, 30),
      test_y: kinds(2, 2),
      shape: [2, 3, 5],
      classes: 2,
    },
    layers: [layer('Flatten'), linear('fc1', 6), layer('Tanh'), linear('fc2', 2)],
    recipe: { loss: { type: 'CrossEntropyLoss' } },
  }),
  dense(
    'long table of pictures',
    {
      data: {
        type: 'table',
        x: grid(24, 50),
        y: grid(24, 2),
        validation_x: grid(5, 50),
        validation_y: grid(5, 2),
        shape: [2, 5, 5],
      },
      layers: [conv('conv', 3, 3), layer('ReLU'), layer('Flatten'), linear('fc', 2)],
      recipe: {
        batch_size: 5,
        shuffle: true,
        augmentation: [{ type: 'RandomHorizontalFlip' }, { type: 'RandomCrop', padding: 1 }],
      },
    },
    false,
  ),
];

const SCORES = { loss: { type: 'CrossEntropyLoss' }, optimizer: { type: 'SGD', lr: 0.1 } };
/** Points that the lab draws, few enough for the script and too many for it. */
const GENERATED: readonly ExportDocument[] = [
  dense('generated polynomial', {
    data: {
      type: 'polynomial',
      coefficients: [0.5, -1, 0, 2],
      x_min: -1,
      x_max: 1,
      train: 20,
      test: 10,
      noise: 0.2,
      outliers: 0.1,
    },
  }),
  dense('generated sine', {
    data: {
      type: 'sine',
      frequency: 0.5,
      x_min: -2,
      x_max: 2,
      train: 150,
      validation: 20,
      test: 60,
      noise: 0.1,
      seed: 3,
    },
    recipe: { batch_size: 32, shuffle: true, epochs: 3 },
  }),
  dense('generated linear', {
    data: { type: 'linear', features: 40, informative: 4, correlation: 0.5, train: 30, test: 10, noise: 1 },
    layers: [linear('fc', 1)],
    recipe: { optimizer: { type: 'SGD', lr: 0.005 }, regularization: { l1: 0.1, l1_method: 'proximal' } },
  }),
  dense('generated moons', {
    data: { type: 'moons', train: 40, validation: 10, test: 20, noise: 0.2, label_noise: 0.1, balance: [3, 1] },
    layers: [linear('fc1', 8), layer('Tanh'), linear('fc2', 2)],
    recipe: SCORES,
  }),
  dense('generated spirals', {
    data: { type: 'spirals', arms: 3, train: 200, test: 90, noise: 0.02, seed: 9 },
    layers: [linear('fc1', 8), layer('ReLU'), linear('fc2', 3)],
    recipe: { ...SCORES, batch_size: 50, shuffle: true },
  }),
];

const BATCHES = { steps: 11, batch_size: 6 };

export const DOCUMENTS: readonly ExportDocument[] = [
  ...ACTIVATIONS.map((x) => dense(`layer ${(x as { name: string }).name}`, between(x))),
  ...LOSSES.map((loss) =>
    dense(`loss ${Object.values(loss).join(' ').replaceAll('.', '_')}`, {
      recipe: { loss },
      data: TABLE,
      layers: [linear('fc1', 5), layer('Tanh'), linear('fc2', 1)],
    }),
  ),
  ...OPTIMIZERS.map((optimizer, i) => dense(`optimizer ${i} ${optimizer.type}`, { recipe: { optimizer } })),
  ...SCHEDULES.map(([name, recipe, numpy]) => dense(`schedule ${name}`, { recipe }, numpy)),
  ...INITS.map(([init, numpy], i) =>
    dense(
      `init ${i}`,
      { layers: [linear('fc1', 12, { init }), layer('Tanh'), linear('fc2', 3), layer('ReLU'), linear('fc3', 1)] },
      numpy,
    ),
  ),
  ...REGULARIZERS.map(([name, regularization, own]) =>
    dense(`regularizer ${name}`, {
      layers: [
        linear('fc1', 16),
        layer('Tanh'),
        linear('fc2', 8, own ? { regularization: own } : {}),
        layer('BatchNorm1d'),
        linear('fc3', 1),
      ],
      // BatchNorm on few points amplifies rounding tenfold a step at larger rates.
      recipe: { regularization, optimizer: { type: 'SGD', lr: 0.005 } },
    }),
  ),
  dense('batches in order', { recipe: BATCHES }),
  dense('batches shuffled', { recipe: { ...BATCHES, shuffle: true } }),
  dense('batches without the last', { recipe: { batch_size: 6, epochs: 3, shuffle: true, drop_last: true } }),
  dense('batches, epochs', {
    ...between(layer('Dropout', { p: 0.5 })),
    recipe: { batch_size: 6, epochs: 2, shuffle: true },
  }),
  dense('few normals', { data: { ...LINE, points: 7, validation_points: 5 } }),
  dense('odd normals', { data: { ...LINE, points: 21, validation_points: 3 } }),
  dense('gaussian dropout of few', {
    data: { ...LINE, points: 5 },
    ...{ layers: [linear('fc1', 3), layer('GaussianDropout', { p: 0.5 }), linear('fc2', 1)] },
  }),
  dense('gaussian noise', { recipe: { augmentation: [{ type: 'GaussianNoise', std: 0.1 }] } }, false),
  dense('clipped norm', { recipe: { gradient_clipping: { type: 'norm', max_norm: 0.1 } } }),
  dense('clipped value', { recipe: { gradient_clipping: { type: 'value', clip_value: 0.02 } } }),
  dense('early stopping', {
    data: { ...LINE, validation_points: 9 },
    recipe: {
      steps: 400,
      evaluate_every: 3,
      early_stopping: { patience: 2, min_delta: 0.001 },
      optimizer: { type: 'Adam', lr: 0.05 },
    },
  }),
  dense('early stopping in batches', {
    data: { ...LINE, validation_points: 9 },
    recipe: {
      epochs: 100,
      batch_size: 5,
      shuffle: true,
      early_stopping: { patience: 3 },
      optimizer: { type: 'Adam', lr: 0.05 },
    },
  }),
  dense('branches', { layers: BRANCHES }),
  dense('earlier variants', {
    variants: [
      { name: 'same', changes: {} },
      { name: 'wide', changes: { 'model.layers.fc1.out_features': 40 } },
      {
        name: 'wider',
        changes: { 'model.layers.fc1.out_features': 41, 'model.layers.fc1.init': { weight: { type: 'normal' } } },
      },
      { name: 'own' },
    ],
    layers: [linear('fc1', 16, { init: {} }), layer('Tanh'), linear('fc2', 1)],
  }),
  numpyDropout('numpy dropout as printed', 'as_printed'),
  numpyDropout('numpy dropout corrected', 'chain_rule'),
  dense(
    'changes during the run',
    {
      layers: [
        linear('fc1', 16, { regularization: { l1: 0.01 } }),
        layer('Dropout', { p: 0 }),
        layer('GaussianDropout', { p: 0 }),
        layer('Tanh'),
        linear('fc2', 1),
      ],
      recipe: {
        regularization: { l1: 0, l2: 0.01, max_norm: null },
        gradient_clipping: { type: 'norm', max_norm: 1 },
        optimizer: { type: 'Adam', lr: 0.01, weight_decay: 0.1, weight_decay_biases: false },
      },
    },
    false,
    {
      events: [
        { step: 2, path: 'recipe.optimizer.lr', value: 0.005 },
        { step: 2, path: 'recipe.regularization.l1', value: 0.1 },
        { step: 3, path: 'model.layers.fc1.regularization.l1', value: 0 },
        { step: 4, path: 'model.layers.dropout.p', value: 0.5 },
        { step: 4, path: 'model.layers.gaussiandropout.p', value: 0.2 },
        { step: 5, path: 'recipe.regularization.max_norm', value: 0.5 },
        { step: 5, path: 'recipe.gradient_clipping.max_norm', value: 0.2 },
        { step: 6, path: 'recipe.optimizer.weight_decay', value: 0 },
        { step: 6, path: 'recipe.optimizer.betas', value: [0.5, 0.9] },
      ],
    },
  ),
  dense('awkward names', {
    layers: [
      linear('train', 4),
      layer('Tanh', { name: '激活"); import os #' }),
      linear('2 \\ "', 3),
      layer('ReLU', { name: '"""' }),
      linear('fc1_weight', 1),
    ],
    variants: [{ name: 'a/b\'\\"' }],
  }),
  dense('long table', {
    data: {
      type: 'table',
      x: Array.from({ length: 150 }, (_, i) => [i / 150, (i % 7) / 7]),
      y: Array.from({ length: 150 }, (_, i) => [i % 3]),
    },
  }),
  ...TABLES,
  ...GENERATED,
  ...PICTURE_NETS.map(([name, layers]) => pictureNet(`pictures ${name}`, layers)),
  pictureNet('pictures augmented', [conv('conv', 4, 5, { stride: 3 })], {
    batch_size: 5,
    shuffle: true,
    augmentation: [
      { type: 'RandomHorizontalFlip' },
      { type: 'RandomCrop', padding: 3 },
      { type: 'GaussianNoise', std: 0.05 },
    ],
    loss: { type: 'CrossEntropyLoss', label_smoothing: 0.1 },
  }),
  dense('pictures dense', {
    data: PICTURES,
    layers: [layer('Flatten'), linear('fc1', 12), layer('ReLU'), linear('fc2', 10)],
    recipe: { ...CLASSES, batch_size: 7, shuffle: true, loss: { type: 'CrossEntropyLoss', label_smoothing: 0.1 } },
  }),
  dense('pictures nll', {
    data: { ...PICTURES, validation: 0 },
    layers: [layer('Flatten'), linear('fc1', 10), layer('LogSoftmax')],
    recipe: { ...CLASSES, loss: { type: 'NLLLoss', reduction: 'sum' }, optimizer: { type: 'SGD', lr: 0.0005 } },
  }),
  dense(
    'lenet',
    {
      data: PICTURES,
      layers: LENET,
      recipe: {
        ...CLASSES,
        batch_size: 4,
        shuffle: true,
        steps: 8,
        optimizer: { type: 'SGD', lr: 0.001, momentum: 0.9, weight_decay: 0.001 },
      },
    },
    false,
  ),
  dense(
    'cifar10',
    {
      data: { type: 'cifar10', train: 40, validation: 20, test: 30 },
      layers: LENET,
      recipe: { ...CLASSES, batch_size: 4, shuffle: true, epochs: 1, steps: undefined },
    },
    false,
  ),
  dense('imported columns', {
    data: STORED,
    layers: [linear('fc1', 6), layer('Tanh'), linear('fc2', 1)],
    recipe: { batch_size: 5, shuffle: true, epochs: 2, steps: undefined },
  }),
  dense('imported classes', {
    data: STORED_CLASSES,
    layers: [linear('fc1', 5), layer('ReLU'), linear('fc2', 4)],
    recipe: CLASSES,
  }),
  dense('imported pictures', {
    data: STORED_PICTURES,
    layers: [layer('Flatten'), linear('fc1', 3)],
    recipe: { ...CLASSES, batch_size: 7, shuffle: true },
  }),
  dense(
    'imported pictures cnn',
    {
      data: { ...STORED_PICTURES, standardize: false },
      layers: [
        { type: 'Conv2d', name: 'conv1', out_channels: 4, kernel_size: 3 },
        layer('ReLU'),
        layer('Flatten'),
        linear('fc1', 3),
      ],
      recipe: { ...CLASSES, batch_size: 4, shuffle: true },
    },
    false,
  ),
];
