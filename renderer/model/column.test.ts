import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, cutLevels, emptyColumn, push, pushLevel, isSomething, valueAt, type Column } from './column.ts';

const pairs = ({ steps, values, length }: Column) =>
  Array.from({ length }, (_, i) => [steps[i], values[i]] as [number, number]);

describe('a column', () => {
  it('keeps every pair as it grows', () => {
    const column = emptyColumn(1);
    for (let s = 1; s <= 100; s++) push(column, s, s / 2);
    expect(pairs(column)).toEqual(Array.from({ length: 100 }, (_, i) => [i + 1, (i + 1) / 2]));
  });

  it('has the value of the newest step that is not after another', () => {
    const column = emptyColumn();
    expect(valueAt(column, 5)).toBeNull();
    for (const s of [10, 20]) push(column, s, s / 2);
    expect([5, 10, 19, 20, Infinity].map((s) => valueAt(column, s))).toEqual([null, 5, 5, 10, 10]);
  });

  it('forgets what lies after a step', () => {
    const column = emptyColumn();
    for (const s of [0, 10, 20]) push(column, s, s);
    cut(column, 15);
    expect(pairs(column)).toEqual([
      [0, 0],
      [10, 10],
    ]);
  });

  it('says whether it has a value other than 0', () => {
    const column = emptyColumn();
    expect(isSomething(column)).toBe(false);
    push(column, 1, 0);
    expect(isSomething(column)).toBe(false);
    push(column, 2, 1e-9);
    expect(isSomething(column)).toBe(true);
  });
});

describe('levels', () => {
  it('take two points each', () => {
    const column = emptyColumn();
    for (let s = 1; s <= 1000; s++) pushLevel(column, s, s <= 400 ? 0.1 : 0.01);
    expect(pairs(column)).toEqual([
      [1, 0.1],
      [400, 0.1],
      [401, 0.01],
      [1000, 0.01],
    ]);
  });

  /** The value at a step, read off the line through the points. */
  const at = (column: Column, step: number): number | undefined => {
    const points = pairs(column);
    const next = points.findIndex(([s]) => s >= step);
    const [found, before] = [points[next], points[next - 1]];
    if (!found || found[0] === step) return found?.[1];
    return before?.[1];
  };

  it('read the same as all values, also after a cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 40 }),
        fc.nat(40),
        (values, cutAt) => {
          const column = emptyColumn(2);
          for (const [i, value] of values.entries()) pushLevel(column, i + 1, value);
          const kept = Math.min(cutAt, values.length);
          cutLevels(column, kept);
          for (let s = 1; s <= kept; s++) expect(at(column, s)).toBe(values[s - 1]);
          expect(at(column, kept + 1)).toBeUndefined();
        },
      ),
    );
  });
});
