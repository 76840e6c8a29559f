// Runs in the project file: every write is one durable transaction, every read is checked.
import { LIVE_STATUSES, type Checkpoint, type RunStatus } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type { ReadOnlyReason, RunRecord, RunSummary } from '../contract/shapes.ts';
import type { NewRun, RunBatch, RunStore } from '../services/run-store.ts';
import {
  bytesOf,
  COLUMNS,
  decodeCheckpoint,
  decodeEvaluation,
  decodePoints,
  decodeRun,
  integer,
  pointsDigest,
  real,
  text,
  type DocumentCache,
} from './codec.ts';
import type { Database, ProjectDisk, Row, Statement } from './database.ts';

/** Checkpoints kept of an unfinished run, so that a bad newest one is no loss; a finished run keeps its last. */
export const CHECKPOINTS_KEPT = 2;

export interface RunStoreOptions {
  readonly db: Database;
  readonly readOnly: ReadOnlyReason | null;
  /** Where `running` can only mean that a writer died. */
  readonly liveIsInterrupted: boolean;
  readonly documents: DocumentCache;
  readonly digest: ProjectDisk['digest'];
}

export class SqliteRunStore implements RunStore {
  readonly #db: Database;
  readonly #options: RunStoreOptions;
  readonly #statements = new Map<string, Statement>();

  constructor(options: RunStoreOptions) {
    this.#db = options.db;
    this.#options = options;
  }

  create(run: NewRun): RunSummary {
    this.#write(() => {
      this.#sql(
        `INSERT INTO runs (id, experiment_id, variant, seed, status, step, total_steps, created_at, compute_ms, document)
         VALUES (?, ?, ?, ?, 'queued', 0, ?, ?, 0, ?)`,
      ).run(
        run.id,
        run.experimentId,
        run.variant,
        run.seed,
        run.totalSteps,
        run.createdAt,
        JSON.stringify(run.experiment),
      );
    });
    return this.#known(run.id);
  }

  started(runId: string, facts: Parameters<RunStore['started']>[1]): void {
    const { train, test } = facts.points;
    const digest = pointsDigest(facts.points, this.#options.digest);
    this.#write(() => {
      this.#sql(
        'INSERT OR IGNORE INTO data_points (digest, train_x, train_y, test_x, test_y) VALUES (?, ?, ?, ?, ?)',
      ).run(digest, bytesOf(train.x), bytesOf(train.y), bytesOf(test.x), bytesOf(test.y));
      this.#sql('UPDATE runs SET device = ?, points_digest = ?, total_steps = ? WHERE number = ?').run(
        JSON.stringify(facts.device),
        digest,
        facts.totalSteps,
        this.#number(runId),
      );
    });
  }

  append(batches: readonly RunBatch[]): void {
    this.#write(() => {
      for (const batch of batches) this.#appendOne(this.#number(batch.runId), batch);
    });
  }

  setStatus(runId: string, status: RunStatus): void {
    this.#write(() => {
      this.#sql('UPDATE runs SET status = ? WHERE number = ?').run(status, this.#number(runId));
    });
  }

  truncate(runId: string, step: number): void {
    this.#write(() => {
      const run = this.#number(runId);
      for (const table of ['step_metrics', 'evaluations', 'checkpoints'])
        this.#sql(`DELETE FROM ${table} WHERE run = ? AND step > ?`).run(run, step);
      this.#sql('UPDATE runs SET step = min(step, ?), failure = NULL WHERE number = ?').run(Math.max(step, 0), run);
    });
  }

  checkpoint(runId: string): Checkpoint | null {
    const rows = this.#sql(
      `SELECT step FROM checkpoints WHERE run = (SELECT number FROM runs WHERE id = ?) ORDER BY step DESC`,
    ).all(runId);
    let failure: LabError | null = null;
    for (const { step } of rows) {
      try {
        const row = this.#sql(
          `SELECT ${COLUMNS.checkpoints} FROM checkpoints WHERE run = (SELECT number FROM runs WHERE id = ?) AND step = ?`,
        ).get(runId, step ?? null);
        if (row) return decodeCheckpoint(row, this.#options.digest);
      } catch (error) {
        // An older one continues the run just as well.
        if (!(error instanceof LabError) || error.code !== 'FILE_DAMAGED') throw error;
        failure = error;
      }
    }
    if (failure) throw failure;
    return null;
  }

  summary(runId: string): RunSummary | null {
    const row = this.#sql(`SELECT ${COLUMNS.runs} FROM runs WHERE id = ?`).get(runId);
    return row ? this.#decode(row) : null;
  }

  list(): RunSummary[] {
    return this.#sql(`SELECT ${COLUMNS.runs} FROM runs ORDER BY number`)
      .all()
      .map((row) => this.#decode(row));
  }

  read(runId: string, afterStep: number): RunRecord | null {
    const row = this.#sql('SELECT number, points_digest FROM runs WHERE id = ?').get(runId);
    if (!row) return null;
    const run = integer(row, 'number');
    return {
      runId,
      steps: this.#steps(run, afterStep),
      evaluations: this.#sql(`SELECT ${COLUMNS.evaluations} FROM evaluations WHERE run = ? AND step > ? ORDER BY step`)
        .all(run, afterStep)
        .map(decodeEvaluation),
      points: row.points_digest === null ? null : this.#points(text(row, 'points_digest')),
    };
  }

  delete(runId: string): void {
    this.#write(() => {
      this.#sql('DELETE FROM runs WHERE number = ?').run(this.#number(runId));
      this.#sql(
        'DELETE FROM data_points WHERE digest NOT IN (SELECT points_digest FROM runs WHERE points_digest IS NOT NULL)',
      ).run();
    });
  }

  #appendOne(run: number, batch: RunBatch): void {
    const { steps, change, checkpoint } = batch;
    if (steps) {
      // A journal entry whose acknowledgement was lost comes twice: the same rows again.
      const insert = this.#sql(
        'INSERT OR REPLACE INTO step_metrics (run, step, train_loss, penalty_l1, penalty_l2) VALUES (?, ?, ?, ?, ?)',
      );
      for (const [i, step] of steps.step.entries())
        insert.run(run, step, steps.train_loss[i] ?? NaN, steps.penalty_l1[i] ?? NaN, steps.penalty_l2[i] ?? NaN);
    }
    for (const x of batch.evaluations)
      this.#sql(
        'INSERT OR REPLACE INTO evaluations (run, step, train_eval_loss, test_loss, fit) VALUES (?, ?, ?, ?, ?)',
      ).run(run, x.step, x.train_eval_loss, x.test_loss, x.fit && bytesOf(x.fit));
    const reached = Math.max(change?.step ?? 0, steps?.step.at(-1) ?? 0, batch.evaluations.at(-1)?.step ?? 0);
    this.#sql('UPDATE runs SET step = max(step, ?), compute_ms = ? WHERE number = ?').run(
      reached,
      batch.computeMs,
      run,
    );
    if (checkpoint) {
      // Making room first: the new one takes the old one's pages, and the file does not grow.
      this.#dropCheckpoints(run, CHECKPOINTS_KEPT - 1);
      this.#sql('INSERT OR REPLACE INTO checkpoints (run, step, digest, bytes) VALUES (?, ?, ?, ?)').run(
        run,
        checkpoint.step,
        this.#options.digest(checkpoint.bytes),
        checkpoint.bytes,
      );
    }
    if (change)
      this.#sql('UPDATE runs SET status = ?, failure = ? WHERE number = ?').run(
        change.status,
        change.failure && JSON.stringify(change.failure),
        run,
      );
    if (change?.status === 'done') this.#dropCheckpoints(run, 1);
  }

  #dropCheckpoints(run: number, keep: number): void {
    this.#sql(
      `DELETE FROM checkpoints WHERE run = ?1 AND step NOT IN (
         SELECT step FROM checkpoints WHERE run = ?1 ORDER BY step DESC LIMIT ?2)`,
    ).run(run, keep);
  }

  #steps(run: number, afterStep: number): RunRecord['steps'] {
    const counted = this.#sql('SELECT count(*) AS n FROM step_metrics WHERE run = ? AND step > ?').get(run, afterStep);
    const n = counted ? integer(counted, 'n') : 0;
    const columns = {
      step: new Int32Array(n),
      train_loss: new Float64Array(n),
      penalty_l1: new Float64Array(n),
      penalty_l2: new Float64Array(n),
    };
    const rows = this.#sql(
      `SELECT ${COLUMNS.step_metrics} FROM step_metrics WHERE run = ? AND step > ? ORDER BY step`,
    ).iterate(run, afterStep);
    let i = 0;
    for (const row of rows) {
      columns.step[i] = integer(row, 'step');
      columns.train_loss[i] = real(row, 'train_loss');
      columns.penalty_l1[i] = real(row, 'penalty_l1');
      columns.penalty_l2[i] = real(row, 'penalty_l2');
      i += 1;
    }
    return columns;
  }

  #points(digest: string): RunRecord['points'] {
    const row = this.#sql(`SELECT ${COLUMNS.data_points} FROM data_points WHERE digest = ?`).get(digest);
    return row ? decodePoints(row, this.#options.digest) : null;
  }

  #decode(row: Row): RunSummary {
    const { readOnly, liveIsInterrupted, documents } = this.#options;
    const final = this.#sql(
      'SELECT step, train_eval_loss, test_loss, NULL AS fit FROM evaluations WHERE run = ? ORDER BY step DESC LIMIT 1',
    ).get(integer(row, 'number'));
    return decodeRun(row, final ? decodeEvaluation(final) : null, documents, {
      writable: readOnly === null,
      showStatus: (stored) => (liveIsInterrupted && LIVE_STATUSES.has(stored) ? 'interrupted' : stored),
    });
  }

  #known(runId: string): RunSummary {
    const summary = this.summary(runId);
    if (!summary) throw new LabError('NOT_FOUND', `There is no run ${runId}.`, { what: 'run', id: runId });
    return summary;
  }

  #number(runId: string): number {
    const row = this.#sql('SELECT number FROM runs WHERE id = ?').get(runId);
    if (!row) throw new LabError('NOT_FOUND', `There is no run ${runId}.`, { what: 'run', id: runId });
    return integer(row, 'number');
  }

  #write(work: () => void): void {
    const { readOnly } = this.#options;
    if (readOnly) throw new LabError('READ_ONLY', `The project is read-only (${readOnly}).`, { reason: readOnly });
    this.#db.transaction(work);
  }

  #sql(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}
