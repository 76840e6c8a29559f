// Data that the person brought: which stored data set, and what is done to it before it is learnt from. The document names the
// data by their hash and says enough of them to know every shape; the data themselves lie elsewhere (in the project).
import * as v from 'valibot';
import { anyFinite, integerBetween, positive, zeroToOne } from './fields.ts';

export const MOST_DATASET_ROWS = 100_000_000;
export const MOST_DATASET_COLUMNS = 4096;
export const MOST_CATEGORIES = 65_536;

const text = (most: number) =>
  v.pipe(v.string(), v.minLength(1, 'empty|a text'), v.maxLength(most, `too_long|at most ${most} characters`));

/** A column of the file, in the file's order. */
export const DatasetColumn = v.strictObject({
  /** As the file has it. A name with dots can be changed in the document, but not by a variant. */
  name: text(200),
  role: v.picklist(['feature', 'target', 'split', 'ignore']),
  kind: v.picklist(['number', 'category']),
  /** How many different categories the column has; 0 for numbers. */
  categories: v.optional(integerBetween(0, MOST_CATEGORIES), 0),
  /** How a feature's category becomes numbers: one 0/1 for each category, or its position. */
  encoding: v.optional(v.picklist(['one_hot', 'index']), 'one_hot'),
  /**
   * What is done where a feature is missing: leave the row out, or fill in what the train rows give. `mean` and `median` are for
   * numbers. Rows without a target are always left out.
   */
  missing: v.optional(v.picklist(['drop', 'mean', 'median', 'most_frequent']), 'drop'),
});

const side = () => integerBetween(1, 4096);

export const DatasetPictures = v.strictObject({
  /** [channels, height, width]. */
  shape: v.strictTuple([side(), side(), side()]),
  classes: integerBetween(1, MOST_CATEGORIES),
  /** One number for each channel: (pixel / 255 - mean) / std, unless `standardize` finds them. */
  mean: v.array(anyFinite()),
  std: v.array(positive('std > 0')),
});

/**
 * How rows are divided. Shares are of all rows that are left; for `file`, `validation` is a share of what the files call train.
 * For `column` both, and for `file` `test`, only say whether such rows are used: above 0 they must be there, at 0 they are left out.
 */
export const DatasetSplit = v.strictObject({
  method: v.picklist(['random', 'stratified', 'column', 'file']),
  validation: v.optional(zeroToOne('0 ≤ share < 1'), 0),
  test: v.optional(zeroToOne('0 ≤ share < 1'), 0.2),
  /** Decides who goes where, whatever the run's seed is. */
  seed: v.optional(integerBetween(0, Number.MAX_SAFE_INTEGER), 0),
});

export const DatasetData = v.strictObject({
  type: v.literal('dataset'),
  /** SHA-256 of the stored data set. */
  digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'out_of_range|64 hexadecimal digits')),
  name: text(200),
  /** In the file, before any are left out. */
  rows: integerBetween(1, MOST_DATASET_ROWS),
  /** Empty for pictures. */
  columns: v.optional(
    v.pipe(
      v.array(DatasetColumn),
      v.maxLength(MOST_DATASET_COLUMNS, `too_long|at most ${MOST_DATASET_COLUMNS} columns`),
    ),
    [],
  ),
  /** null for columns. */
  pictures: v.optional(v.nullable(DatasetPictures), null),
  /** What the target's classes are called, in the order of their numbers; empty: not said, or the target is a number. */
  class_names: v.optional(v.pipe(v.array(v.string()), v.maxLength(1000, 'too_long|at most 1000 names')), []),
  split: DatasetSplit,
  /** Features that are numbers (for pictures, the channels) get mean 0 and deviation 1, both taken from the train rows. */
  standardize: v.optional(v.boolean(), true),
  /** The same for targets that are numbers. */
  standardize_target: v.optional(v.boolean(), false),
});

export type DatasetSpec = v.InferOutput<typeof DatasetData>;
export type DatasetColumnSpec = v.InferOutput<typeof DatasetColumn>;
export type DatasetSplitSpec = v.InferOutput<typeof DatasetSplit>;

export const featureColumns = ({ columns }: DatasetSpec): readonly DatasetColumnSpec[] =>
  columns.filter((x) => x.role === 'feature');
export const targetColumns = ({ columns }: DatasetSpec): readonly DatasetColumnSpec[] =>
  columns.filter((x) => x.role === 'target');

/** What of a description decides which rows of a table are in which split: what is counted over them depends on nothing else. */
export const divisionKey = ({ digest, rows, columns, split }: DatasetSpec): string =>
  JSON.stringify([digest, rows, columns.map(({ name, role, kind, missing }) => [name, role, kind, missing]), split]);

/** Numbers that a feature column becomes. */
export const columnWidth = ({ kind, encoding, categories }: DatasetColumnSpec): number =>
  kind === 'category' && encoding === 'one_hot' ? categories : 1;
