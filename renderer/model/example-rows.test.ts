// Examples row by row: split after split, inputs and targets as they are.
import { describe, expect, it } from 'vitest';
import { Data, parseWith, type DataPreview } from '../../engine/spec/index.ts';
import { dataRows } from './example-rows.ts';

const MOONS = parseWith(Data, { type: 'moons', train: 2, test: 1 }, 'Data');
const TABLE = parseWith(
  Data,
  { type: 'table', x: [[1, 2], [3, 4]], y: [[5], [6]], test_x: [[7, 8]], test_y: [[9]] }, // prettier-ignore
  'Data',
);
const points = (x: number[], y: number[]) => ({ x: Float32Array.from(x), y: Float32Array.from(y) });
const PREVIEW: DataPreview = {
  kind: 'points',
  train: points([0, 1, 0.5, -1], [1, 0]),
  validation: null,
  test: points([4, 5], [1]),
};

describe('rows', () => {
  it('of a table are those that it says', () => {
    const rows = dataRows(TABLE, null);
    expect(rows).toMatchObject({ count: 3, inputs: 2, targets: 1, isClasses: false, splits: ['train', 'test'] });
    expect([0, 1, 2, 3].map((i) => rows?.at(i))).toEqual([
      { x: [1, 2], y: [5], split: 'train' },
      { x: [3, 4], y: [6], split: 'train' },
      { x: [7, 8], y: [9], split: 'test' },
      null,
    ]);
  });

  it('of generated data are those of the preview, once it is there', () => {
    expect(dataRows(MOONS, null)).toBeNull();
    const rows = dataRows(MOONS, PREVIEW);
    expect(rows).toMatchObject({ count: 3, inputs: 2, targets: 1, isClasses: true, splits: ['train', 'test'] });
    expect([1, 2].map((i) => rows?.at(i))).toEqual([
      { x: [0.5, -1], y: [0], split: 'train' },
      { x: [4, 5], y: [1], split: 'test' },
    ]);
  });

  it('are none of pictures', () => {
    const pictures = parseWith(Data, { type: 'shapes32', train: 10, test: 0 }, 'Data');
    expect(dataRows(pictures, PREVIEW)).toBeNull();
  });
});
