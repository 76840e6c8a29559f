// Verifies a project file wholly: SQLite's own check, the schema, every document, every run's rows, every stored digest.
import { LabError } from '../contract/errors.ts';
import { dataShape, DocumentError, resolveVariant } from '../../engine/spec/index.ts';
import {
  decodeCertificate,
  decodeCheckpoint,
  decodeEvaluation,
  decodeEvent,
  decodeExperiment,
  decodeRun,
  decodeStatistics,
  DocumentCache,
  NO_EXTRAS,
  text,
} from './codec.ts';
import { SELECT, tableSource } from './columns.ts';
import type { Database, ProjectDisk, Row } from './database.ts';
import { CURRENT_VERSION } from './migrations.ts';
import { decodeChunk, decodeDataset, incompleteDatasets } from './dataset-store.ts';
import { existing, identify, openToLook } from './open.ts';
import { decodePreview } from './previews.ts';
import type { TableName } from './schema.ts';
import { schemaDifferences } from './verify.ts';

export interface Finding {
  /** `error`: something is lost or wrong. `warning`: worth knowing, nothing is lost. */
  readonly level: 'error' | 'warning';
  /** What it is about: `file`, `schema`, `run 3`, `experiment <id>`, `data <digest>`. */
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
  const check = new Check(db, disk, version, inUse);
  for (const line of damage) check.warn('file', line);
  try {
    if (version > CURRENT_VERSION) {
      check.warn('file', `is of version ${version}; this program knows up to ${CURRENT_VERSION} and checks less`);
      check.pages();
    } else {
      check.pages();
      check.schema();
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
  readonly #version: number;
  readonly #inUse: boolean;
  readonly #documents = new DocumentCache();

  constructor(db: Database, disk: ProjectDisk, version: number, inUse: boolean) {
    this.#db = db;
    this.#disk = disk;
    this.#version = version;
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

  schema(): void {
    this.#guard('schema', () => {
      for (const line of schemaDifferences(this.#db, this.#disk, this.#version)) this.#fail('schema', line);
    });
  }

  rows(): void {
    this.#each('file', 'PRAGMA foreign_key_check', (row) => {
      this.#fail('file', `a row of ${String(row.table)} belongs to a ${String(row.parent)} row that is missing`);
    });
    this.#table(
      'experiments',
      (row) => `experiment ${String(row.id)}`,
      (row) => decodeExperiment(row, this.#documents),
    );
    this.#each(
      'experiments',
      `SELECT id, revision, (SELECT max(revision) FROM experiment_history WHERE experiment_id = id) AS newest
       FROM experiments`,
      ({ id, revision, newest }) => {
        if (newest !== revision) this.#fail(`experiment ${String(id)}`, 'its history does not end with its revision');
      },
    );
    this.#table(
      'experiment_history',
      (row) => `experiment ${String(row.experiment_id)}, revision ${String(row.revision)}`,
      (row) => this.#documents.read(row),
    );
    this.#table(
      'data_previews',
      (row) => `data ${String(row.digest)}`,
      (row) => decodePreview(row, this.#disk.digest),
    );
    this.#runs();
    const at = (row: Row) => `at step ${String(row.step)}`;
    const ofRun = (row: Row, what: string) => `run ${String(row.run)}, ${what}`;
    this.#table(
      'evaluations',
      (row) => ofRun(row, `evaluation ${at(row)}`),
      (row) => decodeEvaluation(row, []),
    );
    this.#table('parameter_statistics', (row) => ofRun(row, `parameters ${at(row)}`), decodeStatistics);
    this.#table('run_events', (row) => ofRun(row, `change ${at(row)}`), decodeEvent);
    this.#table(
      'checkpoints',
      (row) => ofRun(row, `checkpoint ${at(row)}`),
      (row) => decodeCheckpoint(row, this.#disk.digest),
    );
    this.#table('certificates', () => 'certificate', decodeCertificate);
    this.#datasets();
  }

  #datasets(): void {
    if (tableSource('datasets', this.#version) === null) return;
    this.#table('datasets', (row) => `data set ${String(row.name)}`, decodeDataset);
    this.#guard('datasets', () => {
      for (const { digest, problem } of incompleteDatasets(this.#db)) this.#fail(`data set ${digest}`, problem);
    });
    const hashes = new Map<string, ReturnType<ProjectDisk['hash']>>();
    this.#each('dataset_chunks', `${SELECT.dataset_chunks} ORDER BY dataset, position`, (row) => {
      const owner = text(row, 'dataset');
      this.#guard(`data set ${owner}, part ${String(row.position)}`, () => {
        const hash = hashes.get(owner) ?? this.#disk.hash();
        hashes.set(owner, hash);
        hash.update(decodeChunk(row, this.#disk.digest));
      });
    });
    this.#each('datasets', `SELECT digest, name FROM datasets`, ({ digest, name }) => {
      const hash = hashes.get(String(digest));
      if (hash && hash.hex() !== digest)
        this.#fail(`data set ${String(name)}`, 'is not the one that was imported (its digest differs)');
    });
    this.#each(
      'dataset_chunks',
      'SELECT count(*) AS n FROM dataset_chunks WHERE dataset NOT IN (SELECT digest FROM datasets)',
      ({ n }) => {
        if (Number(n) > 0) this.warn('file', `holds ${String(n)} parts of an import that did not end`);
      },
    );
  }

  #runs(): void {
    const source = tableSource('runs', this.#version);
    if (source === null) return;
    this.#each(
      'runs',
      `SELECT ${source.columns}, steps, first_step, last_step,
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
      const run = decodeRun(row, NO_EXTRAS, this.#documents, { writable: false, showStatus: (x) => x });
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
      if (run.status === 'done') {
        // Early stopping ends a run where it likes; it needs validation data.
        const { validationRows } = dataShape(resolveVariant(run.experiment, run.variant).data);
        const expected = validationRows > 0 ? run.step : run.totalSteps;
        if (run.step !== expected || steps !== expected)
          this.#fail(subject, `is done, but holds ${steps} of ${expected} steps`);
      }
      if (!this.#inUse && (run.status === 'running' || run.status === 'paused' || run.status === 'queued'))
        this.warn(subject, `was ${run.status} when its program died; it can be resumed`);
    });
  }

  #fail(subject: string, message: string): void {
    this.findings.push({ level: 'error', subject, message });
  }

  #table(table: TableName, subject: (row: Row) => string, check: (row: Row) => unknown): void {
    const source = tableSource(table, this.#version);
    if (source === null) return;
    this.#each(table, `SELECT ${source.columns} FROM ${source.from}`, (row) => {
      this.#guard(subject(row), () => check(row));
    });
  }

  /** A broken page ends the reading of one table, not of the others. */
  #each(subject: string, sql: string, take: (row: Row) => void): void {
    this.#guard(subject, () => {
      for (const row of this.#db.prepare(sql).iterate()) take(row);
    });
  }

  #guard(subject: string, work: () => unknown): void {
    try {
      work();
    } catch (error) {
      const isDamage = error instanceof DocumentError || (error instanceof LabError && error.code === 'FILE_DAMAGED');
      if (!isDamage) throw error;
      this.#fail(subject, error.message);
    }
  }
}
