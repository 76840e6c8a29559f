// What is selected of each table, in files of every version: always under the present names, and so that hostile lengths are
// met before they are allocated.
import { SCORE_COLUMNS } from './codec.ts';
import { NEW_IN_3, type TableName } from './schema.ts';
import { FROM_VERSION_1, type OldTable } from './version-1.ts';

/** Documents longer than this are refused before they are loaded. A real one has a few kilobytes. */
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;
export const MAX_TEXT_BYTES = 10_000;

/** The columns of each table. */
const NAMES = {
  meta: ['key', 'value'],
  settings: ['key', 'value'],
  experiments: ['id', 'position', 'revision', 'document', 'created_at', 'updated_at'],
  experiment_history: ['experiment_id', 'revision', 'document', 'saved_at'],
  data_previews: [
    'digest',
    'kind',
    'shape',
    'rows',
    'train_x',
    'train_y',
    'validation_x',
    'validation_y',
    'test_x',
    'test_y',
  ],
  runs: [
    'number',
    'id',
    'experiment_id',
    'press_id',
    'variant',
    'seed',
    'status',
    'step',
    'total_steps',
    'rewinds',
    'best_step',
    'created_at',
    'compute_ms',
    'device',
    'failure',
    'data_digest',
    'preview_digest',
    'weights',
    'document',
  ],
  step_metrics: ['run', 'step', 'train_loss', 'penalty_l1', 'penalty_l2', 'lr'],
  evaluations: ['run', 'step', ...SCORE_COLUMNS, 'fit', 'confusion', 'predicted'],
  parameter_statistics: ['run', 'step', 'position', 'name', 'norm', 'gradient_norm', 'zeros'],
  run_events: ['run', 'step', 'position', 'path', 'value'],
  checkpoints: ['run', 'kind', 'step', 'digest', 'bytes'],
  certificates: ['created_at', 'app_version', 'certificate'],
  datasets: ['digest', 'name', 'kind', 'source', 'summary', 'size_bytes', 'chunks', 'created_at'],
  dataset_chunks: ['dataset', 'position', 'digest', 'bytes'],
} as const satisfies Record<TableName, readonly string[]>;

/** Longest texts by column: what is longer becomes NULL without being loaded. Columns that are no texts are not named. */
const LIMITS: Readonly<Record<string, number>> = {
  key: MAX_TEXT_BYTES,
  id: MAX_TEXT_BYTES,
  experiment_id: MAX_TEXT_BYTES,
  press_id: MAX_TEXT_BYTES,
  variant: MAX_TEXT_BYTES,
  digest: MAX_TEXT_BYTES,
  shape: MAX_TEXT_BYTES,
  rows: MAX_TEXT_BYTES,
  device: MAX_TEXT_BYTES,
  failure: MAX_TEXT_BYTES,
  data_digest: MAX_TEXT_BYTES,
  preview_digest: MAX_TEXT_BYTES,
  weights: MAX_TEXT_BYTES,
  name: MAX_TEXT_BYTES,
  path: MAX_TEXT_BYTES,
  app_version: MAX_TEXT_BYTES,
  value: MAX_DOCUMENT_BYTES,
  document: MAX_DOCUMENT_BYTES,
  certificate: MAX_DOCUMENT_BYTES,
  dataset: MAX_TEXT_BYTES,
  source: MAX_TEXT_BYTES,
  summary: MAX_DOCUMENT_BYTES,
};

function selected(column: string, expression: string): string {
  const limit = LIMITS[column];
  const value =
    limit === undefined ? expression : `CASE WHEN octet_length(${expression}) <= ${limit} THEN ${expression} END`;
  return value === column ? column : `${value} AS ${column}`;
}

export interface TableSource {
  readonly from: string;
  /** For a SELECT; every column under its present name. */
  readonly columns: string;
}

/** @returns null when files of that version have no such table. */
export function tableSource(table: TableName, version: number): TableSource | null {
  if (version < 3 && NEW_IN_3.has(table)) return null;
  const names: readonly string[] = NAMES[table];
  const here: OldTable = { from: table, columns: Object.fromEntries(names.map((x) => [x, x])) };
  const source = version === 1 ? FROM_VERSION_1[table] : here;
  if (source === null) return null;
  return {
    from: source.from,
    columns: names.map((name) => selected(name, source.columns[name] ?? 'NULL')).join(', '),
  };
}

/** `SELECT … FROM …` of a table as it is now; a condition may follow. */
export const SELECT = Object.fromEntries(
  Object.keys(NAMES).map((table) => {
    const { from, columns } = tableSource(table as TableName, Infinity) as TableSource;
    return [table, `SELECT ${columns} FROM ${from}`];
  }),
) as Readonly<Record<TableName, string>>;

export const columnNames = (table: TableName): readonly string[] => NAMES[table];
