// A block of cells as spreadsheets put it on the clipboard: rows of tab-separated cells, perhaps with the columns' names above.
import { MOST_TABLE_ROWS, type Split } from '../../engine/spec/index.ts';
import { rowsOfTable, TABLE_PARTS } from './data-rows.ts';
import { typedNumber, type Edit } from './edits.ts';

export interface CellBlock {
  /** What stands above the numbers. */
  readonly names: readonly string[] | null;
  /** Numbers, and what could not be read as one as it stands. */
  readonly cells: readonly (readonly unknown[])[];
}

/** @returns null for a single cell, which is pasted as text. */
export function readBlock(text: string): CellBlock | null {
  if (!/[\t\n]/.test(text.replace(/\r?\n$/, ''))) return null;
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const cells = lines.map((line) => line.split('\t').map(typedNumber));
  const [first = [], second = []] = cells;
  const isHead = first.every((x) => typeof x !== 'number') && second.some((x) => typeof x === 'number');
  return { names: isHead ? first.map((x) => String(x).trim()) : null, cells: isHead ? cells.slice(1) : cells };
}

/** Where a block begins: the row in its split, and the column, features first. */
export interface Corner {
  readonly split: Split;
  readonly row: number;
  readonly column: number;
}

/** What of a block has no place in a table of so many columns. */
export const leftOut = ({ cells }: CellBlock, { row, column }: Corner, columns: number) => ({
  rows: Math.max(0, row + cells.length - MOST_TABLE_ROWS),
  columns: Math.max(0, column + Math.max(0, ...cells.map((x) => x.length)) - columns),
});

/** Fills cells from a corner on; rows that are missing come at the end of the corner's split, zeros where nothing is pasted. */
export const pasteBlock =
  ({ names, cells }: CellBlock, { split, row, column }: Corner): Edit =>
  (document) => {
    if (document.data.type !== 'table') return document;
    const table = document.data;
    const { features, targets, names: old } = rowsOfTable(table);
    const parts = TABLE_PARTS[split];
    const x = [...table[parts.x]];
    const y = [...table[parts.y]];
    for (const [i, line] of cells.slice(0, Math.max(0, MOST_TABLE_ROWS - row)).entries()) {
      const [inputs, answers] = [x[row + i], y[row + i]];
      const whole: unknown[] = [
        ...(inputs ?? new Array<number>(features).fill(0)),
        ...(answers ?? new Array<number>(targets).fill(0)),
      ];
      for (const [n, cell] of line.entries()) if (column + n < features + targets) whole[column + n] = cell;
      // What is no number stands in its cell with its problem.
      x[row + i] = whole.slice(0, features) as number[];
      y[row + i] = whole.slice(features) as number[];
    }
    const all = Array.from({ length: features + targets }, (_, i) => names?.[i - column] ?? old?.[i] ?? '');
    const named = names ? { names: all } : {};
    return { ...document, data: { ...table, [parts.x]: x, [parts.y]: y, ...named } };
  };
