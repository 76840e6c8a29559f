// A small data set as a project file keeps it, for the tests that need one; its bytes stand for any.
import { createHash } from 'node:crypto';
import type { DatasetEntry } from '../../main/contract/shapes.ts';
import type { ProjectFile } from '../../main/project/project-file.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 37) % 251);

const digest = createHash('sha256').update(bytes).digest('hex');

const entry: DatasetEntry = {
  digest,
  name: 'iris',
  kind: 'columns',
  source: 'iris.csv',
  sizeBytes: bytes.length,
  createdAt: 1_795_000_003_000,
  rows: 150,
  columns: [
    { name: 'width', kind: 'number', missing: 2, categories: 0, names: [], range: { low: 0.1, high: 2.5 } },
    { name: 'species', kind: 'category', missing: 0, categories: 2, names: ['setosa', 'virginica'], range: null },
  ],
  pictures: null,
  described: {
    type: 'dataset',
    digest,
    name: 'iris',
    rows: 150,
    columns: [
      { name: 'width', role: 'feature', kind: 'number', categories: 0, encoding: 'one_hot', missing: 'median' },
      { name: 'species', role: 'target', kind: 'category', categories: 2, encoding: 'one_hot', missing: 'drop' },
    ],
    pictures: null,
    class_names: ['setosa', 'virginica'],
    split: { method: 'stratified', validation: 0, test: 0.2, seed: 0 },
    standardize: true,
    standardize_target: false,
  },
};

export const dataset = { bytes, entry } as const;

/** Stores it in parts of 400 bytes. */
export function storeDataset({ datasets }: ProjectFile): void {
  for (let at = 0; at < bytes.length; at += 400)
    datasets.addChunk(entry.digest, at / 400, bytes.subarray(at, at + 400));
  datasets.finish(entry);
}
