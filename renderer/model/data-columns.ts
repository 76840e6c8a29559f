// What a column of numbers looks like: how many, what is missing, middle and spread, and how often which values come.
import type { DataRows } from './data-rows.ts';
import { SPLITS, type Split } from '../../engine/spec/index.ts';
import { roundUp } from './chart-axis.ts';

export interface ColumnFacts {
  /** Numbers that are there. */
  readonly count: number;
  /** Cells without a finite number. */
  readonly missing: number;
  /** NaN without numbers, as the following. */
  readonly mean: number;
  /** Of the sample (n - 1), as torch.std; NaN below two numbers. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** Welford's way, so that a large mean does not drown a small spread. */
export function columnFacts(values: Float64Array): ColumnFacts {
  let [count, mean, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count += 1;
    const away = value - mean;
    mean += away / count;
    squares += away * (value - mean);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const missing = values.length - count;
  if (count === 0) return { count, missing, mean: NaN, sd: NaN, min: NaN, max: NaN };
  return { count, missing, mean, sd: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN, min, max };
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** A whole-numbered column with at most this many values gets a bar per value. */
const MOST_WHOLE = 24;

/**
 * Bars over round limits, about `wanted` of them; the last one includes its upper end. @returns [] without numbers.
 */
export function histogram(values: Float64Array, { count, min, max }: ColumnFacts, wanted: number): Bin[] {
  if (count === 0) return [];
  const whole = max - min < MOST_WHOLE && values.every((x) => !Number.isFinite(x) || Number.isInteger(x));
  const size = Math.max(Math.abs(min), Math.abs(max));
  // Below it, limits could not be told from each other: the values are one.
  const apart = max - min > Math.max(size * 1e-12, 1e-290);
  const width = whole ? 1 : apart ? roundUp((max - min) / wanted) : Math.max(size, 1) / 10;
  const first = whole ? min - 0.5 : Math.floor(min / width) * width;
  const bars = Math.max(1, whole ? max - min + 1 : Math.ceil((max - first) / width - 1e-9));
  const counts = new Int32Array(bars);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bar = Math.min(bars - 1, Math.max(0, Math.floor((value - first) / width)));
    counts[bar] = (counts[bar] as number) + 1;
  }
  return Array.from(counts, (n, i) => ({ from: first + i * width, to: first + (i + 1) * width, count: n }));
}

/** How often each class comes in each split that has rows. */
export interface ClassCounts {
  readonly split: Split;
  readonly counts: readonly number[];
  readonly rows: number;
  /** Rows of the data set; null: not known. */
  readonly total: number | null;
}

function countsOf(labels: Iterable<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) if (counts[label] !== undefined) counts[label] += 1;
  return counts;
}

export function classCounts(data: DataRows): ClassCounts[] {
  if (data.classes === null) return [];
  const { classes, features } = data;
  return data.splits.map(({ split, rows, total }) => {
    const labels = Array.from({ length: rows }, (_, row) => Number(data.cell(split, row, features)));
    return { split, counts: countsOf(labels, classes), rows, total };
  });
}

/** Of pictures, of which the first of each split are at hand. */
export const pictureCounts = (
  labels: Readonly<Partial<Record<Split, Int32Array | null>>>,
  totals: Readonly<Record<Split, number>>,
  classes: number,
): ClassCounts[] =>
  SPLITS.flatMap((split) => {
    const own = labels[split];
    return own ? [{ split, counts: countsOf(own, classes), rows: own.length, total: totals[split] }] : [];
  });
