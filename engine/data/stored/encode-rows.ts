// Rows of a stored data set as the numbers that a model sees: filled in, scaled, categories as zeros and ones.
import { EngineError } from '../../plan/engine-error.ts';
import { columnWidth, type DatasetSpec } from '../../spec/index.ts';
import type { Examples } from '../data-set.ts';
import type { FittedColumn } from './fit-columns.ts';
import { badDataset } from './matching.ts';
import type { StoredColumn, StoredPictures } from './stored-data.ts';

/** Numbers of one split; 4 bytes each, and the engine's memory has 4 GiB. */
const MOST_NUMBERS = 2 ** 30;

/** Categories as numbers: NaN where one is missing. */
const numbersOf = (stored: StoredColumn): Float64Array =>
  stored.kind === 'number' ? stored.values : Float64Array.from(stored.values, (x) => (x < 0 ? NaN : x));

/** A column of numbers into every `width`-th place. */
function writeNumbers(
  dataset: DatasetSpec,
  { spec, stored, fill, scale }: FittedColumn,
  rows: Int32Array,
  out: Float32Array,
  { at, width }: { readonly at: number; readonly width: number },
): void {
  const { mean, std } = scale ?? { mean: 0, std: 1 };
  // One kind of array: in a loop over two, every access asks again which it is.
  const values = numbersOf(stored);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const own = values[row] as number;
    const value = Number.isNaN(own) ? fill : own;
    const number = Math.fround(scale === null ? value : (value - mean) / std);
    if (!Number.isFinite(number))
      throw badDataset(
        dataset,
        'BEYOND_F32',
        `has ${value} in column "${spec.name}", row ${row + 1}, which f32 cannot hold`,
        {
          column: spec.name,
          row: row + 1,
          value,
        },
      );
    out[i * width + at] = number;
  }
}

function writeOneHot(
  { stored: { values }, fill }: FittedColumn,
  rows: Int32Array,
  out: Float32Array,
  { at, width }: { readonly at: number; readonly width: number },
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const own = values[row] as number;
    const category = own < 0 ? fill : own;
    out[i * width + at + category] = 1;
  }
}

function matrixOf(dataset: DatasetSpec, columns: readonly FittedColumn[], rows: Int32Array): Float32Array {
  const width = columns.reduce((sum, { spec }) => sum + columnWidth(spec), 0);
  if (rows.length * width > MOST_NUMBERS)
    throw new EngineError(
      'OUT_OF_MEMORY',
      `${rows.length} rows of ${width} numbers of the data set "${dataset.name}" take ${rows.length * width * 4} bytes`,
      { neededBytes: rows.length * width * 4, limitBytes: MOST_NUMBERS * 4 },
    );
  const out = new Float32Array(rows.length * width);
  let at = 0;
  for (const column of columns) {
    const { kind, encoding } = column.spec;
    if (kind === 'category' && encoding === 'one_hot') writeOneHot(column, rows, out, { at, width });
    else writeNumbers(dataset, column, rows, out, { at, width });
    at += columnWidth(column.spec);
  }
  return out;
}

const classesAt = (values: StoredColumn['values'] | Int32Array, rows: Int32Array): Int32Array =>
  rows.map((row) => values[row] as number);

/** @returns null for no rows. */
export function columnExamples(
  dataset: DatasetSpec,
  columns: readonly FittedColumn[],
  rows: Int32Array,
): Examples | null {
  if (rows.length === 0) return null;
  const features = columns.filter((x) => x.spec.role === 'feature');
  const targets = columns.filter((x) => x.spec.role === 'target');
  const [target] = targets;
  return {
    rows: rows.length,
    x: matrixOf(dataset, features, rows),
    y: target?.stored.kind === 'category' ? classesAt(target.stored.values, rows) : matrixOf(dataset, targets, rows),
  };
}

/** Rows that lie together are not copied. @returns null for no rows. */
export function pictureExamples({ pixels, labels, shape }: StoredPictures, rows: Int32Array): Examples | null {
  const [first] = rows;
  if (first === undefined) return null;
  const size = shape[0] * shape[1] * shape[2];
  if (rows.every((row, i) => row === first + i))
    return {
      rows: rows.length,
      x: pixels.subarray(first * size, (first + rows.length) * size),
      y: labels.subarray(first, first + rows.length),
    };
  const x = new Uint8Array(rows.length * size);
  for (const [i, row] of rows.entries()) x.set(pixels.subarray(row * size, (row + 1) * size), i * size);
  return { rows: rows.length, x, y: classesAt(labels, rows) };
}
