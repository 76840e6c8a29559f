// The parts of Chart.js that both charts use, registered once, and the look that they share.
import { Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement } from 'chart.js';
import type { ChartConfiguration, ChartOptions, Plugin, Point, Scale, ScaleOptionsByType } from 'chart.js';
import { linearTicks, logTicks } from '../../model/chart-axis.ts';
import type { Span } from '../../model/chart-view.ts';
import type { ChartTheme } from './chart-types.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

export type LineChart = Chart<'line', Point[]>;
export type LineDataset = LineChart['data']['datasets'][number];

/** Room that one tick's label takes along its axis, in px. */
const TICK_ROOM = { horizontal: 84, vertical: 46 } as const;
/** Width that the value axis keeps, so that the plot does not jump when its labels grow. */
const VALUE_AXIS_WIDTH = 58;

export interface AxisLook {
  readonly kind: 'linear' | 'logarithmic';
  readonly title: string;
  readonly span: Span;
  /** Words of a tick. */
  readonly format: (value: number) => string;
  /** Smallest distance of two ticks (1 for steps). */
  readonly smallestTick?: number;
}

function setTicks(axis: Scale, look: AxisLook): void {
  const wanted = axis.isHorizontal() ? axis.width / TICK_ROOM.horizontal : axis.height / TICK_ROOM.vertical;
  const span: Span = [axis.min, axis.max];
  const ticks =
    look.kind === 'logarithmic' ? logTicks(span, wanted) : linearTicks(span, wanted, look.smallestTick ?? 0);
  axis.ticks = ticks.map((value) => ({ value }));
}

function axisOptions(look: AxisLook, theme: ChartTheme) {
  const font = { family: theme.fontFamily, size: theme.fontSizePx - 1 };
  return {
    type: look.kind,
    min: look.span[0],
    max: look.span[1],
    title: { display: true, text: look.title, color: theme.mutedText, font, padding: 2 },
    border: { display: false },
    grid: { color: theme.grid, tickLength: 4, lineWidth: 1 },
    ticks: {
      color: theme.mutedText,
      font,
      autoSkip: false,
      maxRotation: 0,
      padding: 4,
      callback: (value: number | string) => look.format(Number(value)),
    },
    afterBuildTicks: (axis: Scale) => {
      setTicks(axis, look);
    },
    afterFit: (axis: Scale) => {
      if (!axis.isHorizontal()) axis.width = Math.max(axis.width, VALUE_AXIS_WIDTH);
    },
  } satisfies DeepPartialScale;
}
type DeepPartialScale = { type: 'linear' | 'logarithmic' } & Partial<
  Pick<ScaleOptionsByType<'linear'>, 'min' | 'max' | 'afterBuildTicks' | 'afterFit'>
> &
  Record<string, unknown>;

/** Options of a chart without animation, events, legend or tooltip of Chart.js' own. */
export function chartOptions(x: AxisLook, y: AxisLook, theme: ChartTheme, onResize: () => void): ChartOptions<'line'> {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    parsing: false,
    normalized: true,
    layout: { padding: { top: 8, right: 14, bottom: 0, left: 0 } },
    onResize,
    scales: { x: axisOptions(x, theme), y: axisOptions(y, theme) },
  };
}

/** What a dataset of ours carries beside Chart.js' fields. */
export interface Strength {
  /** Opacity of the whole line; any CSS colour can be faint this way. */
  readonly opacity: number;
}

/** Draws each dataset at its `opacity`. */
export const opacityPlugin = (strengths: readonly Strength[]): Plugin<'line'> => ({
  id: 'opacity',
  beforeDatasetDraw: (chart, { index }) => {
    chart.ctx.save();
    chart.ctx.globalAlpha = strengths[index]?.opacity ?? 1;
  },
  afterDatasetDraw: (chart) => {
    chart.ctx.restore();
  },
});

/** Opacity of lines that are not emphasised while another one is. */
export const FAINT = 0.28;

export function createLineChart(
  canvas: HTMLCanvasElement,
  options: ChartOptions<'line'>,
  plugins: Plugin<'line'>[],
): LineChart {
  const config: ChartConfiguration<'line', Point[]> = { type: 'line', data: { datasets: [] }, options, plugins };
  return new Chart<'line', Point[]>(canvas, config);
}

/** Makes `points` exactly `length` long, reusing its objects, so that a frame allocates nothing but growth. */
export function resizePoints(points: Point[], length: number): void {
  while (points.length < length) points.push({ x: 0, y: 0 });
  if (points.length > length) points.length = length;
}
