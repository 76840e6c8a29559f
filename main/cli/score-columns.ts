// The columns of scores that runs have: what is not there (test data, classes, validation) takes no room.
import { SPLITS, type Score, type Split } from '../../engine/spec/index.ts';
import type { RunSummary } from '../contract/shapes.ts';
import { say } from './messages.ts';
import { lossText, shareText, type Column } from './table.ts';

/** The scores of classes that fit into a table, and the one of everything. */
const SHOWN = ['loss', 'accuracy'] as const satisfies readonly Score[];

export interface ScoreColumn {
  readonly split: Split;
  readonly score: (typeof SHOWN)[number];
}

const scoreOf = ({ final }: RunSummary, { split, score }: ScoreColumn): number | null =>
  final?.[split]?.[score] ?? null;

/** @returns train loss, and whatever else any of the runs has. */
export function scoreColumns(runs: readonly RunSummary[]): ScoreColumn[] {
  const all = SPLITS.flatMap((split) => SHOWN.map((score) => ({ split, score })));
  const found = all.filter((column) => runs.some((run) => scoreOf(run, column) !== null));
  return found.length > 0 ? found : [{ split: 'train', score: 'loss' }];
}

export const headOf = ({ split, score }: ScoreColumn): Column => ({
  head: say.results.score[split][score],
  align: 'right',
});

export const textOf = ({ score }: ScoreColumn, value: number | null): string =>
  score === 'loss' ? lossText(value) : shareText(value);

/** The latest evaluation's score, with its step when the run went on after it. */
export function scoreText(run: RunSummary, column: ScoreColumn): string {
  const value = scoreOf(run, column);
  const at =
    run.final === null || value === null || run.final.step === run.step
      ? ''
      : ` @ ${run.final.step.toLocaleString('en')}`;
  return `${textOf(column, value)}${at}`;
}

/** Where validation was best, when there is validation data. */
export const hasBest = (runs: readonly RunSummary[]): boolean => runs.some((run) => run.best !== null);

export const bestText = ({ best }: RunSummary): string => (best === null ? '–' : best.step.toLocaleString('en'));
