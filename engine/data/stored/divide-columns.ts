// Which rows of a stored table are in which split, and which in none.
import type { DatasetSpec } from '../../spec/index.ts';
import { keepRows, type KeptRows } from './keep-rows.ts';
import { matchedColumns, type MatchedColumn } from './matching.ts';
import { splitRows, type SplitRows } from './split-rows.ts';
import type { StoredColumn, StoredColumns } from './stored-data.ts';

export interface DividedColumns extends SplitRows {
  /** In the file's order. */
  readonly matched: readonly MatchedColumn[];
  /** The first one; undefined: there is none yet. */
  readonly target: StoredColumn | undefined;
  readonly dropped: KeptRows['dropped'];
}

/** @throws EngineError BAD_DATA_FILE, DATA_MISSING. */
export function divideColumns(data: StoredColumns, spec: DatasetSpec): DividedColumns {
  const matched = matchedColumns(data, spec);
  const { kept, dropped } = keepRows(data.rows, matched, spec.split.method === 'column');
  const target = matched.find((x) => x.spec.role === 'target')?.stored;
  const classes = target?.kind === 'category' ? { of: target.values, count: target.categories.length } : null;
  const mark = matched.find((x) => x.spec.role === 'split')?.stored ?? null;
  return { matched, target, dropped, ...splitRows(spec, kept, { mark, classes, parts: null }) };
}
