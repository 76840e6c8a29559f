// What of a data set is shown: all points that have room, or the first pictures.
import { PREVIEW_IMAGES, type DataPreview, type ImageSample, type PointSet } from '../spec/index.ts';
import { rowsOf, type DataSet, type Examples } from './data-set.ts';

/** Copies, so that a preview does not hold on to a hundred megabytes of pictures. */
function sampleOf({ rows, x, y }: Examples): ImageSample {
  const count = Math.min(rows, PREVIEW_IMAGES);
  return {
    pixels: Uint8Array.from(x.subarray(0, (x.length / rows) * count)),
    labels: Int32Array.from(y.subarray(0, count)),
  };
}

/** More than any chart can show: of longer data the first rows are shown. */
const MOST_NUMBERS = 2 ** 20;

function pointsOf({ rows, x, y }: Examples): PointSet {
  const count = Math.min(rows, Math.max(1, Math.floor((MOST_NUMBERS * rows) / (x.length + y.length))));
  return {
    x: Float32Array.from(x.subarray(0, (x.length / rows) * count)),
    y: Float32Array.from(y.subarray(0, (y.length / rows) * count)),
  };
}

/** Pictures of numbers (a table with a shape) are shown as points, as they have no pixels. Classes are numbers then. */
export function previewOf(set: DataSet): DataPreview {
  const { train, validation, test } = set.splits;
  if (!set.normalization)
    return {
      kind: 'points',
      train: pointsOf(train),
      validation: validation && pointsOf(validation),
      test: test && pointsOf(test),
    };
  return {
    kind: 'images',
    shape: set.input,
    rows: rowsOf(set),
    train: sampleOf(train),
    test: test && sampleOf(test),
  };
}
