// Who goes where: train, validation and test rows of a stored data set, from the document's own seed.
import { EngineError } from '../../plan/engine-error.ts';
import { Generator, randperm } from '../../random/index.ts';
import { SPLITS, type DatasetSpec, type Split } from '../../spec/index.ts';
import { badDataset } from './matching.ts';
import type { StoredColumn } from './stored-data.ts';

export interface SplitRows {
  /** Rows of the file. */
  readonly rows: Readonly<Record<Split, Int32Array>>;
  /** Rows of a split that the document does not use. */
  readonly unused: number;
}

/** Words that a column may mark its rows with. */
const MARKS: ReadonlyMap<string, Split> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['validation', 'validation'],
  ['valid', 'validation'],
  ['val', 'validation'],
  ['dev', 'validation'],
  ['test', 'test'],
  ['testing', 'test'],
]);

/** The split that a column's category names; null when it names none. */
export const splitNamed = (category: string): Split | null => MARKS.get(category.trim().toLowerCase()) ?? null;

/** At least one row where a share is asked for. */
const countOf = (share: number, rows: number): number => (share > 0 ? Math.max(1, Math.round(share * rows)) : 0);

/** Divides a count over groups in proportion to their sizes; what rounding leaves goes to the largest remainders. */
function apportion(count: number, sizes: readonly number[]): number[] {
  const total = sizes.reduce((sum, x) => sum + x, 0);
  const exact = sizes.map((size) => (total === 0 ? 0 : (count * size) / total));
  const counts = exact.map((x, i) => Math.min(sizes[i] ?? 0, Math.floor(x)));
  const order = exact
    .map((x, i) => ({ i, rest: x - Math.floor(x) }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i)
    .map(({ i }) => i);
  let left = count - counts.reduce((sum, x) => sum + x, 0);
  for (const i of order) {
    if (left === 0) break;
    if ((counts[i] ?? 0) >= (sizes[i] ?? 0)) continue;
    counts[i] = (counts[i] ?? 0) + 1;
    left -= 1;
  }
  return counts;
}

/**
 * Walks through a `torch.randperm` of the rows; of each group the first ones are test, the next ones validation, the rest train.
 * @param groups the group of each position; all of one group: a plain random split.
 */
function drawSplits(
  kept: Int32Array,
  groups: Int32Array,
  groupCount: number,
  counts: { readonly validation: number; readonly test: number },
  seed: number,
): Record<Split, Int32Array> {
  const sizes = new Array<number>(groupCount).fill(0);
  for (const group of groups) sizes[group] = (sizes[group] ?? 0) + 1;
  const test = apportion(counts.test, sizes);
  const validation = apportion(
    counts.validation,
    sizes.map((size, i) => size - (test[i] ?? 0)),
  );
  const order = randperm(Generator.manualSeed(seed), kept.length);
  const found = {
    train: new Int32Array(kept.length),
    validation: new Int32Array(kept.length),
    test: new Int32Array(kept.length),
  };
  const ends = { train: 0, validation: 0, test: 0 };
  for (let i = 0; i < order.length; i++) {
    const at = order[i] as number;
    const group = groups[at] as number;
    const row = kept[at] as number;
    if ((test[group] as number) > 0) {
      test[group] = (test[group] as number) - 1;
      found.test[ends.test++] = row;
    } else if ((validation[group] as number) > 0) {
      validation[group] = (validation[group] as number) - 1;
      found.validation[ends.validation++] = row;
    } else found.train[ends.train++] = row;
  }
  const part = (split: Split): Int32Array => found[split].slice(0, ends[split]);
  return { train: part('train'), validation: part('validation'), test: part('test') };
}

/** Where rows say themselves which split they are in. */
function markedSplits(spec: DatasetSpec, kept: Int32Array, markOf: (row: number) => Split): SplitRows {
  const { validation, test } = spec.split;
  const found: Record<Split, number[]> = { train: [], validation: [], test: [] };
  for (const row of kept) found[markOf(row)].push(row);
  let unused = 0;
  if (validation === 0) unused += found.validation.splice(0).length;
  if (test === 0) unused += found.test.splice(0).length;
  return { rows: typed(found), unused };
}

const typed = ({ train, validation, test }: Record<Split, readonly number[]>): Record<Split, Int32Array> => ({
  train: Int32Array.from(train),
  validation: Int32Array.from(validation),
  test: Int32Array.from(test),
});

function columnMarks(spec: DatasetSpec, column: StoredColumn): (row: number) => Split {
  const names = column.kind === 'category' ? column.categories : [];
  const splits = names.map(splitNamed);
  return (row) => {
    const value = column.values[row] as number;
    const split = splits[value];
    if (split) return split;
    throw badDataset(
      spec,
      'BAD_MARK',
      `has "${names[value] ?? value}" in column "${column.name}", row ${row + 1}, which is none of train, validation, test`,
      { column: column.name, row: row + 1, value: names[value] ?? value },
    );
  };
}

/** What the files call test stays so; validation rows are drawn from what they call train. All in the file's order. */
function fileSplits(spec: DatasetSpec, kept: Int32Array, parts: Uint8Array | null): SplitRows {
  if (parts === null) throw badDataset(spec, 'NO_MARKS', 'does not say which rows are for training and which for test');
  const marked = markedSplits(spec, kept, (row) => (parts[row] === 1 ? 'test' : 'train'));
  const { train, test } = marked.rows;
  const counts = { validation: countOf(spec.split.validation, train.length), test: 0 };
  const drawn = drawSplits(train, new Int32Array(train.length), 1, counts, spec.split.seed);
  const ascending = (x: Int32Array): Int32Array => x.sort();
  return {
    rows: { train: ascending(drawn.train), validation: ascending(drawn.validation), test },
    unused: marked.unused,
  };
}

export interface SplitSource {
  /** The column that marks splits, when there is one. */
  readonly mark: StoredColumn | null;
  /** The classes of all rows of the file, and how many there are; null: targets are numbers. */
  readonly classes: { readonly of: Int32Array; readonly count: number } | null;
  readonly parts: Uint8Array | null;
}

function divide(spec: DatasetSpec, kept: Int32Array, { mark, classes, parts }: SplitSource): SplitRows {
  const { method, validation, test, seed } = spec.split;
  const counts = { validation: countOf(validation, kept.length), test: countOf(test, kept.length) };
  switch (method) {
    case 'column':
      if (mark === null) throw badDataset(spec, 'NO_MARKS', 'has no column that says which rows are for what');
      return markedSplits(spec, kept, columnMarks(spec, mark));
    case 'file':
      return fileSplits(spec, kept, parts);
    case 'random':
      return { rows: drawSplits(kept, new Int32Array(kept.length), 1, counts, seed), unused: 0 };
    case 'stratified': {
      if (classes === null) throw badDataset(spec, 'NO_CLASSES', 'has no classes to keep the shares of');
      const groups = kept.map((row) => classes.of[row] as number);
      return { rows: drawSplits(kept, groups, classes.count, counts, seed), unused: 0 };
    }
    default:
      return method satisfies never;
  }
}

/**
 * Divides rows.
 * @param kept rows of the file, ascending.
 * @throws EngineError DATA_MISSING when a split that the document uses would have no row; BAD_DATA_FILE for a mark that is none.
 */
export function splitRows(spec: DatasetSpec, kept: Int32Array, source: SplitSource): SplitRows {
  const divided = divide(spec, kept, source);
  const { split } = spec;
  for (const name of SPLITS) {
    const wanted = name === 'train' || split[name] > 0;
    if (!wanted || divided.rows[name].length > 0) continue;
    throw new EngineError(
      'DATA_MISSING',
      `the data set "${spec.name}" leaves no ${name} rows (of ${spec.rows}, ${kept.length} are complete)`,
      { dataset: spec.name, split: name, wanted: 1, available: 0 },
    );
  }
  return divided;
}
