// The first version of the format: its tables exactly as SQLite stores them, and what they say in the words of the present
// version. Used to bring files forward, and to read those that may not be written.
import type { TableName } from './schema.ts';

export const VERSION_1 = `
CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE settings (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE experiments (
  id TEXT PRIMARY KEY NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL CHECK (revision >= 1),
  document TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE experiment_history (
  experiment_id TEXT NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  document TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  PRIMARY KEY (experiment_id, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE data_points (
  digest TEXT PRIMARY KEY NOT NULL,
  train_x BLOB NOT NULL,
  train_y BLOB NOT NULL,
  test_x BLOB NOT NULL,
  test_y BLOB NOT NULL
) STRICT;
CREATE TABLE runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  experiment_id TEXT NOT NULL,
  variant TEXT NOT NULL,
  seed INTEGER NOT NULL,
  status TEXT NOT NULL
    CHECK (status IN ('queued', 'running', 'paused', 'done', 'stopped', 'failed', 'interrupted')),
  step INTEGER NOT NULL CHECK (step >= 0),
  total_steps INTEGER NOT NULL CHECK (total_steps >= 0),
  created_at INTEGER NOT NULL,
  compute_ms REAL NOT NULL,
  device TEXT,
  failure TEXT,
  points_digest TEXT REFERENCES data_points (digest),
  document TEXT NOT NULL
) STRICT;
CREATE TABLE step_metrics (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  train_loss REAL,
  penalty_l1 REAL,
  penalty_l2 REAL,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE evaluations (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  train_eval_loss REAL,
  test_loss REAL,
  fit BLOB,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoints (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  digest TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (run, step)
) STRICT;
`;

/** Where a table's rows are in an older file, and what its columns (by name) are there; a name alone: the column is the same. */
export interface OldTable {
  readonly from: string;
  readonly columns: Readonly<Record<string, string>>;
}

const same = (...names: readonly string[]): Record<string, string> => Object.fromEntries(names.map((x) => [x, x]));

/** Version 1 did not say which runs one press had started; they were made within this time. */
const SAME_PRESS_MS = 250;

/** @param runs name of the table of runs that the expression stands in. */
const pressId = (runs: string): string =>
  `(SELECT first.id FROM ${runs} AS first WHERE first.experiment_id = ${runs}.experiment_id AND first.seed = ${runs}.seed
    AND first.created_at BETWEEN ${runs}.created_at - ${SAME_PRESS_MS} AND ${runs}.created_at ORDER BY first.number LIMIT 1)`;

const unscored = (split: string): Record<string, string> =>
  Object.fromEntries(['accuracy', 'top5', 'mae', 'r2'].map((score) => [`${split}_${score}`, 'NULL']));

/** null: version 1 had no such thing. */
export const FROM_VERSION_1: Readonly<Record<TableName, OldTable | null>> = {
  meta: { from: 'meta', columns: same('key', 'value') },
  settings: { from: 'settings', columns: same('key', 'value') },
  experiments: {
    from: 'experiments',
    columns: same('id', 'position', 'revision', 'document', 'created_at', 'updated_at'),
  },
  experiment_history: {
    from: 'experiment_history',
    columns: same('experiment_id', 'revision', 'document', 'saved_at'),
  },
  data_previews: {
    from: 'data_points',
    columns: {
      digest: 'digest',
      kind: `'points'`,
      shape: 'NULL',
      rows: 'NULL',
      ...same('train_x', 'train_y'),
      validation_x: 'NULL',
      validation_y: 'NULL',
      ...same('test_x', 'test_y'),
    },
  },
  runs: {
    from: 'runs',
    columns: {
      ...same('number', 'id', 'experiment_id'),
      press_id: pressId('runs'),
      ...same('variant', 'seed', 'status', 'step', 'total_steps'),
      rewinds: '0',
      best_step: 'NULL',
      ...same('created_at', 'compute_ms', 'device', 'failure'),
      data_digest: 'NULL',
      preview_digest: 'points_digest',
      weights: 'NULL',
      document: 'document',
    },
  },
  step_metrics: {
    from: 'step_metrics',
    columns: { ...same('run', 'step', 'train_loss', 'penalty_l1', 'penalty_l2'), lr: 'NULL' },
  },
  evaluations: {
    from: 'evaluations',
    columns: {
      ...same('run', 'step'),
      train_loss: 'train_eval_loss',
      ...unscored('train'),
      has_validation: '0',
      validation_loss: 'NULL',
      ...unscored('validation'),
      has_test: '1',
      test_loss: 'test_loss',
      ...unscored('test'),
      fit: 'fit',
      confusion: 'NULL',
      predicted: 'NULL',
    },
  },
  parameter_statistics: null,
  run_events: null,
  checkpoints: {
    from: 'checkpoints',
    columns: { run: 'run', kind: `'latest'`, ...same('step', 'digest', 'bytes') },
  },
  certificates: null,
  datasets: null,
  dataset_chunks: null,
};

/** Tables that are made anew, parents first. */
const REMADE = ['data_previews', 'runs', 'step_metrics', 'evaluations', 'checkpoints'] as const satisfies TableName[];

/**
 * SQL that makes version 2 of version 1: the old tables step aside, the new ones are filled from them, the old ones go.
 * @param created the tables of version 2 that version 1 had not, or not so.
 */
export function migrationFromVersion1(created: string): string {
  const tables = REMADE.flatMap((table) => {
    const old = FROM_VERSION_1[table];
    return old ? [{ table, old, aside: `version_1_${old.from}` }] : [];
  });
  const moved = tables.map(({ old, aside }) => `ALTER TABLE ${old.from} RENAME TO ${aside};`);
  const filled = tables.map(({ table, old, aside }) => {
    const columns: Record<string, string> =
      table === 'runs' ? { ...old.columns, press_id: pressId(aside) } : { ...old.columns };
    return `INSERT INTO ${table} (${Object.keys(columns).join(', ')}) SELECT ${Object.values(columns).join(', ')} FROM ${aside};`;
  });
  // Children first: nothing may refer to what goes.
  const dropped = tables.toReversed().map(({ aside }) => `DROP TABLE ${aside};`);
  // A number of a deleted run is never given again.
  const numbers = `
    DELETE FROM sqlite_sequence WHERE name = 'runs';
    INSERT INTO sqlite_sequence (name, seq) SELECT 'runs', seq FROM sqlite_sequence WHERE name = 'version_1_runs';`;
  return [...moved, created, ...filled, numbers, ...dropped].join('\n');
}
