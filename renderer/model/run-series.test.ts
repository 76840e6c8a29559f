import { describe, expect, it } from 'vitest';
import { emptySteps, type Evaluation } from '../../engine/spec/index.ts';
import { RunSeries, statisticOf } from './run-series.ts';

const steps = (first: number, last: number) => {
  const columns = emptySteps(last - first + 1);
  for (const i of columns.step.keys()) {
    columns.step[i] = first + i;
    columns.train_loss[i] = 1 / (first + i);
  }
  return columns;
};
const scores = (loss: number) => ({ loss, accuracy: null, top5: null, mae: null, r2: null });
const evaluation = (step: number): Evaluation => ({
  step,
  train: scores(step),
  validation: null,
  test: scores(step * 2),
  fit: { axes: [{ low: 0, high: 1, points: 2 }], values: Float32Array.of(step, step), classes: null },
  confusion: null,
  predicted: null,
  parameters: [],
});
const held = (series: RunSeries) => [...series.train.steps.slice(0, series.train.length)];

describe('RunSeries', () => {
  it('grows past its first arrays without losing a row', () => {
    const series = new RunSeries();
    series.append(null, [evaluation(0)]);
    for (let s = 1; s <= 5000; s += 100) expect(series.append(steps(s, s + 99), [])).toBe(true);
    expect(series.train.length).toBe(5000);
    expect(series.train.values[4999]).toBe(1 / 5000);
    expect(held(series)).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  });

  it('passes over rows that it has', () => {
    const series = new RunSeries();
    series.append(steps(1, 10), [evaluation(0), evaluation(10)]);
    expect(series.append(steps(5, 12), [evaluation(10)])).toBe(true);
    expect(held(series)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(series.score('test_loss').length).toBe(2);
  });

  it('refuses a batch after a gap and takes nothing of it', () => {
    const series = new RunSeries();
    expect(series.append(null, [evaluation(10)])).toBe(false);
    series.append(steps(1, 3), [evaluation(0)]);
    expect(series.append(steps(5, 9), [evaluation(9)])).toBe(false);
    expect(held(series)).toEqual([1, 2, 3]);
    expect(series.score('test_loss').length).toBe(1);
  });

  it('asks again for evaluations that may come after their step', () => {
    const series = new RunSeries();
    expect(series.completeUpTo).toBe(-1);
    series.append(steps(1, 10), [evaluation(0)]);
    expect(series.completeUpTo).toBe(0);
    series.append(null, [evaluation(10)]);
    expect(series.completeUpTo).toBe(10);
  });

  it('forgets what comes after a checkpoint', () => {
    const series = new RunSeries();
    series.append(steps(1, 25), [evaluation(0), evaluation(10), evaluation(20)]);
    series.truncate(10);
    expect(series.lastStep).toBe(10);
    expect(series.lastEvaluation).toBe(10);
    expect(series.snapshots.map((x) => x.step)).toEqual([0, 10]);
    expect(series.append(steps(11, 12), [])).toBe(true);
  });

  it('grows as well where nothing is tested on and nothing can be fitted', () => {
    const series = new RunSeries();
    const untested = (step: number) => ({ ...evaluation(step), test: null, fit: null });
    expect(series.append(steps(1, 10), [untested(0), untested(10)])).toBe(true);
    expect(series.append(null, [untested(10)])).toBe(true);
    expect(series.completeUpTo).toBe(10);
    expect(series.score('train_loss').length).toBe(2);
    expect(series.score('test_loss').length).toBe(0);
    expect(series.snapshots.map((x) => x.fit)).toEqual([null, null]);
  });

  it('finds the fit at a step, and keeps few of very many', () => {
    const series = new RunSeries();
    for (let s = 0; s <= 20000; s += 10) series.append(null, [evaluation(s)]);
    expect(series.snapshots.length).toBeLessThanOrEqual(512);
    expect(series.snapshotAt(Number.POSITIVE_INFINITY)?.step).toBe(20000);
    expect(series.snapshotAt(0)?.step).toBe(0);
    expect(series.snapshotAt(-5)?.step).toBe(0);
    expect(new RunSeries().snapshotAt(3)).toBeNull();
  });

  it('keeps penalties and the learning rate as levels, and cuts them where the run went back', () => {
    const series = new RunSeries();
    series.append(steps(1, 100), [evaluation(0)]);
    expect([series.penaltyL1.length, series.lr.length]).toEqual([2, 2]);
    series.truncate(40);
    expect([...series.lr.steps.slice(0, series.lr.length)]).toEqual([1, 40]);
  });

  it('keeps scores by their names, and what becomes of each array', () => {
    const series = new RunSeries();
    const array = { name: 'fc1.weight', norm: 2, gradientNorm: null, zeros: 0.25 };
    series.append(null, [{ ...evaluation(0), parameters: [array] }]);
    series.append(steps(1, 10), [{ ...evaluation(10), parameters: [{ ...array, gradientNorm: 1 }] }]);
    expect(series.parameters).toEqual(['fc1.weight']);
    const held = ({ values, length }: { values: Float64Array; length: number }) => [...values.slice(0, length)];
    expect(held(series.statistic('fc1.weight', 'zeros'))).toEqual([0.25, 0.25]);
    expect(held(series.statistic('fc1.weight', 'gradientRatio'))).toEqual([0.5]);
    expect(series.statistic('fc2.weight', 'norm').length).toBe(0);
    expect(held(series.score('test_loss'))).toEqual([0, 20]);
    expect(series.score('test_accuracy').length).toBe(0);
  });

  it('has no ratio for weights that are all zero', () => {
    expect(statisticOf({ name: 'a', norm: 0, gradientNorm: 1, zeros: 1 }, 'gradientRatio')).toBeNull();
  });

  it('takes each change once, and forgets those that were undone', () => {
    const series = new RunSeries();
    const change = (step: number, value: number) => ({ step, path: 'recipe.optimizer.lr', value });
    series.append(null, [evaluation(0)], [change(8, 0.1)]);
    series.append(null, [], [change(8, 0.1), change(4, 0.2)]);
    expect(series.events.map((x) => x.step)).toEqual([4, 8]);
    series.forgetEvents(8);
    expect(series.events.map((x) => x.step)).toEqual([4]);
  });
});
