// Which rows of a stored data set are learnt from: those that miss nothing that cannot be filled in.
import { isMissing, type MatchedColumn } from './matching.ts';

export interface KeptRows {
  /** Rows of the file, ascending. */
  readonly kept: Int32Array;
  /** Rows left out for each column that something was missing in, first reason first; a row counts once. */
  readonly dropped: readonly { readonly column: string; readonly rows: number }[];
}

/** Targets and the mark of the split cannot be made up. */
const isNeeded = ({ spec: { role, missing } }: MatchedColumn, byColumn: boolean): boolean =>
  role === 'target' || (role === 'split' && byColumn) || (role === 'feature' && missing === 'drop');

const ORDER = ['target', 'split', 'feature', 'ignore'] as const;

/** @param byColumn whether a column says which split a row is in. */
export function keepRows(rows: number, columns: readonly MatchedColumn[], byColumn: boolean): KeptRows {
  const isOut = new Uint8Array(rows);
  const needed = columns
    .filter((x) => isNeeded(x, byColumn))
    .sort((a, b) => ORDER.indexOf(a.spec.role) - ORDER.indexOf(b.spec.role));
  const dropped: { column: string; rows: number }[] = [];
  let left = rows;
  for (const { spec, stored } of needed) {
    let count = 0;
    for (let row = 0; row < rows; row++) {
      if (isOut[row] === 1 || !isMissing(stored, row)) continue;
      isOut[row] = 1;
      count += 1;
    }
    left -= count;
    if (count > 0) dropped.push({ column: spec.name, rows: count });
  }
  const kept = new Int32Array(left);
  for (let row = 0, at = 0; row < rows; row++) if (isOut[row] === 0) kept[at++] = row;
  return { kept, dropped };
}
