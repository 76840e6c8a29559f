// Imported data of the fake lab: a table of flowers in every state that the window must be able to show.
import type { DatasetSpec, ImageSample } from '../../engine/spec/index.ts';
import type { DatasetEntry, DatasetReport, ImportPreview } from '../../main/contract/shapes.ts';

const EPOCH = Date.UTC(2026, 10, 23, 9, 30);
const SPECIES = ['setosa', 'versicolor', 'virginica'] as const;
const LENGTHS = ['sepal length', 'sepal width', 'petal length', 'petal width'] as const;

const described = (name: string, digest: string): DatasetSpec => ({
  type: 'dataset',
  digest,
  name,
  rows: 150,
  columns: [
    ...LENGTHS.map((column, i) => ({
      name: column,
      role: 'feature' as const,
      kind: 'number' as const,
      categories: 0,
      encoding: 'one_hot' as const,
      missing: i === 1 ? ('median' as const) : ('drop' as const),
    })),
    { name: 'garden', role: 'feature', kind: 'category', categories: 2, encoding: 'one_hot', missing: 'drop' },
    { name: 'species', role: 'target', kind: 'category', categories: 3, encoding: 'one_hot', missing: 'drop' },
  ],
  pictures: null,
  class_names: [...SPECIES],
  split: { method: 'stratified', validation: 0.1, test: 0.2, seed: 0 },
  standardize: true,
  standardize_target: false,
});

/** A stored table; the digest tells the number. */
export function fakeDataset(number: number): DatasetEntry {
  const digest = number.toString(16).padStart(64, '0');
  const name = number === 1 ? 'iris' : `measurements ${String(number)}`;
  return {
    digest,
    name,
    kind: 'columns',
    source: `${name}.csv`,
    sizeBytes: 7200 * number,
    createdAt: EPOCH,
    rows: 150,
    columns: [
      ...LENGTHS.map((column, i) => ({
        name: column,
        kind: 'number' as const,
        missing: i === 1 ? 3 : 0,
        categories: 0,
        names: [],
        range: { low: 0.1, high: 7.9 },
      })),
      { name: 'garden', kind: 'category', missing: 2, categories: 2, names: ['north', 'south'], range: null },
      { name: 'species', kind: 'category', missing: 0, categories: 3, names: [...SPECIES], range: null },
    ],
    pictures: null,
    described: described(name, digest),
  };
}

export const fakeReport: DatasetReport = {
  rows: 150,
  dropped: [{ column: 'garden', rows: 2 }],
  unused: 0,
  sizes: { train: 104, validation: 15, test: 29 },
  imputed: [{ column: 'sepal width', method: 'median', values: 3, fill: 3 }],
  encoded: [{ column: 'garden', encoding: 'one_hot', categories: ['north', 'south'] }],
  scaled: [
    { column: 'sepal length', role: 'feature', mean: 5.84, std: 0.83 },
    { column: 'sepal width', role: 'feature', mean: 3.05, std: 0.43 },
    { column: 'petal length', role: 'feature', mean: 3.76, std: 1.76 },
    { column: 'petal width', role: 'feature', mean: 1.2, std: 0.76 },
  ],
  balance: {
    classes: [...SPECIES],
    counts: { train: Int32Array.of(35, 35, 34), validation: Int32Array.of(5, 5, 5), test: Int32Array.of(10, 9, 10) },
  },
};

const first = Array.from({ length: 12 }, (_, i) => [
  (5.1 + i / 10).toFixed(1),
  i === 4 ? '' : (3.5 - i / 20).toFixed(2),
  String(1.4 + (i % 3)),
  '0.2',
  i % 2 === 0 ? 'north' : 'south',
  SPECIES[i % 3] ?? '',
]);

export const fakeImportPreview: ImportPreview = {
  source: 'iris.csv',
  format: 'table',
  sizeBytes: 4551,
  rows: 150,
  approximate: false,
  delimiter: ',',
  header: true,
  decimal: '.',
  columns: fakeDataset(1).columns.map(({ name, kind, missing }, i) => ({
    name,
    kind,
    missing,
    examples: first.slice(0, 4).map((row) => row[i] ?? ''),
  })),
  first,
  pictures: null,
  problems: [],
};

/** The same file with a wrong row in it. */
export const fakeWrongPreview: ImportPreview = {
  ...fakeImportPreview,
  problems: [
    {
      code: 'MIXED_TYPES',
      message: 'iris.csv, row 17, column "petal length": "1,4cm" is no number',
      file: 'iris.csv',
      row: 17,
      column: 'petal length',
      params: { value: '1,4cm' },
    },
  ],
};

/** A folder of pictures of several sizes. */
export const fakePicturesPreview = (sample: ImageSample): ImportPreview => ({
  ...fakeImportPreview,
  source: 'shapes',
  format: 'pictures',
  sizeBytes: 4_200_000,
  rows: 1280,
  delimiter: null,
  header: null,
  decimal: null,
  columns: [],
  first: [],
  pictures: { shape: [3, 32, 32], classes: Array.from({ length: 10 }, (_, i) => `class ${String(i)}`), sample },
  problems: [
    {
      code: 'SIZE_DIFFERS',
      message: 'class 3/photo 12.png is 64 × 48, but the first picture is 32 × 32',
      file: 'class 3/photo 12.png',
      row: null,
      column: null,
      params: { expected: '32 × 32', received: '64 × 48' },
    },
  ],
});

/** Three hundred columns with long names. */
export const fakeHugePreview: ImportPreview = {
  ...fakeImportPreview,
  source: `${'expression of genes in tissue '.repeat(4)}.csv`,
  sizeBytes: 181_000_000,
  rows: 1_200_000,
  approximate: true,
  columns: Array.from({ length: 300 }, (_, i) => ({
    name: `${'expression of gene '.repeat(1 + (i % 3))}${String(i)}`,
    kind: i % 7 === 0 ? ('category' as const) : ('number' as const),
    missing: i % 5 === 0 ? 12_345 : 0,
    examples: ['0.123456789', '1.5e-7', '3'],
  })),
  first: Array.from({ length: 20 }, () => Array.from({ length: 300 }, (_, i) => String(i / 7))),
};
