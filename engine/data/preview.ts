// What of a data set is shown: all points or, of many, some that are taken evenly; of pictures the first.
import {
  dataShape,
  PREVIEW_IMAGES,
  PREVIEW_NUMBERS,
  PREVIEW_POINTS,
  SPLITS,
  type DataPreview,
  type DatasetSpec,
  type ImageSample,
  type PointSet,
} from '../spec/index.ts';
import { rowsOf, type DataSet, type Examples } from './data-set.ts';
import type { PreparedSteps } from './stored/apply-steps.ts';

/** Copies, so that a preview does not hold on to a hundred megabytes of pictures. */
function sampleOf({ rows, x, y }: Examples): ImageSample {
  const count = Math.min(rows, PREVIEW_IMAGES);
  return {
    pixels: Uint8Array.from(x.subarray(0, (x.length / rows) * count)),
    labels: Int32Array.from(y.subarray(0, count)),
  };
}

/** @param numbers of all rows. */
const shownOf = (rows: number, numbers: number): number =>
  Math.min(rows, PREVIEW_POINTS, Math.max(1, Math.floor((PREVIEW_NUMBERS * rows) / numbers)));

/** The i-th of `count` rows that are taken: the first is among them, and equal steps apart are the others. */
const takenRow = (i: number, rows: number, count: number): number => Math.floor((i * rows) / count);

function evenly(values: ArrayLike<number>, rows: number, count: number): Float32Array {
  const width = values.length / rows;
  const taken = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const from = takenRow(i, rows, count) * width;
    for (let k = 0; k < width; k++) taken[i * width + k] = values[from + k] ?? NaN;
  }
  return taken;
}

function pointsOf(examples: Examples): PointSet {
  const { rows, x, y } = examples;
  const count = shownOf(rows, x.length + y.length);
  return count === rows
    ? { x: Float32Array.from(x), y: Float32Array.from(y) }
    : { x: evenly(x, rows, count), y: evenly(y, rows, count) };
}

/** Pictures of numbers (a table with a shape) are shown as points, as they have no pixels. Classes are numbers then. */
export function previewOf(set: DataSet): DataPreview {
  const { train, validation, test } = set.splits;
  const isThinned = SPLITS.some((split) => {
    const examples = set.splits[split];
    return examples !== null && shownOf(examples.rows, examples.x.length + examples.y.length) < examples.rows;
  });
  if (!set.normalization)
    return {
      kind: 'points',
      train: pointsOf(train),
      validation: validation && pointsOf(validation),
      test: test && pointsOf(test),
      ...(isThinned && { rows: rowsOf(set) }),
    };
  return {
    kind: 'images',
    shape: set.input,
    rows: rowsOf(set),
    train: sampleOf(train),
    test: test && sampleOf(test),
  };
}

/**
 * What `previewOf` shows of all examples of a stored data set, of which only those that are shown are made.
 * @param steps prepared for the same description.
 * @throws EngineError as the examples of `steps`.
 */
export function previewStored({ report, normalization, examples }: PreparedSteps, data: DatasetSpec): DataPreview {
  const { input, target } = dataShape(data);
  const product = (shape: readonly number[]): number => shape.reduce((n, x) => n * x, 1);
  const width = product(input) + (target.kind === 'classes' ? 1 : product(target.shape));
  const splits = examples((rows) => {
    if (normalization) return rows.subarray(0, PREVIEW_IMAGES);
    const count = shownOf(rows.length, rows.length * width);
    return Int32Array.from({ length: count }, (_, i) => rows[takenRow(i, rows.length, count)] as number);
  });
  const preview = previewOf({ input, target, normalization, splits, fitAxes: null });
  const isThinned = SPLITS.some((split) => (splits[split]?.rows ?? 0) < report.sizes[split]);
  return preview.kind === 'images' || isThinned ? { ...preview, rows: report.sizes } : preview;
}
