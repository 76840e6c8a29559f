// Edit commands for the rows of a table in the document, split by split.
import { SPLITS, type Split } from '../../engine/spec/index.ts';
import { TABLE_PARTS, type DataRows, type OpenTable } from './data-rows.ts';
import type { Edit } from './edits.ts';

const withRows =
  (split: Split, change: (rows: readonly number[][], axis: 'x' | 'y', table: OpenTable) => number[][]): Edit =>
  (document) => {
    if (document.data.type !== 'table') return document;
    const { x, y } = TABLE_PARTS[split];
    const table: OpenTable = document.data;
    return { ...document, data: { ...table, [x]: change(table[x], 'x', table), [y]: change(table[y], 'y', table) } };
  };

/** A row like the split's last one, or like any other's, at the end. */
export const addRowTo = (split: Split): Edit =>
  withRows(split, (rows, axis, table) => {
    const model =
      rows.at(-1) ??
      SPLITS.map((other) => table[TABLE_PARTS[other][axis]].at(-1)).find((row) => row) ??
      new Array<number>(axis === 'x' ? (table.features ?? 1) : 1).fill(0);
    return [...rows, [...model]];
  });

export const removeRowOf = (split: Split, index: number): Edit =>
  withRows(split, (rows) => rows.filter((_, i) => i !== index));

/** Path of a cell in the document. @param column features first, then targets. */
export const cellPath = (split: Split, row: number, column: number, features: number): string =>
  column < features
    ? `data.${TABLE_PARTS[split].x}.${String(row)}.${String(column)}`
    : `data.${TABLE_PARTS[split].y}.${String(row)}.${String(column - features)}`;

/** The cell, or the whole row, that a path is about; `n` counts all rows, split after split. null: it is about neither. */
export function cellOfPath(
  path: string,
  { features, splits }: Pick<DataRows, 'features' | 'splits'>,
): { readonly n: number; readonly column: number | null } | null {
  const [data, part, row, cell] = path.split('.');
  if (data !== 'data' || row === undefined || !/^\d+$/.test(row)) return null;
  let before = 0;
  for (const { split, rows } of splits) {
    const { x, y } = TABLE_PARTS[split];
    if (part === x || part === y) {
      // A class alone in its row is the row's only target.
      const column = cell === undefined ? (part === y ? features : null) : Number(cell) + (part === y ? features : 0);
      return { n: before + Number(row), column };
    }
    before += rows;
  }
  return null;
}
