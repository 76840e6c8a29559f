// An imported table's columns as the window names and shows them: those that are learnt from, in the order of features and targets.
import type { DatasetSpec, Split } from '../../engine/spec/index.ts';
import type { ColumnSummary } from '../../main/contract/column-shapes.ts';

/** Values of a category that are shown one by one. */
const MOST_VALUES = 8;

/** Places in the document of what is learnt from: features first. */
export function learntColumns({ columns }: DatasetSpec): number[] {
  const places = [...columns.keys()];
  const having = (role: 'feature' | 'target') => places.filter((i) => columns[i]?.role === role);
  return [...having('feature'), ...having('target')];
}

/** Those that the document uses. */
export const usedSplits = ({ split: { validation, test } }: DatasetSpec): Split[] => [
  'train',
  ...(validation > 0 ? (['validation'] as const) : []),
  ...(test > 0 ? (['test'] as const) : []),
];

export interface CategoryValues {
  /** Of one split or all, the most frequent of all rows first. */
  readonly values: readonly { readonly name: string; readonly count: number }[];
  readonly others: { readonly values: number; readonly rows: number };
  readonly count: number;
  readonly missing: number;
}

export function categoryValues(
  { named, unnamed, parts }: Extract<ColumnSummary, { kind: 'category' }>,
  split: Split | null,
): CategoryValues {
  const { count, missing, counts } = parts[split ?? 'all'];
  // One more takes no more room than the line that says so.
  const shown = named.length + unnamed === MOST_VALUES + 1 ? MOST_VALUES + 1 : MOST_VALUES;
  const values = named.slice(0, shown).map((name, i) => ({ name, count: counts[i] ?? 0 }));
  const rows = count - values.reduce((sum, x) => sum + x.count, 0);
  return { values, others: { values: named.length - values.length + unnamed, rows }, count, missing };
}
