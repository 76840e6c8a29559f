// Axis ends are round and hold the data; ticks lie inside; numbers read well.
import { describe, expect, it } from 'vitest';
import { roundUp } from '../../engine/spec/index.ts';
import type { ThinnedLine } from './chart-decimation.ts';
import {
  formatStep,
  formatTick,
  formatValue,
  linearTicks,
  logTicks,
  lossRange,
  pointRange,
  roundDown,
} from './chart-axis.ts';

const line = (...y: number[]): ThinnedLine => ({
  x: Float64Array.from(y, (_, i) => i + 1),
  y: Float64Array.from(y),
  length: y.length,
});

describe('rounding', () => {
  it('goes to 1, 2, 5 × 10^k', () => {
    expect([0.1, 0.11, 0.3, 5, 5.1, 1000, 1e-7].map(roundUp)).toEqual([0.1, 0.2, 0.5, 5, 10, 1000, 1e-7]);
    expect([0.1, 0.11, 0.3, 5, 4.9, 999, 1e-7].map(roundDown)).toEqual([0.1, 0.1, 0.2, 5, 2, 500, 1e-7]);
  });
});

describe('ticks', () => {
  it('linear ones are round and inside', () => {
    expect(linearTicks([-1.1, 1.1], 5)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(linearTicks([0, 0.3], 3)).toEqual([0, 0.1, 0.2, 0.3]);
  });
  it('steps are never split', () => {
    expect(linearTicks([3, 6], 30, 1)).toEqual([3, 4, 5, 6]);
  });
  it('log ones are decades over many, 1-2-5 over few, and linear within a factor 3', () => {
    expect(logTicks([1e-4, 1], 6)).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1]);
    expect(logTicks([1e-12, 1], 6)).toEqual([1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1]);
    expect(logTicks([0.05, 1], 6)).toEqual([0.05, 0.1, 0.2, 0.5, 1]);
    expect(logTicks([1, 2], 5)).toEqual([1, 1.2, 1.4, 1.6, 1.8, 2]);
  });
});

describe('pointRange', () => {
  it('holds every finite point with its margin', () => {
    const [low, high] = pointRange([Float32Array.of(-1, 3), Float32Array.of(NaN, 1)], 0.25);
    expect([low, high]).toEqual([-2, 4]);
  });
  it('has width for equal points and for none', () => {
    expect(pointRange([Float32Array.of(2, 2)], 0.5)).toEqual([1, 3]);
    expect(pointRange([], 0.1)).toEqual([-1, 1]);
  });
});

describe('lossRange', () => {
  it('linear starts at zero and ends round', () => {
    expect(lossRange([line(0.31, 0.02)], [1, 2], false)).toEqual([0, 0.35]);
    expect(lossRange([line(1.1)], [1, 2], false)).toEqual([0, 1.2]);
    expect(lossRange([line(7.3)], [1, 2], false)).toEqual([0, 8]);
  });
  it('looks only at what is visible', () => {
    expect(lossRange([line(900, 0.5, 0.5)], [2, 3], false)).toEqual([0, 0.5]);
  });
  it('log has 1-2-5 ends and ignores what is not positive', () => {
    expect(lossRange([line(0.9, 0.003, 0, -1)], [1, 4], true)).toEqual([0.002, 1]);
  });
  it('log stops at its floor', () => {
    expect(lossRange([line(1, 1e-30)], [1, 2], true)).toEqual([1e-12, 1]);
  });
  it('has width for one value, for zeros and for nothing', () => {
    expect(lossRange([line(1, 1)], [1, 2], true)).toEqual([0.5, 2]);
    expect(lossRange([line(0, 0)], [1, 2], true)).toEqual([0.1, 1]);
    expect(lossRange([line(0, 0)], [1, 2], false)).toEqual([0, 1]);
    expect(lossRange([line(NaN)], [1, 2], false)).toEqual([0, 1]);
    expect(lossRange([], [1, 2], true)).toEqual([0.1, 1]);
  });
});

describe('numbers', () => {
  it('ticks read as plain numbers or powers of ten', () => {
    expect([0, 0.001, 0.5, 1, 20_000, 1e5, 1e-4, 2e-5, -0.5].map(formatTick)).toEqual([
      '0',
      '0.001',
      '0.5',
      '1',
      '20,000',
      '10⁵',
      '10⁻⁴',
      '2×10⁻⁵',
      '−0.5',
    ]);
  });
  it('values have three significant digits', () => {
    expect([0, 0.012345, 1.2345, 123.45, 12_345, 0.99999, 999.9, 1.2345e-5, -2.5, 1e9].map(formatValue)).toEqual([
      '0',
      '0.0123',
      '1.23',
      '123',
      '12,300',
      '1.00',
      '1,000',
      '1.23×10⁻⁵',
      '−2.50',
      '1.00×10⁹',
    ]);
    expect(formatValue(NaN)).toBe('NaN');
  });
  it('steps are grouped', () => {
    expect(formatStep(12_000)).toBe('12,000');
  });
});
