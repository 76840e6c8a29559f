// The fit chart's canvas: points and fitted curves over fixed axes. Created with the canvas, destroyed with it.
import { fitInputs, SPLITS, type FitAxis, type Split } from '../../../engine/spec/index.ts';
import { formatTick, pointRange } from '../../model/chart-axis.ts';
import type { Span } from '../../model/chart-view.ts';
import type { SplitPoints } from '../../model/line-data.ts';
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
import type { ChartTheme, FitCurve } from './chart-types.ts';
import { pointLayer } from './point-layer.ts';

export interface FitChartState {
  readonly points: SplitPoints | null;
  readonly axis: FitAxis;
  readonly curves: readonly FitCurve[];
  readonly show: Readonly<Record<Split, boolean>>;
  readonly xAxis: string;
  readonly yAxis: string;
  readonly theme: ChartTheme;
}

/** Room above and below the points, as a part of their range: an overfitted curve swings beyond them. */
const Y_MARGIN = 0.2;

export class FitChartView {
  readonly #chart: LineChart;
  readonly #strengths: Strength[] = [];
  #state: FitChartState;

  constructor(canvas: HTMLCanvasElement, state: FitChartState) {
    this.#state = state;
    this.#chart = createLineChart(canvas, this.#options(), [
      opacityPlugin(this.#strengths),
      pointLayer(() => this.#state),
    ]);
    this.draw(state);
  }

  draw(state: FitChartState): void {
    this.#state = state;
    const grid = fitInputs([state.axis]);
    const someEmphasised = state.curves.some((curve) => curve.emphasised);
    const { datasets } = this.#chart.data;
    datasets.length = Math.min(datasets.length, state.curves.length);
    this.#strengths.length = 0;
    for (const [i, curve] of state.curves.entries()) {
      const dataset: LineDataset = (datasets[i] ??= { data: [] });
      resizePoints(dataset.data, Math.min(grid.length, curve.y.length));
      for (const [k, point] of dataset.data.entries()) {
        point.x = grid[k] as number;
        point.y = curve.y[k] as number;
      }
      Object.assign(dataset, {
        label: curve.label,
        borderColor: curve.colour,
        borderDash: [...curve.dash],
        borderWidth: curve.emphasised ? 3 : 2,
        borderJoinStyle: 'round',
        pointRadius: 0,
        order: curve.emphasised ? 0 : 1,
      } satisfies Partial<LineDataset>);
      this.#strengths.push({ opacity: someEmphasised && !curve.emphasised ? FAINT : 1 });
    }
    this.#chart.options = this.#options();
    this.#chart.update('none');
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #options() {
    const { axis, points, xAxis, yAxis, theme } = this.#state;
    const xSpan: Span = [axis.low, axis.high];
    const ySpan = pointRange(
      SPLITS.flatMap((split) => points?.[split]?.y ?? []),
      Y_MARGIN,
    );
    return chartOptions(
      {
        kind: 'linear',
        title: xAxis,
        span: xSpan[0] < xSpan[1] ? xSpan : [xSpan[0] - 1, xSpan[0] + 1],
        format: formatTick,
      },
      { kind: 'linear', title: yAxis, span: ySpan, format: formatTick },
      theme,
      () => undefined,
    );
  }
}
