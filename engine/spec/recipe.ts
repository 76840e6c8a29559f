// How a model is trained: loss, optimizer, penalties, length. Names and defaults are torch.optim's.
import * as v from 'valibot';
import { decayRate, integerBetween, nonNegative, positive } from './fields.ts';

export const MSELoss = v.strictObject({ type: v.literal('MSELoss') });
export const Loss = v.variant('type', [MSELoss]);

export const SGD = v.strictObject({
  type: v.literal('SGD'),
  lr: positive('lr > 0'),
  momentum: v.optional(nonNegative('momentum ≥ 0'), 0),
  /** Needs momentum > 0, as in torch. */
  nesterov: v.optional(v.boolean(), false),
  weight_decay: v.optional(nonNegative('weight_decay ≥ 0'), 0),
});
export const Adam = v.strictObject({
  type: v.literal('Adam'),
  lr: positive('lr > 0'),
  betas: v.optional(v.tuple([decayRate(), decayRate()]), [0.9, 0.999]),
  eps: v.optional(positive('eps > 0'), 1e-8),
  weight_decay: v.optional(nonNegative('weight_decay ≥ 0'), 0),
});
export const Optimizer = v.variant('type', [SGD, Adam]);

/**
 * Penalties added to the loss, over every parameter of the model.
 * l1: λ·Σ|w| with gradient λ·sign(w), sign(0) = 0. l2: λ·Σw² (`sum`) or ½·λ·Σw² (`half`).
 * `biases: false` leaves biases out of both. (torch's `weight_decay` lives in the optimizer and always includes biases.)
 */
export const Regularization = v.strictObject({
  l1: v.optional(nonNegative('λ ≥ 0'), 0),
  l2: v.optional(nonNegative('λ ≥ 0'), 0),
  l2_form: v.optional(v.picklist(['sum', 'half']), 'sum'),
  biases: v.optional(v.boolean(), true),
});

export const Recipe = v.strictObject({
  /** Number of parameter updates. */
  steps: integerBetween(1, 10_000_000),
  loss: Loss,
  optimizer: Optimizer,
  regularization: v.optional(Regularization, { l1: 0, l2: 0, l2_form: 'sum', biases: true }),
  /** Updates between two evaluations (eval mode, train and test data, fitted curve); step 0 and the last are always evaluated. */
  evaluate_every: v.optional(integerBetween(1, 10_000_000), 10),
  /** Updates between two checkpoints; the last step always gets one. */
  checkpoint_every: v.optional(integerBetween(1, 10_000_000), 100),
});

export type LossSpec = v.InferOutput<typeof Loss>;
export type OptimizerSpec = v.InferOutput<typeof Optimizer>;
export type OptimizerType = OptimizerSpec['type'];
export type RegularizationSpec = v.InferOutput<typeof Regularization>;
export type RecipeSpec = v.InferOutput<typeof Recipe>;
