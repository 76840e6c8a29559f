// From runs to what the charts draw: one fitted curve and some lines over the steps per shown run, in the run's colour.
import { SPLITS, type ExperimentSpec, type FitAxis, type Score, type Split } from '../../../engine/spec/index.ts';
import { isSomething, type Column } from '../../model/column.ts';
import { variantStyle, type ThemeName } from '../../model/variant-style.ts';
import type { Statistic } from '../../model/run-series.ts';
import { scoresOf } from '../../model/scores.ts';
import { sameAxis } from '../../model/line-data.ts';
import type { RunEntry } from '../../state/run-entry.svelte.ts';
import { KIND_DASH, type FitCurve, type LineKind, type LossSeries } from '../charts/chart-types.ts';

export interface CurveContext {
  readonly theme: ThemeName;
  /** Name of a run for people. */
  readonly label: (run: RunEntry) => string;
  readonly emphasised: (run: RunEntry) => boolean;
}

/**
 * @param atStep fits as they were then; null: the latest.
 * @param axis runs over other ranges have no place on it and are left out.
 */
export function fitCurves(
  runs: readonly RunEntry[],
  atStep: number | null,
  axis: FitAxis,
  context: CurveContext,
): FitCurve[] {
  return runs.flatMap((run) => {
    const fit = run.series.snapshotAt(atStep ?? Number.POSITIVE_INFINITY)?.fit;
    if (fit?.axes.length !== 1 || !sameAxis(fit.axes[0], axis)) return [];
    const { colour, dash } = variantStyle(run.variantIndex, context.theme);
    return [
      { id: run.id, label: context.label(run), colour, dash, y: fit.values, emphasised: context.emphasised(run) },
    ];
  });
}

/** What the curves over the steps may show. `parts`: the objective of each step, its data loss and each penalty apart. */
export type CurveChoice = Score | 'parts' | 'lr';

/** What there is to choose for an experiment's runs; the first one is the default. */
export const curveChoices = (experiment: Pick<ExperimentSpec, 'data'>): readonly CurveChoice[] => [
  ...scoresOf(experiment),
  'parts',
  'lr',
];

const SPLIT_KIND = { train: 'train-eval', validation: 'validation', test: 'test' } as const satisfies Record<
  Split,
  LineKind
>;

/** Lines that one run has, with what each reads. @param everyStep with the noisy training loss. */
function linesOf(
  { series }: RunEntry,
  choice: CurveChoice,
  everyStep: boolean,
): readonly (readonly [LineKind, Column])[] {
  switch (choice) {
    case 'parts':
      return [
        ['data', series.train],
        ...(isSomething(series.penaltyL1) ? [['l1', series.penaltyL1] as const] : []),
        ...(isSomething(series.penaltyL2) ? [['l2', series.penaltyL2] as const] : []),
      ];
    case 'lr':
      return [['value', series.lr]];
    default: {
      const splits = SPLITS.map((split) => [SPLIT_KIND[split], series.score(`${split}_${choice}`)] as const);
      const known = splits.filter(([kind, column]) => kind === 'train-eval' || column.length > 0);
      return choice === 'loss' && everyStep ? [['train', series.train], ...known] : known;
    }
  }
}

/** Reads through to the run's growing columns, so that the chart's objects stay the same while a run grows. */
class RunLine implements LossSeries {
  readonly id: string;
  readonly run: string;
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly kind: LineKind;
  readonly emphasised: boolean;
  readonly #column: Column;

  constructor(run: RunEntry, kind: LineKind, column: Column, context: CurveContext) {
    const look = variantStyle(run.variantIndex, context.theme);
    this.id = `${run.id} ${kind}`;
    this.run = run.id;
    this.label = context.label(run);
    this.colour = look.colour;
    // A run's only line is told apart by its own dash, as in the fit.
    this.dash = kind === 'value' ? look.dash : KIND_DASH[kind];
    this.kind = kind;
    this.emphasised = context.emphasised(run);
    this.#column = column;
  }
  get steps(): Int32Array {
    return this.#column.steps;
  }
  get values(): Float64Array {
    return this.#column.values;
  }
  get length(): number {
    return this.#column.length;
  }
}

export const curvesOf = (
  runs: readonly RunEntry[],
  choice: CurveChoice,
  everyStep: boolean,
  context: CurveContext,
): LossSeries[] =>
  runs.flatMap((run) =>
    linesOf(run, choice, everyStep).map(([kind, column]) => new RunLine(run, kind, column, context)),
  );

/** A trained array over the steps, one line per run that has it. */
export const statisticCurves = (
  runs: readonly RunEntry[],
  parameter: string,
  statistic: Statistic,
  context: CurveContext,
): LossSeries[] =>
  runs
    .filter((run) => run.series.parameters.includes(parameter))
    .map((run) => new RunLine(run, 'value', run.series.statistic(parameter, statistic), context));
