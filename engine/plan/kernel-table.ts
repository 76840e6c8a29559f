// Every kernel: the file it lives in, what it reads and writes and how its threads touch that, the numbers its record holds.
// The one source for the planner (types, barriers, lifetimes), the encoder (records) and the kernels (build.mjs writes their
// offsets and the dispatch from it). No imports: build.mjs reads it before anything is built.

/** `own`: a thread touches only its share of the rows. `all`: it touches rows of others too. */
export type Access = 'own' | 'all';
export type NumberKind = 'i32' | 'u32' | 'f32' | 'f64';

export interface KernelDescription {
  /** File in kernels/cpu/assembly that exports the function of the kernel's name in camel case. */
  readonly file: string;
  readonly reads: Readonly<Record<string, Access>>;
  readonly writes: Readonly<Record<string, Access>>;
  readonly numbers: Readonly<Record<string, NumberKind>>;
  /** Operands that may be left out. */
  readonly optional: readonly string[];
  /** The output may lie where an input lies, when nobody needs the input any more: [input, output], the first that can. */
  readonly inPlace: readonly (readonly [string, string])[];
}

type Pair<R, W> = readonly [keyof R & string, keyof W & string];

const kernel = <
  const R extends Record<string, Access>,
  const W extends Record<string, Access>,
  const N extends Record<string, NumberKind> = Record<never, NumberKind>,
  const O extends readonly string[] = readonly [],
>(
  file: string,
  reads: R,
  writes: W,
  more: {
    readonly numbers?: N;
    readonly optional?: O;
    readonly inPlace?: Pair<R, W>;
    readonly orInPlace?: Pair<R, W>;
  } = {},
) => ({
  file,
  reads,
  writes,
  numbers: more.numbers ?? ({} as N),
  optional: more.optional ?? ([] as unknown as O),
  inPlace: [more.inPlace, more.orInPlace].filter((pair) => pair !== undefined),
});

/** y of x alone, value by value. */
const activation = () => kernel('elementwise', { x: 'own' }, { y: 'own' }, { inPlace: ['x', 'y'] });
/** dx from the output and its gradient. */
const derivative = () => kernel('elementwise', { y: 'own', dy: 'own' }, { dx: 'own' }, { inPlace: ['dy', 'dx'] });

/** The same of activations with numbers, or whose derivative needs the input. */
const curve = <const N extends Record<string, NumberKind>>(numbers: N) =>
  kernel('activations', { x: 'own' }, { y: 'own' }, { numbers, inPlace: ['x', 'y'] });
const curveSlope = <const N extends Record<string, NumberKind>>(numbers: N) =>
  kernel('activations', { x: 'own', dy: 'own' }, { dx: 'own' }, { numbers, inPlace: ['dy', 'dx'] });
/**
 * Over the channels at each place. Threads share the places, which are not the rows of the activation: so what others touch row
 * by row is not `own`.
 */
const overChannels = { numbers: { channels: 'i32' }, inPlace: ['x', 'y'] } as const;
const overChannelsBack = { numbers: { channels: 'i32' }, inPlace: ['dy', 'dx'] } as const;

/** Losses of numbers: one sum per block of examples, and the gradient of the model's output. */
const lossForward = <const N extends Record<string, NumberKind>>(numbers: N) =>
  kernel('loss-values', { y: 'all', t: 'all' }, { sums: 'own' }, { numbers: { targets: 'i32', ...numbers } });
const lossBackward = <const N extends Record<string, NumberKind>>(numbers: N) =>
  kernel(
    'loss-values',
    { y: 'own', t: 'own' },
    { dx: 'own' },
    { numbers: { targets: 'i32', mean: 'i32', ...numbers } },
  );

/** A window sliding over images; sizes in pixels. */
const window = {
  inHeight: 'i32',
  inWidth: 'i32',
  outHeight: 'i32',
  outWidth: 'i32',
  kernelHeight: 'i32',
  kernelWidth: 'i32',
  strideHeight: 'i32',
  strideWidth: 'i32',
  paddingHeight: 'i32',
  paddingWidth: 'i32',
  dilationHeight: 'i32',
  dilationWidth: 'i32',
} as const;
const averaging = { ...window, channels: 'i32', countPadding: 'i32', adaptive: 'i32' } as const;
const convolution = { ...window, inChannels: 'i32', outChannels: 'i32', groups: 'i32' } as const;

export const KERNELS = {
  /** The batch's inputs into [features][examples]; rows of floats. */
  gather_values: kernel('gather', {}, { y: 'own' }, { numbers: { features: 'i32' } }),
  gather_pixels: kernel('gather', { table: 'all' }, { y: 'own' }, { numbers: { channels: 'i32', pixels: 'i32' } }),
  gather_targets: kernel('gather', {}, { t: 'own' }, { numbers: { features: 'i32' } }),
  gather_labels: kernel('gather', {}, { t: 'all' }, {}),

  /** Which pictures of a batch are turned round, and where the crops begin. */
  draw_flips: kernel('augment', {}, { flips: 'all' }, { numbers: { p: 'f32' } }),
  draw_offsets: kernel('augment', {}, { offsets: 'all' }, { numbers: { range: 'i32' } }),
  flip_images: kernel(
    'augment',
    { x: 'own', flips: 'all' },
    { y: 'own' },
    { numbers: { width: 'i32' }, inPlace: ['x', 'y'] },
  ),
  crop_images: kernel(
    'augment',
    { x: 'all', offsets: 'all' },
    { y: 'own' },
    { numbers: { height: 'i32', width: 'i32', padding: 'i32' } },
  ),
  add_noise: kernel(
    'augment',
    { x: 'own', normals: 'all' },
    { y: 'own' },
    { numbers: { features: 'i32', std: 'f32' }, inPlace: ['x', 'y'] },
  ),

  linear_forward: kernel(
    'linear',
    { x: 'all', w: 'own', b: 'own' },
    { y: 'own' },
    { numbers: { inFeatures: 'i32', inStride: 'i32', outFeatures: 'i32' }, optional: ['b'] },
  ),
  linear_grad_input: kernel(
    'linear',
    { dy: 'all', w: 'all' },
    { dx: 'own' },
    { numbers: { inFeatures: 'i32', inStride: 'i32', outFeatures: 'i32' } },
  ),
  /**
   * Also updates the parameters where a fused update is given: one pass over each block of rows. `scratch`: gw is no whole
   * gradient but so many bytes for each thread, which are used again for every block of rows.
   */
  linear_grad_weight: kernel(
    'linear',
    { dy: 'own', xT: 'all' },
    { gw: 'own', gb: 'own' },
    {
      numbers: {
        inFeatures: 'i32',
        inStride: 'i32',
        outFeatures: 'i32',
        xStride: 'i32',
        updateWeight: 'u32',
        updateBias: 'u32',
        scratch: 'i32',
      },
      optional: ['gb'],
    },
  ),
  /** [features][examples] to [examples][stride]. */
  transpose: kernel('linear', { x: 'own' }, { xT: 'all' }, { numbers: { features: 'i32', outStride: 'i32' } }),

  /** A convolution's weight in the order in which the tiles read it, forward or for the input's gradient (transposed). */
  conv_pack: kernel(
    'conv',
    { w: 'all' },
    { packed: 'own' },
    {
      numbers: {
        inChannels: 'i32',
        outChannels: 'i32',
        groups: 'i32',
        kernel: 'i32',
        weightStride: 'i32',
        transposed: 'i32',
      },
    },
  ),
  conv_forward: kernel(
    'conv',
    { x: 'all', packed: 'all', b: 'all' },
    { y: 'all' },
    { numbers: convolution, optional: ['b'] },
  ),
  /** `all`, as of the output: rows of the work are rows of pixels, in every channel. */
  conv_grad_input: kernel('conv', { dy: 'all', packed: 'all' }, { dx: 'all' }, { numbers: convolution }),
  conv_grad_weight: kernel(
    'conv-weight',
    { x: 'all', dy: 'all' },
    { gw: 'all' },
    { numbers: { ...convolution, weightStride: 'i32' } },
  ),
  conv_grad_bias: kernel('conv-weight', { dy: 'all' }, { gb: 'own' }, { numbers: { channels: 'i32', pixels: 'i32' } }),

  max_pool_forward: kernel('pool', { x: 'all' }, { y: 'own' }, { numbers: { ...window, channels: 'i32' } }),
  /** From input and output: the first pixel of a window that equals its maximum gets the gradient. */
  max_pool_backward: kernel(
    'pool',
    { x: 'own', y: 'own', dy: 'own' },
    { dx: 'own' },
    { numbers: { ...window, channels: 'i32' } },
  ),

  /** Means over windows; `adaptive`: over torch's bins, as many as there are outputs, whatever the window. */
  avg_pool_forward: kernel('average-pool', { x: 'all' }, { y: 'own' }, { numbers: averaging }),
  avg_pool_backward: kernel('average-pool', { dy: 'own' }, { dx: 'own' }, { numbers: averaging }),

  /** By the batch's own statistics, which stay for the way back: f64 [channels][mean, biased variance, 1/root]. */
  batch_norm_forward: kernel(
    'batch-norm',
    { x: 'own', w: 'own', b: 'own' },
    { y: 'own', statistics: 'own' },
    { numbers: { channels: 'i32', pixels: 'i32', eps: 'f64' }, optional: ['w', 'b'], inPlace: ['x', 'y'] },
  ),
  batch_norm_backward: kernel(
    'batch-norm',
    { x: 'own', dy: 'own', statistics: 'own', w: 'own' },
    { dx: 'own', gw: 'own', gb: 'own' },
    {
      numbers: { channels: 'i32', pixels: 'i32' },
      optional: ['w', 'dx', 'gw', 'gb'],
      inPlace: ['dy', 'dx'],
    },
  ),
  /** What evaluation will normalise by, once the batch's loss is known to be finite. */
  running_statistics: kernel(
    'batch-norm',
    { statistics: 'all', verdict: 'all' },
    { mean: 'all', variance: 'all' },
    { numbers: { channels: 'i32', pixels: 'i32', momentum: 'f64' } },
  ),
  batch_norm_evaluate: kernel(
    'batch-norm',
    { x: 'own', mean: 'all', variance: 'all', w: 'all', b: 'all' },
    { y: 'own' },
    { numbers: { channels: 'i32', pixels: 'i32', eps: 'f64' }, optional: ['w', 'b'], inPlace: ['x', 'y'] },
  ),

  /** Of every example, in rows of one float each: mean (two parts), 1/root. */
  layer_norm_statistics: kernel(
    'layer-norm',
    { x: 'all' },
    { statistics: 'all' },
    { numbers: { elements: 'i32', eps: 'f64' } },
  ),
  layer_norm_forward: kernel(
    'layer-norm',
    { x: 'own', statistics: 'all', w: 'all', b: 'all' },
    { y: 'own' },
    { numbers: { elements: 'i32' }, optional: ['w', 'b'], inPlace: ['x', 'y'] },
  ),
  /** Of every example's gradient: what its mean, and its part along the input, take away. */
  layer_norm_means: kernel(
    'layer-norm',
    { x: 'all', dy: 'all', statistics: 'all', w: 'all' },
    { means: 'all' },
    { numbers: { elements: 'i32' }, optional: ['w'] },
  ),
  layer_norm_backward: kernel(
    'layer-norm',
    { x: 'own', dy: 'own', statistics: 'all', means: 'all', w: 'all' },
    { dx: 'own' },
    { numbers: { elements: 'i32' }, optional: ['w'], inPlace: ['dy', 'dx'] },
  ),
  layer_norm_grad_parameters: kernel(
    'layer-norm',
    { x: 'own', dy: 'own', statistics: 'all' },
    { gw: 'own', gb: 'own' },
    { numbers: { elements: 'i32' }, optional: ['gb'] },
  ),

  /** y = x + z. */
  add_values: kernel(
    'elementwise',
    { x: 'own', z: 'own' },
    { y: 'own' },
    { inPlace: ['x', 'y'], orInPlace: ['z', 'y'] },
  ),
  /** Rows of an example from row `from` of x to row `to` of y, which have so many rows; `all`, since a share's rows move. */
  copy_rows: kernel(
    'elementwise',
    { x: 'all' },
    { y: 'all' },
    { numbers: { from: 'i32', fromRows: 'i32', to: 'i32', toRows: 'i32' } },
  ),
  relu_forward: activation(),
  relu_backward: derivative(),
  tanh_forward: activation(),
  tanh_backward: derivative(),
  sigmoid_forward: activation(),
  sigmoid_backward: derivative(),
  leaky_relu_forward: curve({ slope: 'f32' }),
  /** From the output, which is above 0 where the input is. */
  leaky_relu_backward: kernel(
    'activations',
    { y: 'own', dy: 'own' },
    { dx: 'own' },
    { numbers: { slope: 'f32' }, inPlace: ['dy', 'dx'] },
  ),
  elu_forward: curve({ alpha: 'f32' }),
  elu_backward: curveSlope({ alpha: 'f32' }),
  gelu_forward: curve({}),
  gelu_backward: curveSlope({}),
  /** GELU's approximation with tanh. */
  gelu_tanh_forward: curve({}),
  gelu_tanh_backward: curveSlope({}),
  silu_forward: curve({}),
  silu_backward: curveSlope({}),
  softmax_forward: kernel('softmax', { x: 'all' }, { y: 'all' }, overChannels),
  softmax_backward: kernel('softmax', { y: 'all', dy: 'all' }, { dx: 'all' }, overChannelsBack),
  log_softmax_forward: kernel('softmax', { x: 'all' }, { y: 'all' }, overChannels),
  log_softmax_backward: kernel('softmax', { y: 'all', dy: 'all' }, { dx: 'all' }, overChannelsBack),

  /** Draws a layer's decisions, u8 [examples][features], 255 = kept; `once`: [features] for the whole batch. */
  draw_kept: kernel(
    'dropout',
    {},
    { kept: 'all' },
    { numbers: { features: 'i32', keepHigh: 'u32', keepLow: 'u32', once: 'i32' } },
  ),
  /** Standard normals, f32 [examples][features]. */
  draw_normals: kernel('normal', {}, { normals: 'all' }, { numbers: { features: 'i32' } }),
  dropout_forward: kernel(
    'dropout',
    { x: 'own', kept: 'all' },
    { y: 'own', mask: 'own' },
    { numbers: { features: 'i32', scale: 'f32' }, inPlace: ['x', 'y'] },
  ),
  /** Also of AlphaDropout and GaussianDropout. */
  dropout_backward: kernel('dropout', { dy: 'own', mask: 'own' }, { dx: 'own' }, { inPlace: ['dy', 'dx'] }),
  alpha_dropout_forward: kernel(
    'dropout',
    { x: 'own', kept: 'all' },
    { y: 'own', mask: 'own' },
    { numbers: { features: 'i32', scale: 'f32', shift: 'f32', dropped: 'f32' }, inPlace: ['x', 'y'] },
  ),
  gaussian_dropout_forward: kernel(
    'dropout',
    { x: 'own', normals: 'all' },
    { y: 'own', mask: 'own' },
    { numbers: { features: 'i32', std: 'f32' }, inPlace: ['x', 'y'] },
  ),
  channel_dropout_forward: kernel(
    'dropout',
    { x: 'own', kept: 'all' },
    { y: 'own', mask: 'own' },
    { numbers: { pixels: 'i32', scale: 'f32' }, inPlace: ['x', 'y'] },
  ),
  channel_dropout_backward: kernel(
    'dropout',
    { dy: 'own', mask: 'own' },
    { dx: 'own' },
    { numbers: { pixels: 'i32' }, inPlace: ['dy', 'dx'] },
  ),
  /** A matrix, or its gradient, times one decision per value (DropConnect). */
  mask_weight: kernel(
    'dropout',
    { w: 'own', kept: 'all' },
    { y: 'own' },
    { numbers: { columns: 'i32', stride: 'i32', scale: 'f32' } },
  ),

  /** Squared differences, summed per block of examples. */
  mse_forward: kernel('loss', { y: 'all', t: 'all' }, { sums: 'own' }, { numbers: { targets: 'i32' } }),
  mse_backward: kernel('loss', { y: 'own', t: 'own' }, { dx: 'own' }, { numbers: { targets: 'i32', mean: 'i32' } }),
  l1_forward: lossForward({}),
  l1_backward: lossBackward({}),
  smooth_l1_forward: lossForward({ beta: 'f32' }),
  smooth_l1_backward: lossBackward({ beta: 'f32' }),
  huber_forward: lossForward({ delta: 'f32' }),
  huber_backward: lossBackward({ delta: 'f32' }),
  /** Of raw scores against targets from 0 to 1. */
  bce_with_logits_forward: lossForward({}),
  bce_with_logits_backward: lossBackward({}),
  /** Of log-probabilities against class indices. */
  nll_forward: kernel('loss-classes', { y: 'all', t: 'all' }, { sums: 'own' }, { numbers: { classes: 'i32' } }),
  nll_backward: kernel('loss-classes', { t: 'all' }, { dx: 'own' }, { numbers: { classes: 'i32', mean: 'i32' } }),
  /** Of raw scores against class indices; with label smoothing. */
  cross_entropy_forward: kernel(
    'loss-classes',
    { y: 'all', t: 'all' },
    { sums: 'own' },
    { numbers: { classes: 'i32', smoothing: 'f64' } },
  ),
  cross_entropy_backward: kernel(
    'loss-classes',
    { y: 'all', t: 'all' },
    { dx: 'own' },
    { numbers: { classes: 'i32', smoothing: 'f64', mean: 'i32' } },
  ),
  /** Adds up the blocks; after the last chunk writes the step's row, and stops the run when it is not finite. */
  loss_total: kernel(
    'loss',
    { sums: 'all', penalties: 'all' },
    { verdict: 'all' },
    { numbers: { targets: 'i32', mean: 'i32' } },
  ),
  /** Model outputs back to rows of floats, where the data set wants them. */
  store_outputs: kernel('gather', { x: 'own' }, {}, { numbers: { features: 'i32' } }),

  penalty_rows: kernel('penalty', { w: 'own' }, { sums: 'own' }, { numbers: { width: 'i32' } }),
  penalty_total: kernel(
    'penalty',
    { sums: 'all' },
    { penalties: 'all' },
    { numbers: { rows: 'i32', l1: 'f64', l2: 'f64' } },
  ),

  /** Puts the penalties into a gradient and measures it, for clipping by norm. */
  gradient_finish: kernel(
    'optimizer',
    { w: 'own' },
    { g: 'own', norms: 'own' },
    { numbers: { width: 'i32', l1: 'f32', l2: 'f32' } },
  ),
  /** What every gradient is multiplied with so that all of them together are not longer than a norm. */
  clip_total: kernel('optimizer', { norms: 'all' }, { clip: 'all' }, { numbers: { count: 'i32', maxNorm: 'f64' } }),
  /** A parameter's rows, by their gradient: penalties, optimizer, constraints. Also called by gradient kernels, row by row. */
  update: kernel(
    'optimizer',
    { verdict: 'all', clip: 'all' },
    { w: 'own', g: 'own', state1: 'own', state2: 'own', state3: 'own', norms: 'own' },
    {
      numbers: {
        width: 'i32',
        l1: 'f32',
        l2: 'f32',
        decay: 'f32',
        clipping: 'i32',
        decoupled: 'f64',
        decoupledToo: 'f64',
        proximal: 'f64',
        maxNorm: 'f64',
      },
      optional: ['state1', 'state2', 'state3', 'clip'],
    },
  ),
} as const satisfies Record<string, KernelDescription>;

export type KernelName = keyof typeof KERNELS;
