// Every number of runs in one table: a row per update, evaluations beside the updates that they follow.
import { EVALUATION_METRICS, scoreOf, STEP_METRICS } from '../../engine/spec/index.ts';
import type { RunRecord, RunSummary } from '../contract/shapes.ts';

export interface CsvRun {
  readonly summary: RunSummary;
  readonly record: RunRecord;
}

/** What a run is, repeated in each of its rows. */
const RUN_COLUMNS = ['run', 'experiment', 'variant', 'seed'] as const;
const COLUMNS = [
  ...RUN_COLUMNS,
  'step',
  // The objective that an update descends, in training mode; evaluations are in evaluation mode, after it.
  ...STEP_METRICS.map((metric) => (metric === 'train_loss' ? 'step_loss' : metric)),
  ...EVALUATION_METRICS,
  'changes',
];

/** Spreadsheets take a cell that begins so for a formula; an apostrophe makes it a text. */
const FORMULA = /^[=+\-@\t\r]/;

/** A text as one cell. */
export function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** All digits; what is no number is an empty cell. */
const number = (value: number | null | undefined): string =>
  value === null || value === undefined || Number.isNaN(value) ? '' : String(value);

function rowsOf({ summary, record }: CsvRun): string[] {
  const run = [String(summary.number), cell(summary.experiment.name), cell(summary.variant), String(summary.seed)];
  const evaluations = new Map(record.evaluations.map((x) => [x.step, x]));
  const indexes = new Map([...record.steps.step].map((step, i) => [step, i]));
  const steps = [...new Set([...indexes.keys(), ...evaluations.keys()])].sort((a, b) => a - b);
  return steps.map((step) => {
    const i = indexes.get(step);
    const evaluation = evaluations.get(step);
    const changes = record.events
      .filter((x) => x.step === step)
      .map(({ path, value }) => `${path} = ${JSON.stringify(value)}`)
      .join('; ');
    return [
      ...run,
      String(step),
      ...STEP_METRICS.map((metric) => number(i === undefined ? null : record.steps[metric][i])),
      ...EVALUATION_METRICS.map((metric) => number(evaluation && scoreOf(evaluation, metric))),
      cell(changes),
    ].join(',');
  });
}

/** RFC 4180, UTF-8, a row of names first. */
export function runsCsv(runs: readonly CsvRun[]): string {
  return [COLUMNS.join(','), ...runs.flatMap(rowsOf), ''].join('\r\n');
}
