// How gradients become updates: torch.optim's optimizers, with their names and defaults, `weight_decay` where torch applies it.
import * as v from 'valibot';
import { decayRate, nonNegative, positive } from './fields.ts';

const lr = () => positive('lr > 0');
const decay = {
  weight_decay: v.optional(nonNegative('weight_decay ≥ 0'), 0),
  /**
   * true, as torch: weight_decay acts on every parameter. false: not on biases and parameters of normalisation layers
   * (in torch: a parameter group of its own).
   */
  weight_decay_biases: v.optional(v.boolean(), true),
};
const betas = () => v.optional(v.tuple([decayRate(), decayRate()]), [0.9, 0.999]);
const eps = (fallback: number) => v.optional(positive('eps > 0'), fallback);

export const SGD = v.strictObject({
  type: v.literal('SGD'),
  lr: lr(),
  momentum: v.optional(nonNegative('momentum ≥ 0'), 0),
  dampening: v.optional(nonNegative('dampening ≥ 0'), 0),
  /** Needs momentum > 0 and dampening 0, as in torch. */
  nesterov: v.optional(v.boolean(), false),
  ...decay,
});
export const Adam = v.strictObject({
  type: v.literal('Adam'),
  lr: lr(),
  betas: betas(),
  eps: eps(1e-8),
  ...decay,
});
/** Adam with decoupled weight decay: w ← w - lr·weight_decay·w, outside the gradient. */
export const AdamW = v.strictObject({
  type: v.literal('AdamW'),
  lr: lr(),
  betas: betas(),
  eps: eps(1e-8),
  ...decay,
  weight_decay: v.optional(nonNegative('weight_decay ≥ 0'), 0.01),
});
export const RMSprop = v.strictObject({
  type: v.literal('RMSprop'),
  lr: lr(),
  alpha: v.optional(decayRate(), 0.99),
  eps: eps(1e-8),
  momentum: v.optional(nonNegative('momentum ≥ 0'), 0),
  centered: v.optional(v.boolean(), false),
  ...decay,
});
export const Adagrad = v.strictObject({
  type: v.literal('Adagrad'),
  lr: lr(),
  lr_decay: v.optional(nonNegative('lr_decay ≥ 0'), 0),
  initial_accumulator_value: v.optional(nonNegative('a value ≥ 0'), 0),
  eps: eps(1e-10),
  ...decay,
});
export const Optimizer = v.variant('type', [SGD, Adam, AdamW, RMSprop, Adagrad]);

/** Limits gradients before the update, penalties in the loss included: torch.nn.utils.clip_grad_norm_ and clip_grad_value_. */
export const GradientClipping = v.variant('type', [
  v.strictObject({ type: v.literal('norm'), max_norm: positive('a norm > 0') }),
  v.strictObject({ type: v.literal('value'), clip_value: positive('a value > 0') }),
]);

export type OptimizerSpec = v.InferOutput<typeof Optimizer>;
export type OptimizerType = OptimizerSpec['type'];
export type OptimizerOf<T extends OptimizerType> = Extract<OptimizerSpec, { type: T }>;
export type GradientClippingSpec = v.InferOutput<typeof GradientClipping>;
