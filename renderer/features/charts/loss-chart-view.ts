// The canvas of what is recorded over the steps: thinned curves of the visible window over a linear or log axis, and the way between pixels and steps.
import { formatStep, formatTick, lossRange } from '../../model/chart-axis.ts';
import { emptyLine, thinLine, type ThinnedLine } from '../../model/chart-decimation.ts';
import { stepRange } from '../../model/chart-readout.ts';
import type { ChartView, Span } from '../../model/chart-view.ts';
import {
  chartOptions,
  createLineChart,
  FAINT,
  opacityPlugin,
  resizePoints,
  type LineChart,
  type LineDataset,
  type Strength,
} from './chart-setup.ts';
import type { ChartTheme, LossSeries, LineKind } from './chart-types.ts';

export interface LossChartState {
  /** The series that are shown. */
  readonly series: readonly LossSeries[];
  readonly view: ChartView;
  readonly logY: boolean;
  /** Values are shares of 1. */
  readonly percent: boolean;
  readonly lastStep: number;
  readonly stepAxis: string;
  readonly lossAxis: string;
  readonly theme: ChartTheme;
}

/** Where things are, for the crosshair, the zoom box and the keyboard; all in CSS px of the canvas. */
export interface LossGeometry {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Whole and visible extent of both axes; y in axis units (log10 on a log axis). */
  readonly xBounds: Span;
  readonly x: Span;
  readonly yBounds: Span;
  readonly y: Span;
}

/** Noisy training losses are drawn finer, paler and below the evaluations that are compared. */
const LINE: Readonly<Record<LineKind, { width: number; opacity: number; order: number }>> = {
  train: { width: 1, opacity: 0.4, order: 2 },
  data: { width: 1, opacity: 0.5, order: 2 },
  'train-eval': { width: 1.75, opacity: 1, order: 1 },
  validation: { width: 1.75, opacity: 1, order: 1 },
  l1: { width: 1.75, opacity: 1, order: 1 },
  l2: { width: 2.25, opacity: 1, order: 0 },
  value: { width: 1.75, opacity: 1, order: 1 },
  test: { width: 2.25, opacity: 1, order: 0 },
};
/** Puts emphasised lines above all others (Chart.js draws the smallest order last). */
const EMPHASISED_FIRST = -3;

interface ThinnedSeries {
  readonly line: ThinnedLine;
  /** What `line` was made from. */
  values: Float64Array | null;
  key: string;
}

export class LossChartView {
  readonly #chart: LineChart;
  readonly #strengths: Strength[] = [];
  readonly #thinned = new Map<string, ThinnedSeries>();
  readonly #onResize: () => void;
  #logY: boolean;
  #xBounds: Span = [0, 1];
  #x: Span = [0, 1];
  #yBounds: Span = [0, 1];
  #y: Span = [0, 1];

  constructor(canvas: HTMLCanvasElement, state: LossChartState, onResize: () => void) {
    this.#onResize = onResize;
    this.#logY = state.logY;
    this.#chart = createLineChart(canvas, this.#options(state), [opacityPlugin(this.#strengths)]);
    this.draw(state);
  }

  draw(state: LossChartState): void {
    this.#logY = state.logY;
    const range = stepRange(state.series) ?? [0, 1];
    const last = Math.max(range[1], state.lastStep);
    this.#xBounds = [range[0], last > range[0] ? last : range[0] + 1];
    this.#x = state.view.x ?? this.#xBounds;
    const lines = this.#thin(state.series);
    this.#yBounds = toUnits(lossRange(lines, this.#x, state.logY, state.percent ? 1 : Infinity), state.logY);
    this.#y = state.view.y ?? this.#yBounds;
    this.#fill(state.series, lines);
    this.#chart.options = this.#options(state);
    this.#chart.update('none');
  }

  get geometry(): LossGeometry {
    const { left, top, right, bottom } = this.#chart.chartArea;
    return { left, top, right, bottom, xBounds: this.#xBounds, x: this.#x, yBounds: this.#yBounds, y: this.#y };
  }

  /** Vertical position of a loss; what a log axis cannot show lies at its floor. */
  pixelOfLoss(value: number): number {
    return this.#chart.scales['y']?.getPixelForValue(this.#drawn(value)) ?? 0;
  }

  /** Horizontal place of a step in px; null when it is not visible. */
  pixelOfStep(step: number): number | null {
    const { left, right } = this.#chart.chartArea;
    const [low, high] = this.#x;
    return step < low || step > high ? null : left + ((step - low) / (high - low)) * (right - left);
  }

  /** True when the value has no place on the log axis and is drawn at the floor. */
  belowFloor(value: number): boolean {
    return this.#logY && value < this.#floor();
  }

  destroy(): void {
    this.#chart.destroy();
    this.#thinned.clear();
  }

  #floor(): number {
    return 10 ** this.#yBounds[0] * (1 - 1e-9);
  }

  #drawn(value: number): number {
    return this.#logY && value < this.#floor() ? 10 ** this.#yBounds[0] : value;
  }

  /** Thins the shown series for the visible window; unchanged ones are kept from the last frame. */
  #thin(series: readonly LossSeries[]): ThinnedLine[] {
    const area = this.#chart.chartArea as LineChart['chartArea'] | undefined;
    const columns = area ? Math.max(1, Math.round(area.right - area.left)) : this.#chart.width;
    const window = `${this.#x[0]} ${this.#x[1]} ${columns}`;
    const shown = new Set<string>();
    const lines = series.map((one) => {
      shown.add(one.id);
      const kept = this.#thinned.get(one.id) ?? { line: emptyLine(), values: null, key: '' };
      this.#thinned.set(one.id, kept);
      const last = one.length - 1;
      // The last point of a level moves on without a new one.
      const key = `${window} ${one.length} ${last < 0 ? '' : `${one.steps[last]} ${one.values[last]}`}`;
      if (kept.key !== key || kept.values !== one.values) {
        thinLine(one, this.#x[0], this.#x[1], columns, kept.line);
        kept.key = key;
        kept.values = one.values;
      }
      return kept.line;
    });
    for (const id of this.#thinned.keys()) if (!shown.has(id)) this.#thinned.delete(id);
    return lines;
  }

  #fill(series: readonly LossSeries[], lines: readonly ThinnedLine[]): void {
    const someEmphasised = series.some((one) => one.emphasised);
    const { datasets } = this.#chart.data;
    datasets.length = Math.min(datasets.length, series.length);
    this.#strengths.length = 0;
    for (const [i, one] of series.entries()) {
      const line = lines[i] as ThinnedLine;
      const dot = { pointRadius: line.length === 1 ? 3 : 0, pointBackgroundColor: one.colour };
      const held = datasets[i];
      // Chart.js keeps the look of a dataset's points from its first drawing on: another look is another dataset.
      const sameDots = held?.pointRadius === dot.pointRadius && held.pointBackgroundColor === dot.pointBackgroundColor;
      const dataset: LineDataset = held && sameDots ? held : { data: [] };
      datasets[i] = dataset;
      resizePoints(dataset.data, line.length);
      for (const [k, point] of dataset.data.entries()) {
        point.x = line.x[k] as number;
        point.y = this.#drawn(line.y[k] as number);
      }
      const faint = someEmphasised && !one.emphasised;
      Object.assign(dataset, {
        label: one.label,
        borderColor: one.colour,
        borderDash: [...one.dash],
        borderWidth: LINE[one.kind].width + (one.emphasised ? 0.5 : 0),
        borderJoinStyle: 'round',
        ...dot,
        order: LINE[one.kind].order + (one.emphasised ? EMPHASISED_FIRST : 0),
      } satisfies Partial<LineDataset>);
      this.#strengths.push({ opacity: faint ? FAINT : one.emphasised ? 1 : LINE[one.kind].opacity });
    }
  }

  #options(state: LossChartState) {
    return chartOptions(
      { kind: 'linear', title: state.stepAxis, span: this.#x, format: formatStep, smallestTick: 1 },
      {
        kind: state.logY ? 'logarithmic' : 'linear',
        title: state.lossAxis,
        span: state.logY ? [10 ** this.#y[0], 10 ** this.#y[1]] : this.#y,
        format: state.percent ? (value) => `${formatTick(value * 100)}%` : formatTick,
      },
      state.theme,
      this.#onResize,
    );
  }
}

const toUnits = ([low, high]: Span, logY: boolean): Span => (logY ? [Math.log10(low), Math.log10(high)] : [low, high]);
