import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Data, parseWith } from '../../engine/spec/index.ts';
import { pointsCsv } from './points-csv.ts';

const table = (names?: readonly string[]) =>
  parseWith(Data, { type: 'table', x: [[1, 2]], y: [[3]], ...(names && { names }) }, 'Data');
const plain = table();
const f32 = fc.float({ noNaN: true, noDefaultInfinity: true });

test('a row per example with its split; every number reads back to the same f32', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(f32, f32, f32), { minLength: 1 }), (list) => {
      const x = Float32Array.from(list.flatMap(([a, b]) => [a, b]));
      const y = Float32Array.from(list, ([, , c]) => c);
      const [head, ...rows] = pointsCsv(plain, [{ split: 'train', rows: list.length, x, y }])
        .trimEnd()
        .split('\r\n');
      expect(head).toBe('x1,x2,y,split');
      expect(Float32Array.from(rows.flatMap((row) => row.split(',').slice(0, 2).map(Number)))).toEqual(x);
      expect(Float32Array.from(rows, (row) => Number(row.split(',')[2]))).toEqual(y);
    }),
  );
});

test('classes are whole numbers, several targets are numbered, splits follow each other', () => {
  const one = Float32Array.of(0.5);
  expect(
    pointsCsv(plain, [
      { split: 'train', rows: 1, x: one, y: Int32Array.of(2) },
      { split: 'test', rows: 1, x: Float32Array.of(-1e-7), y: Int32Array.of(0) },
    ]),
  ).toBe('x1,y,split\r\n0.5,2,train\r\n-1e-7,0,test\r\n');
  expect(pointsCsv(plain, [{ split: 'train', rows: 1, x: one, y: Float32Array.of(1, 2) }])).toMatch(
    /^x1,y1,y2,split\r\n/,
  );
});

test('columns that have names keep them, unless two would be called the same', () => {
  const head = (names: readonly string[]) =>
    pointsCsv(table(names), [{ split: 'train', rows: 1, x: Float32Array.of(1, 2), y: Float32Array.of(3) }]).split(
      '\r',
    )[0];
  expect(head(['height, cm', '', 'weight'])).toBe('"height, cm",x2,weight,split');
  for (const names of [
    ['a', 'a', 'b'],
    ['a', 'split', 'b'],
    ['x2', '', 'b'],
  ])
    expect(head(names)).toBe('x1,x2,y,split');
  const dataset = parseWith(
    Data,
    {
      type: 'dataset',
      digest: 'a'.repeat(64),
      name: 'people',
      rows: 9,
      columns: [
        { name: 'price', role: 'target', kind: 'number' },
        { name: 'town', role: 'feature', kind: 'category', categories: 2 },
        { name: 'age', role: 'feature', kind: 'number' },
      ],
      split: { method: 'random' },
    },
    'Data',
  );
  const row = { split: 'train', rows: 1, x: Float32Array.of(1, 0, 7), y: Float32Array.of(3) } as const;
  expect(pointsCsv(dataset, [row])).toBe('town_0,town_1,age,price,split\r\n1,0,7,3,train\r\n');
});
