// The first description of imported data: right where it can be known, and never a contradiction.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetProblems } from '../../spec/dataset-rules.ts';
import { DatasetData, parseWith } from '../../spec/index.ts';
import { describeStored } from './describe.ts';
import type { StoredColumn, StoredColumns, StoredPictures } from './stored-data.ts';

const ID = { name: 'data', digest: '0'.repeat(64) };
const number = (name: string, ...values: number[]): StoredColumn => ({
  name,
  kind: 'number',
  values: Float64Array.from(values),
});
const category = (name: string, categories: readonly string[], ...values: number[]): StoredColumn => ({
  name,
  kind: 'category',
  values: Int32Array.from(values),
  categories,
});
const roles = (...columns: StoredColumn[]) =>
  describeStored({ kind: 'columns', rows: columns[0]?.values.length ?? 0, columns }, ID).columns.map((x) => x.role);

describe('a first description', () => {
  it('takes the column named like a target, else the last', () => {
    expect(roles(number('label', 1, 2, 1), number('x', 1, 5, 9))).toEqual(['target', 'feature']);
    expect(roles(number('x', 1, 2, 1), number('z', 1, 5, 9))).toEqual(['feature', 'target']);
  });

  it('leaves out what nothing can be learnt from', () => {
    expect(
      roles(
        number('id', 7, 8, 9, 10),
        category('name', ['a', 'b', 'c', 'd'], 3, 1, 0, 2),
        category('same', ['a'], 0, 0, 0, 0),
        number('void', NaN, NaN, NaN, NaN),
        number('x', 1, 2, 3, 4),
        category('y', ['p', 'q'], 0, 1, 0, 1),
      ),
    ).toEqual(['ignore', 'ignore', 'ignore', 'ignore', 'feature', 'target']);
  });

  it('is without contradictions whenever there is something to learn and something to learn it from', () => {
    const column = (rows: number, i: number): fc.Arbitrary<StoredColumn> =>
      fc.oneof(
        fc
          .array(fc.oneof(fc.double(), fc.constant(NaN)), { minLength: rows, maxLength: rows })
          .map((x) => number(`n${i}`, ...x)),
        fc
          .integer({ min: 0, max: 4 })
          .chain((count) =>
            fc
              .array(fc.integer({ min: -1, max: count - 1 }), { minLength: rows, maxLength: rows })
              .map((x) => category(`c${i}`, ['train', 'test', 'val', 'x'].slice(0, count), ...x)),
          ),
      );
    const table = fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 }))
      .chain(([rows, width]) => fc.tuple(...Array.from({ length: width }, (_, i) => column(rows, i))))
      .map((columns): StoredColumns => ({ kind: 'columns', rows: columns[0]?.values.length ?? 0, columns }));
    fc.assert(
      fc.property(table, (data) => {
        const spec = describeStored(data, ID);
        expect(parseWith(DatasetData, spec, 'Data')).toEqual(spec);
        const found = datasetProblems(spec).map((x) => x.params['expected']);
        for (const problem of found) expect(problem).toMatch(/^at least one (feature|target) column$/);
        const used = spec.columns.filter((x) => x.role === 'feature' || x.role === 'target');
        if (used.length > 1) expect(found).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('of pictures keeps what the files said, and names the classes', () => {
    const pictures: StoredPictures = {
      kind: 'pictures',
      rows: 4,
      shape: [1, 1, 1],
      pixels: new Uint8Array(4),
      labels: Int32Array.of(0, 1, 0, 1),
      classes: ['a', 'b'],
      parts: null,
    };
    expect(describeStored(pictures, ID)).toMatchObject({
      split: { method: 'stratified', test: 0.2 },
      class_names: ['a', 'b'],
    });
    const divided = describeStored({ ...pictures, parts: Uint8Array.of(0, 0, 0, 1) }, ID);
    expect(divided.split).toEqual({ method: 'file', validation: 0, test: 0.25, seed: 0 });
    expect(datasetProblems(divided)).toEqual([]);
  });
});
