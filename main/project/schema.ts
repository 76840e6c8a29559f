// The tables of a project file, version 1, exactly as SQLite stores them. SCHEMA.md explains them to people.

/** "Ovft" in ASCII: SQLite's application_id of a project file, bytes 68-71. */
export const APPLICATION_ID = 0x4f766674;

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

export const TABLES = [
  'meta',
  'settings',
  'experiments',
  'experiment_history',
  'data_points',
  'runs',
  'step_metrics',
  'evaluations',
  'checkpoints',
] as const;
export type TableName = (typeof TABLES)[number];
