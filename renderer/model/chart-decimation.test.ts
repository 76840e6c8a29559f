// Thinning keeps every extreme and every gap, and never gives more than the screen can show.
import { describe, expect, it } from 'vitest';
import { emptyLine, lowerBound, thinLine, type SeriesData } from './chart-decimation.ts';

const seriesOf = (values: readonly number[], steps = values.map((_, i) => i + 1)): SeriesData => ({
  steps: Int32Array.from(steps),
  values: Float64Array.from(values),
  length: values.length,
});
const thin = (series: SeriesData, low: number, high: number, columns: number) => {
  const line = emptyLine();
  thinLine(series, low, high, columns, line);
  return { x: [...line.x.subarray(0, line.length)], y: [...line.y.subarray(0, line.length)] };
};
const wave = (n: number) => Array.from({ length: n }, (_, i) => Math.sin(i / 7) + Math.sin(i * 1.7) / 3);

describe('lowerBound', () => {
  it('finds the first step that is not smaller', () => {
    const steps = Int32Array.of(0, 10, 20, 99, 99);
    expect([-1, 0, 1, 10, 11, 20, 21].map((s) => lowerBound(steps, 3, s))).toEqual([0, 0, 1, 1, 2, 2, 3]);
  });
});

describe('thinLine', () => {
  it('copies a short series as it is', () => {
    expect(thin(seriesOf([3, 1, 2]), 1, 3, 100)).toEqual({ x: [1, 2, 3], y: [3, 1, 2] });
  });

  it('gives nothing for an empty series and ignores what lies beyond the filled part', () => {
    expect(thin({ ...seriesOf([1, 2, 3]), length: 0 }, 0, 10, 10).x).toEqual([]);
    expect(thin({ ...seriesOf([1, 2, 3]), length: 2 }, 0, 10, 10).x).toEqual([1, 2]);
  });

  it('keeps the smallest and largest value of every pixel column', () => {
    const values = wave(10_000);
    const columns = 100;
    const { x, y } = thin(seriesOf(values), 1, 10_001, columns);
    expect(x.length).toBeLessThanOrEqual(2 * columns);
    for (let c = 0; c < columns; c++) {
      const part = values.slice(c * 100, (c + 1) * 100);
      const kept = y.filter((_, i) => Math.floor(((x[i] as number) - 1) / 100) === c);
      expect(Math.min(...kept)).toBe(Math.min(...part));
      expect(Math.max(...kept)).toBe(Math.max(...part));
    }
  });

  it('keeps a single spike among a hundred thousand', () => {
    const values = new Array<number>(100_000).fill(1);
    values[54_321] = 99;
    const { x, y } = thin(seriesOf(values), 1, 100_000, 800);
    expect(y).toContain(99);
    expect(x[y.indexOf(99)]).toBe(54_322);
    expect(x.length).toBeLessThanOrEqual(2 * 802);
  });

  it('keeps the order of steps and only real points', () => {
    const values = wave(5_000);
    const { x, y } = thin(seriesOf(values), 1, 5_000, 60);
    for (let i = 1; i < x.length; i++) expect(x[i]).toBeGreaterThan(x[i - 1] as number);
    x.forEach((step, i) => expect(y[i]).toBe(values[step - 1]));
  });

  it('shows a window with one neighbour on each side', () => {
    const { x } = thin(seriesOf(wave(1_000)), 100, 110, 400);
    expect(x[0]).toBe(99);
    expect(x.at(-1)).toBe(111);
    const thinned = thin(seriesOf(wave(100_000)), 40_000, 50_000, 100);
    expect(thinned.x[0]).toBe(39_999);
    expect(thinned.x.at(-1)).toBe(50_001);
  });

  it('leaves a gap for NaN and infinite values, thinned or not', () => {
    expect(thin(seriesOf([1, NaN, NaN, 2, Infinity, 3]), 1, 6, 100).y).toEqual([1, NaN, 2, NaN, 3]);
    const values = wave(10_000);
    values.fill(NaN, 4_000, 6_000);
    const { x, y } = thin(seriesOf(values), 1, 10_001, 100);
    expect(y.filter(Number.isNaN)).toHaveLength(1);
    const gap = y.findIndex(Number.isNaN);
    expect(x[gap - 1]).toBeLessThanOrEqual(4_000);
    expect(x[gap + 1]).toBeGreaterThan(6_000);
  });

  it('gives one gap and no point for values that are all NaN', () => {
    expect(thin(seriesOf(new Array<number>(1_000).fill(NaN)), 1, 1_000, 10).y).toEqual([NaN]);
  });

  it('is bounded by three points per column when gaps and values alternate', () => {
    const values = wave(20_000).map((value, i) => (i % 2 === 0 ? value : NaN));
    expect(thin(seriesOf(values), 1, 20_000, 100).x.length).toBeLessThanOrEqual(3 * 102);
  });

  it('reuses its arrays', () => {
    const line = emptyLine();
    const series = seriesOf(wave(50_000));
    thinLine(series, 1, 50_000, 500, line);
    const { x } = line;
    thinLine(series, 10_000, 20_000, 500, line);
    expect(line.x).toBe(x);
  });
});
