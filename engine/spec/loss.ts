// What training minimises, with torch.nn's names. Penalties come on top (regularization.ts) and are always reported apart.
import * as v from 'valibot';
import { positive, share } from './fields.ts';

/** mean: over all elements of the batch (over its examples for class indices); sum: no division. */
const reduction = () => v.optional(v.picklist(['mean', 'sum']), 'mean');
const values = <T extends string>(type: T) => v.strictObject({ type: v.literal(type), reduction: reduction() });

export const Loss = v.variant('type', [
  /** (y - t)². */
  values('MSELoss'),
  /** |y - t|. */
  values('L1Loss'),
  /** ½(y - t)²/beta below beta, |y - t| - ½beta above. */
  v.strictObject({
    type: v.literal('SmoothL1Loss'),
    beta: v.optional(positive('beta > 0'), 1),
    reduction: reduction(),
  }),
  /** ½(y - t)² below delta, delta·(|y - t| - ½delta) above. */
  v.strictObject({
    type: v.literal('HuberLoss'),
    delta: v.optional(positive('delta > 0'), 1),
    reduction: reduction(),
  }),
  /** Of raw scores against class indices, nats. */
  v.strictObject({
    type: v.literal('CrossEntropyLoss'),
    label_smoothing: v.optional(share('0 ≤ label_smoothing ≤ 1'), 0),
    reduction: reduction(),
  }),
  /** Of logarithms of probabilities (a model that ends in LogSoftmax) against class indices, nats. */
  values('NLLLoss'),
  /** Of raw scores against targets from 0 to 1, nats. */
  values('BCEWithLogitsLoss'),
]);

export type LossSpec = v.InferOutput<typeof Loss>;
export type LossType = LossSpec['type'];

/** Whether a loss compares with class indices or with numbers. */
export const LOSS_TARGETS: Readonly<Record<LossType, 'values' | 'classes'>> = {
  MSELoss: 'values',
  L1Loss: 'values',
  SmoothL1Loss: 'values',
  HuberLoss: 'values',
  CrossEntropyLoss: 'classes',
  NLLLoss: 'classes',
  BCEWithLogitsLoss: 'values',
};
