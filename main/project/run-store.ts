// Runs in the project file: every write is one durable transaction, every read is checked.
import {
  fitAxes,
  LIVE_STATUSES,
  resolveVariant,
  type Checkpoint,
  type FitAxis,
  type RunEvent,
  type RunStatus,
} from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type { ReadOnlyReason, RunRecord, RunSummary } from '../contract/shapes.ts';
import type { CheckpointKind, NewRun, RunBatch, RunStore, StartedFacts } from '../services/run-store.ts';
import { decodeCheckpoint, decodeRun, integer, text, type DocumentCache } from './codec.ts';
import { SELECT } from './columns.ts';
import type { Database, ProjectDisk, Row, Statement } from './database.ts';
import { decodePreview, encodePreview } from './previews.ts';
import { RunRows } from './run-rows.ts';

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
  readonly #rows: RunRows;

  constructor(options: RunStoreOptions) {
    this.#db = options.db;
    this.#options = options;
    this.#rows = new RunRows((sql) => this.#sql(sql), options.digest);
  }

  create(run: NewRun): RunSummary {
    this.#write(() => {
      this.#sql(
        `INSERT INTO runs (id, experiment_id, press_id, variant, seed, status, step, total_steps, rewinds, created_at,
           compute_ms, weights, document)
         VALUES (?, ?, ?, ?, ?, 'queued', 0, ?, 0, ?, 0, ?, ?)`,
      ).run(
        run.id,
        run.experimentId,
        run.pressId,
        run.variant,
        run.seed,
        run.totalSteps,
        run.createdAt,
        run.weights && JSON.stringify(run.weights),
        JSON.stringify(run.experiment),
      );
    });
    return this.#known(run.id);
  }

  started(runId: string, { device, data, dataDigest, totalSteps }: StartedFacts): void {
    const preview = encodePreview(data, this.#options.digest);
    this.#write(() => {
      this.#sql(`INSERT OR IGNORE INTO data_previews VALUES (${preview.values.map(() => '?').join(', ')})`).run(
        ...preview.values,
      );
      this.#sql(
        'UPDATE runs SET device = ?, preview_digest = ?, data_digest = ?, total_steps = ? WHERE number = ?',
      ).run(JSON.stringify(device), preview.digest, dataDigest, totalSteps, this.#number(runId));
    });
  }

  append(batches: readonly RunBatch[]): void {
    this.#write(() => {
      for (const batch of batches) this.#rows.append(this.#number(batch.runId), batch);
    });
  }

  setStatus(runId: string, status: RunStatus): void {
    this.#write(() => {
      this.#sql('UPDATE runs SET status = ? WHERE number = ?').run(status, this.#number(runId));
    });
  }

  truncate(runId: string, step: number): void {
    this.#write(() => {
      this.#rows.forgetAfter(this.#number(runId), step);
    });
  }

  checkpoint(runId: string, kind: CheckpointKind = 'latest'): Checkpoint | null {
    const ofRun = 'run = (SELECT number FROM runs WHERE id = ?) AND kind = ?';
    const rows = this.#sql(`SELECT step FROM checkpoints WHERE ${ofRun} ORDER BY step DESC`).all(runId, kind);
    let failure: LabError | null = null;
    for (const { step } of rows) {
      try {
        const row = this.#sql(`${SELECT.checkpoints} WHERE ${ofRun} AND step = ?`).get(runId, kind, step ?? null);
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

  events(runId: string): RunEvent[] {
    return this.#rows.events(this.#number(runId), 0);
  }

  summary(runId: string): RunSummary | null {
    const row = this.#sql(`${SELECT.runs} WHERE id = ?`).get(runId);
    return row ? this.#decode(row) : null;
  }

  list(): RunSummary[] {
    return this.#sql(`${SELECT.runs} ORDER BY number`)
      .all()
      .map((row) => this.#decode(row));
  }

  read(runId: string, afterStep: number): RunRecord | null {
    const row = this.#sql('SELECT number, rewinds, preview_digest FROM runs WHERE id = ?').get(runId);
    if (!row) return null;
    const run = integer(row, 'number');
    return {
      runId,
      rewinds: integer(row, 'rewinds'),
      steps: this.#rows.steps(run, afterStep),
      evaluations: this.#rows.evaluations(run, afterStep, () => this.#describedAxes(run)),
      events: this.#rows.events(run, afterStep),
      data: row.preview_digest === null ? null : this.#preview(text(row, 'preview_digest')),
    };
  }

  delete(runId: string): void {
    this.#write(() => {
      this.#sql('DELETE FROM runs WHERE number = ?').run(this.#number(runId));
      this.#sql(
        `DELETE FROM data_previews WHERE digest NOT IN (
           SELECT preview_digest FROM runs WHERE preview_digest IS NOT NULL)`,
      ).run();
    });
  }

  #preview(digest: string): RunRecord['data'] {
    const row = this.#sql(`${SELECT.data_previews} WHERE digest = ?`).get(digest);
    return row ? decodePreview(row, this.#options.digest) : null;
  }

  /** Where the fit of a run lies whose document says the range of its data; only such runs had fits once. */
  #describedAxes(run: number): readonly FitAxis[] | null {
    const row = this.#sql(`${SELECT.runs} WHERE number = ?`).get(run);
    if (!row) return null;
    const { data } = resolveVariant(this.#options.documents.read(row), text(row, 'variant'));
    return data.type === 'linear_noise' ? fitAxes(data, []) : null;
  }

  #decode(row: Row): RunSummary {
    const { readOnly, liveIsInterrupted, documents } = this.#options;
    const run = integer(row, 'number');
    const extras = {
      final: this.#rows.latestScores(run),
      best: row.best_step === null ? null : this.#rows.scoresAt(run, integer(row, 'best_step')),
      eventCount: this.#rows.eventCount(run),
    };
    return decodeRun(row, extras, documents, {
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
