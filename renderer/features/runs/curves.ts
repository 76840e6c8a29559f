// From runs to what the charts draw: one fitted curve and up to three loss lines per shown run, in the run's colour and dash.
import { variantStyle, type ThemeName } from '../../model/variant-style.ts';
import type { Column } from '../../model/run-series.ts';
import { xRangeOf } from '../../model/line-data.ts';
import type { RunEntry } from '../../state/run-entry.svelte.ts';
import { SPLIT_DASH, type FitCurve, type LossSeries, type LossSplit } from '../charts/chart-types.ts';

export interface CurveContext {
  readonly theme: ThemeName;
  /** Name of a run for people. */
  readonly label: (run: RunEntry) => string;
  readonly emphasised: (run: RunEntry) => boolean;
}

/**
 * @param atStep fits as they were then; null: the latest.
 * @param xRange runs over other x ranges have no place on this axis and are left out.
 */
export function fitCurves(
  runs: readonly RunEntry[],
  atStep: number | null,
  xRange: readonly [number, number],
  context: CurveContext,
): FitCurve[] {
  return runs.flatMap((run) => {
    const own = xRangeOf(run.summary.experiment);
    const fit = run.series.fitAt(atStep ?? Number.POSITIVE_INFINITY);
    if (!fit || own?.[0] !== xRange[0] || own[1] !== xRange[1]) return [];
    const { colour, dash } = variantStyle(run.variantIndex, context.theme);
    return [{ id: run.id, label: context.label(run), colour, dash, y: fit.y, emphasised: context.emphasised(run) }];
  });
}

/** Reads through to the run's growing columns, so that the chart's objects stay the same while a run grows. */
class RunLoss implements LossSeries {
  readonly id: string;
  readonly run: string;
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly split: LossSplit;
  readonly emphasised: boolean;
  readonly #column: Column;

  constructor(run: RunEntry, split: LossSplit, context: CurveContext) {
    this.id = `${run.id} ${split}`;
    this.run = run.id;
    this.label = context.label(run);
    this.colour = variantStyle(run.variantIndex, context.theme).colour;
    this.dash = SPLIT_DASH[split];
    this.split = split;
    this.emphasised = context.emphasised(run);
    this.#column = { train: run.series.train, 'train-eval': run.series.trainEval, test: run.series.test }[split];
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

export function lossSeries(
  runs: readonly RunEntry[],
  splits: readonly LossSplit[],
  context: CurveContext,
): LossSeries[] {
  return runs.flatMap((run) => splits.map((split) => new RunLoss(run, split, context)));
}
