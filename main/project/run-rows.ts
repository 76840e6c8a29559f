// The rows of one run, by its number: written batch by batch within a transaction, read as columns and evaluations.
import {
  emptySteps,
  STEP_METRICS,
  type Evaluation,
  type FitAxis,
  type ParameterStatistics,
  type RunEvent,
  type StepColumns,
} from '../../engine/spec/index.ts';
import type { EvaluationScores } from '../contract/shapes.ts';
import type { CheckpointKind, RunBatch } from '../services/run-store.ts';
import {
  bytesOf,
  decodeEvaluation,
  decodeEvaluationScores,
  decodeEvent,
  decodeStatistics,
  integer,
  real,
  scoreValues,
  SCORE_COLUMNS,
} from './codec.ts';
import { columnNames, SELECT } from './columns.ts';
import type { ProjectDisk, SqlValue, Statement } from './database.ts';
import { encodeFit } from './fits.ts';
import { ROWS_BY_STEP, type TableName } from './schema.ts';

/** Checkpoints kept of an unfinished run, so that a bad newest one is no loss; a finished run keeps its last. */
export const CHECKPOINTS_KEPT = 2;

type Prepare = (sql: string) => Statement;

/** A journal entry whose acknowledgement was lost comes twice: the same rows again. */
function replaceInto(table: TableName): string {
  const names = columnNames(table);
  return `INSERT OR REPLACE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
}
const REPLACE = {
  steps: replaceInto('step_metrics'),
  evaluation: replaceInto('evaluations'),
  statistics: replaceInto('parameter_statistics'),
  event: replaceInto('run_events'),
  checkpoint: replaceInto('checkpoints'),
};
const SCORES_OF = `SELECT step, ${SCORE_COLUMNS.join(', ')} FROM evaluations WHERE run = ?`;

export class RunRows {
  readonly #sql: Prepare;
  readonly #digest: ProjectDisk['digest'];

  constructor(prepare: Prepare, digest: ProjectDisk['digest']) {
    this.#sql = prepare;
    this.#digest = digest;
  }

  /** Within a transaction. */
  append(run: number, batch: RunBatch): void {
    const { voidAfter, steps, change, checkpoint, bestStep, bestCheckpoint } = batch;
    if (voidAfter !== null) {
      this.forgetAfter(run, voidAfter);
      this.#sql('DELETE FROM run_events WHERE run = ? AND step >= ?').run(run, voidAfter);
    }
    if (steps) this.#insertSteps(run, steps);
    for (const evaluation of batch.evaluations) this.#insertEvaluation(run, evaluation);
    for (const event of batch.events) this.#insertEvent(run, event);
    const reached = Math.max(change?.step ?? 0, steps?.step.at(-1) ?? 0, batch.evaluations.at(-1)?.step ?? 0);
    this.#sql('UPDATE runs SET step = max(step, ?), compute_ms = ?, rewinds = ? WHERE number = ?').run(
      reached,
      batch.computeMs,
      batch.rewinds,
      run,
    );
    if (bestStep !== null) this.#sql('UPDATE runs SET best_step = ? WHERE number = ?').run(bestStep, run);
    // Making room first: the new one takes the old one's pages, and the file does not grow.
    if (checkpoint) {
      this.#dropCheckpoints(run, 'latest', CHECKPOINTS_KEPT - 1);
      this.#insertCheckpoint(run, 'latest', checkpoint);
    }
    if (bestCheckpoint) {
      this.#dropCheckpoints(run, 'best', 0);
      this.#insertCheckpoint(run, 'best', bestCheckpoint);
    }
    if (change)
      this.#sql('UPDATE runs SET status = ?, failure = ? WHERE number = ?').run(
        change.status,
        change.failure && JSON.stringify(change.failure),
        run,
      );
    if (change?.status === 'done') this.#dropCheckpoints(run, 'latest', 1);
  }

  /** Within a transaction: everything recorded after `step`, changes excepted. */
  forgetAfter(run: number, step: number): void {
    for (const table of ROWS_BY_STEP) this.#sql(`DELETE FROM ${table} WHERE run = ? AND step > ?`).run(run, step);
    this.#sql(
      `UPDATE runs SET step = min(step, ?2), best_step = CASE WHEN best_step <= ?2 THEN best_step END, failure = NULL
       WHERE number = ?1`,
    ).run(run, Math.max(step, 0));
  }

  steps(run: number, afterStep: number): StepColumns {
    const counted = this.#sql('SELECT count(*) AS n FROM step_metrics WHERE run = ? AND step > ?').get(run, afterStep);
    const columns = emptySteps(counted ? integer(counted, 'n') : 0);
    const rows = this.#sql(`${SELECT.step_metrics} WHERE run = ? AND step > ? ORDER BY step`).iterate(run, afterStep);
    let i = 0;
    for (const row of rows) {
      columns.step[i] = integer(row, 'step');
      for (const metric of STEP_METRICS) columns[metric][i] = real(row, metric);
      i += 1;
    }
    return columns;
  }

  /** @param bareAxes where fits lie that do not say so themselves. */
  evaluations(run: number, afterStep: number, bareAxes: () => readonly FitAxis[] | null): Evaluation[] {
    const statistics = new Map<number, ParameterStatistics[]>();
    const rows = this.#sql(`${SELECT.parameter_statistics} WHERE run = ? AND step > ? ORDER BY step, position`).iterate(
      run,
      afterStep,
    );
    for (const row of rows) {
      const step = integer(row, 'step');
      const ofStep = statistics.get(step);
      if (ofStep) ofStep.push(decodeStatistics(row));
      else statistics.set(step, [decodeStatistics(row)]);
    }
    return this.#sql(`${SELECT.evaluations} WHERE run = ? AND step > ? ORDER BY step`)
      .all(run, afterStep)
      .map((row) => decodeEvaluation(row, statistics.get(integer(row, 'step')) ?? [], bareAxes));
  }

  latestScores(run: number): EvaluationScores | null {
    const row = this.#sql(`${SCORES_OF} ORDER BY step DESC LIMIT 1`).get(run);
    return row ? decodeEvaluationScores(row) : null;
  }

  scoresAt(run: number, step: number): EvaluationScores | null {
    const row = this.#sql(`${SCORES_OF} AND step = ?`).get(run, step);
    return row ? decodeEvaluationScores(row) : null;
  }

  /** @param fromStep changes made at it or later. */
  events(run: number, fromStep: number): RunEvent[] {
    return this.#sql(`${SELECT.run_events} WHERE run = ? AND step >= ? ORDER BY step, position`)
      .all(run, fromStep)
      .map(decodeEvent);
  }

  eventCount(run: number): number {
    const row = this.#sql('SELECT count(*) AS n FROM run_events WHERE run = ?').get(run);
    return row ? integer(row, 'n') : 0;
  }

  #insertSteps(run: number, steps: StepColumns): void {
    const insert = this.#sql(REPLACE.steps);
    for (const [i, step] of steps.step.entries())
      insert.run(run, step, ...STEP_METRICS.map((metric) => steps[metric][i] ?? NaN));
  }

  #insertEvaluation(run: number, x: Evaluation): void {
    const blob = (values: Int32Array | null): SqlValue => values && bytesOf(values);
    this.#sql(REPLACE.evaluation).run(
      run,
      x.step,
      ...scoreValues(x),
      x.fit && encodeFit(x.fit),
      blob(x.confusion),
      blob(x.predicted),
    );
    const insert = this.#sql(REPLACE.statistics);
    for (const [position, { name, norm, gradientNorm, zeros }] of x.parameters.entries())
      insert.run(run, x.step, position + 1, name, norm, gradientNorm, zeros);
  }

  #insertEvent(run: number, { step, path, value }: RunEvent): void {
    const last = this.#sql('SELECT max(position) AS n FROM run_events WHERE run = ? AND step = ?').get(run, step);
    this.#sql(REPLACE.event).run(run, step, Number(last?.n ?? 0) + 1, path, JSON.stringify(value));
  }

  #insertCheckpoint(run: number, kind: CheckpointKind, { step, bytes }: NonNullable<RunBatch['checkpoint']>): void {
    this.#sql(REPLACE.checkpoint).run(run, kind, step, this.#digest(bytes), bytes);
  }

  #dropCheckpoints(run: number, kind: CheckpointKind, keep: number): void {
    this.#sql(
      `DELETE FROM checkpoints WHERE run = ?1 AND kind = ?2 AND step NOT IN (
         SELECT step FROM checkpoints WHERE run = ?1 AND kind = ?2 ORDER BY step DESC LIMIT ?3)`,
    ).run(run, kind, keep);
  }
}
