import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWhole, MOST_COLUMNS, MOST_ROWS, turned, visible } from './array-window.ts';

const BEGIN = { firstRow: 0, firstColumn: 0 };

describe('the window of an array', () => {
  it('shows a small array whole', () => {
    expect(isWhole({ rows: 4, columns: 3 })).toBe(true);
    expect(visible({ rows: 2, columns: 3 }, BEGIN)).toEqual({ rows: [0, 1], columns: [0, 1, 2] });
  });

  it('shows few numbers of 1024 × 1024, and the last page is full', () => {
    const large = { rows: 1024, columns: 1024 };
    expect(isWhole(large)).toBe(false);
    let at = BEGIN;
    for (let i = 0; i < 1000; i++) at = turned(large, at, 1, 1);
    const { rows, columns } = visible(large, at);
    expect([rows.length, columns.length]).toEqual([MOST_ROWS, MOST_COLUMNS]);
    expect([rows.at(-1), columns.at(-1)]).toEqual([1023, 1023]);
    expect(turned(large, at, -1, 0)).toEqual({ firstRow: 1024 - 2 * MOST_ROWS, firstColumn: 1024 - MOST_COLUMNS });
  });

  it('never leaves the array, also when that has become smaller', () => {
    const size = fc.integer({ min: 1, max: 60 });
    const turn = fc.constantFrom(-1 as const, 0 as const, 1 as const);
    fc.assert(
      fc.property(
        size,
        size,
        fc.nat(80),
        fc.nat(80),
        turn,
        turn,
        (rows, columns, firstRow, firstColumn, down, right) => {
          const table = { rows, columns };
          const shown = visible(table, turned(table, { firstRow, firstColumn }, down, right));
          expect(shown.rows.length).toBe(Math.min(rows, MOST_ROWS));
          expect(shown.columns.length).toBe(Math.min(columns, MOST_COLUMNS));
          expect(shown.rows.at(-1)).toBeLessThan(rows);
        },
      ),
    );
  });
});
