// What the crosshair says: the recorded values nearest to a step, worded and placed.
import { nearestStep, readingAt } from '../../model/chart-readout.ts';
import type { LossChartLabels, LossSeries } from './chart-types.ts';
import type { LossChartView } from './loss-chart-view.ts';

export interface ReadoutRow {
  readonly id: string;
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
  /** Step of the value when it is not the crosshair's own. */
  readonly at: number | null;
  /** As it is written for people. */
  readonly value: string;
  /** Every digit. */
  readonly fullValue: string;
  /** Why the value is not where its line would be. */
  readonly note: string | null;
  /** Vertical place of the value's dot in CSS px; null when it lies outside the plot. */
  readonly y: number | null;
}
export interface Readout {
  readonly step: number;
  /** Horizontal place of the crosshair in CSS px. */
  readonly x: number;
  readonly rows: readonly ReadoutRow[];
}

/**
 * @param step where the crosshair is wanted; it moves to the nearest recorded step.
 * @returns null when nothing is recorded or that step is not visible.
 */
export function readLosses(
  view: LossChartView,
  series: readonly LossSeries[],
  step: number,
  labels: LossChartLabels,
  format: (value: number) => string,
): Readout | null {
  const nearest = nearestStep(series, step);
  const { x, left, right, top, bottom } = view.geometry;
  if (nearest === null || nearest < x[0] || nearest > x[1]) return null;
  const rows: ReadoutRow[] = [];
  for (const one of series) {
    const reading = readingAt(one, nearest);
    if (!reading) continue;
    const { value } = reading;
    const finite = Number.isFinite(value);
    const y = finite ? view.pixelOfLoss(value) : null;
    rows.push({
      id: one.id,
      label: one.kind === 'value' ? one.label : `${one.label} · ${labels.kinds[one.kind]}`,
      colour: one.colour,
      dash: one.dash,
      at: reading.step === nearest ? null : reading.step,
      value: format(value),
      fullValue: String(value),
      note: finite ? (view.belowFloor(value) ? labels.belowFloor : null) : labels.notFinite,
      y: y !== null && reading.step === nearest && y >= top - 1 && y <= bottom + 1 ? y : null,
    });
  }
  return { step: nearest, x: left + ((nearest - x[0]) / (x[1] - x[0])) * (right - left), rows };
}
