// A network as a list of named layers, with torch.nn's names for layers and arguments. Input sizes are inferred.
// Each layer takes the output of the one before it, unless `inputs` names others: so branches and residual nets are lists, too.
import * as v from 'valibot';
import { dropProbability, integerBetween, integerPair, name, nonNegative, positive, share } from './fields.ts';
import { LayerInitialization } from './initialization.ts';
import { LayerRegularization } from './regularization.ts';

/** What `inputs` calls the examples themselves. No layer may have this name. */
export const DATA_INPUT = 'input';

/** Names of earlier layers (or `input`) in order; left out: the layer before. */
const inputs = () => v.optional(v.array(v.string()));

const common = { name: name(), inputs: inputs() };
/** Of layers that are trained. */
const trained = {
  ...common,
  init: v.optional(LayerInitialization),
  regularization: v.optional(LayerRegularization),
};
const plain = <T extends string>(type: T) => v.strictObject({ type: v.literal(type), ...common });
const dropping = <T extends string>(type: T) =>
  v.strictObject({ type: v.literal(type), ...common, p: dropProbability() });

const width = () => integerBetween(1, 65_536);
const bias = () => v.optional(v.boolean(), true);
const MOST = 4096;
const size = () => integerPair(1, MOST);
const step = (fallback: number) => v.optional(integerPair(1, MOST), fallback);
const padding = () => v.optional(integerPair(0, MOST), 0);

export const Linear = v.strictObject({ type: v.literal('Linear'), ...trained, out_features: width(), bias: bias() });

/** Input [C, H, W]. Zero padding. */
export const Conv2d = v.strictObject({
  type: v.literal('Conv2d'),
  ...trained,
  out_channels: width(),
  kernel_size: size(),
  stride: step(1),
  padding: padding(),
  dilation: step(1),
  groups: v.optional(width(), 1),
  bias: bias(),
});

/** Padding counts as minus infinity. `stride` left out: the kernel's size. */
export const MaxPool2d = v.strictObject({
  type: v.literal('MaxPool2d'),
  ...common,
  kernel_size: size(),
  stride: v.optional(integerPair(1, MOST)),
  padding: padding(),
  dilation: step(1),
  ceil_mode: v.optional(v.boolean(), false),
});

export const AvgPool2d = v.strictObject({
  type: v.literal('AvgPool2d'),
  ...common,
  kernel_size: size(),
  stride: v.optional(integerPair(1, MOST)),
  padding: padding(),
  ceil_mode: v.optional(v.boolean(), false),
  count_include_pad: v.optional(v.boolean(), true),
});

export const AdaptiveAvgPool2d = v.strictObject({
  type: v.literal('AdaptiveAvgPool2d'),
  ...common,
  output_size: size(),
});

/** Batch statistics in training, running ones in evaluation; both biased for the output, unbiased for the running variance. */
const batchNorm = <T extends string>(type: T) =>
  v.strictObject({
    type: v.literal(type),
    ...trained,
    eps: v.optional(positive('eps > 0'), 1e-5),
    /** Weight of the newest batch in the running statistics. */
    momentum: v.optional(share('0 ≤ momentum ≤ 1'), 0.1),
    affine: v.optional(v.boolean(), true),
  });
/** Input [features]. */
export const BatchNorm1d = batchNorm('BatchNorm1d');
/** Input [C, H, W]. */
export const BatchNorm2d = batchNorm('BatchNorm2d');

/** Over everything of one example (`normalized_shape` is the input's whole shape). */
export const LayerNorm = v.strictObject({
  type: v.literal('LayerNorm'),
  ...trained,
  eps: v.optional(positive('eps > 0'), 1e-5),
  elementwise_affine: v.optional(v.boolean(), true),
  bias: bias(),
});

export const LeakyReLU = v.strictObject({
  type: v.literal('LeakyReLU'),
  ...common,
  negative_slope: v.optional(nonNegative('slope ≥ 0'), 0.01),
});
export const ELU = v.strictObject({
  type: v.literal('ELU'),
  ...common,
  alpha: v.optional(positive('alpha > 0'), 1),
});
export const GELU = v.strictObject({
  type: v.literal('GELU'),
  ...common,
  approximate: v.optional(v.picklist(['none', 'tanh']), 'none'),
});

/**
 * Inverted dropout: kept units are scaled by 1/(1-p) in training; identity in evaluation. p = 0 draws nothing.
 * `gradient`: `chain_rule` is the derivative. `as_printed` is what the from-scratch tutorial computes instead, right after a
 * Sigmoid: the gradient passes unmasked, and the sigmoid's a·(1-a) is taken at the masked and scaled activation.
 */
export const Dropout = v.strictObject({
  type: v.literal('Dropout'),
  ...common,
  p: dropProbability(),
  gradient: v.optional(v.picklist(['chain_rule', 'as_printed']), 'chain_rule'),
});

/** A Linear layer whose weights are dropped instead of units: one mask per step for the whole batch, kept ones scaled by 1/(1-p). */
export const DropConnect = v.strictObject({
  type: v.literal('DropConnect'),
  ...trained,
  out_features: width(),
  bias: bias(),
  p: dropProbability(),
});

export const Layer = v.variant('type', [
  Linear,
  Conv2d,
  MaxPool2d,
  AvgPool2d,
  AdaptiveAvgPool2d,
  plain('Flatten'),
  BatchNorm1d,
  BatchNorm2d,
  LayerNorm,
  plain('ReLU'),
  LeakyReLU,
  ELU,
  GELU,
  plain('SiLU'),
  plain('Sigmoid'),
  plain('Tanh'),
  /** Over the features (torch's dim=1). */
  plain('Softmax'),
  plain('LogSoftmax'),
  Dropout,
  /** Drops whole channels. */
  dropping('Dropout2d'),
  /** Keeps mean and variance of SELU-like inputs: dropped units become -1.758…, then an affine map. */
  dropping('AlphaDropout'),
  /** Multiplies by N(1, p/(1-p)), one number per unit and example; identity in evaluation. */
  dropping('GaussianDropout'),
  DropConnect,
  /** Sum of its inputs, all of one shape. */
  plain('Add'),
  /** Its inputs one after another along the features or channels (torch's dim=1). */
  plain('Concat'),
]);
export const Model = v.strictObject({
  /** None yet, or some that do not fit together: the model is unfinished and cannot be trained. */
  layers: v.pipe(v.array(Layer), v.maxLength(1000, 'too_long|at most 1000 layers')),
});

export type LayerSpec = v.InferOutput<typeof Layer>;
export type LayerType = LayerSpec['type'];
export type LayerOf<T extends LayerType> = Extract<LayerSpec, { type: T }>;
export type ModelSpec = v.InferOutput<typeof Model>;

/** [height, width] of an argument that may be one number. */
export const pair = (value: number | readonly [number, number]): readonly [number, number] =>
  typeof value === 'number' ? [value, value] : value;
