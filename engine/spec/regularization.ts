// What is added to the loss or done to the weights besides the update: the penalties and constraints of a model or of one layer.
import * as v from 'valibot';
import { nonNegative, positive } from './fields.ts';

/**
 * Over every parameter of the model; a layer may set its own values (`model.layers.<name>.regularization`).
 *
 * l1: λ·Σ|w|. `subgradient`: in the loss, with gradient λ·sign(w), sign(0) = 0. `proximal`: outside the loss; after every
 *   update w ← sign(w)·max(|w| - lr·λ, 0), which makes exact zeros.
 * l2: λ·Σw² (`sum`) or ½·λ·Σw² (`half`), in the loss.
 * decoupled_decay: w ← w - lr·λ·w before the update, outside the gradient, with any optimizer (AdamW's `weight_decay` is this).
 * max_norm: after every update, the weights into each unit (a row of a Linear weight, a filter of a Conv2d weight) are scaled
 *   down to this Euclidean norm when they exceed it; biases never. null: no limit.
 * biases: false leaves biases and the parameters of normalisation layers out of l1, l2 and decoupled_decay.
 * (torch's `weight_decay` lives in the optimizer.)
 */
export const Regularization = v.strictObject({
  l1: v.optional(nonNegative('λ ≥ 0'), 0),
  l1_method: v.optional(v.picklist(['subgradient', 'proximal']), 'subgradient'),
  l2: v.optional(nonNegative('λ ≥ 0'), 0),
  l2_form: v.optional(v.picklist(['sum', 'half']), 'sum'),
  decoupled_decay: v.optional(nonNegative('λ ≥ 0'), 0),
  max_norm: v.optional(v.nullable(positive('a norm > 0')), null),
  biases: v.optional(v.boolean(), true),
});

/** One layer's own values; what is left out is the model's. `weight_decay` replaces the optimizer's for this layer. */
export const LayerRegularization = v.strictObject({
  l1: v.optional(nonNegative('λ ≥ 0')),
  l2: v.optional(nonNegative('λ ≥ 0')),
  decoupled_decay: v.optional(nonNegative('λ ≥ 0')),
  max_norm: v.optional(v.nullable(positive('a norm > 0'))),
  weight_decay: v.optional(nonNegative('weight_decay ≥ 0')),
});

export type RegularizationSpec = v.InferOutput<typeof Regularization>;
export type LayerRegularizationSpec = v.InferOutput<typeof LayerRegularization>;

export const NO_REGULARIZATION: RegularizationSpec = {
  l1: 0,
  l1_method: 'subgradient',
  l2: 0,
  l2_form: 'sum',
  decoupled_decay: 0,
  max_norm: null,
  biases: true,
};
