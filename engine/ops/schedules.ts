// How the learning rate moves: torch.optim.lr_scheduler's own recursions in f64, as a pure state machine of plain data.
// The one implementation: sessions take each update's learning rate from here, and keep the state in checkpoints.
import type { OptimizerSpec, RecipeSpec, ScheduleSpec } from '../spec/index.ts';
import { momentumOf } from './optimizers/optimizer-reference.ts';

export type ScheduleRecipe = Pick<RecipeSpec, 'schedule' | 'warm_up' | 'optimizer'>;

/** Plain JSON. A person's change of the learning rate by a factor is `lr` times that factor. */
export interface ScheduleState {
  /** Of the next update. */
  readonly lr: number;
  /** Of the next update: momentum (SGD, RMSprop) or first beta (Adam, AdamW); null where the optimizer has none. */
  readonly momentum: number | null;
  /** Updates so far: what the warm-up counts. */
  readonly updates: number;
  /** Ticks of the schedule so far. */
  readonly ticks: number;
  /** Of ReduceLROnPlateau. */
  readonly plateau: {
    /** Best metric so far; null before the first. */
    readonly best: number | null;
    /** Evaluations without progress. */
    readonly bad: number;
    /** Evaluations that still do not count. */
    readonly cooldown: number;
  };
}

type Of<T extends ScheduleSpec['type']> = Extract<ScheduleSpec, { type: T }>;

const between = (strategy: 'cos' | 'linear', start: number, end: number, share: number): number =>
  strategy === 'cos' ? end + ((start - end) / 2) * (Math.cos(Math.PI * share) + 1) : (end - start) * share + start;

interface Phase {
  readonly end: number;
  readonly lr: readonly [number, number];
  readonly momentum: readonly [number, number];
}

function cyclePhases(cycle: Of<'OneCycleLR'>, totalSteps: number): readonly Phase[] {
  const initial = cycle.max_lr / cycle.div_factor;
  const lowest = initial / cycle.final_div_factor;
  const { base_momentum: low, max_momentum: high } = cycle;
  const up: Phase = { end: cycle.pct_start * totalSteps - 1, lr: [initial, cycle.max_lr], momentum: [high, low] };
  if (!cycle.three_phase) return [up, { end: totalSteps - 1, lr: [cycle.max_lr, lowest], momentum: [low, high] }];
  return [
    up,
    { end: 2 * cycle.pct_start * totalSteps - 2, lr: [cycle.max_lr, initial], momentum: [low, high] },
    { end: totalSteps - 1, lr: [initial, lowest], momentum: [high, high] },
  ];
}

/**
 * OneCycleLR's values at a tick below `totalSteps`.
 * @throws RangeError when pct_start·totalSteps is exactly 1: the way up would have no length (torch divides by zero).
 */
function cycleAt(cycle: Of<'OneCycleLR'>, totalSteps: number, tick: number): { lr: number; momentum: number } {
  const phases = cyclePhases(cycle, totalSteps);
  const chosen = phases.findIndex(({ end }, i) => tick <= end || i === phases.length - 1);
  const phase = phases[chosen] as Phase;
  const start = phases[chosen - 1]?.end ?? 0;
  if (phase.end === start)
    throw new RangeError(
      `recipe.schedule.pct_start must not be ${cycle.pct_start} for ${totalSteps} steps: the way up would have no length`,
    );
  const share = (tick - start) / (phase.end - start);
  return {
    lr: between(cycle.anneal_strategy, ...phase.lr, share),
    momentum: between(cycle.anneal_strategy, ...phase.momentum, share),
  };
}

/** CosineAnnealingLR in torch's chainable form: from the learning rate as it is, not from the closed formula. */
function cosineStep(
  { T_max: half, eta_min: lowest }: Of<'CosineAnnealingLR'>,
  lr: number,
  base: number,
  tick: number,
): number {
  if ((tick - 1 - half) % (2 * half) === 0) return lr + ((base - lowest) * (1 - Math.cos(Math.PI / half))) / 2;
  const [now, before] = [1 + Math.cos((Math.PI * tick) / half), 1 + Math.cos((Math.PI * (tick - 1)) / half)];
  return (now / before) * (lr - lowest) + lowest;
}

/** LinearLR's factor from one update to the next. */
function warmUpFactor(warmUp: RecipeSpec['warm_up'], updates: number): number {
  if (!warmUp || updates > warmUp.steps) return 1;
  const { steps, start_factor: start } = warmUp;
  return 1 + (1 - start) / (steps * start + (updates - 1) * (1 - start));
}

/** Whether the schedule ticks after this update. */
function ticksNow(schedule: ScheduleSpec, endsEpoch: boolean): boolean {
  switch (schedule.type) {
    case 'constant':
    case 'ReduceLROnPlateau':
      return false;
    case 'OneCycleLR':
      return true;
    case 'StepLR':
    case 'ExponentialLR':
    case 'CosineAnnealingLR':
      return schedule.interval === 'step' || endsEpoch;
    default:
      return schedule satisfies never;
  }
}

function tick(
  schedule: ScheduleSpec,
  state: ScheduleState,
  optimizer: OptimizerSpec,
  totalSteps: number,
): ScheduleState {
  const ticks = state.ticks + 1;
  switch (schedule.type) {
    case 'constant':
    case 'ReduceLROnPlateau':
      return state;
    case 'StepLR':
      return { ...state, ticks, lr: ticks % schedule.step_size === 0 ? state.lr * schedule.gamma : state.lr };
    case 'ExponentialLR':
      return { ...state, ticks, lr: state.lr * schedule.gamma };
    case 'CosineAnnealingLR':
      return { ...state, ticks, lr: cosineStep(schedule, state.lr, optimizer.lr, ticks) };
    case 'OneCycleLR':
      // No update follows the last one, and torch's formula can divide by zero there.
      return ticks < totalSteps ? cycled(schedule, { ...state, ticks }, totalSteps) : { ...state, ticks };
    default:
      return schedule satisfies never;
  }
}

function cycled(schedule: Of<'OneCycleLR'>, state: ScheduleState, totalSteps: number): ScheduleState {
  const { lr, momentum } = cycleAt(schedule, totalSteps, state.ticks);
  return { ...state, lr, momentum: schedule.cycle_momentum ? momentum : state.momentum };
}

/**
 * The state before the first update.
 * @param totalSteps updates of the whole run (only OneCycleLR looks at it).
 * @throws RangeError as `cycleAt`.
 */
export function startSchedule({ schedule, warm_up, optimizer }: ScheduleRecipe, totalSteps: number): ScheduleState {
  const state: ScheduleState = {
    lr: warm_up ? optimizer.lr * warm_up.start_factor : optimizer.lr,
    momentum: momentumOf(optimizer),
    updates: 0,
    ticks: 0,
    plateau: { best: null, bad: 0, cooldown: 0 },
  };
  return schedule.type === 'OneCycleLR' ? cycled(schedule, state, totalSteps) : state;
}

/**
 * The state after an update: the warm-up ticks first, then the schedule when its interval is over.
 * @param endsEpoch whether the update was the last of a pass over the train data.
 */
export function afterUpdate(
  { schedule, warm_up, optimizer }: ScheduleRecipe,
  totalSteps: number,
  state: ScheduleState,
  endsEpoch: boolean,
): ScheduleState {
  const updates = state.updates + 1;
  const warmed = { ...state, updates, lr: state.lr * warmUpFactor(warm_up, updates) };
  return ticksNow(schedule, endsEpoch) ? tick(schedule, warmed, optimizer, totalSteps) : warmed;
}

const isBetter = (
  { threshold, threshold_mode: mode }: Of<'ReduceLROnPlateau'>,
  metric: number,
  best: number,
): boolean => (mode === 'rel' ? metric < best * (1 - threshold) : metric < best - threshold);

/**
 * The state after an evaluation, step 0's included; only ReduceLROnPlateau looks at it.
 * @param metric the loss that the schedule names.
 */
export function afterEvaluation(
  { schedule }: Pick<ScheduleRecipe, 'schedule'>,
  state: ScheduleState,
  metric: number,
): ScheduleState {
  if (schedule.type !== 'ReduceLROnPlateau') return state;
  let { best, bad, cooldown } = state.plateau;
  if (isBetter(schedule, metric, best ?? Infinity)) [best, bad] = [metric, 0];
  else bad += 1;
  if (cooldown > 0) [cooldown, bad] = [cooldown - 1, 0];
  let { lr } = state;
  if (bad > schedule.patience) {
    const reduced = Math.max(lr * schedule.factor, schedule.min_lr);
    if (lr - reduced > schedule.eps) lr = reduced;
    [cooldown, bad] = [schedule.cooldown, 0];
  }
  return { ...state, lr, ticks: state.ticks + 1, plateau: { best, bad, cooldown } };
}
