// The visible window of a chart and how zooming and panning change it: numbers in, numbers out.

/** Low and high end, low < high. */
export type Span = readonly [number, number];

/** null: follow the data. `y` is in axis units: log10 of the loss on a log axis. */
export interface ChartView {
  readonly x: Span | null;
  readonly y: Span | null;
}
export const WHOLE_VIEW: ChartView = { x: null, y: null };

const width = ([low, high]: Span): number => high - low;

/** The span of the same width (at most the bounds') that lies inside the bounds. */
export function keepInside(span: Span, bounds: Span): Span {
  const size = Math.min(width(span), width(bounds));
  const low = Math.min(Math.max(span[0], bounds[0]), bounds[1] - size);
  return [low, low + size];
}

/**
 * Shrinks (factor < 1) or widens (factor > 1) a span around an anchor that stays where it is.
 * @param anchor 0 (low end) … 1 (high end).
 * @param smallest narrowest span that still shows something.
 * @returns null when the result would be all of the bounds.
 */
export function zoomSpan(span: Span, bounds: Span, factor: number, anchor: number, smallest: number): Span | null {
  const size = Math.max(smallest, width(span) * factor);
  if (size >= width(bounds)) return null;
  const fixed = span[0] + anchor * width(span);
  return keepInside([fixed - anchor * size, fixed + (1 - anchor) * size], bounds);
}

/** Moves a span by a fraction of its own width, to the edge of the bounds at most. */
export function panSpan(span: Span, bounds: Span, fraction: number): Span {
  const shift = fraction * width(span);
  return keepInside([span[0] + shift, span[1] + shift], bounds);
}

/**
 * The part of a span between two fractions of it, as drawn with a box.
 * @returns null when the part is narrower than `smallest`: a click, not a box.
 */
export function partOf(span: Span, from: number, to: number, smallest: number): Span | null {
  const [a, b] = from < to ? [from, to] : [to, from];
  const [low, high] = [Math.max(0, a), Math.min(1, b)];
  if ((high - low) * width(span) < smallest) return null;
  return [span[0] + low * width(span), span[0] + high * width(span)];
}
