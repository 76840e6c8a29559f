// How the learning rate changes during a run: torch.optim.lr_scheduler's schedules, and a linear warm-up before any of them.
import * as v from 'valibot';
import { integerBetween, nonNegative, positive, share, shrinkFactor } from './fields.ts';

const MOST = 10_000_000;
const ticks = () => integerBetween(1, MOST);

/** When `scheduler.step()` is called: after every update, or after every pass over the train data. */
const interval = () => v.optional(v.picklist(['step', 'epoch']), 'epoch');

export const Schedule = v.variant('type', [
  v.strictObject({ type: v.literal('constant') }),
  /** lr·gamma every step_size ticks. */
  v.strictObject({
    type: v.literal('StepLR'),
    step_size: ticks(),
    gamma: v.optional(positive('gamma > 0'), 0.1),
    interval: interval(),
  }),
  /** lr·gamma every tick. */
  v.strictObject({ type: v.literal('ExponentialLR'), gamma: positive('gamma > 0'), interval: interval() }),
  /** Half a cosine from lr down to eta_min over T_max ticks (and up again after it, as torch). */
  v.strictObject({
    type: v.literal('CosineAnnealingLR'),
    T_max: ticks(),
    eta_min: v.optional(nonNegative('eta_min ≥ 0'), 0),
    interval: interval(),
  }),
  /**
   * From max_lr/div_factor up to max_lr within pct_start of the run, then down to max_lr/(div_factor·final_div_factor); ticks
   * are updates, as many as the run has. `cycle_momentum` moves momentum (or Adam's first beta) the other way.
   */
  v.strictObject({
    type: v.literal('OneCycleLR'),
    max_lr: positive('max_lr > 0'),
    pct_start: v.optional(share('0 ≤ pct_start ≤ 1'), 0.3),
    anneal_strategy: v.optional(v.picklist(['cos', 'linear']), 'cos'),
    div_factor: v.optional(positive('div_factor > 0'), 25),
    final_div_factor: v.optional(positive('final_div_factor > 0'), 1e4),
    three_phase: v.optional(v.boolean(), false),
    cycle_momentum: v.optional(v.boolean(), true),
    base_momentum: v.optional(share('0 ≤ momentum ≤ 1'), 0.85),
    max_momentum: v.optional(share('0 ≤ momentum ≤ 1'), 0.95),
  }),
  /**
   * lr·factor when `metric` has not got better by `threshold` for more than `patience` evaluations. A tick is an evaluation
   * (`evaluate_every`). `validation_loss` needs validation data; test data is never looked at.
   */
  v.strictObject({
    type: v.literal('ReduceLROnPlateau'),
    metric: v.optional(v.picklist(['validation_loss', 'train_loss']), 'validation_loss'),
    factor: v.optional(shrinkFactor('0 < factor ≤ 1'), 0.1),
    patience: v.optional(integerBetween(0, MOST), 10),
    threshold: v.optional(nonNegative('threshold ≥ 0'), 1e-4),
    threshold_mode: v.optional(v.picklist(['rel', 'abs']), 'rel'),
    cooldown: v.optional(integerBetween(0, MOST), 0),
    min_lr: v.optional(nonNegative('min_lr ≥ 0'), 0),
    eps: v.optional(nonNegative('eps ≥ 0'), 1e-8),
  }),
]);

/**
 * torch's LinearLR, chained with the schedule (both step): lr times start_factor at the first update, the whole of it after
 * `steps` updates. Not together with OneCycleLR, which warms up by itself.
 */
export const WarmUp = v.strictObject({
  steps: ticks(),
  start_factor: v.optional(shrinkFactor('0 < start_factor ≤ 1'), 1 / 3),
});

export type ScheduleSpec = v.InferOutput<typeof Schedule>;
export type ScheduleType = ScheduleSpec['type'];
export type WarmUpSpec = v.InferOutput<typeof WarmUp>;
