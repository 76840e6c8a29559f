// What of a data set is shown: all points, or the first pictures.
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

const pointsOf = ({ x, y }: Examples): PointSet => ({ x: Float32Array.from(x), y: Float32Array.from(y) });

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
