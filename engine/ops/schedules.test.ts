// The schedules' state machine: what no recording shows (golden recordings hold the numbers to PyTorch's).
import { parse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { Optimizer, Schedule, type ScheduleSpec } from '../spec/index.ts';
import { afterEvaluation, afterUpdate, startSchedule, type ScheduleRecipe, type ScheduleState } from './index.ts';

const ADAM = parse(Optimizer, { type: 'Adam', lr: 0.1, betas: [0.7, 0.99] });
const recipeOf = (
  schedule: Readonly<Record<string, unknown>>,
  rest: Partial<Omit<ScheduleRecipe, 'schedule'>> = {},
): ScheduleRecipe => ({ schedule: parse(Schedule, schedule), warm_up: null, optimizer: ADAM, ...rest });

/** Learning rates of the first updates; every `epoch`th update ends an epoch. */
function rates(recipe: ScheduleRecipe, updates: number, epoch = 1): number[] {
  let state = startSchedule(recipe, updates);
  return Array.from({ length: updates }, (_, i) => {
    const { lr } = state;
    state = afterUpdate(recipe, updates, state, (i + 1) % epoch === 0);
    return lr;
  });
}

describe('ticks', () => {
  it('come after every update or after every epoch', () => {
    const halve = { type: 'ExponentialLR', gamma: 0.5 };
    expect(rates(recipeOf({ ...halve, interval: 'step' }), 4, 2)).toEqual([0.1, 0.05, 0.025, 0.0125]);
    expect(rates(recipeOf({ ...halve, interval: 'epoch' }), 5, 2)).toEqual([0.1, 0.1, 0.05, 0.05, 0.025]);
  });

  it('of a constant schedule change nothing but the count of updates', () => {
    const recipe = recipeOf({ type: 'constant' });
    const start = startSchedule(recipe, 9);
    expect(afterUpdate(recipe, 9, start, true)).toEqual({ ...start, updates: 1 });
    expect(afterEvaluation(recipe, start, 1)).toEqual(start);
  });

  it('of the warm-up are updates, whatever the schedule’s interval', () => {
    const warm = recipeOf({ type: 'constant' }, { warm_up: { steps: 4, start_factor: 0.2 } });
    const expected = [0.02, 0.04, 0.06, 0.08, 0.1, 0.1];
    for (const [i, lr] of rates(warm, 6, 3).entries()) expect(lr).toBeCloseTo(expected[i] as number, 14);
  });
});

describe('momentum', () => {
  it('is the optimizer’s own unless OneCycleLR moves it', () => {
    const start = (schedule: object): number | null => startSchedule(recipeOf({ ...schedule }), 10).momentum;
    expect(start({ type: 'constant' })).toBe(0.7);
    expect(start({ type: 'OneCycleLR', max_lr: 1, cycle_momentum: false })).toBe(0.7);
    expect(start({ type: 'OneCycleLR', max_lr: 1 })).toBe(0.95);
    const adagrad = parse(Optimizer, { type: 'Adagrad', lr: 1 });
    expect(startSchedule(recipeOf({ type: 'constant' }, { optimizer: adagrad }), 10).momentum).toBeNull();
  });
});

describe('ReduceLROnPlateau', () => {
  const recipe = recipeOf({ type: 'ReduceLROnPlateau', metric: 'train_loss', factor: 0.5, patience: 1, cooldown: 1 });
  const run = (metrics: readonly number[]): ScheduleState =>
    metrics.reduce((state, metric) => afterEvaluation(recipe, state, metric), startSchedule(recipe, 9));

  it('waits for more than `patience` evaluations, then cools down', () => {
    expect(run([1, 1]).lr).toBe(0.1);
    expect(run([1, 1, 1]).lr).toBe(0.05);
    expect(run([1, 1, 1, 1, 1]).lr).toBe(0.05);
    expect(run([1, 1, 1, 1, 1, 1]).lr).toBe(0.025);
  });

  it('counts NaN as no progress', () => {
    expect(run([1, NaN, NaN]).lr).toBe(0.05);
  });

  it('does not tick with updates', () => {
    expect(rates(recipe, 3)).toEqual([0.1, 0.1, 0.1]);
  });
});

const EVERY: { readonly [T in ScheduleSpec['type']]: Readonly<Record<string, unknown>> } = {
  constant: {},
  StepLR: { step_size: 2 },
  ExponentialLR: { gamma: 0.9 },
  CosineAnnealingLR: { T_max: 3, eta_min: 0.01 },
  OneCycleLR: { max_lr: 0.3, three_phase: true },
  ReduceLROnPlateau: { patience: 0 },
};

it.each(Object.entries(EVERY))('the state of %s is plain JSON and continues from it', (type, options) => {
  const recipe = recipeOf({ type, ...options });
  const next = (state: ScheduleState): ScheduleState =>
    afterEvaluation(recipe, afterUpdate(recipe, 20, state, true), 1 / (1 + state.updates));
  let [whole, stored] = [startSchedule(recipe, 20), startSchedule(recipe, 20)];
  for (let i = 0; i < 19; i++) {
    whole = next(whole);
    stored = JSON.parse(JSON.stringify(next(stored))) as ScheduleState;
    expect(stored).toEqual(whole);
  }
});

it('a cycle whose way up has no length is refused', () => {
  const recipe = recipeOf({ type: 'OneCycleLR', max_lr: 1, pct_start: 0.1 });
  expect(() => startSchedule(recipe, 10)).toThrow(RangeError);
  expect(() => startSchedule(recipe, 10)).toThrow('recipe.schedule.pct_start must not be 0.1 for 10 steps');
  expect(startSchedule(recipe, 11).lr).toBeCloseTo(1 / 25, 14);
});

it('nothing follows the last update of a cycle', () => {
  const recipe = recipeOf({ type: 'OneCycleLR', max_lr: 1, pct_start: 1 });
  let state = startSchedule(recipe, 5);
  for (let i = 0; i < 5; i++) state = afterUpdate(recipe, 5, state, true);
  expect(state).toMatchObject({ ticks: 5, updates: 5, lr: 1 });
});
