// Where data lie on the screen and back: a rectangle of pixels that shows a span across and a span up.
import { linearTicks } from '../chart-axis.ts';
import type { Span } from '../chart-view.ts';
import type { Dot } from './dots.ts';

export interface Plane {
  /** Data across, left to right. */
  readonly x: Span;
  /** Data up, bottom to top. */
  readonly y: Span;
  /** The drawn area in CSS px from the canvas's upper left corner. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Pixel {
  readonly px: number;
  readonly py: number;
}
/** A place in the data. */
export interface Place {
  readonly u: number;
  readonly v: number;
}
/** A circle on the screen, as the ellipse that it is in the data. */
export interface Reach extends Place {
  readonly ru: number;
  readonly rv: number;
}

const size = ([low, high]: Span): number => high - low;

export const toPixel = ({ x, y, left, top, width, height }: Plane, { u, v }: Place): Pixel => ({
  px: left + ((u - x[0]) / size(x)) * width,
  py: top + height - ((v - y[0]) / size(y)) * height,
});

export const toPlace = ({ x, y, left, top, width, height }: Plane, { px, py }: Pixel): Place => ({
  u: x[0] + ((px - left) / width) * size(x),
  v: y[0] + ((top + height - py) / height) * size(y),
});

/** Data units of one pixel across and up. */
export const unitsPerPixel = ({ x, y, width, height }: Plane): { readonly u: number; readonly v: number } => ({
  u: size(x) / width,
  v: size(y) / height,
});

export function reachAt(plane: Plane, { u, v }: Place, radiusPx: number): Reach {
  const unit = unitsPerPixel(plane);
  return { u, v, ru: radiusPx * unit.u, rv: radiusPx * unit.v };
}

export const within = ({ u, v, ru, rv }: Reach, at: Place): boolean =>
  ((at.u - u) / ru) ** 2 + ((at.v - v) / rv) ** 2 <= 1;

/** Keeps a place inside what is shown. */
export const clampTo = ({ x, y }: Pick<Plane, 'x' | 'y'>, { u, v }: Place): Place => ({
  u: Math.min(Math.max(u, x[0]), x[1]),
  v: Math.min(Math.max(v, y[0]), y[1]),
});

/** Finest decimal that a pixel of this span can tell, with a digit to spare: painted numbers stay short enough to be read. */
function decimals(span: Span): number {
  return Math.min(20, Math.max(0, 4 - Math.floor(Math.log10(size(span)))));
}

/** A painted place with as many decimals as the view can tell apart. */
export const roundedTo = ({ x, y }: Pick<Plane, 'x' | 'y'>, { u, v }: Place): Place => ({
  u: Number(u.toFixed(decimals(x))) || 0,
  v: Number(v.toFixed(decimals(y))) || 0,
});

const MARGIN = 0.08;
const EMPTY: Span = [-1, 1];

function spanOf(values: Iterable<number>): Span {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return EMPTY;
  // Points that no axis could tell apart have the room of a single one.
  const size = Math.max(1, Math.abs(low), Math.abs(high));
  const room = (high - low > size * 1e-9 ? high - low : size) * MARGIN;
  return [low - room, high + room];
}

/** The spans that hold all points with a margin, [-1, 1] without points. */
export const fitted = (dots: readonly Dot[]): { readonly x: Span; readonly y: Span } => ({
  x: spanOf(dots.map((d) => d.u)),
  y: spanOf(dots.map((d) => d.v)),
});

/** A span made narrower (factor < 1) or wider around its middle. */
export function zoomed([low, high]: Span, factor: number): Span {
  const [middle, half] = [(low + high) / 2, ((high - low) / 2) * factor];
  // Beyond these no number can be told from its neighbour, or there is none.
  if (half < Math.max(1e-9, Math.abs(middle) * 1e-9) || half > 1e12) return [low, high];
  return [middle - half, middle + half];
}

/** Two fingers' places. */
export type Pinch = readonly [Pixel, Pixel];
/** Fingers nearer than this tell no direction, and no factor. */
const NEAREST_PX = 24;

/** What is seen when two fingers go elsewhere and the data go with them: the same factor across and up. */
export function pinched(plane: Plane, from: Pinch, to: Pinch): { readonly x: Span; readonly y: Span } {
  const apart = ([a, b]: Pinch) => Math.max(NEAREST_PX, Math.hypot(a.px - b.px, a.py - b.py));
  const between = ([a, b]: Pinch): Pixel => ({ px: (a.px + b.px) / 2, py: (a.py + b.py) / 2 });
  const factor = apart(from) / apart(to);
  const held = toPlace(plane, between(from));
  const x = zoomed(plane.x, factor);
  const y = zoomed(plane.y, factor);
  // Where the held place lies now, and where the fingers want it.
  const is = toPlace({ ...plane, x, y }, between(to));
  const moved = ([low, high]: Span, by: number): Span => [low + by, high + by];
  return { x: moved(x, held.u - is.u), y: moved(y, held.v - is.v) };
}

/** Ticks of both axes, about one per 80 px across and per 48 px up. */
export const planeTicks = ({ x, y, width, height }: Plane): { readonly x: number[]; readonly y: number[] } => ({
  // Fewer than that would leave an axis with one number.
  x: linearTicks(x, Math.max(4, width / 80)),
  y: linearTicks(y, height / 48),
});
