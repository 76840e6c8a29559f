// Paints one surface on a canvas: the answers as an image, the points above it, axes with ticks, and the place that is looked at.
import { SPLITS, type FitAxis, type Split } from '../../../engine/spec/index.ts';
import { formatTick, linearTicks } from '../../model/chart-axis.ts';
import type { SplitPoints } from '../../model/line-data.ts';
import { pointColour, pointsIn, surfacePixels, type Surface, type SurfaceScale } from '../../model/surface.ts';
import type { ChartTheme } from './chart-types.ts';
import { countOf, POINT_MARKS, radiusFor } from './point-layer.ts';

export interface SurfaceState {
  /** null: nothing has been answered yet. */
  readonly surface: Surface | null;
  /** Where the surface lies, or will. */
  readonly axes: readonly [FitAxis, FitAxis];
  readonly points: SplitPoints | null;
  readonly show: Readonly<Record<Split, boolean>>;
  readonly scale: SurfaceScale;
  /** Values of both features that are looked at. */
  readonly at: readonly [number, number] | null;
  readonly names: readonly [string, string];
  readonly theme: ChartTheme;
}

/** The plot within the canvas, px. */
export interface PlotBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const ROOM = { left: 46, right: 10, top: 6, bottom: 34 } as const;
/** Below this width and height ticks stand without the axes' names. */
const SMALL_PX = 190;
const SMALL_ROOM = { left: 34, right: 8, top: 5, bottom: 19 } as const;
const TICK_ROOM = { horizontal: 52, vertical: 34 } as const;
const TICK_PX = 4;
/** Points are drawn smaller than in a fit over one feature: here they lie on what they are compared with. */
const POINT_SHARE = 0.8;
/** From this side of a plot on, points have their full size. */
const FULL_SIZE_PX = 220;
/** Smaller points have only a thin rim. */
const OUTLINED_PX = 1.6;

/** Size of the charts' text that lengths here are meant for; they grow with it. */
const FONT_PX = 13;

/** The room of a canvas, px. */
export interface CanvasSize {
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

const scaleOf = ({ fontSizePx }: ChartTheme): number => fontSizePx / FONT_PX;

const isSmall = ({ width, height }: CanvasSize, theme: ChartTheme): boolean =>
  Math.min(width, height) < SMALL_PX * scaleOf(theme);

export function plotBox(size: CanvasSize, theme: ChartTheme): PlotBox {
  const room = isSmall(size, theme) ? SMALL_ROOM : ROOM;
  const scale = scaleOf(theme);
  const [left, top] = [room.left * scale, room.top * scale];
  const right = Math.max(left + 1, size.width - room.right * scale);
  return { left, top, right, bottom: Math.max(top + 1, size.height - room.bottom * scale) };
}

const across = ({ low, high }: FitAxis, value: number): number => (value - low) / (high - low);

/** Values of both features at a place of the canvas; null outside the plot. */
export function valuesAtPixel(
  box: PlotBox,
  [x, y]: readonly [FitAxis, FitAxis],
  px: number,
  py: number,
): readonly [number, number] | null {
  const [u, v] = [(px - box.left) / (box.right - box.left), (box.bottom - py) / (box.bottom - box.top)];
  if (u < 0 || u > 1 || v < 0 || v > 1) return null;
  return [x.low + u * (x.high - x.low), y.low + v * (y.high - y.low)];
}

/** The answers as a small image; null without pixels (a page that does not draw). */
export function surfaceImage(surface: Surface, scale: SurfaceScale): HTMLCanvasElement | null {
  const image = document.createElement('canvas');
  image.width = surface.x.points;
  image.height = surface.y.points;
  const context = image.getContext('2d');
  context?.putImageData(new ImageData(surfacePixels(surface, scale), image.width, image.height), 0, 0);
  return context && image;
}

interface Placing {
  readonly box: PlotBox;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

function paintImage(ctx: CanvasRenderingContext2D, image: HTMLCanvasElement, { box }: Placing): void {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  // Pixels stand for points of the grid, whose outermost lie on the plot's edges: half a pixel reaches beyond.
  const [cellX, cellY] = [width / (image.width - 1), height / (image.height - 1)];
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, width, height);
  ctx.clip();
  ctx.imageSmoothingEnabled = true;
  ctx.imageSmoothingQuality = 'high';
  ctx.drawImage(image, box.left - cellX / 2, box.top - cellY / 2, width + cellX, height + cellY);
  ctx.restore();
}

function paintPoints(ctx: CanvasRenderingContext2D, state: SurfaceState, placing: Placing): void {
  const { points, show, scale, theme } = state;
  if (!points) return;
  const { left, right, top, bottom } = placing.box;
  const most = scaleOf(theme);
  const size = Math.min(most, Math.max(0.6, Math.min(right - left, bottom - top) / FULL_SIZE_PX));
  const radius = radiusFor(countOf(points)) * POINT_SHARE * size;
  const outlined = radius >= OUTLINED_PX;
  // Train points last, on top.
  for (const split of [...SPLITS].reverse()) {
    const set = points[split];
    if (!set || !show[split]) continue;
    const byColour = new Map<string, Path2D>();
    for (const [a, b, target] of pointsIn(set)) {
      const colour = pointColour(target, scale);
      const path = byColour.get(colour) ?? new Path2D();
      byColour.set(colour, path);
      POINT_MARKS[split](path, placing.x(a), placing.y(b), radius);
    }
    for (const [colour, path] of byColour) {
      const filled = split === 'train';
      if (outlined) {
        ctx.lineWidth = (filled ? 3.5 : 4.5) * size;
        ctx.strokeStyle = theme.surface;
        ctx.stroke(path);
        ctx.lineWidth = (filled ? 1.5 : 3) * size;
        ctx.strokeStyle = theme.text;
        ctx.stroke(path);
      } else if (filled) {
        ctx.lineWidth = 1;
        ctx.strokeStyle = theme.surface;
        ctx.stroke(path);
      }
      ctx.fillStyle = filled ? colour : theme.surface;
      ctx.fill(path);
      if (filled) continue;
      ctx.lineWidth = outlined ? 1.75 * size : 1;
      ctx.strokeStyle = colour;
      ctx.stroke(path);
    }
  }
}

function paintAxes(ctx: CanvasRenderingContext2D, state: SurfaceState, placing: Placing, size: CanvasSize): void {
  const { axes, names, theme } = state;
  const [scale, small] = [scaleOf(theme), isSmall(size, theme)];
  const { box } = placing;
  const [x, y] = axes;
  ctx.strokeStyle = theme.mutedText;
  ctx.fillStyle = theme.mutedText;
  ctx.lineWidth = 1;
  ctx.font = `${String(theme.fontSizePx - (small ? 2 : 1))}px ${theme.fontFamily}`;
  ctx.strokeRect(box.left + 0.5, box.top + 0.5, box.right - box.left - 1, box.bottom - box.top - 1);
  ctx.beginPath();
  ctx.textAlign = 'center';
  ctx.textBaseline = 'top';
  for (const tick of linearTicks([x.low, x.high], (box.right - box.left) / (TICK_ROOM.horizontal * scale))) {
    const at = Math.round(placing.x(tick)) + 0.5;
    ctx.moveTo(at, box.bottom);
    ctx.lineTo(at, box.bottom + TICK_PX);
    ctx.fillText(formatTick(tick), at, box.bottom + TICK_PX + 1);
  }
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  for (const tick of linearTicks([y.low, y.high], (box.bottom - box.top) / (TICK_ROOM.vertical * scale))) {
    const at = Math.round(placing.y(tick)) + 0.5;
    ctx.moveTo(box.left, at);
    ctx.lineTo(box.left - TICK_PX, at);
    ctx.fillText(formatTick(tick), box.left - TICK_PX - 2, at);
  }
  ctx.stroke();
  if (small) return;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  ctx.fillText(names[0], (box.left + box.right) / 2, size.height);
  ctx.save();
  ctx.translate(1, (box.top + box.bottom) / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.textBaseline = 'top';
  ctx.fillText(names[1], 0, 0);
  ctx.restore();
}

function paintPlace(ctx: CanvasRenderingContext2D, { at, theme }: SurfaceState, { box, x, y }: Placing): void {
  if (!at) return;
  const [px, py] = [Math.round(x(at[0])) + 0.5, Math.round(y(at[1])) + 0.5];
  for (const [width, colour] of [
    [3, theme.surface],
    [1, theme.text],
  ] as const) {
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.beginPath();
    ctx.moveTo(px, box.top);
    ctx.lineTo(px, box.bottom);
    ctx.moveTo(box.left, py);
    ctx.lineTo(box.right, py);
    ctx.stroke();
  }
}

/** Everything that the points' picture depends on. */
const pointsKey = (size: CanvasSize, { points, show, scale, axes, theme }: SurfaceState): readonly unknown[] => [
  ...SPLITS.flatMap((split) => [points?.[split], show[split]]),
  ...(scale.kind === 'classes' ? [scale.theme] : scale.span),
  ...axes.flatMap(({ low, high }) => [low, high]),
  ...Object.values(size),
  theme,
];

/** Paints a surface again and again; the points once, as there may be very many, until something about them changes. */
export class SurfacePainter {
  readonly #points = document.createElement('canvas');
  #painted: readonly unknown[] = [];

  /** @param image of the state's surface, from `surfaceImage`. */
  paint(ctx: CanvasRenderingContext2D, size: CanvasSize, state: SurfaceState, image: HTMLCanvasElement | null): void {
    const { width, height, pixelRatio } = size;
    const box = plotBox(size, state.theme);
    const [x, y] = state.axes;
    const placing: Placing = {
      box,
      x: (value) => box.left + across(x, value) * (box.right - box.left),
      y: (value) => box.bottom - across(y, value) * (box.bottom - box.top),
    };
    ctx.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    if (image) paintImage(ctx, image, placing);
    this.#drawPoints(ctx, size, state, placing);
    paintAxes(ctx, state, placing, size);
    paintPlace(ctx, state, placing);
  }

  #drawPoints(ctx: CanvasRenderingContext2D, size: CanvasSize, state: SurfaceState, placing: Placing): void {
    if (!state.points) return;
    const bitmap = this.#points;
    const key = pointsKey(size, state);
    if (key.some((x, i) => x !== this.#painted[i])) {
      bitmap.width = Math.round(size.width * size.pixelRatio);
      bitmap.height = Math.round(size.height * size.pixelRatio);
      const context = bitmap.getContext('2d');
      if (!context) return;
      context.scale(size.pixelRatio, size.pixelRatio);
      paintPoints(context, state, placing);
      this.#painted = key;
    }
    ctx.drawImage(bitmap, 0, 0, size.width, size.height);
  }
}
