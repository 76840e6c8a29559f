// A first description of a stored data set, for the person to change: what looks like the target, like a mark of splits, like a number
// that only counts rows.
import { MOST_CATEGORIES, type DatasetColumnSpec, type DatasetSpec, type DatasetSplitSpec } from '../../spec/index.ts';
import { isMissing } from './matching.ts';
import { splitNamed } from './split-rows.ts';
import type { StoredColumn, StoredColumns, StoredData, StoredPictures } from './stored-data.ts';

const TARGET_NAME = /^(target|label|labels|class|y|output|outcome|species|quality|price)$/i;
const COUNTER_NAME = /^(id|index|row|no|nr|unnamed: 0|)$/i;
const MOST_NAMES = 1000;

const isMark = (column: StoredColumn): boolean =>
  column.kind === 'category' &&
  column.categories.length > 1 &&
  column.categories.some((x) => splitNamed(x) === 'train') &&
  column.categories.every((x) => splitNamed(x) !== null);

/** More 0/1 columns from one column than a first guess should make. */
const MOST_ONE_HOT = 200;

/** A name or a number of its own for every row, nothing at all, or one thing always: nothing can be learnt from it. */
function isUseless(column: StoredColumn, rows: number): boolean {
  if (column.kind === 'category') {
    const { length } = column.categories;
    return length < 2 || (rows > 2 && length === rows);
  }
  const [first = NaN] = column.values;
  return (
    column.values.every((x) => Number.isNaN(x)) ||
    (COUNTER_NAME.test(column.name) && column.values.every((x, i) => x - i === first))
  );
}

/** The column named like one, else the last that holds values. */
function targetOf(columns: readonly StoredColumn[], isFree: (column: StoredColumn) => boolean): StoredColumn | null {
  const free = columns.filter(isFree);
  return free.find((x) => TARGET_NAME.test(x.name)) ?? free.at(-1) ?? null;
}

const hasGaps = (column: StoredColumn, rows: number): boolean => {
  for (let row = 0; row < rows; row++) if (isMissing(column, row)) return true;
  return false;
};

function columnsOf(data: StoredColumns): { columns: DatasetColumnSpec[]; target: StoredColumn | null } {
  const mark = data.columns.find(isMark) ?? null;
  const isFree = (x: StoredColumn): boolean => x !== mark && !isUseless(x, data.rows);
  const target = targetOf(data.columns, isFree);
  const roleOf = (x: StoredColumn): DatasetColumnSpec['role'] => {
    if (x === target) return 'target';
    if (x === mark) return 'split';
    const isWide = x.kind === 'category' && x.categories.length > MOST_ONE_HOT;
    return isFree(x) && !isWide ? 'feature' : 'ignore';
  };
  const columns = data.columns.map((x): DatasetColumnSpec => ({
    name: x.name,
    role: roleOf(x),
    kind: x.kind,
    categories: x.kind === 'category' ? Math.min(x.categories.length, MOST_CATEGORIES) : 0,
    encoding: 'one_hot',
    missing: !hasGaps(x, data.rows) ? 'drop' : x.kind === 'number' ? 'median' : 'most_frequent',
  }));
  return { columns, target };
}

/** Shares that a column of marks or the files give, for the document to say that such rows are there. */
function sharesOf(
  marks: Iterable<'train' | 'validation' | 'test' | null>,
  rows: number,
): { validation: number; test: number } {
  const counts = { train: 0, validation: 0, test: 0 };
  for (const mark of marks) if (mark !== null) counts[mark] += 1;
  const share = (count: number): number =>
    Math.min(0.999, Math.round((1000 * count) / rows) / 1000 || (count > 0 ? 0.001 : 0));
  return { validation: share(counts.validation), test: share(counts.test) };
}

function markedSplit(mark: StoredColumn, rows: number): DatasetSplitSpec {
  const names = mark.kind === 'category' ? mark.categories.map(splitNamed) : [];
  const marks = Array.from(mark.values, (x) => names[x] ?? null);
  return { method: 'column', ...sharesOf(marks, rows), seed: 0 };
}

function pictureSplit({ parts, rows }: StoredPictures): DatasetSplitSpec {
  if (parts === null || !parts.includes(1) || !parts.includes(0))
    return { method: 'stratified', validation: 0, test: 0.2, seed: 0 };
  const { test } = sharesOf(
    Array.from(parts, (x) => (x === 1 ? ('test' as const) : ('train' as const))),
    rows,
  );
  return { method: 'file', validation: 0, test, seed: 0 };
}

/**
 * The document's `data` for a stored data set: every field is a guess that the person can change. It satisfies the rules whenever
 * the data have a column to learn from and one to learn.
 */
export function describeStored(
  data: StoredData,
  { name, digest }: { readonly name: string; readonly digest: string },
): DatasetSpec {
  const base = {
    type: 'dataset' as const,
    digest,
    name,
    rows: data.rows,
    standardize: true,
    standardize_target: false,
  };
  if (data.kind === 'pictures') {
    const { shape, classes } = data;
    const each = (value: number): number[] => new Array<number>(shape[0]).fill(value);
    return {
      ...base,
      columns: [],
      pictures: { shape: [...shape], classes: classes.length, mean: each(0.5), std: each(0.5) },
      class_names: classes.length <= MOST_NAMES ? [...classes] : [],
      split: pictureSplit(data),
    };
  }
  const { columns, target } = columnsOf(data);
  const mark = data.columns.find(isMark);
  const classes = target?.kind === 'category' ? target.categories : null;
  return {
    ...base,
    columns,
    pictures: null,
    class_names: classes !== null && classes.length <= MOST_NAMES ? [...classes] : [],
    split: mark
      ? markedSplit(mark, data.rows)
      : { method: classes === null ? 'random' : 'stratified', validation: 0, test: 0.2, seed: 0 },
  };
}
