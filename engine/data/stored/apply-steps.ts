// From what a file held to what is learnt from, in the order of the visible steps: leave out, divide, fill in, encode, scale. All that is
// fitted (fill-ins, means, deviations) is fitted on train rows only.
import type { DatasetColumnSpec, DatasetSpec, Split } from '../../spec/index.ts';
import type { Normalization, Splits } from '../data-set.ts';
import { divideColumns } from './divide-columns.ts';
import { columnExamples, pictureExamples } from './encode-rows.ts';
import { fitColumn, type FittedColumn } from './fit-columns.ts';
import type { KeptRows } from './keep-rows.ts';
import { isMissing, requireSameKind, requireSamePictures } from './matching.ts';
import { channelScales } from './picture-scales.ts';
import { splitRows, type SplitRows } from './split-rows.ts';
import type { StoredColumns, StoredData, StoredPictures } from './stored-data.ts';

/** What each step did, for the visible list of steps. */
export interface StepsReport {
  /** In the file. */
  readonly rows: number;
  /** Rows left out because something is missing, by the column that was the reason; a row counts once. */
  readonly dropped: KeptRows['dropped'];
  /** Rows that the file marks for a split which the document does not use. */
  readonly unused: number;
  readonly sizes: Readonly<Record<Split, number>>;
  /** Values filled in: how many, and with what (a number, or a category's name). */
  readonly imputed: readonly {
    readonly column: string;
    readonly method: DatasetColumnSpec['missing'];
    readonly values: number;
    readonly fill: number | string;
  }[];
  /** Categories that became numbers. */
  readonly encoded: readonly {
    readonly column: string;
    readonly encoding: DatasetColumnSpec['encoding'];
    readonly categories: readonly string[];
  }[];
  /** Columns (or channels, counted from 0) that were scaled, with what was fitted on the train rows. */
  readonly scaled: readonly {
    readonly column: string;
    readonly role: 'feature' | 'target';
    readonly mean: number;
    readonly std: number;
  }[];
  /** How often each class is there; null: the targets are numbers. */
  readonly balance: {
    readonly classes: readonly string[];
    readonly counts: Readonly<Record<Split, Int32Array>>;
  } | null;
}

export interface AppliedSteps {
  readonly splits: Splits;
  /** null: x are inputs already. */
  readonly normalization: Normalization | null;
  readonly report: StepsReport;
}

interface Prepared {
  readonly report: StepsReport;
  readonly rows: SplitRows['rows'];
}

const sizesOf = ({ train, validation, test }: SplitRows['rows']): Record<Split, number> => ({
  train: train.length,
  validation: validation.length,
  test: test.length,
});

function balanceOf(classes: readonly string[], labels: Int32Array, rows: SplitRows['rows']): StepsReport['balance'] {
  const counted = (of: Int32Array): Int32Array => {
    const counts = new Int32Array(classes.length);
    for (const row of of) {
      const label = labels[row] as number;
      counts[label] = (counts[label] as number) + 1;
    }
    return counts;
  };
  return {
    classes,
    counts: { train: counted(rows.train), validation: counted(rows.validation), test: counted(rows.test) },
  };
}

function imputedIn({ spec, stored, fill }: FittedColumn, rows: SplitRows['rows']): StepsReport['imputed'] {
  if (spec.role !== 'feature' || spec.missing === 'drop') return [];
  let values = 0;
  for (const of of Object.values(rows)) for (const row of of) if (isMissing(stored, row)) values += 1;
  if (values === 0) return [];
  const named = stored.kind === 'category' ? (stored.categories[fill] ?? '') : fill;
  return [{ column: spec.name, method: spec.missing, values, fill: named }];
}

/** Everything but the arrays. */
function prepareColumns(
  data: StoredColumns,
  spec: DatasetSpec,
): Prepared & { readonly columns: readonly FittedColumn[] } {
  const { matched, target, dropped, rows, unused } = divideColumns(data, spec);
  const columns = matched
    .filter((x) => x.spec.role === 'feature' || x.spec.role === 'target')
    .map((x) => fitColumn(spec, x, rows.train));
  const report: StepsReport = {
    rows: data.rows,
    dropped,
    unused,
    sizes: sizesOf(rows),
    imputed: columns.flatMap((x) => imputedIn(x, rows)),
    encoded: columns.flatMap(({ spec: { name, role, encoding }, stored }) =>
      stored.kind === 'category' && role === 'feature'
        ? [{ column: name, encoding, categories: stored.categories }]
        : [],
    ),
    scaled: columns.flatMap(({ spec: { name, role }, scale }) =>
      scale === null || (role !== 'feature' && role !== 'target') ? [] : [{ column: name, role, ...scale }],
    ),
    balance: target?.kind === 'category' ? balanceOf(target.categories, target.values, rows) : null,
  };
  return { report, rows, columns };
}

function preparePictures(
  data: StoredPictures,
  spec: DatasetSpec,
): Prepared & { readonly normalization: Normalization } {
  requireSamePictures(data, spec);
  const kept = Int32Array.from({ length: data.rows }, (_, i) => i);
  const classes = { of: data.labels, count: data.classes.length };
  const { rows, unused } = splitRows(spec, kept, { mark: null, classes, parts: data.parts });
  const { mean = [], std = [] } = spec.pictures ?? {};
  const normalization = spec.standardize ? channelScales(data, rows.train) : { mean, std };
  const report: StepsReport = {
    rows: data.rows,
    dropped: [],
    unused,
    sizes: sizesOf(rows),
    imputed: [],
    encoded: [],
    scaled: normalization.mean.map((x, i) => ({
      column: String(i),
      role: 'feature',
      mean: x,
      std: normalization.std[i] ?? 1,
    })),
    balance: balanceOf(data.classes, data.labels, rows),
  };
  return { report, rows, normalization };
}

function allSplits(rows: SplitRows['rows'], examples: (rows: Int32Array) => Splits[Split]): Splits {
  const train = examples(rows.train);
  // `splitRows` has seen to it.
  if (train === null) throw new RangeError('there are no train rows');
  return { train, validation: examples(rows.validation), test: examples(rows.test) };
}

export interface PreparedSteps extends Omit<AppliedSteps, 'splits'> {
  /**
   * The examples of every split.
   * @param pick which rows of a split are wanted; all of them unless it is given.
   * @throws EngineError BAD_DATA_FILE for a number that f32 cannot hold; OUT_OF_MEMORY.
   */
  readonly examples: (pick?: (rows: Int32Array) => Int32Array) => Splits;
}

/**
 * Does what the document says, except for making the examples.
 * @throws EngineError BAD_DATA_FILE when the data are not those that the document describes, naming column and row where it can
 * be said; DATA_MISSING when a split would be empty.
 */
export function prepareSteps(data: StoredData, spec: DatasetSpec): PreparedSteps {
  requireSameKind(data, spec);
  const every = (rows: Int32Array): Int32Array => rows;
  if (data.kind === 'columns') {
    const { report, rows, columns } = prepareColumns(data, spec);
    return {
      report,
      normalization: null,
      examples: (pick = every) => allSplits(rows, (x) => columnExamples(spec, columns, pick(x))),
    };
  }
  const { report, rows, normalization } = preparePictures(data, spec);
  return {
    report,
    normalization,
    examples: (pick = every) => allSplits(rows, (x) => pictureExamples(data, pick(x))),
  };
}

/** What every step does, without the examples themselves. @throws EngineError as `prepareSteps`. */
export const reportSteps = (data: StoredData, spec: DatasetSpec): StepsReport => prepareSteps(data, spec).report;

/** Does what the document says. @throws EngineError as `prepareSteps` and its examples. */
export function applySteps(data: StoredData, spec: DatasetSpec): AppliedSteps {
  const { report, normalization, examples } = prepareSteps(data, spec);
  return { report, normalization, splits: examples() };
}
