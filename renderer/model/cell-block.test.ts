// Blocks of cells from a spreadsheet: read, and filled into a table.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { MOST_TABLE_ROWS, parseDraft, parseExperiment, type TableSpec } from '../../engine/spec/index.ts';
import { leftOut, pasteBlock, readBlock, type CellBlock, type Corner } from './cell-block.ts';
import { rowsOfTable } from './data-rows.ts';
import { cellOfPath } from './row-edits.ts';
import { createTable, FIRST_PLAN } from './table-plan.ts';

const document = createTable(FIRST_PLAN)(parseExperiment(EXAMPLES['regression']));
const filled = (block: CellBlock, corner: Corner): TableSpec => {
  const { data } = pasteBlock(block, corner)(document);
  if (data.type !== 'table') throw new Error('no table');
  return data;
};
const paste = (text: string, corner: Corner): TableSpec => {
  const block = readBlock(text);
  if (!block) throw new Error('no block');
  return filled(block, corner);
};
const START: Corner = { split: 'train', row: 0, column: 0 };

describe('reading', () => {
  it('leaves a single cell to the field', () => {
    expect(readBlock('1.5')).toBeNull();
    expect(readBlock('1.5\n')).toBeNull();
    expect(readBlock('')).toBeNull();
  });

  it('takes rows and cells, decimal commas, and what is no number as it stands', () => {
    expect(readBlock('1\t2,5\r\n-3\tabc\r\n')).toEqual({
      names: null,
      cells: [
        [1, 2.5],
        [-3, 'abc'],
      ],
    });
    expect(readBlock('1\n2')).toEqual({ names: null, cells: [[1], [2]] });
  });

  it('takes a head of names above numbers', () => {
    expect(readBlock('age\theight\n1\t2')).toEqual({ names: ['age', 'height'], cells: [[1, 2]] });
    expect(readBlock('a\tb\nc\td')?.names).toBeNull();
  });
});

describe('pasting', () => {
  it('fills from the corner over inputs and targets, and names the columns', () => {
    const table = paste('b\tc\ty\n1\t2\t3\n4\t5\t6', { split: 'train', row: 1, column: 1 });
    expect(table.x.slice(0, 4)).toEqual([
      [0, 0, 0],
      [0, 1, 2],
      [0, 4, 5],
      [0, 0, 0],
    ]);
    expect(table.y.slice(0, 4)).toEqual([[0], [3], [6], [0]]);
    expect(table.names).toEqual(['', 'b', 'c', 'y']);
  });

  it('adds the rows that are missing to the split it began in, and leaves the others alone', () => {
    const table = paste('1\n2\n3', { split: 'test', row: 4, column: 3 });
    expect(table.test_x).toHaveLength(7);
    expect(table.test_y.slice(4)).toEqual([[1], [2], [3]]);
    expect(table.x).toHaveLength(10);
  });

  it('counts what has no room', () => {
    const block = { names: null, cells: [[1, 2, 3], [1]] };
    expect(leftOut(block, { split: 'train', row: MOST_TABLE_ROWS - 1, column: 2 }, 4)).toEqual({ rows: 1, columns: 1 });
    expect(leftOut(block, START, 4)).toEqual({ rows: 0, columns: 0 });
  });

  it('keeps what is no number in its cell, where the problem says which one it is', () => {
    const data = filled({ names: null, cells: [[1], ['abc']] }, { split: 'test', row: 0, column: 3 });
    expect(data.test_y[1]).toEqual(['abc']);
    expect(() => parseDraft({ ...document, data })).toThrow(/data\.test_y\.1\.0/);
    const rows = rowsOfTable(data);
    expect(cellOfPath('data.test_y.1.0', rows)).toEqual({ n: 11, column: 3 });
    expect(cellOfPath('data.x.2.1', rows)).toEqual({ n: 2, column: 1 });
    expect(cellOfPath('data.y.2', rows)).toEqual({ n: 2, column: 3 });
    expect(cellOfPath('data.x.2', rows)).toEqual({ n: 2, column: null });
    expect(cellOfPath('data.names', rows)).toBeNull();
    expect(cellOfPath('recipe.steps', rows)).toBeNull();
  });

  it('of any numbers anywhere leaves a good document that holds them', () => {
    const corner = fc.record({
      split: fc.constantFrom('train', 'validation', 'test'),
      row: fc.nat(3),
      column: fc.nat(3),
    });
    const cells = fc.array(fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(corner, cells, ({ split, row, column }, lines) => {
        const { data } = document;
        const held = data.type === 'table' ? rowsOfTable(data).splits.find((x) => x.split === split)?.rows : 0;
        // A block begins in a row that is there.
        fc.pre(held !== undefined && row < held);
        const after = filled({ names: null, cells: lines }, { split, row, column });
        parseDraft({ ...document, data: after });
        const { cell } = rowsOfTable(after);
        for (const [i, line] of lines.entries())
          for (const [n, value] of line.entries())
            if (column + n < 4) expect(cell(split, row + i, column + n)).toBe(value);
      }),
    );
  });
});
