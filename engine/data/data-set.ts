// A data set in memory: what engine and previews work on, whatever it was made from.
import { SPLITS, type FitAxis, type Shape, type Split, type TargetShape } from '../spec/index.ts';

/** Examples of one split, row by row. */
export interface Examples {
  /** At least 1. */
  readonly rows: number;
  /** f32 [rows, ...input], or pixels u8 [rows, ...input] that become inputs through `normalization`. */
  readonly x: Float32Array | Uint8Array;
  /** f32 [rows, targets], or classes i32 [rows]. */
  readonly y: Float32Array | Int32Array;
}

/** How pixels become inputs: (pixel / 255 - mean) / std, one number per channel. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface DataSet {
  readonly input: Shape;
  readonly target: TargetShape;
  /** null: x are inputs already. */
  readonly normalization: Normalization | null;
  readonly splits: Splits;
  /** The grid over which the fit is recorded; null where none is. */
  readonly fitAxes: readonly FitAxis[] | null;
}

/** There is always something to learn from; null: no examples. */
export type Splits = Readonly<Record<Split, Examples | null>> & { readonly train: Examples };

export const rowsOf = ({ splits }: DataSet): Record<Split, number> => {
  const [train, validation, test] = SPLITS.map((split) => splits[split]?.rows ?? 0) as [number, number, number];
  return { train, validation, test };
};

/** The sizes that a plan is made for. */
export const sizesOf = (set: DataSet): { readonly rows: Record<Split, number> } => ({ rows: rowsOf(set) });

function pick<T extends Float32Array | Uint8Array | Int32Array>(values: T, from: number, rows: Int32Array): T {
  const width = values.length / from;
  const picked = new (values.constructor as new (length: number) => T)(rows.length * width);
  for (const [i, row] of rows.entries()) picked.set(values.subarray(row * width, (row + 1) * width), i * width);
  return picked;
}

/** Some rows of the train split, copied, as all the data there is. */
export function batchOf(set: DataSet, rows: Int32Array): DataSet {
  const { train } = set.splits;
  const examples = { rows: rows.length, x: pick(train.x, train.rows, rows), y: pick(train.y, train.rows, rows) };
  return { ...set, splits: { train: examples, validation: null, test: null } };
}
