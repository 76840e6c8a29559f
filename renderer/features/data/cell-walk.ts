// Walking over the cells of a table as in a spreadsheet: where a key leads from a cell. Columns end with the button that removes the row.

export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

interface Walked {
  readonly rows: number;
  /** Of cells; the row's button stands behind the last one. */
  readonly columns: number;
}

/** What is selected of a cell's text; null: it is no text. */
type Caret = { readonly start: number; readonly end: number; readonly length: number } | null;

const caretOf = (target: EventTarget | null): Caret =>
  target instanceof HTMLInputElement
    ? { start: target.selectionStart ?? 0, end: target.selectionEnd ?? 0, length: target.value.length }
    : null;

/** Inside a text the arrows move its caret, unless all of it is selected. */
const leaves = (caret: Caret, side: 'left' | 'right'): boolean => {
  if (caret === null || (caret.start === 0 && caret.end === caret.length)) return true;
  return caret.start === caret.end && caret.start === (side === 'left' ? 0 : caret.length);
};

/** @returns null where the key is none of ours, or leads out of the table. */
export function walkedTo(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>,
  { row, column }: CellPlace,
  { rows, columns }: Walked,
): CellPlace | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const at = (nextRow: number, nextColumn: number): CellPlace | null =>
    nextRow < 0 || nextRow >= rows || nextColumn < 0 || nextColumn > columns
      ? null
      : { row: nextRow, column: nextColumn };
  const onButton = column === columns;
  switch (event.key) {
    case 'ArrowUp':
      return at(row - 1, column);
    case 'ArrowDown':
      return at(row + 1, column);
    case 'Enter':
      return onButton ? null : at(row + (event.shiftKey ? -1 : 1), column);
    case 'ArrowLeft':
      return !event.shiftKey && leaves(caretOf(event.target), 'left') ? at(row, column - 1) : null;
    case 'ArrowRight':
      return !event.shiftKey && leaves(caretOf(event.target), 'right') ? at(row, column + 1) : null;
    case 'Tab':
      if (onButton) return null;
      if (event.shiftKey) return column > 0 ? at(row, column - 1) : at(row - 1, columns - 1);
      return column + 1 < columns ? at(row, column + 1) : at(row + 1, 0);
    default:
      return null;
  }
}
