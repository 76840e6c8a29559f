// The record of one run as the window holds it: columns that grow in place, and what was seen at each evaluation.
// Rows are kept in step order without gaps or doubles, whatever order live batches and re-readings come in.
import {
  EVALUATION_METRICS,
  scoreOf,
  type DataPreview,
  type Evaluation,
  type EvaluationMetric,
  type ParameterStatistics,
  type RunEvent,
  type StepColumns,
} from '../../engine/spec/index.ts';
import { cut, cutLevels, emptyColumn, push, pushLevel, type Column } from './column.ts';

export type { Column } from './column.ts';

/** Evaluations kept whole per run (a few kB each); beyond it every other one is dropped, the newest always stays. */
const KEPT = 512;

/** What is looked at of one evaluation; its scores are in the columns. */
export type Snapshot = Pick<Evaluation, 'step' | 'fit' | 'confusion' | 'predicted' | 'parameters'>;

export const STATISTICS = ['norm', 'zeros', 'gradientRatio'] as const;
/** What is known of a parameter over the steps; `gradientRatio`: norm of its gradient by its own. */
export type Statistic = (typeof STATISTICS)[number];
type StatisticColumns = Readonly<Record<Statistic, Column>>;

/** @returns null where it is not known: there is no gradient before the first update, and nothing to compare it with at norm 0. */
export function statisticOf({ norm, zeros, gradientNorm }: ParameterStatistics, statistic: Statistic): number | null {
  switch (statistic) {
    case 'norm':
      return norm;
    case 'zeros':
      return zeros;
    case 'gradientRatio':
      return gradientNorm === null || norm === 0 ? null : gradientNorm / norm;
    default:
      return statistic satisfies never;
  }
}

const NOTHING = emptyColumn(0);

const sameEvent = (a: RunEvent, b: RunEvent): boolean =>
  a.step === b.step && a.path === b.path && JSON.stringify(a.value) === JSON.stringify(b.value);

export class RunSeries {
  /** Training-mode loss of each step. */
  readonly train: Column = emptyColumn(1024);
  /** Parts of the objective of each step besides the data loss, and the learning rate; as levels, because many never change. */
  readonly penaltyL1: Column = emptyColumn();
  readonly penaltyL2: Column = emptyColumn();
  readonly lr: Column = emptyColumn();
  /** Ascending steps. */
  readonly snapshots: Snapshot[] = [];
  /** Changes that were made while it went on, in order. */
  events: readonly RunEvent[] = [];
  data: DataPreview | null = null;
  readonly #scores = new Map<EvaluationMetric, Column>();
  readonly #statistics = new Map<string, StatisticColumns>();

  /** Last step of which the loss is held; 0 before the first. */
  get lastStep(): number {
    return this.train.length > 0 ? (this.train.steps[this.train.length - 1] ?? 0) : 0;
  }

  /** `afterStep` for `run.read`: nothing after it is held completely. An evaluation may arrive later than its step. */
  get completeUpTo(): number {
    return Math.min(this.lastStep, this.lastEvaluation);
  }

  /** Step of the newest evaluation; -1 before the first. */
  get lastEvaluation(): number {
    const { steps, length } = this.score('train_loss');
    return length > 0 ? (steps[length - 1] ?? 0) : -1;
  }

  /** A score over the evaluations; empty where the data have no such score or split. */
  score(metric: EvaluationMetric): Column {
    return this.#scores.get(metric) ?? NOTHING;
  }

  /** Names of the trained arrays, in the order of the model. */
  get parameters(): readonly string[] {
    return [...this.#statistics.keys()];
  }

  statistic(parameter: string, statistic: Statistic): Column {
    return this.#statistics.get(parameter)?.[statistic] ?? NOTHING;
  }

  /**
   * Adds what is new in a batch; rows that are already there are passed over.
   * @returns false when rows between what is held and the batch are missing; nothing is added then.
   */
  append(steps: StepColumns | null, evaluations: readonly Evaluation[], events: readonly RunEvent[] = []): boolean {
    const held = this.lastStep;
    if (steps && steps.step.length > 0 && (steps.step[0] ?? 0) > held + 1) return false;
    // The evaluation of step 0 comes with the first batch: without it, the batch before this one was missed.
    if (this.lastEvaluation < 0 && evaluations.length > 0 && (evaluations[0]?.step ?? 0) > 0) return false;
    if (steps) {
      for (const [i, step] of steps.step.entries()) {
        if (step <= held) continue;
        push(this.train, step, steps.train_loss[i] ?? Number.NaN);
        pushLevel(this.penaltyL1, step, steps.penalty_l1[i] ?? Number.NaN);
        pushLevel(this.penaltyL2, step, steps.penalty_l2[i] ?? Number.NaN);
        pushLevel(this.lr, step, steps.lr[i] ?? Number.NaN);
      }
    }
    for (const row of evaluations) if (row.step > this.lastEvaluation) this.#addEvaluation(row);
    const news = events.filter((event) => !this.events.some((x) => sameEvent(x, event)));
    if (news.length > 0) this.events = [...this.events, ...news].sort((a, b) => a.step - b.step);
    return true;
  }

  /** Forgets every row after `step`: the run went back, or goes on from there. */
  truncate(step: number): void {
    cut(this.train, step);
    for (const column of [this.penaltyL1, this.penaltyL2, this.lr]) cutLevels(column, step);
    for (const column of this.#scores.values()) cut(column, step);
    for (const columns of this.#statistics.values()) for (const name of STATISTICS) cut(columns[name], step);
    while ((this.snapshots.at(-1)?.step ?? -1) > step) this.snapshots.pop();
  }

  /** Forgets the changes that were made at `step` or later: the run went back. */
  forgetEvents(step: number): void {
    this.events = this.events.filter((x) => x.step < step);
  }

  /** What was seen at the newest evaluation that is not after `step`; at the first one when all are after it. */
  snapshotAt(step: number): Snapshot | null {
    let found = this.snapshots[0] ?? null;
    for (const snapshot of this.snapshots) {
      if (snapshot.step > step) break;
      found = snapshot;
    }
    return found;
  }

  #addEvaluation(row: Evaluation): void {
    for (const metric of EVALUATION_METRICS) {
      const value = scoreOf(row, metric);
      if (value === null) continue;
      const column = this.#scores.get(metric) ?? emptyColumn();
      this.#scores.set(metric, column);
      push(column, row.step, value);
    }
    for (const parameter of row.parameters) this.#addStatistics(row.step, parameter);
    const { step, fit, confusion, predicted, parameters } = row;
    this.snapshots.push({ step, fit, confusion, predicted, parameters });
    if (this.snapshots.length <= KEPT) return;
    const last = this.snapshots.length - 1;
    const kept = this.snapshots.filter((_, i) => i % 2 === 0 || i === last);
    this.snapshots.splice(0, this.snapshots.length, ...kept);
  }

  #addStatistics(step: number, parameter: ParameterStatistics): void {
    const held = this.#statistics.get(parameter.name);
    const columns = held ?? { norm: emptyColumn(), zeros: emptyColumn(), gradientRatio: emptyColumn() };
    if (!held) this.#statistics.set(parameter.name, columns);
    for (const name of STATISTICS) {
      const value = statisticOf(parameter, name);
      if (value !== null) push(columns[name], step, value);
    }
  }
}
