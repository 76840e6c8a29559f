import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float32Text } from './float32-text.ts';

test('an f32 is written with as few digits as say it, and reads back to the same bits', () => {
  fc.assert(
    fc.property(fc.float(), (value) => {
      const text = float32Text(value);
      expect(Math.fround(Number(text))).toBe(value);
    }),
  );
  expect([0.1, 1e-7, -2.5, 1 / 3, 16_777_216].map((x) => float32Text(Math.fround(x)))).toEqual([
    '0.1',
    '1e-7',
    '-2.5',
    '0.33333334',
    '16777216',
  ]);
  expect([float32Text(-0), float32Text(Number.NaN)]).toEqual(['-0', 'NaN']);
});
