// What is marked on the time axis: changes that were made while a run trained, and where early stopping ended it.
import { changeRows, shortPath } from '../../model/run-events.ts';
import { stoppedEarly } from '../../model/run-end.ts';
import { variantStyle } from '../../model/variant-style.ts';
import type { Words } from '../../state/context.ts';
import type { RunEntry } from '../../state/run-entry.svelte.ts';
import type { ChartMark } from '../charts/chart-types.ts';
import type { CurveContext } from './curves.ts';

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export function marksOf(runs: readonly RunEntry[], context: CurveContext, t: Words['t']): ChartMark[] {
  return runs.flatMap((run) => {
    const { experiment, variant, step } = run.summary;
    const { colour } = variantStyle(run.variantIndex, context.theme);
    const base = { run: run.id, colour };
    const name = context.label(run);
    const changes = changeRows(experiment, variant, run.series.events).map((row, i): ChartMark => ({
      ...base,
      id: `${run.id} change ${String(i)}`,
      step: row.step,
      sign: 'change',
      label: t('chart.changed', {
        run: name,
        step: row.step,
        field: shortPath(row.path),
        from: written(row.from),
        to: written(row.to),
      }),
    }));
    const rule = stoppedEarly(run.summary);
    if (!rule) return changes;
    const end: ChartMark = {
      ...base,
      id: `${run.id} stop`,
      step,
      sign: 'stop',
      label: t('chart.stoppedEarly', { run: name, step, n: rule.patience }),
    };
    return [...changes, end];
  });
}
