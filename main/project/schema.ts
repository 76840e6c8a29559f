// The tables of a project file, version 3, exactly as SQLite stores them. SCHEMA.md explains them to people.

/** "Ovft" in ASCII: SQLite's application_id of a project file, bytes 68-71. */
export const APPLICATION_ID = 0x4f766674;

/** What version 1 had not, or not so; the other tables (meta, settings, experiments, experiment_history) are its own. */
export const TABLES_2 = `
CREATE TABLE data_previews (
  digest TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('points', 'images')),
  shape TEXT,
  rows TEXT,
  train_x BLOB NOT NULL,
  train_y BLOB NOT NULL,
  validation_x BLOB,
  validation_y BLOB,
  test_x BLOB,
  test_y BLOB
) STRICT;
CREATE TABLE runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  experiment_id TEXT NOT NULL,
  press_id TEXT NOT NULL,
  variant TEXT NOT NULL,
  seed INTEGER NOT NULL,
  status TEXT NOT NULL
    CHECK (status IN ('queued', 'running', 'paused', 'done', 'stopped', 'failed', 'interrupted')),
  step INTEGER NOT NULL CHECK (step >= 0),
  total_steps INTEGER CHECK (total_steps >= 0),
  rewinds INTEGER NOT NULL CHECK (rewinds >= 0),
  best_step INTEGER CHECK (best_step >= 0),
  created_at INTEGER NOT NULL,
  compute_ms REAL NOT NULL,
  device TEXT,
  failure TEXT,
  data_digest TEXT,
  preview_digest TEXT REFERENCES data_previews (digest),
  weights TEXT,
  document TEXT NOT NULL
) STRICT;
CREATE TABLE step_metrics (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  train_loss REAL,
  penalty_l1 REAL,
  penalty_l2 REAL,
  lr REAL,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE evaluations (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  train_loss REAL,
  train_accuracy REAL,
  train_top5 REAL,
  train_mae REAL,
  train_r2 REAL,
  has_validation INTEGER NOT NULL CHECK (has_validation IN (0, 1)),
  validation_loss REAL,
  validation_accuracy REAL,
  validation_top5 REAL,
  validation_mae REAL,
  validation_r2 REAL,
  has_test INTEGER NOT NULL CHECK (has_test IN (0, 1)),
  test_loss REAL,
  test_accuracy REAL,
  test_top5 REAL,
  test_mae REAL,
  test_r2 REAL,
  fit BLOB,
  confusion BLOB,
  predicted BLOB,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE parameter_statistics (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  norm REAL,
  gradient_norm REAL,
  zeros REAL,
  PRIMARY KEY (run, step, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE run_events (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  position INTEGER NOT NULL,
  path TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run, step, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoints (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('latest', 'best')),
  step INTEGER NOT NULL,
  digest TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (run, kind, step)
) STRICT;
CREATE TABLE certificates (
  created_at INTEGER NOT NULL,
  app_version TEXT NOT NULL,
  certificate TEXT NOT NULL
) STRICT;
`;

/**
 * What version 2 had not: imported data sets. The chunks of one come first and its row last, so a data set is there whole or not at
 * all; chunks without a row are what an import left that did not end, and are cleared away by the next writer.
 */
export const TABLES_3 = `
CREATE TABLE datasets (
  digest TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('columns', 'pictures')),
  source TEXT NOT NULL,
  summary TEXT NOT NULL,
  size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
  chunks INTEGER NOT NULL CHECK (chunks > 0),
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE dataset_chunks (
  dataset TEXT NOT NULL,
  position INTEGER NOT NULL CHECK (position >= 0),
  digest TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (dataset, position)
) STRICT;
`;

/** Tables that version 2 had not. */
export const NEW_IN_3: ReadonlySet<string> = new Set(['datasets', 'dataset_chunks']);

/** Parents before what refers to them. */
export const TABLES = [
  'meta',
  'settings',
  'experiments',
  'experiment_history',
  'data_previews',
  'runs',
  'step_metrics',
  'evaluations',
  'parameter_statistics',
  'run_events',
  'checkpoints',
  'certificates',
  'datasets',
  'dataset_chunks',
] as const;
export type TableName = (typeof TABLES)[number];

/** Tables with rows of a run that belong to a step of it. */
export const ROWS_BY_STEP = ['step_metrics', 'evaluations', 'parameter_statistics', 'checkpoints'] as const;
