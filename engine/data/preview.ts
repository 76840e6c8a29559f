// What of a data set is shown: all points or, of many, some that are taken evenly; of pictures the first.
import {
  PREVIEW_IMAGES,
  PREVIEW_NUMBERS,
  PREVIEW_POINTS,
  SPLITS,
  type DataPreview,
  type ImageSample,
  type PointSet,
} from '../spec/index.ts';
import { rowsOf, type DataSet, type Examples } from './data-set.ts';

/** Copies, so that a preview does not hold on to a hundred megabytes of pictures. */
function sampleOf({ rows, x, y }: Examples): ImageSample {
  const count = Math.min(rows, PREVIEW_IMAGES);
  return {
    pixels: Uint8Array.from(x.subarray(0, (x.length / rows) * count)),
    labels: Int32Array.from(y.subarray(0, count)),
  };
}

const shownOf = ({ rows, x, y }: Examples): number =>
  Math.min(rows, PREVIEW_POINTS, Math.max(1, Math.floor((PREVIEW_NUMBERS * rows) / (x.length + y.length))));

/** Rows i·rows/count: the first is among them, and equal steps apart are the others. */
function evenly(values: ArrayLike<number>, rows: number, count: number): Float32Array {
  const width = values.length / rows;
  const taken = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * rows) / count) * width;
    for (let k = 0; k < width; k++) taken[i * width + k] = values[from + k] ?? NaN;
  }
  return taken;
}

function pointsOf(examples: Examples): PointSet {
  const { rows, x, y } = examples;
  const count = shownOf(examples);
  return count === rows
    ? { x: Float32Array.from(x), y: Float32Array.from(y) }
    : { x: evenly(x, rows, count), y: evenly(y, rows, count) };
}

/** Pictures of numbers (a table with a shape) are shown as points, as they have no pixels. Classes are numbers then. */
export function previewOf(set: DataSet): DataPreview {
  const { train, validation, test } = set.splits;
  const isThinned = SPLITS.some((split) => {
    const examples = set.splits[split];
    return examples !== null && shownOf(examples) < examples.rows;
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
