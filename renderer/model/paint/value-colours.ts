// Numbers as colours: the scale of targets over two features. Dark to light, readable without telling red from green.
import type { Span } from '../chart-view.ts';
import type { Dot } from './dots.ts';

/** Cividis at even distances. */
const ANCHORS = [
  [0, 34, 78],
  [53, 69, 108],
  [102, 105, 112],
  [148, 142, 119],
  [200, 184, 102],
  [254, 232, 56],
] as const;

/** @param at 0 (low end) … 1 (high end); beyond is the end's own colour. */
export function valueColour(at: number): string {
  const place = Math.min(Math.max(Number.isFinite(at) ? at : 0.5, 0), 1) * (ANCHORS.length - 1);
  const i = Math.min(Math.floor(place), ANCHORS.length - 2);
  const [from, to] = [ANCHORS[i] as readonly number[], ANCHORS[i + 1] as readonly number[]];
  const mixed = from.map((x, k) => Math.round(x + ((to[k] as number) - x) * (place - i)));
  return `rgb(${mixed.join(' ')})`;
}

/** The scale's ends: the values of all points, at least 2 apart around a single one; [-1, 1] without points. */
export function valueSpan(dots: readonly Dot[]): Span {
  let [low, high] = [Infinity, -Infinity];
  for (const { value } of dots) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [-1, 1];
  return high > low ? [low, high] : [low - 1, high + 1];
}

export const partOfSpan = ([low, high]: Span, value: number): number => (value - low) / (high - low);
