import { describe, expect, it } from 'vitest';
import { emptySteps, type Evaluation } from '../../engine/spec/index.ts';
import { RunSeries } from './run-series.ts';

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
  fit: new Float32Array([step]),
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
});
