// Draws points, axes and the tool's traces on a canvas: numbers and colours in, pixels out. Train points are filled discs,
// validation hollow triangles, test hollow squares, as everywhere in the lab.
import { POINT_MARKS } from '../charts/point-layer.ts';
import { SPLITS, type Split } from '../../../engine/spec/index.ts';
import { formatTick } from '../../model/chart-axis.ts';
import type { Dot } from '../../model/paint/dots.ts';
import { planeTicks, toPixel, type Pixel, type Place, type Plane } from '../../model/paint/plane.ts';
import type { Selection } from '../../model/paint/selection.ts';
import type { ChartTheme } from '../charts/chart-types.ts';

/** Half size in px: readable for a few points, a cloud for many. */
const radiusFor = (count: number): number => (count <= 200 ? 4.5 : count <= 1000 ? 3.25 : count <= 5000 ? 2.25 : 1.5);
/** Above it, shapes are outlined. */
const OUTLINED_PX = 3;

export interface DotLook {
  readonly colour: (dot: Dot) => string;
  /** Colours say a number, so all shapes are filled with them and have the text's colour for an outline. */
  readonly filled: boolean;
}

export interface PlaneWords {
  readonly x: string;
  readonly y: string;
}

/** Fits the bitmap to its element. @returns null when the page has no pixels. */
export function prepared(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ctx = canvas.getContext('2d');
  if (!ctx) return null;
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return ctx;
}

export function drawAxes(ctx: CanvasRenderingContext2D, plane: Plane, theme: ChartTheme, words: PlaneWords): void {
  const { left, top, width, height } = plane;
  const ticks = planeTicks(plane);
  ctx.font = `${String(theme.fontSizePx * 0.92)}px ${theme.fontFamily}`;
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.grid;
  ctx.fillStyle = theme.mutedText;
  ctx.beginPath();
  ctx.textAlign = 'center';
  ctx.textBaseline = 'top';
  for (const tick of ticks.x) {
    const px = Math.round(toPixel(plane, { u: tick, v: 0 }).px) + 0.5;
    ctx.moveTo(px, top);
    ctx.lineTo(px, top + height);
    ctx.fillText(formatTick(tick), px, top + height + 5);
  }
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  for (const tick of ticks.y) {
    const py = Math.round(toPixel(plane, { u: 0, v: tick }).py) + 0.5;
    ctx.moveTo(left, py);
    ctx.lineTo(left + width, py);
    ctx.fillText(formatTick(tick), left - 6, py);
  }
  ctx.rect(left + 0.5, top + 0.5, width - 1, height - 1);
  ctx.stroke();
  ctx.fillStyle = theme.text;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  ctx.fillText(words.x, left + width / 2, top + height + 35);
  ctx.save();
  ctx.translate(12, top + height / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText(words.y, 0, 0);
  ctx.restore();
}

type Outline = (path: Path2D, { px, py }: Pixel, radius: number) => void;
/** Below it a disc looks like a square, and costs many times as much. */
const SMALLEST_DISC_PX = 2;
const disc: Outline = (path, { px, py }, radius) => {
  if (radius < SMALLEST_DISC_PX) {
    path.rect(px - radius * 0.9, py - radius * 0.9, radius * 1.8, radius * 1.8);
    return;
  }
  path.moveTo(px + radius, py);
  path.arc(px, py, radius, 0, 2 * Math.PI);
};
const OUTLINES: Readonly<Record<Split, Outline>> = {
  train: disc,
  validation: (path, { px, py }, radius) => {
    POINT_MARKS.validation(path, px, py, radius);
  },
  test: (path, { px, py }, radius) => {
    POINT_MARKS.test(path, px, py, radius);
  },
};

function clip(ctx: CanvasRenderingContext2D, { left, top, width, height }: Plane): void {
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
}

/** All points of one split and colour are one path: a few hundred strokes for ten thousand points. */
export function drawDots(
  ctx: CanvasRenderingContext2D,
  plane: Plane,
  theme: ChartTheme,
  dots: readonly Dot[],
  { colour, filled }: DotLook,
): void {
  const radius = radiusFor(dots.length);
  const paths = new Map<string, { split: Split; colour: string; path: Path2D }>();
  for (const dot of dots) {
    const at = toPixel(plane, dot);
    const own = colour(dot);
    const key = dot.split + own;
    let group = paths.get(key);
    if (!group) paths.set(key, (group = { split: dot.split, colour: own, path: new Path2D() }));
    OUTLINES[dot.split](group.path, at, radius);
  }
  ctx.save();
  clip(ctx, plane);
  // What is trained on lies on top.
  for (const split of SPLITS.toReversed())
    for (const group of paths.values()) {
      if (group.split !== split) continue;
      const solid = filled || split === 'train';
      ctx.strokeStyle = filled ? theme.text : solid ? theme.surface : group.colour;
      ctx.lineWidth = filled ? 0.75 : radius >= OUTLINED_PX ? 1.75 : 1;
      ctx.fillStyle = solid ? group.colour : theme.surface;
      if (solid && !filled && radius >= OUTLINED_PX) ctx.stroke(group.path);
      if (solid || radius >= OUTLINED_PX) ctx.fill(group.path);
      if (filled ? radius >= 2 : !solid) ctx.stroke(group.path);
    }
  ctx.restore();
}

export interface Traces {
  readonly selection: Selection;
  readonly rectangle: { readonly a: Place; readonly b: Place } | null;
  readonly crosshair: Place | null;
  /** Middle of the tool's circle. */
  readonly circle: Pixel | null;
  readonly radiusPx: number;
}

/** Rings around the selected, the rectangle, the circle that the tool reaches, and the keyboard's crosshair. */
export function drawTraces(
  ctx: CanvasRenderingContext2D,
  plane: Plane,
  theme: ChartTheme,
  dots: readonly Dot[],
  { selection, rectangle, crosshair, circle, radiusPx }: Traces,
): void {
  ctx.save();
  clip(ctx, plane);
  ctx.strokeStyle = theme.text;
  if (selection.size > 0) {
    const rings = new Path2D();
    const radius = radiusFor(dots.length) + 2.5;
    for (const i of selection) {
      const dot = dots[i];
      if (dot) disc(rings, toPixel(plane, dot), radius);
    }
    ctx.lineWidth = 1.5;
    ctx.stroke(rings);
  }
  ctx.lineWidth = 1;
  if (rectangle) {
    const [a, b] = [toPixel(plane, rectangle.a), toPixel(plane, rectangle.b)];
    ctx.setLineDash([4, 3]);
    ctx.strokeRect(Math.min(a.px, b.px), Math.min(a.py, b.py), Math.abs(a.px - b.px), Math.abs(a.py - b.py));
    ctx.setLineDash([]);
  }
  if (circle) {
    ctx.beginPath();
    ctx.arc(circle.px, circle.py, radiusPx, 0, 2 * Math.PI);
    ctx.stroke();
  }
  if (crosshair) {
    const { px, py } = toPixel(plane, crosshair);
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      ctx.moveTo(px + 4 * dx, py + 4 * dy);
      ctx.lineTo(px + 14 * dx, py + 14 * dy);
    }
    ctx.stroke();
  }
  ctx.restore();
}
