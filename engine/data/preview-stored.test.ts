// A preview of stored data is that of all their examples, without making all of them.
import { describe, expect, it } from 'vitest';
import { Generator } from '../random/index.ts';
import { PREVIEW_IMAGES, type DatasetSpec } from '../spec/index.ts';
import {
  encodeStored,
  loadData,
  prepareSteps,
  previewOf,
  previewStored,
  storedDigest,
  type StoredData,
} from './index.ts';
import { describeStored } from './stored/describe.ts';

async function bothPreviews(data: StoredData, change: Partial<DatasetSpec> = {}) {
  const bytes = encodeStored(data);
  const spec = { ...describeStored(data, { name: 'sample', digest: await storedDigest(bytes) }), ...change };
  const files = { open: () => Promise.reject(new Error('no files')), stored: () => Promise.resolve(bytes) };
  const all = await loadData(spec, Generator.manualSeed(0), files);
  return { found: previewStored(prepareSteps(data, spec), spec), wanted: previewOf(all) };
}

const table = (rows: number, categories: number): StoredData => ({
  kind: 'columns',
  rows,
  columns: [
    { name: 'x', kind: 'number', values: Float64Array.from({ length: rows }, (_, i) => (i % 7 === 3 ? NaN : i * i)) },
    {
      name: 'kind',
      kind: 'category',
      values: Int32Array.from({ length: rows }, (_, i) => (i % 11 === 5 ? -1 : i % categories)),
      categories: Array.from({ length: categories }, (_, i) => `k${i}`),
    },
    { name: 'y', kind: 'number', values: Float64Array.from({ length: rows }, (_, i) => 3 * i) },
  ],
});

describe('a preview of a stored table', () => {
  it.each([
    [50, 3],
    [9000, 3],
    // So wide that fewer rows are shown than of a narrow one.
    [5000, 400],
  ])('of %i rows is that of all its examples', async (rows, categories) => {
    const split = { method: 'random', validation: 0.1, test: 0.2, seed: 4 } as const;
    const { found, wanted } = await bothPreviews(table(rows, categories), { split });
    expect(found).toEqual(wanted);
    expect(found.kind === 'points' && found.rows !== undefined).toBe(rows > 3000);
  });
});

it('a preview of stored pictures is that of all of them', async () => {
  const rows = 3 * PREVIEW_IMAGES;
  const { found, wanted } = await bothPreviews({
    kind: 'pictures',
    rows,
    shape: [1, 2, 2],
    pixels: Uint8Array.from({ length: rows * 4 }, (_, i) => (i * 31) % 256),
    labels: Int32Array.from({ length: rows }, (_, i) => i % 2),
    classes: ['even', 'odd'],
    parts: null,
  });
  expect(found).toEqual(wanted);
});
