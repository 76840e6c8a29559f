// What is done to imported data before training: every row goes where the document says, and nothing is learnt from rows that are held out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Generator } from '../../random/index.ts';
import { dataShape, DatasetData, parseWith, SPLITS, type DatasetSpec, type Split } from '../../spec/index.ts';
import { digestOf, loadData, previewOf } from '../index.ts';
import { applySteps, reportSteps } from './apply-steps.ts';
import { encodeStored, storedDigest } from './container.ts';
import { describeStored } from './describe.ts';
import type { StoredColumn, StoredColumns, StoredData, StoredPictures } from './stored-data.ts';

const DIGEST = 'a'.repeat(64);
const numbers = (name: string, ...values: number[]): StoredColumn => ({
  name,
  kind: 'number',
  values: Float64Array.from(values),
});
const words = (name: string, categories: readonly string[], ...values: number[]): StoredColumn => ({
  name,
  kind: 'category',
  values: Int32Array.from(values),
  categories,
});
const table = (...columns: StoredColumn[]): StoredColumns => ({
  kind: 'columns',
  rows: columns[0]?.values.length ?? 0,
  columns,
});

type Changes = Partial<Omit<DatasetSpec, 'columns' | 'split'>> & {
  readonly split?: Partial<DatasetSpec['split']>;
  readonly columns?: Readonly<Record<string, Partial<DatasetSpec['columns'][number]>>>;
};
/** The guessed description, with some fields changed, checked by the schema. */
function describing(data: StoredData, { split, columns = {}, ...rest }: Changes = {}): DatasetSpec {
  const guess = describeStored(data, { name: 'sample', digest: DIGEST });
  return parseWith(
    DatasetData,
    {
      ...guess,
      ...rest,
      split: { ...guess.split, ...split },
      columns: guess.columns.map((x) => ({ ...x, ...columns[x.name] })),
    },
    'Data',
  );
}

const whole = { test: 0, validation: 0, method: 'random' } as const;
/** Row numbers of the file, told by a feature that counts them. */
const rowsIn = (data: StoredData, spec: DatasetSpec): Record<Split, number[]> => {
  const { splits } = applySteps(data, spec);
  return Object.fromEntries(SPLITS.map((x) => [x, [...(splits[x]?.x ?? [])]])) as Record<Split, number[]>;
};

describe('rows', () => {
  const counted = (rows: number, classes = 3): StoredColumns =>
    table(
      numbers('at', ...Array.from({ length: rows }, (_, i) => i)),
      words(
        'class',
        ['a', 'b', 'c'].slice(0, classes),
        ...Array.from({ length: rows }, (_, i) => (i < rows / 2 ? 0 : i % classes)),
      ),
    );

  it('are each in one split, in shares as near as rounding allows, for any seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 200 }),
        fc.constantFrom('random', 'stratified'),
        fc.double({ min: 0, max: 0.45, noNaN: true }),
        fc.double({ min: 0, max: 0.45, noNaN: true }),
        fc.nat(),
        (rows, method, validation, test, seed) => {
          const data = counted(rows);
          const spec = describing(data, { split: { method, validation, test, seed }, standardize: false });
          const found = rowsIn(data, spec);
          expect(SPLITS.flatMap((x) => found[x]).sort((a, b) => a - b)).toEqual(
            Array.from({ length: rows }, (_, i) => i),
          );
          for (const [name, share] of [
            ['validation', validation],
            ['test', test],
          ] as const)
            expect(found[name]).toHaveLength(share > 0 ? Math.max(1, Math.round(share * rows)) : 0);
          expect(rowsIn(data, spec)).toEqual(found);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are drawn anew by another seed, in the order of a random permutation', () => {
    const data = counted(50);
    const [one, two] = [1, 2].map((seed) =>
      rowsIn(data, describing(data, { split: { method: 'random', seed }, standardize: false })),
    );
    expect(one?.test).not.toEqual(two?.test);
    expect(one?.train).not.toEqual([...(one?.train ?? [])].sort((a, b) => a - b));
  });

  it('keep the shares of classes when stratified', () => {
    const data = counted(120);
    const { balance } = reportSteps(
      data,
      describing(data, { split: { method: 'stratified', validation: 0.25, test: 0.25 } }),
    );
    expect(balance?.classes).toEqual(['a', 'b', 'c']);
    expect(SPLITS.map((x) => [...(balance?.counts[x] ?? [])])).toEqual([
      [40, 10, 10],
      [20, 5, 5],
      [20, 5, 5],
    ]);
  });

  it('go where a column says, and those of unused splits nowhere', () => {
    const data = table(
      numbers('at', 0, 1, 2, 3, 4, 5),
      numbers('y', 1, 2, 3, 4, 5, 6),
      words('Split', ['Train', 'val', 'TEST'], 0, 1, 2, 0, -1, 2),
    );
    const guess = describing(data, { standardize: false });
    expect(guess.split).toMatchObject({ method: 'column', validation: 0.167, test: 0.333 });
    expect(guess.columns.map((x) => x.role)).toEqual(['feature', 'target', 'split']);
    expect(rowsIn(data, guess)).toEqual({ train: [0, 3], validation: [1], test: [2, 5] });
    expect(reportSteps(data, guess)).toMatchObject({ dropped: [{ column: 'Split', rows: 1 }], unused: 0 });
    const without = describing(data, { standardize: false, split: { validation: 0 } });
    expect(rowsIn(data, without).train).toEqual([0, 3]);
    expect(reportSteps(data, without)).toMatchObject({ unused: 1, sizes: { train: 2, validation: 0, test: 2 } });
  });

  it('are refused by row when their mark is none', () => {
    const data = table(numbers('at', 0, 1), numbers('y', 1, 2), words('part', ['train', 'holdout'], 0, 1));
    const spec = describing(data, {
      split: { method: 'column', test: 0 },
      columns: { part: { role: 'split' }, y: { role: 'target' } },
    });
    expect(() => applySteps(data, spec)).toThrow(
      expect.objectContaining({
        code: 'BAD_DATA_FILE',
        details: { file: 'sample', code: 'BAD_MARK', column: 'part', row: 2, value: 'holdout' },
      }),
    );
  });

  it('must be left to train on, and in every split that is used', () => {
    const data = table(numbers('x', NaN, NaN, 1), numbers('y', 1, 2, 3));
    const drop = { x: { missing: 'drop' } } as const;
    expect(() => applySteps(data, describing(data, { columns: drop, split: { test: 0.5 } }))).toThrow(
      expect.objectContaining({
        code: 'DATA_MISSING',
        details: expect.objectContaining({ split: 'train', available: 0 }),
      }),
    );
    const marked = table(numbers('x', 1, 2), numbers('y', 1, 2), words('split', ['train', 'test'], 0, 0));
    expect(() => applySteps(marked, describing(marked, { split: { test: 0.1 } }))).toThrow(
      expect.objectContaining({ code: 'DATA_MISSING', details: expect.objectContaining({ split: 'test' }) }),
    );
  });
});

describe('what is missing', () => {
  const data = table(
    numbers('x', 1, NaN, 3, 5, NaN, 100),
    words('kind', ['a', 'b'], 0, 1, -1, 1, 1, 0),
    numbers('y', 1, 2, 3, 4, NaN, 6),
    words('split', ['train', 'test'], 0, 0, 0, 0, 0, 1),
  );
  const fill = (x: DatasetSpec['columns'][number]['missing'], kind: typeof x = 'most_frequent') =>
    describing(data, { standardize: false, columns: { x: { missing: x }, kind: { missing: kind } } });

  it.each([
    ['mean', 3],
    ['median', 3],
    ['most_frequent', 1],
  ] as const)('is filled in by the %s of the train rows only', (method, value) => {
    const spec = fill(method);
    const { splits, report } = applySteps(data, spec);
    // x, then whether kind is a, whether it is b.
    expect([...splits.train.x]).toEqual([1, 1, 0, value, 0, 1, 3, 0, 1, 5, 0, 1]);
    expect([...(splits.test?.x ?? [])]).toEqual([100, 1, 0]);
    expect(report.imputed).toEqual([
      { column: 'x', method, values: 1, fill: value },
      { column: 'kind', method: 'most_frequent', values: 1, fill: 'b' },
    ]);
    expect(report.dropped).toEqual([{ column: 'y', rows: 1 }]);
  });

  it('is left out, each row once, a missing target always', () => {
    const { splits, report } = applySteps(data, fill('drop', 'drop'));
    expect([...splits.train.y]).toEqual([1, 4]);
    expect(report).toMatchObject({
      rows: 6,
      dropped: [
        { column: 'y', rows: 1 },
        { column: 'x', rows: 1 },
        { column: 'kind', rows: 1 },
      ],
      sizes: { train: 2, validation: 0, test: 1 },
      imputed: [],
    });
  });

  it('cannot be filled in from nothing', () => {
    const empty = table(numbers('x', NaN, NaN, 1), numbers('y', 1, 2, 3), words('split', ['train', 'test'], 0, 0, 1));
    expect(() => applySteps(empty, describing(empty))).toThrow(
      expect.objectContaining({ code: 'BAD_DATA_FILE', details: { file: 'sample', code: 'NO_VALUE', column: 'x' } }),
    );
  });
});

describe('numbers', () => {
  it('are scaled by mean and deviation of the train rows, held-out rows by the same', () => {
    const data = table(
      numbers('x', 1, 3, 1e6),
      numbers('flat', 7, 7, 8),
      numbers('y', 10, 30, 50),
      words('split', ['train', 'test'], 0, 0, 1),
    );
    const spec = describing(data, { standardize_target: true });
    const { splits, report } = applySteps(data, spec);
    expect([...splits.train.x]).toEqual([-1, 0, 1, 0]);
    expect([...(splits.test?.x ?? [])]).toEqual([1e6 - 2, 1]);
    expect([[...splits.train.y], [...(splits.test?.y ?? [])]]).toEqual([[-1, 1], [3]]);
    expect(report.scaled).toEqual([
      { column: 'x', role: 'feature', mean: 2, std: 1 },
      { column: 'flat', role: 'feature', mean: 7, std: 1 },
      { column: 'y', role: 'target', mean: 20, std: 10 },
    ]);
  });

  it('that f32 cannot hold are named by column and row', () => {
    const data = table(numbers('x', 1, 1e39), numbers('y', 1, 2));
    expect(() => applySteps(data, describing(data, { split: whole, standardize: false }))).toThrow(
      expect.objectContaining({
        code: 'BAD_DATA_FILE',
        details: { file: 'sample', code: 'BEYOND_F32', column: 'x', row: 2, value: 1e39 },
      }),
    );
  });

  it('of categories are positions when the document says index, and several targets stand side by side', () => {
    const data = table(words('k', ['a', 'b', 'c'], 2, 0, 1), numbers('y', 1, 2, 3), numbers('z', 4, 5, 6));
    const spec = describing(data, {
      split: whole,
      columns: { k: { role: 'feature', encoding: 'index' }, z: { role: 'target' } },
    });
    expect(dataShape(spec)).toMatchObject({ input: [1], target: { kind: 'values', shape: [2] } });
    const { splits } = applySteps(data, spec);
    const rows = Array.from(splits.train.x, (k, i) => [k, splits.train.y[2 * i], splits.train.y[2 * i + 1]]);
    expect(rows.sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0))).toEqual([
      [2, 1, 4],
      [0, 2, 5],
      [1, 3, 6],
    ]);
  });
});

describe('pictures', () => {
  const pictures: StoredPictures = {
    kind: 'pictures',
    rows: 6,
    shape: [2, 1, 1],
    pixels: Uint8Array.of(0, 50, 255, 50, 0, 50, 255, 50, 9, 9, 8, 8),
    labels: Int32Array.of(0, 1, 0, 1, 0, 1),
    classes: ['cat', 'dog'],
    parts: Uint8Array.of(0, 0, 0, 0, 1, 1),
  };

  it('are divided as the files say and normalised by the train pixels', () => {
    const spec = describing(pictures);
    expect(spec).toMatchObject({ split: { method: 'file', test: 0.333 }, class_names: ['cat', 'dog'] });
    const { splits, normalization } = applySteps(pictures, spec);
    expect(normalization).toEqual({ mean: [0.5, 50 / 255], std: [0.5, 1] });
    expect([splits.train.rows, splits.validation, splits.test?.rows]).toEqual([4, null, 2]);
    expect(splits.train.x.buffer).toBe(pictures.pixels.buffer);
    expect([...(splits.test?.x ?? [])]).toEqual([9, 9, 8, 8]);
    expect(splits.test?.y).toEqual(Int32Array.of(0, 1));
  });

  it('give a share of what the files call train to validation', () => {
    const spec = describing(pictures, { split: { validation: 0.5 } });
    const { splits, report } = applySteps(pictures, spec);
    expect(report.sizes).toEqual({ train: 2, validation: 2, test: 2 });
    expect(splits.validation?.rows).toBe(2);
    expect(() => applySteps({ ...pictures, parts: null }, spec)).toThrow(/does not say which rows/);
  });

  it('take the document’s own mean and deviation when they are not to be found', () => {
    const spec = describing(pictures, { standardize: false });
    expect(applySteps(pictures, spec).normalization).toEqual({ mean: [0.5, 0.5], std: [0.5, 0.5] });
  });
});

describe('a document beside other data', () => {
  const data = table(numbers('x', 1, 2), words('y', ['a', 'b'], 0, 1));
  const spec = describing(data, { split: whole });

  it.each<[string, StoredData]>([
    ['rows', table(numbers('x', 1, 2, 3), words('y', ['a', 'b'], 0, 1, 1))],
    ['a column’s name', table(numbers('z', 1, 2), words('y', ['a', 'b'], 0, 1))],
    ['a column’s kind', table(words('x', ['a'], 0, 0), words('y', ['a', 'b'], 0, 1))],
    ['the number of categories', table(numbers('x', 1, 2), words('y', ['a', 'b', 'c'], 0, 1))],
    ['the number of columns', table(numbers('x', 1, 2))],
    [
      'what they are',
      {
        kind: 'pictures',
        rows: 2,
        shape: [1, 1, 1],
        pixels: new Uint8Array(2),
        labels: new Int32Array(2),
        classes: ['a', 'b'],
        parts: null,
      },
    ],
  ])('is refused for another %s', (_, other) => {
    expect(() => applySteps(other, spec)).toThrow(expect.objectContaining({ code: 'BAD_DATA_FILE' }));
    expect(() => reportSteps(other, spec)).toThrow(expect.objectContaining({ code: 'BAD_DATA_FILE' }));
  });
});

describe('a stored data set is loaded by its digest', () => {
  const bytes = encodeStored(table(numbers('x', 1, 2, 3, 4, 5), words('y', ['a', 'b'], 0, 1, 1, 0, 1)));
  const source = (stored: Uint8Array | null) => ({
    open: () => Promise.reject(new Error('nothing else is read')),
    stored: () => Promise.resolve(stored),
  });
  const specOf = async () => ({
    ...describing(table(numbers('x', 1, 2, 3, 4, 5), words('y', ['a', 'b'], 0, 1, 1, 0, 1))),
    digest: await storedDigest(bytes),
  });

  it('and draws nothing from the run’s generator', async () => {
    const [generator, spec] = [Generator.manualSeed(1), await specOf()];
    const set = await loadData(spec, generator, source(bytes));
    expect(set).toMatchObject({ input: [1], target: { kind: 'classes', classes: 2 }, normalization: null });
    expect([set.splits.train.rows, set.splits.test?.rows]).toEqual([4, 1]);
    expect(generator.getState()).toEqual(Generator.manualSeed(1).getState());
    expect(await digestOf(set)).toMatch(/^[0-9a-f]{64}$/);
    expect(previewOf(set)).toMatchObject({ kind: 'points', train: { x: { length: 4 } } });
  });

  it.each<[string, Uint8Array | null]>([
    ['is not there', null],
    ['is not the one', encodeStored(table(numbers('x', 1)))],
  ])('which %s', async (message, stored) => {
    await expect(loadData(await specOf(), Generator.manualSeed(1), source(stored))).rejects.toMatchObject({
      code: 'DATA_MISSING',
      message: expect.stringContaining(message),
      details: { dataset: 'sample' },
    });
  });

  it('or not at all without a source', async () => {
    await expect(loadData(await specOf(), Generator.manualSeed(1))).rejects.toMatchObject({ code: 'DATA_MISSING' });
  });
});
