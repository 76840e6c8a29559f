// What of an imported table's columns is shown, and that nothing of it is lost without a word.
import { expect, it } from 'vitest';
import { fakeColumn } from '../host/fake-columns.ts';
import { fakeDataset } from '../host/fake-datasets.ts';
import { reportedCounts } from './data-columns.ts';
import { dotsOfSample } from './paint/pair-dots.ts';
import { categoryValues, learntColumns, usedSplits } from './stored-columns.ts';

const { described } = fakeDataset(1);

it('are those that are learnt from, the target last, in the splits that are used', () => {
  expect(learntColumns(described)).toEqual([0, 1, 2, 3, 4, 5]);
  const columns = described.columns.map((x, i) => ({
    ...x,
    role: i === 0 ? ('target' as const) : i === 2 ? ('ignore' as const) : ('feature' as const),
  }));
  expect(learntColumns({ ...described, columns })).toEqual([1, 3, 4, 5, 0]);
  expect(usedSplits(described)).toEqual(['train', 'validation', 'test']);
  expect(usedSplits({ ...described, split: { ...described.split, validation: 0, test: 0 } })).toEqual(['train']);
});

it.each([1, 8, 9, 10, 250])('of %i categories count every row, shown or not', (categories) => {
  const columns = described.columns.map((x, i) => (i === 4 ? { ...x, categories } : x));
  const summary = fakeColumn({ ...described, rows: 100_000, columns }, 4);
  if (summary.kind !== 'category') throw new Error('no categories');
  for (const split of [null, 'train', 'test'] as const) {
    const { values, others, count } = categoryValues(summary, split);
    expect(values.length + others.values).toBe(categories);
    expect(others.values).not.toBe(1);
    expect(values.reduce((sum, x) => sum + x.count, others.rows)).toBe(count);
    expect(count).toBe(summary.parts[split ?? 'all'].count);
  }
});

it('and a sample of their rows become points with split and class', () => {
  const sample = { x: Float64Array.of(1, 2), y: Float64Array.of(3, 4), splits: Uint8Array.of(1, 3), classes: null };
  expect(dotsOfSample(sample)).toEqual([
    { u: 1, v: 3, value: 0, split: 'train' },
    { u: 2, v: 4, value: 0, split: 'test' },
  ]);
  expect(dotsOfSample({ ...sample, classes: Int32Array.of(2, 1) }).map((x) => x.value)).toEqual([2, 1]);
});

it('of classes are counted as the steps report them, in splits that have rows', () => {
  const counts = { train: Int32Array.of(3, 1), validation: Int32Array.of(0, 0), test: Int32Array.of(1, 0) };
  const sizes = { train: 4, validation: 0, test: 1 };
  expect(reportedCounts({ sizes, balance: { classes: ['a', 'b'], counts } })).toEqual([
    { split: 'train', counts: [3, 1], rows: 4, total: 4 },
    { split: 'test', counts: [1, 0], rows: 1, total: 1 },
  ]);
  expect(reportedCounts({ sizes, balance: null })).toEqual([]);
});
