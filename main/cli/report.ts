// What a run command gives back: the JSON document, and the same as a table for people.
import type { RunRecord, RunSummary } from '../contract/shapes.ts';
import { say } from './messages.ts';
import { durationText, lossText, tableLines } from './table.ts';

export interface FinishedRun {
  readonly summary: RunSummary;
  readonly record: RunRecord;
}

type Loss = number | null;

export interface RunReport {
  readonly variant: string;
  readonly seed: number;
  readonly status: RunSummary['status'];
  /** Updates taken. */
  readonly steps: number;
  /** Computing time, without waiting. */
  readonly durationMs: number;
  /** Eval-mode losses after the last update; null when it was not evaluated. */
  readonly final: { readonly trainLoss: Loss; readonly testLoss: Loss };
  readonly failure: RunSummary['failure'];
  /** One entry per step 1 … steps. */
  readonly curve: {
    readonly step: readonly number[];
    readonly trainLoss: readonly Loss[];
    readonly trainEvalLoss: readonly Loss[];
    readonly testLoss: readonly Loss[];
  };
}

export interface Report {
  readonly experiment: string;
  readonly device: 'cpu';
  readonly threads: number;
  readonly runs: readonly RunReport[];
}

const finite = (value: number | undefined): Loss => (value !== undefined && Number.isFinite(value) ? value : null);

function reportRun({ summary, record }: FinishedRun): RunReport {
  const evaluated = new Map(record.evaluations.map((e) => [e.step, e]));
  const step = [...record.steps.step];
  const last = evaluated.get(summary.step);
  return {
    variant: summary.variant,
    seed: summary.seed,
    status: summary.status,
    steps: summary.step,
    durationMs: Math.round(summary.computeMs * 1000) / 1000,
    final: { trainLoss: finite(last?.train_eval_loss), testLoss: finite(last?.test_loss) },
    failure: summary.failure,
    curve: {
      step,
      trainLoss: Array.from(record.steps.train_loss, finite),
      trainEvalLoss: step.map((s) => finite(evaluated.get(s)?.train_eval_loss)),
      testLoss: step.map((s) => finite(evaluated.get(s)?.test_loss)),
    },
  };
}

export function makeReport(experiment: string, threads: number, runs: readonly FinishedRun[]): Report {
  return { experiment, device: 'cpu', threads, runs: runs.map(reportRun) };
}

/** The report for people: a heading and a table. */
export function reportLines(experiment: string, threads: number, runs: readonly FinishedRun[]): string[] {
  const device = runs.map((run) => run.summary.device).find((d) => d !== null);
  const heading = device ? `${experiment}: ${say.device(device.kind, threads, device.simd)}` : experiment;
  const { results } = say;
  const table = tableLines(
    [
      { head: results.variant, align: 'left' },
      { head: results.seed, align: 'right' },
      { head: results.status, align: 'left' },
      { head: results.steps, align: 'right' },
      { head: results.trainLoss, align: 'right' },
      { head: results.testLoss, align: 'right' },
      { head: results.time, align: 'right' },
    ],
    runs.map(({ summary: run }) => [
      run.variant,
      String(run.seed),
      run.status,
      run.step.toLocaleString('en'),
      evaluatedLoss(run, 'trainLoss'),
      evaluatedLoss(run, 'testLoss'),
      durationText(run.computeMs),
    ]),
  );
  return [heading, '', ...table];
}

/** The latest evaluation's loss, with its step when the run went on after it. */
function evaluatedLoss({ final, step }: RunSummary, which: 'trainLoss' | 'testLoss'): string {
  if (final === null) return lossText(null);
  const at = final.step === step ? '' : ` @ ${final.step.toLocaleString('en')}`;
  return `${lossText(final[which])}${at}`;
}
