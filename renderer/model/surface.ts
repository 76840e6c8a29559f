// What a model answers over two features, as pixels, as words at a place, and as a small table. Pure.
import { axisValue, type Fit, type FitAxis, type PointSet } from '../../engine/spec/index.ts';
import { classColour } from './class-colours.ts';
import type { Span } from './chart-view.ts';
import type { SplitPoints } from './line-data.ts';
import { cssColour, valueColour } from './value-colours.ts';
import type { ThemeName } from './variant-style.ts';

/** How answers become colours: classes by theirs, numbers by their place in a range. */
export type SurfaceScale =
  | { readonly kind: 'classes'; readonly classes: number; readonly theme: ThemeName }
  | { readonly kind: 'values'; readonly span: Span };

/** A fit over two features. */
export interface Surface {
  readonly x: FitAxis;
  readonly y: FitAxis;
  readonly fit: Fit;
}

/** @returns null for fits over another number of features. */
export function surfaceOf(fit: Fit | null | undefined): Surface | null {
  const [x, y, more] = fit?.axes ?? [];
  return fit && x && y && !more ? { x, y, fit } : null;
}

/** Opacity of a region: of a guess, and of certainty. The points keep their full colours. */
const OPACITY = { guess: 0.06, certain: 0.62 } as const;

/** @returns red, green and blue, 0 … 255. @param colour `#rrggbb`. */
const channels = (colour: string): readonly [number, number, number] => [
  Number.parseInt(colour.slice(1, 3), 16),
  Number.parseInt(colour.slice(3, 5), 16),
  Number.parseInt(colour.slice(5, 7), 16),
];

/** Where a value lies in a range, 0 … 1 within it. */
export const shareOf = (value: number, [low, high]: Span): number => (high > low ? (value - low) / (high - low) : 0.5);

/** Opacity of a class that is predicted with a probability: the least that is possible is a guess. */
export function opacityOf(probability: number, classes: number): number {
  const least = 1 / Math.max(2, classes);
  const sureness = Math.min(1, Math.max(0, (probability - least) / (1 - least)));
  return OPACITY.guess + (OPACITY.certain - OPACITY.guess) * sureness;
}

/**
 * One pixel per place of the grid, RGBA, the top row first: the second feature grows upwards. What is no number is transparent.
 */
export function surfacePixels({ x, y, fit }: Surface, scale: SurfaceScale): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * x.points * y.points);
  const colours = new Map<number, readonly [number, number, number]>();
  const ofClass = (k: number, theme: ThemeName): readonly [number, number, number] => {
    const known = colours.get(k) ?? channels(classColour(k, theme));
    colours.set(k, known);
    return known;
  };
  for (let place = 0; place < x.points * y.points; place++) {
    const value = fit.values[place] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const row = y.points - 1 - Math.floor(place / x.points);
    const at = 4 * (row * x.points + (place % x.points));
    const isClasses = scale.kind === 'classes';
    const rgb = isClasses ? ofClass(fit.classes?.[place] ?? 0, scale.theme) : valueColour(shareOf(value, scale.span));
    pixels.set(rgb, at);
    pixels[at + 3] = 255 * (isClasses ? opacityOf(value, scale.classes) : 1);
  }
  return pixels;
}

/** Colours that points of numbers have: few, so that points of one colour are painted together. */
const POINT_COLOURS = 64;

/** The colour of a point by what it should be. */
export const pointColour = (target: number, scale: SurfaceScale): string => {
  if (scale.kind === 'classes') return classColour(target, scale.theme);
  const most = POINT_COLOURS - 1;
  return cssColour(valueColour(Math.round(shareOf(target, scale.span) * most) / most));
};

/** Numbers of a range that all points and, without any, all surfaces keep: [0, 1] without numbers. */
export function spanOf(points: readonly (SplitPoints | null)[], surfaces: readonly Surface[]): Span {
  const targets = points.flatMap((x) => [x?.train, x?.validation, x?.test].flatMap((set) => set?.y ?? []));
  const numbers = targets.length > 0 ? targets : surfaces.map((x) => x.fit.values);
  let [low, high] = [Infinity, -Infinity];
  for (const values of numbers)
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low > high ? [0, 1] : low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/** A place of the grid: its positions along both axes. */
export interface Place {
  readonly i: number;
  readonly j: number;
}

const nearest = ({ low, high, points }: FitAxis, value: number): number =>
  Math.min(points - 1, Math.max(0, Math.round(((value - low) / (high - low)) * (points - 1))));

/** The place nearest to two values. */
export const placeAt = (x: FitAxis, y: FitAxis, [a, b]: readonly [number, number]): Place => ({
  i: nearest(x, a),
  j: nearest(y, b),
});

export const valuesAt = (x: FitAxis, y: FitAxis, { i, j }: Place): readonly [number, number] => [
  axisValue(x, i),
  axisValue(y, j),
];

/** Steps that an arrow key takes along the grid; with Shift five. */
const FAR = 5;
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Where a key leads from a place; from nowhere to the middle. @returns null for other keys. */
export function movedBy(key: string, far: boolean, from: Place | null, x: FitAxis, y: FitAxis): Place | null {
  const move = MOVES[key];
  if (!move) return null;
  if (!from) return { i: Math.floor((x.points - 1) / 2), j: Math.floor((y.points - 1) / 2) };
  const within = (at: number, points: number): number => Math.min(points - 1, Math.max(0, at));
  const steps = far ? FAR : 1;
  return { i: within(from.i + steps * move[0], x.points), j: within(from.j + steps * move[1], y.points) };
}

/** What is answered at a place; of classes with its probability. */
export interface Answer {
  readonly value: number;
  readonly predicted: number | null;
}
export function answerAt({ x, fit }: Surface, { i, j }: Place): Answer {
  const place = j * x.points + i;
  return { value: fit.values[place] ?? Number.NaN, predicted: fit.classes?.[place] ?? null };
}

const TABLE_SIDE = 5;
/** A few places that stand for the whole, evenly spread: rows from the top, as in the picture. */
export function tablePlaces(x: FitAxis, y: FitAxis): readonly (readonly Place[])[] {
  const along = (points: number): number[] =>
    Array.from({ length: TABLE_SIDE }, (_, k) => Math.round((k * (points - 1)) / (TABLE_SIDE - 1)));
  return along(y.points)
    .reverse()
    .map((j) => along(x.points).map((i) => ({ i, j })));
}

/** What each tile needs beside its plot, px: its axes, and its head. */
const BESIDE = { width: 44, height: 46 } as const;

/** Columns of equal tiles that leave each plot the most room. */
export function tileColumns(count: number, width: number, height: number): number {
  let [best, room] = [1, -Infinity];
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const side = Math.min(width / columns - BESIDE.width, height / rows - BESIDE.height);
    if (side > room) [best, room] = [columns, side];
  }
  return best;
}

/** A row of a point set of two features: its place and what it should give. */
export function* pointsIn({ x, y }: PointSet): Generator<readonly [number, number, number]> {
  for (const [row, target] of y.entries()) yield [x[2 * row] ?? Number.NaN, x[2 * row + 1] ?? Number.NaN, target];
}
