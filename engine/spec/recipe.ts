// How a model is trained: loss, batches, optimizer, schedule, penalties, length. Names and defaults are torch's.
import * as v from 'valibot';
import { integerBetween, nonNegative, share } from './fields.ts';
import { Loss } from './loss.ts';
import { GradientClipping, Optimizer } from './optimizer.ts';
import { NO_REGULARIZATION, Regularization } from './regularization.ts';
import { Schedule, WarmUp } from './schedule.ts';

const MOST = 10_000_000;

/**
 * What is done to the pictures (or, for noise, the numbers) of a train batch, in this order; never in evaluation.
 * Draws come from the run's generator, once per batch, in the order of the list:
 * RandomHorizontalFlip: rand(n) < p. RandomCrop: randint(0, 2·padding + 1, (n, 2)) is where the crop begins (top, left) in the
 * picture padded with zeros. GaussianNoise: x + std·randn_like(x).
 */
export const Augmentation = v.variant('type', [
  v.strictObject({ type: v.literal('RandomHorizontalFlip'), p: v.optional(share('0 ≤ p ≤ 1'), 0.5) }),
  v.strictObject({ type: v.literal('RandomCrop'), padding: integerBetween(1, 64) }),
  v.strictObject({ type: v.literal('GaussianNoise'), std: nonNegative('std ≥ 0') }),
]);

/** Ends the run when `metric` has not got better by more than min_delta for `patience` evaluations. Validation data only. */
export const EarlyStopping = v.strictObject({
  metric: v.optional(v.picklist(['validation_loss', 'validation_accuracy']), 'validation_loss'),
  patience: integerBetween(1, MOST),
  min_delta: v.optional(nonNegative('min_delta ≥ 0'), 0),
});

export const Recipe = v.strictObject({
  /** Number of parameter updates; this or `epochs`. */
  steps: v.optional(integerBetween(1, MOST)),
  /** Number of passes over the train data. */
  epochs: v.optional(integerBetween(1, MOST)),
  /** Examples per update; null: all of them. */
  batch_size: v.optional(v.nullable(integerBetween(1, 1_000_000)), null),
  /** A new order for every epoch, drawn as torch's DataLoader draws it. */
  shuffle: v.optional(v.boolean(), false),
  /** Leaves out the last batch of an epoch when it is smaller than the others. */
  drop_last: v.optional(v.boolean(), false),
  augmentation: v.optional(v.pipe(v.array(Augmentation), v.maxLength(8, 'too_long|at most 8 augmentations')), []),
  loss: Loss,
  optimizer: Optimizer,
  schedule: v.optional(Schedule, { type: 'constant' }),
  warm_up: v.optional(v.nullable(WarmUp), null),
  gradient_clipping: v.optional(v.nullable(GradientClipping), null),
  regularization: v.optional(Regularization, NO_REGULARIZATION),
  early_stopping: v.optional(v.nullable(EarlyStopping), null),
  /** Updates between two evaluations (eval mode, every split, fitted curve); step 0 and the last are always evaluated. */
  evaluate_every: v.optional(integerBetween(1, MOST), 10),
  /** Updates between two checkpoints; the last step always gets one. */
  checkpoint_every: v.optional(integerBetween(1, MOST), 100),
});

export type AugmentationSpec = v.InferOutput<typeof Augmentation>;
export type EarlyStoppingSpec = v.InferOutput<typeof EarlyStopping>;
export type RecipeSpec = v.InferOutput<typeof Recipe>;
