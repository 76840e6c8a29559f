// What a column of numbers looks like: how many, what is missing, middle and spread, and how often which values come.
import type { DatasetReport } from '../../main/contract/shapes.ts';
import type { DataRows } from './data-rows.ts';
import { addValue, barLimits, barOf, noMoments, SPLITS, type Moments, type Split } from '../../engine/spec/index.ts';

/** Running figures of a column that is at hand. */
export function momentsOf(values: Float64Array): Moments {
  const moments = noMoments();
  for (const value of values) addValue(moments, value);
  return moments;
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Bars between limits. */
export const binsOf = (limits: readonly number[], counts: ArrayLike<number>): Bin[] =>
  Array.from(counts, (count, i) => ({ from: limits[i] ?? NaN, to: limits[i + 1] ?? NaN, count }));

/** Bars over round limits, about `wanted` of them; the last one includes its upper end. @returns [] without numbers. */
export function histogram(values: Float64Array, moments: Moments, wanted: number): Bin[] {
  const limits = barLimits(moments, wanted);
  if (limits.length === 0) return [];
  const counts = new Int32Array(limits.length - 1);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bar = barOf(limits, value);
    counts[bar] = (counts[bar] as number) + 1;
  }
  return binsOf(limits, counts);
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

/** Of all examples of an imported data set. */
export const reportedCounts = ({ balance, sizes }: Pick<DatasetReport, 'balance' | 'sizes'>): ClassCounts[] =>
  SPLITS.flatMap((split) =>
    balance && sizes[split] > 0
      ? [{ split, counts: [...balance.counts[split]], rows: sizes[split], total: sizes[split] }]
      : [],
  );

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
