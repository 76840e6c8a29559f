// What a run command gives back: the JSON document, and the same as a table for people.
import { SPLITS, type Evaluation, type RunEvent, type Scores, type Split } from '../../engine/spec/index.ts';
import type { EvaluationScores, RunRecord, RunSummary } from '../contract/shapes.ts';
import { say } from './messages.ts';
import { bestText, hasBest, headOf, scoreColumns, scoreText, textOf } from './score-columns.ts';
import { meanInterval, type MeanInterval } from './statistics.ts';
import { durationText, tableLines } from './table.ts';

export interface FinishedRun {
  readonly summary: RunSummary;
  readonly record: RunRecord;
}

/** JSON has no NaN and no infinity: both are null. */
type Value = number | null;

type ScoresReport = { readonly [S in keyof Scores]: Value };
type SplitsReport = { readonly [S in Split]: ScoresReport | null };

export interface RunReport {
  readonly variant: string;
  readonly seed: number;
  readonly status: RunSummary['status'];
  /** Updates taken, and updates of the whole run (early stopping ends some before). */
  readonly steps: number;
  readonly totalSteps: Value;
  /** Computing time, without waiting. */
  readonly durationMs: number;
  /** Runs with one digest saw the same data. */
  readonly dataDigest: string | null;
  /** The latest evaluation: of the last step, unless the run was interrupted. */
  readonly final: ({ readonly step: number } & SplitsReport) | null;
  /** The one with the lowest validation loss. */
  readonly best: ({ readonly step: number } & SplitsReport) | null;
  readonly failure: RunSummary['failure'];
  /** Changes that were made while it went on. */
  readonly events: readonly RunEvent[];
  /** One entry per step 1 … steps. */
  readonly curve: {
    readonly step: readonly number[];
    readonly trainLoss: readonly Value[];
    readonly penaltyL1: readonly Value[];
    readonly penaltyL2: readonly Value[];
    readonly lr: readonly Value[];
  };
  /** In the order of their steps. */
  readonly evaluations: readonly ({
    readonly step: number;
    /** Rows by true class, columns by predicted class. */
    readonly confusion: readonly (readonly number[])[] | null;
    readonly parameters: readonly {
      readonly name: string;
      readonly norm: Value;
      readonly gradientNorm: Value;
      readonly zeros: Value;
    }[];
  } & SplitsReport)[];
  /**
   * What the model answers over the range of one or two features, at the latest evaluation that recorded it; null for other data.
   * `values` and `classes` have one entry per place of the grid, the first axis running fastest. Of classes, `classes` are the
   * predicted ones and `values` their probabilities.
   */
  readonly fit: {
    readonly step: number;
    readonly axes: readonly { readonly low: number; readonly high: number; readonly points: number }[];
    readonly values: readonly Value[];
    readonly classes: readonly number[] | null;
  } | null;
}

/** A variant's last scores over its finished runs. */
export interface SeedsReport {
  readonly variant: string;
  /** Finished runs, and those that are left out because they did not finish. */
  readonly n: number;
  readonly leftOut: number;
  /** By name (`test_loss`): the mean and half the width of its 95 % interval (Student's t; null for one run). */
  readonly scores: Readonly<Record<string, { readonly mean: number; readonly half95: Value }>>;
}

export interface Report {
  readonly experiment: string;
  readonly device: 'cpu';
  readonly threads: number;
  readonly runs: readonly RunReport[];
  /** Of several seeds only. */
  readonly overSeeds?: readonly SeedsReport[];
}

const finite = (value: number | null | undefined): Value =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

const scoresReport = (scores: Scores | null): ScoresReport | null =>
  scores && {
    loss: finite(scores.loss),
    accuracy: finite(scores.accuracy),
    top5: finite(scores.top5),
    mae: finite(scores.mae),
    r2: finite(scores.r2),
  };

const splitsReport = ({ train, validation, test }: EvaluationScores): SplitsReport => ({
  train: scoresReport(train),
  validation: scoresReport(validation),
  test: scoresReport(test),
});

const evaluated = (scores: EvaluationScores | null): RunReport['final'] =>
  scores && { step: scores.step, ...splitsReport(scores) };

function rowsOf(counts: Int32Array): number[][] {
  const classes = Math.sqrt(counts.length);
  return Array.from({ length: classes }, (_, i) => [...counts.subarray(i * classes, (i + 1) * classes)]);
}

function evaluationReport(evaluation: Evaluation): RunReport['evaluations'][number] {
  const { step, confusion, parameters } = evaluation;
  return {
    step,
    ...splitsReport(evaluation),
    confusion: confusion && rowsOf(confusion),
    parameters: parameters.map(({ name, norm, gradientNorm, zeros }) => ({
      name,
      norm: finite(norm),
      gradientNorm: finite(gradientNorm),
      zeros: finite(zeros),
    })),
  };
}

function fitReport(evaluations: readonly Evaluation[]): RunReport['fit'] {
  const latest = evaluations.findLast((x) => x.fit !== null);
  if (!latest?.fit) return null;
  const { axes, values, classes } = latest.fit;
  return { step: latest.step, axes, values: Array.from(values, finite), classes: classes && [...classes] };
}

function reportRun({ summary, record }: FinishedRun): RunReport {
  const { steps } = record;
  return {
    variant: summary.variant,
    seed: summary.seed,
    status: summary.status,
    steps: summary.step,
    totalSteps: summary.totalSteps,
    durationMs: Math.round(summary.computeMs * 1000) / 1000,
    dataDigest: summary.dataDigest,
    final: evaluated(summary.final),
    best: evaluated(summary.best),
    failure: summary.failure,
    events: record.events,
    curve: {
      step: [...steps.step],
      trainLoss: Array.from(steps.train_loss, finite),
      penaltyL1: Array.from(steps.penalty_l1, finite),
      penaltyL2: Array.from(steps.penalty_l2, finite),
      lr: Array.from(steps.lr, finite),
    },
    evaluations: record.evaluations.map(evaluationReport),
    fit: fitReport(record.evaluations),
  };
}

interface Together {
  readonly variant: string;
  readonly finished: readonly RunSummary[];
  readonly leftOut: number;
}

/** Runs by variant; null unless any variant has several. */
function byVariant(runs: readonly RunSummary[]): readonly Together[] | null {
  const variants = [...new Set(runs.map((x) => x.variant))];
  if (variants.length === runs.length) return null;
  return variants.map((variant) => {
    const all = runs.filter((x) => x.variant === variant);
    const finished = all.filter((x) => x.status === 'done');
    return { variant, finished, leftOut: all.length - finished.length };
  });
}

function over(runs: readonly RunSummary[], split: Split, score: keyof Scores): MeanInterval | null {
  const values = runs.flatMap((run) => finite(run.final?.[split]?.[score]) ?? []);
  return values.length > 0 ? meanInterval(values) : null;
}

function seedsReport({ variant, finished, leftOut }: Together): SeedsReport {
  const names = ['loss', 'accuracy', 'top5', 'mae', 'r2'] as const;
  const scores = SPLITS.flatMap((split) =>
    names.flatMap((score) => {
      const found = over(finished, split, score);
      return found ? [[`${split}_${score}`, { mean: found.mean, half95: found.half }] as const] : [];
    }),
  );
  return { variant, n: finished.length, leftOut, scores: Object.fromEntries(scores) };
}

export function makeReport(experiment: string, threads: number, runs: readonly FinishedRun[]): Report {
  const together = byVariant(runs.map((x) => x.summary));
  return {
    experiment,
    device: 'cpu',
    threads,
    runs: runs.map(reportRun),
    ...(together && { overSeeds: together.map(seedsReport) }),
  };
}

function runTable(runs: readonly RunSummary[]): string[] {
  const { results } = say;
  const scores = scoreColumns(runs);
  const best = hasBest(runs);
  return tableLines(
    [
      { head: results.variant, align: 'left' },
      { head: results.seed, align: 'right' },
      { head: results.status, align: 'left' },
      { head: results.steps, align: 'right' },
      ...scores.map(headOf),
      ...(best ? [{ head: results.bestStep, align: 'right' } as const] : []),
      { head: results.time, align: 'right' },
    ],
    runs.map((run) => [
      run.variant,
      String(run.seed),
      run.status,
      run.step.toLocaleString('en'),
      ...scores.map((column) => scoreText(run, column)),
      ...(best ? [bestText(run)] : []),
      durationText(run.computeMs),
    ]),
  );
}

function seedsTable(together: readonly Together[], runs: readonly RunSummary[]): string[] {
  const scores = scoreColumns(runs);
  return tableLines(
    [{ head: say.results.variant, align: 'left' }, { head: 'n', align: 'right' }, ...scores.map(headOf)],
    together.map(({ variant, finished }) => [
      variant,
      String(finished.length),
      ...scores.map((column) => {
        const found = over(finished, column.split, column.score);
        if (!found) return '–';
        const half = found.half === null ? '' : ` ± ${textOf(column, found.half)}`;
        return `${textOf(column, found.mean)}${half}`;
      }),
    ]),
  );
}

/** The report for people: a heading and a table, and what several seeds say together. */
export function reportLines(experiment: string, threads: number, runs: readonly FinishedRun[]): string[] {
  const summaries = runs.map((x) => x.summary);
  const device = summaries.map((run) => run.device).find((d) => d !== null);
  const heading = device ? `${experiment}: ${say.device(device.kind, threads, device.simd)}` : experiment;
  const together = byVariant(summaries);
  const leftOut = together?.reduce((sum, x) => sum + x.leftOut, 0) ?? 0;
  return [
    heading,
    '',
    ...runTable(summaries),
    ...(together
      ? ['', say.overSeeds, ...seedsTable(together, summaries), ...(leftOut > 0 ? [say.leftOut(leftOut)] : [])]
      : []),
  ];
}
