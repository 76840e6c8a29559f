// Looks values up in recorded series: what lies under the crosshair, and what came last.
import { lowerBound, type SeriesData } from './chart-decimation.ts';

/** Index of the recorded step nearest to `step` (the earlier of two equally near). @returns -1 for an empty series. */
export function nearestIndex({ steps, length }: SeriesData, step: number): number {
  if (length === 0) return -1;
  const next = lowerBound(steps, length, step);
  if (next === 0) return 0;
  if (next === length) return length - 1;
  return step - (steps[next - 1] as number) <= (steps[next] as number) - step ? next - 1 : next;
}

/** The recorded step nearest to `step` among several series. @returns null when all are empty. */
export function nearestStep(series: readonly SeriesData[], step: number): number | null {
  let best: number | null = null;
  for (const one of series) {
    const index = nearestIndex(one, step);
    if (index < 0) continue;
    const found = one.steps[index] as number;
    if (best === null || Math.abs(found - step) < Math.abs(best - step)) best = found;
  }
  return best;
}

export interface Reading {
  readonly step: number;
  readonly value: number;
}

/** The recorded value nearest to `step`. @returns null for an empty series. */
export function readingAt(series: SeriesData, step: number): Reading | null {
  const index = nearestIndex(series, step);
  if (index < 0) return null;
  return { step: series.steps[index] as number, value: series.values[index] as number };
}

/** The last recorded value. @returns null for an empty series. */
export const lastReading = (series: SeriesData): Reading | null => readingAt(series, Number.POSITIVE_INFINITY);

/** First and last recorded step among several series. @returns null when all are empty. */
export function stepRange(series: readonly SeriesData[]): readonly [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const { steps, length } of series) {
    if (length === 0) continue;
    low = Math.min(low, steps[0] as number);
    high = Math.max(high, steps[length - 1] as number);
  }
  return low <= high ? [low, high] : null;
}
