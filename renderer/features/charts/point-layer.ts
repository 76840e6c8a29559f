// Paints the points of every split once into a bitmap and copies it into every frame, so that training a curve over
// a hundred thousand points costs no more than over twenty.
import type { ChartArea, Plugin } from 'chart.js';
import { SPLITS, type PointSet, type Split } from '../../../engine/spec/index.ts';
import type { SplitPoints } from '../../model/line-data.ts';
import type { LineChart } from './chart-setup.ts';
import type { ChartTheme } from './chart-types.ts';

export interface PointLayerState {
  readonly points: SplitPoints | null;
  readonly show: Readonly<Record<Split, boolean>>;
  readonly theme: ChartTheme;
}

/** More points than this are drawn small and below the curves. */
const MANY = 500;

/** Half size in px: readable for a few points, a cloud for many. */
export const radiusFor = (count: number): number =>
  count <= 100 ? 4.5 : count <= MANY ? 3 : count <= 5_000 ? 2 : 1.25;

type Place = (value: number) => number;

/** Adds the mark of a split around a place: train a disc, validation a triangle, test a square. */
export const POINT_MARKS: Readonly<Record<Split, (path: Path2D, x: number, y: number, radius: number) => void>> = {
  train: (path, x, y, radius) => {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
  },
  validation: (path, x, y, radius) => {
    const side = radius * 1.15;
    path.moveTo(x, y - side);
    path.lineTo(x + side, y + side * 0.8);
    path.lineTo(x - side, y + side * 0.8);
    path.closePath();
  },
  test: (path, x, y, radius) => {
    const side = radius * 1.8;
    path.rect(x - side / 2, y - side / 2, side, side);
  },
};

function marksOf(split: Split, points: PointSet, placeX: Place, placeY: Place, radius: number): Path2D {
  const path = new Path2D();
  for (const [i, x] of points.x.entries())
    POINT_MARKS[split](path, placeX(x), placeY(points.y[i] ?? Number.NaN), radius);
  return path;
}

export const countOf = (points: SplitPoints): number =>
  SPLITS.reduce((sum, split) => sum + (points[split]?.x.length ?? 0), 0);

function paint(ctx: CanvasRenderingContext2D, chart: LineChart, points: SplitPoints, state: PointLayerState): void {
  const { x, y } = chart.scales;
  if (!x || !y) return;
  const placeX: Place = (value) => x.getPixelForValue(value);
  const placeY: Place = (value) => y.getPixelForValue(value);
  const radius = radiusFor(countOf(points));
  const outlined = radius >= 3;
  for (const split of ['test', 'validation'] as const) {
    const set = points[split];
    if (!set || !state.show[split]) continue;
    const path = marksOf(split, set, placeX, placeY, radius);
    ctx.fillStyle = state.theme.surface;
    if (outlined) ctx.fill(path);
    ctx.lineWidth = outlined ? 1.75 : 0.75;
    ctx.strokeStyle = state.theme.testPoint;
    ctx.stroke(path);
  }
  if (state.show.train) {
    const path = marksOf('train', points.train, placeX, placeY, radius);
    ctx.lineWidth = 2;
    ctx.strokeStyle = state.theme.surface;
    if (outlined) ctx.stroke(path);
    ctx.fillStyle = state.theme.trainPoint;
    ctx.fill(path);
  }
}

/** Everything that the bitmap depends on. */
const layerKey = (chart: LineChart, area: ChartArea): string => {
  const { x, y } = chart.scales;
  return [chart.currentDevicePixelRatio, chart.width, chart.height, area.left, area.top, area.right, area.bottom]
    .concat([x?.min ?? 0, x?.max ?? 0, y?.min ?? 0, y?.max ?? 0])
    .join();
};

/** @param read gives the state of the moment; points are compared by identity. */
export function pointLayer(read: () => PointLayerState): Plugin<'line'> {
  const bitmap = document.createElement('canvas');
  let painted: { key: string; state: PointLayerState } | null = null;

  const draw = (chart: LineChart): void => {
    const state = read();
    if (state.points === null || SPLITS.every((split) => !state.show[split])) return;
    const key = layerKey(chart, chart.chartArea);
    const stale =
      painted?.key !== key ||
      painted.state.points !== state.points ||
      painted.state.theme !== state.theme ||
      SPLITS.some((split) => painted?.state.show[split] !== state.show[split]);
    if (stale) {
      bitmap.width = chart.canvas.width;
      bitmap.height = chart.canvas.height;
      const ctx = bitmap.getContext('2d');
      if (!ctx) return;
      ctx.scale(chart.currentDevicePixelRatio, chart.currentDevicePixelRatio);
      paint(ctx, chart, state.points, state);
      painted = { key, state };
    }
    if (bitmap.width > 0 && bitmap.height > 0) chart.ctx.drawImage(bitmap, 0, 0, chart.width, chart.height);
  };
  const few = (): boolean => {
    const { points } = read();
    return points !== null && countOf(points) <= MANY;
  };
  return {
    id: 'points',
    beforeDatasetsDraw: (chart) => {
      if (!few()) draw(chart as LineChart);
    },
    afterDatasetsDraw: (chart) => {
      if (few()) draw(chart as LineChart);
    },
  };
}
