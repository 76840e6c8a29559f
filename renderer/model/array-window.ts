// The part of a large table of numbers that is on the screen: a few rows and columns, moved page by page.
import type { ArrayTable } from './arithmetic.ts';

export const MOST_ROWS = 16;
export const MOST_COLUMNS = 10;
/** Arrays up to this many numbers are shown at once; larger ones are folded until somebody asks. */
export const OPEN_VALUES = 64;

export interface ArrayWindow {
  readonly firstRow: number;
  readonly firstColumn: number;
}

/** Rows and columns that are shown, as positions. */
export function visible({ rows, columns }: ArrayTable, { firstRow, firstColumn }: ArrayWindow) {
  const range = (from: number, end: number) => Array.from({ length: Math.max(0, end - from) }, (_, i) => from + i);
  return {
    rows: range(firstRow, Math.min(rows, firstRow + MOST_ROWS)),
    columns: range(firstColumn, Math.min(columns, firstColumn + MOST_COLUMNS)),
  };
}

/** The window one page further, or back; the last page is full. */
export function turned(table: ArrayTable, window: ArrayWindow, rows: -1 | 0 | 1, columns: -1 | 0 | 1): ArrayWindow {
  const within = (x: number, all: number, page: number) => Math.max(0, Math.min(x, all - page));
  return {
    firstRow: within(window.firstRow + rows * MOST_ROWS, table.rows, MOST_ROWS),
    firstColumn: within(window.firstColumn + columns * MOST_COLUMNS, table.columns, MOST_COLUMNS),
  };
}

/** Whether all of it is shown at once. */
export const isWhole = ({ rows, columns }: ArrayTable): boolean => rows <= MOST_ROWS && columns <= MOST_COLUMNS;
