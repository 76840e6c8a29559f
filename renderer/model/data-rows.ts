// The rows of a data set as a table reads them, whatever holds them: the document itself, or the engine's draw.
import { SPLITS, type DataPreview, type DataShape, type Split, type TableSpec } from '../../engine/spec/index.ts';

export interface SplitRows {
  readonly split: Split;
  /** At hand. */
  readonly rows: number;
  /** In the data set; null: not known. */
  readonly total: number | null;
}

export interface DataRows {
  readonly features: number;
  readonly targets: number;
  /** null: targets are numbers. */
  readonly classes: number | null;
  /** What the columns are called, features first; an empty one, or none at all: by its place. */
  readonly names?: readonly string[] | undefined;
  /** Splits that have rows. */
  readonly splits: readonly SplitRows[];
  /** What stands in a cell: features first, then targets. Of a document under the person's hands, anything. */
  readonly cell: (split: Split, row: number, column: number) => unknown;
}

/** Columns of a table in the document: where a split's features and targets stand. */
export const TABLE_PARTS = {
  train: { x: 'x', y: 'y' },
  validation: { x: 'validation_x', y: 'validation_y' },
  test: { x: 'test_x', y: 'test_y' },
} as const satisfies Record<Split, { x: keyof TableSpec; y: keyof TableSpec }>;

/** A table may say how many features it will have, for as long as it has no rows. */
export type OpenTable = TableSpec & { readonly features?: number | undefined };

type Rows = readonly (readonly unknown[])[];

export function rowsOfTable(table: OpenTable): DataRows {
  const part = (split: Split, axis: 'x' | 'y') => table[TABLE_PARTS[split][axis]] as Rows;
  const width = (axis: 'x' | 'y') => SPLITS.map((split) => part(split, axis)[0]?.length ?? 0).find((n) => n > 0);
  const features = width('x') ?? table.features ?? 1;
  return {
    features,
    targets: table.classes === null ? (width('y') ?? 1) : 1,
    classes: table.classes,
    names: table.names,
    splits: SPLITS.map((split) => ({ split, rows: part(split, 'x').length, total: part(split, 'x').length })).filter(
      (x) => x.rows > 0,
    ),
    cell: (split, row, column) =>
      column < features ? part(split, 'x')[row]?.[column] : part(split, 'y')[row]?.[column - features],
  };
}

/** Points of a preview; of many, some that are taken evenly, and then how many there are of each split in all. */
export type Points = Pick<Extract<DataPreview, { kind: 'points' }>, Split> & {
  readonly rows?: Readonly<Record<Split, number>>;
};

export function rowsOfPoints(points: Points, { input, target, ...rows }: DataShape): DataRows {
  const product = (shape: readonly number[]) => shape.reduce((n, x) => n * x, 1);
  const features = product(input);
  const targets = target.kind === 'classes' ? 1 : product(target.shape);
  const totals = points.rows ?? { train: rows.trainRows, validation: rows.validationRows, test: rows.testRows };
  return {
    features,
    targets,
    classes: target.kind === 'classes' ? target.classes : null,
    splits: SPLITS.flatMap((split) => {
      const shown = (points[split]?.x.length ?? 0) / features;
      return shown > 0 ? [{ split, rows: shown, total: totals[split] && Math.max(shown, totals[split]) }] : [];
    }),
    cell: (split, row, column) => {
      const set = points[split];
      return column < features ? set?.x[row * features + column] : set?.y[row * targets + column - features];
    },
  };
}

/** Its own name, else x₁, x₂ … and y; a single one of its kind needs no number. */
export function columnName(
  { features, targets, names }: Pick<DataRows, 'features' | 'targets' | 'names'>,
  column: number,
): string {
  const own = names?.[column];
  if (own) return own;
  const [letter, index, count] = column < features ? ['x', column, features] : ['y', column - features, targets];
  return count === 1 ? letter : `${letter}${subscript(index + 1)}`;
}

const subscript = (n: number): string => [...String(n)].map((x) => String.fromCodePoint(0x2080 + Number(x))).join('');

/** All numbers of a column, split after split; what is no number is NaN. @param split null: all splits. */
export function columnValues(data: DataRows, column: number, split: Split | null = null): Float64Array {
  const wanted = data.splits.filter((x) => split === null || x.split === split);
  const values = new Float64Array(wanted.reduce((n, x) => n + x.rows, 0));
  let at = 0;
  for (const { split: own, rows } of wanted)
    for (let row = 0; row < rows; row++) {
      const value = data.cell(own, row, column);
      values[at++] = typeof value === 'number' ? value : Number.NaN;
    }
  return values;
}

/** Where the n-th of all rows stands, split after split. */
export function rowAt(
  data: Pick<DataRows, 'splits'>,
  n: number,
): { readonly split: Split; readonly row: number } | null {
  let left = n;
  for (const { split, rows } of data.splits) {
    if (left < rows) return { split, row: left };
    left -= rows;
  }
  return null;
}

export const rowCount = ({ splits }: Pick<DataRows, 'splits'>): number => splits.reduce((n, x) => n + x.rows, 0);
