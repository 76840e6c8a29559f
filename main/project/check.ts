// Verifies a project file wholly: SQLite's own check, the schema, every document, every run's rows, every stored digest.
import { LabError } from '../contract/errors.ts';
import {
  COLUMNS,
  decodeCheckpoint,
  decodeEvaluation,
  decodeExperiment,
  decodePoints,
  decodeRun,
  DocumentCache,
  text,
} from './codec.ts';
import type { Database, ProjectDisk, Row } from './database.ts';
import { CURRENT_VERSION } from './migrations.ts';
import { existing, identify, openToLook } from './open.ts';
import { schemaDifferences } from './verify.ts';

export interface Finding {
  /** `error`: something is lost or wrong. `warning`: worth knowing, nothing is lost. */
  readonly level: 'error' | 'warning';
  /** What it is about: `file`, `schema`, `run 3`, `experiment <id>`, `points <digest>`. */
  readonly subject: string;
  readonly message: string;
}

/**
 * Reads everything and changes nothing.
 * @returns an empty list for a sound file.
 * @throws LabError FILE_NOT_FOUND, FILE_FOREIGN, FILE_ACCESS.
 */
export function checkProject(disk: ProjectDisk, path: string): Finding[] {
  const facts = existing(disk, path);
  const version = identify(disk, path, facts);
  const inUse = disk.isLocked(path);
  const { db, damage } = openToLook(disk, path, inUse);
  const check = new Check(db, disk, inUse);
  for (const line of damage) check.warn('file', line);
  try {
    if (version > CURRENT_VERSION) {
      check.warn('file', `is of version ${version}; this program knows up to ${CURRENT_VERSION} and checks less`);
      check.pages();
    } else {
      check.pages();
      check.schema(version);
      check.rows();
    }
    return check.findings;
  } finally {
    db.close();
  }
}

class Check {
  readonly findings: Finding[] = [];
  readonly #db: Database;
  readonly #disk: ProjectDisk;
  readonly #inUse: boolean;
  readonly #documents = new DocumentCache();

  constructor(db: Database, disk: ProjectDisk, inUse: boolean) {
    this.#db = db;
    this.#disk = disk;
    this.#inUse = inUse;
  }

  warn(subject: string, message: string): void {
    this.findings.push({ level: 'warning', subject, message });
  }

  pages(): void {
    this.#each('file', 'PRAGMA integrity_check(100)', (row) => {
      const line = text(row, 'integrity_check');
      if (line !== 'ok') this.#fail('file', line);
    });
  }

  schema(version: number): void {
    this.#guard('schema', () => {
      for (const line of schemaDifferences(this.#db, this.#disk, version)) this.#fail('schema', line);
    });
  }

  rows(): void {
    this.#each('file', 'PRAGMA foreign_key_check', (row) => {
      this.#fail('file', `a row of ${String(row.table)} belongs to a ${String(row.parent)} row that is missing`);
    });
    this.#each(
      'experiments',
      `SELECT ${COLUMNS.experiments}, (SELECT max(revision) FROM experiment_history WHERE experiment_id = id) AS newest
       FROM experiments`,
      (row) => {
        const subject = `experiment ${String(row.id)}`;
        this.#guard(subject, () => decodeExperiment(row, this.#documents));
        if (row.newest !== row.revision) this.#fail(subject, 'its history does not end with its revision');
      },
    );
    this.#each('experiment_history', `SELECT ${COLUMNS.experiment_history} FROM experiment_history`, (row) => {
      this.#guard(`experiment ${String(row.experiment_id)}, revision ${String(row.revision)}`, () =>
        this.#documents.read(row),
      );
    });
    this.#each('data_points', `SELECT ${COLUMNS.data_points} FROM data_points`, (row) => {
      this.#guard(`points ${String(row.digest)}`, () => decodePoints(row, this.#disk.digest));
    });
    this.#runs();
    this.#each('evaluations', `SELECT ${COLUMNS.evaluations} FROM evaluations`, (row) => {
      this.#guard(`run ${String(row.run)}, evaluation at step ${String(row.step)}`, () => decodeEvaluation(row));
    });
    this.#each('checkpoints', `SELECT ${COLUMNS.checkpoints} FROM checkpoints`, (row) => {
      this.#guard(`run ${String(row.run)}, checkpoint at step ${String(row.step)}`, () =>
        decodeCheckpoint(row, this.#disk.digest),
      );
    });
  }

  #runs(): void {
    this.#each(
      'runs',
      `SELECT ${COLUMNS.runs}, steps, first_step, last_step,
         (SELECT max(step) FROM evaluations WHERE run = number) AS last_evaluation,
         (SELECT max(step) FROM checkpoints WHERE run = number) AS last_checkpoint
       FROM runs LEFT JOIN (
         SELECT run, count(*) AS steps, min(step) AS first_step, max(step) AS last_step FROM step_metrics GROUP BY run
       ) ON run = number ORDER BY number`,
      (row) => {
        this.#run(row);
      },
    );
  }

  #run(row: Row): void {
    const subject = `run ${String(row.number)}`;
    this.#guard(subject, () => {
      const run = decodeRun(row, null, this.#documents, { writable: false, showStatus: (x) => x });
      const count = (column: string) => Number(row[column] ?? 0);
      const [steps, first, last] = [count('steps'), count('first_step'), count('last_step')];
      if (steps > 0 && (first !== 1 || last !== steps))
        this.#fail(subject, `has ${steps} rows of steps ${first} to ${last}: some are missing`);
      for (const [what, step] of [
        ['steps', last],
        ['evaluations', count('last_evaluation')],
        ['checkpoints', count('last_checkpoint')],
      ] as const)
        if (step > run.step) this.#fail(subject, `has ${what} up to ${step}, but says that it is at step ${run.step}`);
      if (run.status === 'done' && (run.step !== run.totalSteps || steps !== run.totalSteps))
        this.#fail(subject, `is done, but holds ${steps} of ${run.totalSteps} steps`);
      if (!this.#inUse && (run.status === 'running' || run.status === 'paused' || run.status === 'queued'))
        this.warn(subject, `was ${run.status} when its program died; it can be resumed`);
    });
  }

  #fail(subject: string, message: string): void {
    this.findings.push({ level: 'error', subject, message });
  }

  /** A broken page ends the reading of one table, not of the others. */
  #each(subject: string, sql: string, take: (row: Row) => void): void {
    this.#guard(subject, () => {
      for (const row of this.#db.prepare(sql).iterate()) take(row);
    });
  }

  #guard(subject: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'FILE_DAMAGED') throw error;
      this.#fail(subject, error.message);
    }
  }
}
