// What a column of a whole stored table looks like in each split: figures and bars of numbers, how often each category comes.
// Of the rows that the document keeps, in the file's units: nothing is filled in, encoded or scaled.
import {
  addDistance,
  addValue,
  barLimits,
  barOf,
  factsOf,
  joined,
  noDistances,
  noMoments,
  sharpened,
  SPLITS,
  type ColumnFacts,
  type Distances,
  type Moments,
  type Split,
} from '../../spec/index.ts';
import { badDataset } from '../stored/matching.ts';
import type { StoredColumn } from '../stored/stored-data.ts';
import { quantiles } from './quantile.ts';
import { walk, type Breathe, type DividedTable } from './walk.ts';

/** Bars of a histogram, about. */
const BARS = 20;
/** Values that are copied to find their quartiles, 8 bytes each; above it there are none. */
export const MOST_COPIED = 1 << 24;
/** Categories that are told one by one; others are counted together. */
export const MOST_NAMED = 200;

export type SummaryPart = 'all' | Split;
export const SUMMARY_PARTS: readonly SummaryPart[] = ['all', ...SPLITS];
type ByPart<T> = Readonly<Record<SummaryPart, T>>;

export interface NumbersPart {
  readonly facts: ColumnFacts;
  /** null: there are no numbers, or too many to sort. */
  readonly quartiles: readonly [q1: number, median: number, q3: number] | null;
  /** i32, one for each bar. */
  readonly counts: Int32Array;
}

export interface CategoriesPart {
  readonly count: number;
  readonly missing: number;
  /** i32, one for each of the named. */
  readonly counts: Int32Array;
  /** Rows of all others. */
  readonly others: number;
}

export type ColumnSummary = { readonly name: string; readonly role: 'feature' | 'target' } & (
  | {
      readonly kind: 'number';
      /** Limits of the bars, the same in all parts. */
      readonly limits: readonly number[];
      readonly parts: ByPart<NumbersPart>;
    }
  | {
      readonly kind: 'category';
      /** The most frequent first; only those that come in the rows that are kept. */
      readonly named: readonly string[];
      /** How many more come. */
      readonly unnamed: number;
      readonly parts: ByPart<CategoriesPart>;
    }
);

const byPart = <T>(make: (i: number) => T): ByPart<T> => ({
  all: make(0),
  train: make(1),
  validation: make(2),
  test: make(3),
});

type OfNumbers = Extract<StoredColumn, { kind: 'number' }>;
type OfCategories = Extract<StoredColumn, { kind: 'category' }>;
type OfKind<Kind extends StoredColumn['kind']> = Omit<Extract<ColumnSummary, { kind: Kind }>, 'name' | 'role' | 'kind'>;

/** Puts the sum of all splits into the first place. */
function addUp(counts: readonly Int32Array[]): Int32Array {
  const [all, ...splits] = counts as [Int32Array, ...Int32Array[]];
  for (const split of splits) for (let i = 0; i < all.length; i++) all[i] = (all[i] as number) + (split[i] as number);
  return all;
}

function quartilesOf(values: Float64Array): NumbersPart['quartiles'] {
  const [q1, median, q3] = quantiles(values, [0.25, 0.5, 0.75]);
  return q1 === undefined || median === undefined || q3 === undefined ? null : [q1, median, q3];
}

/** Figures by split number; place 0 is of rows that are left out. */
async function momentsOf(
  { splitOf, spec }: DividedTable,
  { name, values }: OfNumbers,
  breathe: Breathe,
): Promise<readonly Moments[]> {
  const moments = [noMoments(), ...SPLITS.map(noMoments)];
  await walk(values.length, breathe, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = values[row] as number;
      const split = splitOf[row] as number;
      if (split > 0 && (value === Infinity || value === -Infinity))
        throw badDataset(
          spec,
          'BEYOND_F32',
          `has ${value} in column "${name}", row ${row + 1}, which f32 cannot hold`,
          {
            column: name,
            row: row + 1,
            value,
          },
        );
      addValue(moments[split] as Moments, value);
    }
  });
  return moments;
}

async function numbersOf(table: DividedTable, column: OfNumbers, breathe: Breathe): Promise<OfKind<'number'>> {
  const { splitOf } = table;
  const { values } = column;
  const [, ...first] = await momentsOf(table, column, breathe);
  const whole = first.reduce(joined);
  const { count } = whole;
  const limits = barLimits(whole, BARS);
  const bars = Math.max(0, limits.length - 1);
  const counts = SUMMARY_PARTS.map(() => new Int32Array(bars));
  const means = Float64Array.from([NaN, ...first.map((x) => x.mean)]);
  const distances = SUMMARY_PARTS.map(noDistances);
  // One split lies after the other.
  const copied = count <= MOST_COPIED ? new Float64Array(count) : null;
  const starts = SUMMARY_PARTS.map((_, i) => first.slice(0, Math.max(0, i - 1)).reduce((sum, x) => sum + x.count, 0));
  const next = starts.slice();
  await walk(values.length, breathe, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = values[row] as number;
      const split = splitOf[row] as number;
      if (split === 0 || Number.isNaN(value)) continue;
      addDistance(distances[split] as Distances, value - (means[split] as number));
      const at = next[split] as number;
      next[split] = at + 1;
      if (copied) copied[at] = value;
      if (bars === 0) continue;
      const bar = barOf(limits, value);
      const into = counts[split] as Int32Array;
      into[bar] = (into[bar] as number) + 1;
    }
  });
  addUp(counts);
  const own = first.map((x, i) => sharpened(x, distances[i + 1] as Distances));
  const moments = [own.reduce(joined), ...own];
  const quartiles: NumbersPart['quartiles'][] = moments.map(() => null);
  // The whole comes last: it takes the order of the others apart.
  for (let i = moments.length - 1; i >= 0 && copied; i--) {
    await breathe();
    const { count: length } = moments[i] as Moments;
    quartiles[i] = quartilesOf(copied.subarray(starts[i], (starts[i] as number) + length));
  }
  return {
    limits,
    parts: byPart((i) => ({
      facts: factsOf(moments[i] as Moments),
      quartiles: quartiles[i] ?? null,
      counts: counts[i] as Int32Array,
    })),
  };
}

async function categoriesOf(
  { splitOf }: DividedTable,
  { values, categories }: OfCategories,
  breathe: Breathe,
): Promise<OfKind<'category'>> {
  // The last place is of what is missing.
  const counts = SUMMARY_PARTS.map(() => new Int32Array(categories.length + 1));
  await walk(values.length, breathe, (from, to) => {
    for (let row = from; row < to; row++) {
      const split = splitOf[row] as number;
      if (split === 0) continue;
      const value = values[row] as number;
      const into = counts[split] as Int32Array;
      const place = value < 0 ? categories.length : value;
      into[place] = (into[place] as number) + 1;
    }
  });
  const all = addUp(counts);
  const coming = Array.from(categories.keys()).filter((i) => (all[i] as number) > 0);
  coming.sort((a, b) => (all[b] as number) - (all[a] as number) || a - b);
  const named = coming.slice(0, MOST_NAMED);
  return {
    named: named.map((i) => categories[i] as string),
    unnamed: coming.length - named.length,
    parts: byPart((i) => {
      const part = counts[i] as Int32Array;
      const count = part.subarray(0, -1).reduce((sum, x) => sum + x, 0);
      const told = Int32Array.from(named, (x) => part[x] as number);
      return { count, missing: part.at(-1) ?? 0, counts: told, others: count - told.reduce((sum, x) => sum + x, 0) };
    }),
  };
}

/**
 * Summarizes a feature or target. Two walks through its values; besides them it holds 8 bytes for each number for a while, to find quartiles.
 * @param at the column's place in the document.
 * @returns null when the document does not learn from such a column.
 * @throws EngineError BAD_DATA_FILE naming column and row of an infinite number; what `breathe` throws.
 */
export async function summarizeColumn(
  table: DividedTable,
  at: number,
  breathe: Breathe,
): Promise<ColumnSummary | null> {
  const column = table.matched[at];
  const role = column?.spec.role;
  if (column === undefined || (role !== 'feature' && role !== 'target')) return null;
  const { stored } = column;
  const { name, kind } = stored;
  return kind === 'number'
    ? { name, role, kind, ...(await numbersOf(table, stored, breathe)) }
    : { name, role, kind, ...(await categoriesOf(table, stored, breathe)) };
}
