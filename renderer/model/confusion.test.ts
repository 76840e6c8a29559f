import { describe, expect, it } from 'vitest';
import { confusionTable, neighbour, tint } from './confusion.ts';

const table = confusionTable(Int32Array.of(8, 2, 0, 1, 9, 0, 0, 0, 0));

describe('the confusion table', () => {
  it('has the sums of its rows and columns, and what is right', () => {
    expect(table.counts).toEqual([
      [8, 2, 0],
      [1, 9, 0],
      [0, 0, 0],
    ]);
    expect(table.rowTotals).toEqual([10, 10, 0]);
    expect(table.columnTotals).toEqual([9, 11, 0]);
    expect([table.total, table.right]).toEqual([20, 17]);
  });

  it('tints by the share of the true class; a class without examples is not tinted', () => {
    expect(tint(table, { truth: 0, predicted: 0 })).toBeCloseTo(Math.sqrt(0.8), 12);
    expect(tint(table, { truth: 0, predicted: 2 })).toBe(0);
    expect(tint(table, { truth: 2, predicted: 2 })).toBe(0);
  });

  it('is empty without counts', () => {
    expect(confusionTable(new Int32Array())).toEqual({
      counts: [],
      rowTotals: [],
      columnTotals: [],
      total: 0,
      right: 0,
    });
  });
});

describe('the next cell', () => {
  it.each([
    ['ArrowUp', { truth: 0, predicted: 1 }],
    ['ArrowDown', { truth: 2, predicted: 1 }],
    ['ArrowLeft', { truth: 1, predicted: 0 }],
    ['ArrowRight', { truth: 1, predicted: 2 }],
    ['Home', { truth: 1, predicted: 0 }],
    ['End', { truth: 1, predicted: 2 }],
    ['Enter', null],
  ])('%s', (key, next) => {
    expect(neighbour({ truth: 1, predicted: 1 }, key, 3)).toEqual(next);
  });

  it('stays within the table', () => {
    expect(neighbour({ truth: 0, predicted: 0 }, 'ArrowUp', 3)).toEqual({ truth: 0, predicted: 0 });
    expect(neighbour({ truth: 2, predicted: 2 }, 'ArrowRight', 3)).toEqual({ truth: 2, predicted: 2 });
  });
});
