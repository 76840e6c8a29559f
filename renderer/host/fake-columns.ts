// Summaries of an imported table's columns for the fake lab: as many rows as the document says, spread like a few thousand drawn ones.
import {
  addValue,
  barLimits,
  barOf,
  factsOf,
  noMoments,
  type DatasetSpec,
  type Split,
} from '../../engine/spec/index.ts';
import { LabError } from '../../main/contract/errors.ts';
import type { ColumnSummary, PairSample } from '../../main/contract/column-shapes.ts';
import type { DatasetReport } from '../../main/contract/shapes.ts';
import { normals } from './fake-points.ts';

/** A million rows of nine numbers, a category of many values and a class. */
export const FAKE_LARGE: DatasetSpec = {
  type: 'dataset',
  digest: 'b'.repeat(64),
  name: 'sensors',
  rows: 1_000_000,
  columns: [
    ...[
      'temperature',
      'pressure',
      'humidity',
      'wind speed',
      'a reading with a name that is far too long for its place',
      'dew point',
      'cloud cover',
      'radiation',
      'rain',
    ].map((name, i) => ({
      name,
      role: 'feature' as const,
      kind: 'number' as const,
      categories: 0,
      encoding: 'one_hot' as const,
      missing: i === 2 ? ('mean' as const) : ('drop' as const),
    })),
    {
      name: 'station',
      role: 'feature',
      kind: 'category',
      categories: 3200,
      encoding: 'index',
      missing: 'most_frequent',
    },
    { name: 'weather', role: 'target', kind: 'category', categories: 4, encoding: 'one_hot', missing: 'drop' },
  ],
  pictures: null,
  class_names: ['clear', 'cloudy', 'rain', 'snow'],
  split: { method: 'stratified', validation: 0.1, test: 0.2, seed: 0 },
  standardize: true,
  standardize_target: false,
};

/** Sixty thousand pictures of ten classes. */
export const FAKE_PICTURES: DatasetSpec = {
  ...FAKE_LARGE,
  digest: 'c'.repeat(64),
  name: 'garments',
  rows: 60_000,
  columns: [],
  pictures: { shape: [3, 32, 32], classes: 10, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  class_names: ['shirt', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'blouse', 'sneaker', 'bag', 'boot'],
};

const DRAWN = 2000;
const BARS = 20;

type Part = 'all' | Split;

function sharesOf({ split: { validation, test } }: DatasetSpec): Readonly<Record<Part, number>> {
  return { all: 1, train: 1 - validation - test, validation, test };
}
const byPart = <T>(make: (part: Part) => T): Record<Part, T> => ({
  all: make('all'),
  train: make('train'),
  validation: make('validation'),
  test: make('test'),
});

/** The `at`-th column lies around it, some askew. */
const drawn = (at: number): number[] => {
  const normal = normals(at + 1);
  return Array.from({ length: DRAWN }, () => (at % 3 === 1 ? Math.exp(normal()) : at * 2 + normal()));
};

function learnt(data: DatasetSpec, at: number): DatasetSpec['columns'][number] {
  const column = data.columns[at];
  if (column && (column.role === 'feature' || column.role === 'target')) return column;
  throw new LabError('NOT_FOUND', 'no such column', { what: 'column', id: String(at) });
}

export function fakeColumn(data: DatasetSpec, at: number): ColumnSummary {
  const { name, role, kind, categories, missing } = learnt(data, at);
  const shares = sharesOf(data);
  const gaps = (part: Part) => (missing === 'drop' ? 0 : Math.round(data.rows * shares[part] * 0.013));
  const rowsIn = (part: Part) => Math.round(data.rows * shares[part]) - gaps(part);
  const summarized = { name, role: role === 'target' ? ('target' as const) : ('feature' as const) };
  if (kind === 'category') {
    const named = Array.from({ length: Math.min(categories, 200) }, (_, i) =>
      role === 'target' ? (data.class_names[i] ?? `class ${String(i)}`) : `value ${String(i + 1)}`,
    );
    const parts = byPart((part) => {
      const count = rowsIn(part);
      const weights = named.map((_, i) => 1 / (i + 1));
      const sum = weights.reduce((a, b) => a + b, 0) * (categories > named.length ? 1.2 : 1);
      const counts = Int32Array.from(weights, (x) => Math.floor((count * x) / sum));
      if (categories <= named.length) counts[0] = (counts[0] ?? 0) + count - counts.reduce((a, b) => a + b, 0);
      return { count, missing: gaps(part), counts, others: count - counts.reduce((a, b) => a + b, 0) };
    });
    return { ...summarized, kind, named, unnamed: categories - named.length, parts };
  }
  const values = drawn(at).sort((a, b) => a - b);
  const moments = noMoments();
  for (const value of values) addValue(moments, value);
  const limits = barLimits(moments, BARS);
  const parts = byPart((part) => {
    const [rows, counts] = [rowsIn(part), new Int32Array(limits.length - 1)];
    for (const value of values) counts[barOf(limits, value)] = (counts[barOf(limits, value)] ?? 0) + 1;
    const quartile = (share: number) => values[Math.floor(share * DRAWN)] ?? NaN;
    return {
      facts: { ...factsOf(moments), count: rows, missing: gaps(part) },
      quartiles: rows > 0 ? ([quartile(0.25), quartile(0.5), quartile(0.75)] as const) : null,
      counts: counts.map((x) => Math.round((x * rows) / DRAWN)),
    };
  });
  return { ...summarized, kind, limits, parts };
}

export function fakePair(data: DatasetSpec, across: number, up: number): PairSample {
  learnt(data, across);
  learnt(data, up);
  const count = Math.min(DRAWN, data.rows);
  const target = data.columns.find((x) => x.role === 'target');
  return {
    total: data.rows,
    missing: 0,
    x: Float64Array.from(drawn(across).slice(0, count)),
    y: Float64Array.from(drawn(up).slice(0, count)),
    splits: Uint8Array.from({ length: count }, (_, i) => (i % 5 === 0 ? 3 : 1)),
    classes: target?.kind === 'category' ? Int32Array.from({ length: count }, (_, i) => i % target.categories) : null,
  };
}

/** Of pictures, or of a table of any size; nothing is missing, and classes become rarer one after the other. */
export function fakeReportOf(data: DatasetSpec): DatasetReport {
  const shares = sharesOf(data);
  const { train, validation, test } = byPart((part) => Math.round(data.rows * shares[part]));
  const classes = [...data.class_names];
  const total = classes.reduce((sum, _, i) => sum + 1 / (i + 2), 0);
  const counts = (rows: number) => {
    const list = Int32Array.from(classes, (_, i) => Math.floor(rows / (i + 2) / total));
    list[0] = (list[0] ?? 0) + rows - list.reduce((a, b) => a + b, 0);
    return list;
  };
  return {
    rows: data.rows,
    dropped: [],
    unused: 0,
    sizes: { train, validation, test },
    imputed: [],
    encoded: [],
    scaled: [],
    balance: { classes, counts: { train: counts(train), validation: counts(validation), test: counts(test) } },
  };
}
