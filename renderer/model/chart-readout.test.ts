// The crosshair reads recorded values only, never invented ones.
import { describe, expect, it } from 'vitest';
import { lastReading, nearestIndex, nearestStep, readingAt, stepRange } from './chart-readout.ts';

const series = (steps: number[], length = steps.length) => ({
  steps: Int32Array.from(steps),
  values: Float64Array.from(steps, (s) => s / 10),
  length,
});

describe('nearestIndex', () => {
  it('takes the nearer side, the earlier when equal, and the ends beyond', () => {
    const s = series([0, 10, 20]);
    expect([-5, 0, 4, 5, 6, 14, 99].map((step) => nearestIndex(s, step))).toEqual([0, 0, 0, 0, 1, 1, 2]);
  });
  it('says that nothing is there', () => {
    expect(nearestIndex(series([1, 2], 0), 1)).toBe(-1);
  });
});

describe('readings', () => {
  it('give the recorded step with its value', () => {
    expect(readingAt(series([0, 10, 20]), 13)).toEqual({ step: 10, value: 1 });
    expect(readingAt(series([], 0), 13)).toBeNull();
  });
  it('the last one respects the filled part', () => {
    expect(lastReading(series([1, 2, 3], 2))).toEqual({ step: 2, value: 0.2 });
    expect(lastReading(series([1], 0))).toBeNull();
  });
  it('several series share the nearest step and their range', () => {
    const all = [series([0, 10, 20]), series([1, 2, 3]), series([9], 0)];
    expect(nearestStep(all, 3.4)).toBe(3);
    expect(nearestStep(all, 14)).toBe(10);
    expect(nearestStep([], 1)).toBeNull();
    expect(stepRange(all)).toEqual([0, 20]);
    expect(stepRange([])).toBeNull();
  });
});
