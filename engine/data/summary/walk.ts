// Walks through a stored table a page of rows at a time, so that whoever has changed their mind is heard between two pages.
import { SPLITS, type DatasetSpec, type Split } from '../../spec/index.ts';
import { divideColumns, type DividedColumns } from '../stored/divide-columns.ts';
import { requireSameKind } from '../stored/matching.ts';
import type { StoredColumns } from '../stored/stored-data.ts';

/** Rows between two breaths: some milliseconds. */
export const PAGE_ROWS = 1 << 18;

/** Lets others have their turn. @throws what ends the walk. */
export type Breathe = () => Promise<void>;

/** A stored table as the document divides it. */
export interface DividedTable extends Pick<DividedColumns, 'matched' | 'target'> {
  readonly spec: DatasetSpec;
  /** u8 [rows], by row of the file: 0 for a row that is left out, else 1 + the split's position in `SPLITS`. */
  readonly splitOf: Uint8Array;
}

/** @throws EngineError BAD_DATA_FILE, DATA_MISSING. */
export function dividedTable(data: StoredColumns, spec: DatasetSpec): DividedTable {
  requireSameKind(data, spec);
  const { matched, target, rows } = divideColumns(data, spec);
  const splitOf = new Uint8Array(data.rows);
  for (const [i, split] of SPLITS.entries()) for (const row of rows[split]) splitOf[row] = i + 1;
  return { matched, target, spec, splitOf };
}

export const splitNumber = (split: Split): number => SPLITS.indexOf(split) + 1;

/** Calls `page` for the rows from … to-1, page after page. */
export async function walk(rows: number, breathe: Breathe, page: (from: number, to: number) => void): Promise<void> {
  for (let from = 0; from < rows; from += PAGE_ROWS) {
    await breathe();
    page(from, Math.min(rows, from + PAGE_ROWS));
  }
}
