// Paints the train and test points once into a bitmap and copies it into every frame, so that training a curve over
// a hundred thousand points costs no more than over twenty.
import type { ChartArea, Plugin } from 'chart.js';
import type { PointSet } from '../../../engine/spec/index.ts';
import type { LineChart } from './chart-setup.ts';
import type { ChartTheme, FitPoints } from './chart-types.ts';

export interface PointLayerState {
  readonly points: FitPoints | null;
  readonly showTrain: boolean;
  readonly showTest: boolean;
  readonly theme: ChartTheme;
}

/** More points than this are drawn small and below the curves. */
const MANY = 500;

/** Half size in px: readable for a few points, a cloud for many. */
const radiusFor = (count: number): number => (count <= 100 ? 4.5 : count <= MANY ? 3 : count <= 5_000 ? 2 : 1.25);

type Place = (value: number) => number;

function trainPath(points: PointSet, placeX: Place, placeY: Place, radius: number): Path2D {
  const path = new Path2D();
  for (const [i, x] of points.x.entries()) {
    const [px, py] = [placeX(x), placeY(points.y[i] ?? Number.NaN)];
    path.moveTo(px + radius, py);
    path.arc(px, py, radius, 0, 2 * Math.PI);
  }
  return path;
}

function testPath(points: PointSet, placeX: Place, placeY: Place, radius: number): Path2D {
  const path = new Path2D();
  const side = radius * 1.8;
  for (const [i, x] of points.x.entries())
    path.rect(placeX(x) - side / 2, placeY(points.y[i] ?? Number.NaN) - side / 2, side, side);
  return path;
}

function paint(ctx: CanvasRenderingContext2D, chart: LineChart, points: FitPoints, state: PointLayerState): void {
  const { x, y } = chart.scales;
  if (!x || !y) return;
  const placeX: Place = (value) => x.getPixelForValue(value);
  const placeY: Place = (value) => y.getPixelForValue(value);
  const radius = radiusFor(points.train.x.length + points.test.x.length);
  const outlined = radius >= 3;
  if (state.showTest) {
    const path = testPath(points.test, placeX, placeY, radius);
    ctx.fillStyle = state.theme.surface;
    if (outlined) ctx.fill(path);
    ctx.lineWidth = outlined ? 1.75 : 0.75;
    ctx.strokeStyle = state.theme.testPoint;
    ctx.stroke(path);
  }
  if (state.showTrain) {
    const path = trainPath(points.train, placeX, placeY, radius);
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
    if (state.points === null || (!state.showTrain && !state.showTest)) return;
    const key = layerKey(chart, chart.chartArea);
    const stale =
      painted?.key !== key ||
      painted.state.points !== state.points ||
      painted.state.theme !== state.theme ||
      painted.state.showTrain !== state.showTrain ||
      painted.state.showTest !== state.showTest;
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
    return points !== null && points.train.x.length + points.test.x.length <= MANY;
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
