import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pointsCsv } from './points-csv.ts';

const f32 = fc.float({ noNaN: true, noDefaultInfinity: true });

test('a row per example with its split; every number reads back to the same f32', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(f32, f32, f32), { minLength: 1 }), (list) => {
      const x = Float32Array.from(list.flatMap(([a, b]) => [a, b]));
      const y = Float32Array.from(list, ([, , c]) => c);
      const [head, ...rows] = pointsCsv([{ split: 'train', rows: list.length, x, y }])
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
    pointsCsv([
      { split: 'train', rows: 1, x: one, y: Int32Array.of(2) },
      { split: 'test', rows: 1, x: Float32Array.of(-1e-7), y: Int32Array.of(0) },
    ]),
  ).toBe('x1,y,split\r\n0.5,2,train\r\n-1e-7,0,test\r\n');
  expect(pointsCsv([{ split: 'train', rows: 1, x: one, y: Float32Array.of(1, 2) }])).toMatch(/^x1,y1,y2,split\r\n/);
});
