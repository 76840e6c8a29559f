// Puts filled outlines on a small canvas, one over the other, with soft edges; then grain, and rounding to pixels.
// Whole rows at a time: a call per pixel costs more than what it computes.
import type { Outline } from './outlines.ts';
import type { PictureStream } from './stream.ts';

/** Pixels of a row and of a column. */
export const SIDE = 32;
export const PLANE = SIDE * SIDE;

/** Red, green, blue, each 0 … 255. */
export type Colour = readonly [number, number, number];

export const PATTERNS = ['plain', 'gradient', 'stripes', 'checker', 'dots'] as const;
export type Pattern = (typeof PATTERNS)[number];

/** Two colours and how they alternate. The pattern has an origin, a direction (cosine, sine) and a period in pixels. */
export interface Fill {
  readonly first: Colour;
  readonly second: Colour;
  readonly pattern: Pattern;
  readonly x: number;
  readonly y: number;
  readonly cosine: number;
  readonly sine: number;
  readonly period: number;
}

/** Where an outline lies: centre and radius in pixels, turned by (cosine, sine), as wide as `stretch` times its height. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly cosine: number;
  readonly sine: number;
  readonly stretch: number;
}

/** Outlines lie within this circle, in units of their radius; a pixel of soft edge comes on top. */
const REACH = 1.25;
/** How fast a pattern goes from one colour to the other: 1 is a ramp over the whole period, more is sharper. */
const SHARPNESS = 2.5;

const clamp = (x: number, low: number, high: number): number => (x < low ? low : x > high ? high : x);

/** The nearest pixel value. */
const rounded = (x: number): number => (x < 0 ? 0 : x > 254.5 ? 255 : Math.floor(x + 0.5));

/** -1 … 1 with period 1, a triangle wave whose tips are cut. */
function wave(x: number): number {
  const phase = x - Math.floor(x);
  return clamp(SHARPNESS * (4 * Math.abs(phase - 0.5) - 1), -1, 1);
}

/** One picture in the making; the same canvas serves for many. */
export class Canvas {
  /** Red, green, blue planes, 0 … 255, not yet rounded. */
  readonly #planes = new Float64Array(3 * PLANE);
  /** Of one row: how far each pixel is covered by what is painted, and its share of the fill's second colour; 0 … 1. */
  readonly #distances = new Float64Array(SIDE);
  readonly #covers = new Float64Array(SIDE);
  readonly #shares = new Float64Array(SIDE);

  /** Covers everything. */
  cover(fill: Fill): void {
    this.#covers.fill(1);
    for (let row = 0; row < SIDE; row++) this.#blend(row, 0, SIDE - 1, fill);
  }

  /** Lays a filled outline over what is there. */
  paint(outline: Outline, place: Place, fill: Fill, opacity: number): void {
    const { x, y, radius, cosine, sine, stretch } = place;
    const reach = REACH * radius * Math.max(1, stretch) + 1;
    const [left, right] = [Math.max(0, Math.ceil(x - reach)), Math.min(SIDE - 1, Math.floor(x + reach))];
    const [top, bottom] = [Math.max(0, Math.ceil(y - reach)), Math.min(SIDE - 1, Math.floor(y + reach))];
    const [scale, narrow] = [1 / radius, 1 / (radius * stretch)];
    const covers = this.#covers;
    for (let row = top; row <= bottom; row++) {
      const [dx, dy] = [left - x, y - row];
      outline(
        {
          u: (dx * cosine + dy * sine) * narrow,
          v: (dy * cosine - dx * sine) * scale,
          du: cosine * narrow,
          dv: -sine * scale,
          count: right - left + 1,
        },
        this.#distances,
      );
      let [first, last] = [SIDE, -1];
      for (let column = left; column <= right; column++) {
        const inside = 0.5 - (this.#distances[column - left] as number) * radius;
        covers[column] = clamp(inside, 0, 1) * opacity;
        if (inside <= 0) continue;
        if (last < 0) first = column;
        last = column;
      }
      if (last >= 0) this.#blend(row, first, last, fill);
    }
  }

  /** Shares of the second colour along a part of a row. */
  #mix(row: number, first: number, last: number, fill: Fill): void {
    const { pattern, period } = fill;
    const [cosine, sine] = [fill.cosine / period, fill.sine / period];
    const [dx, dy] = [first - fill.x, row - fill.y];
    // In periods, along and across the pattern's direction.
    const [a, b] = [dx * cosine + dy * sine, dy * cosine - dx * sine];
    const shares = this.#shares;
    const count = last - first + 1;
    switch (pattern) {
      case 'plain':
        shares.fill(0, first, last + 1);
        return;
      case 'gradient':
        for (let i = 0; i < count; i++) shares[first + i] = clamp(0.5 + a + i * cosine, 0, 1);
        return;
      case 'stripes':
        for (let i = 0; i < count; i++) shares[first + i] = 0.5 + 0.5 * wave(a + i * cosine);
        return;
      case 'checker':
        for (let i = 0; i < count; i++) shares[first + i] = 0.5 + 0.5 * wave(a + i * cosine) * wave(b - i * sine);
        return;
      case 'dots':
        for (let i = 0; i < count; i++) {
          const p = a + i * cosine;
          const q = b - i * sine;
          const x = p - Math.floor(p) - 0.5;
          const y = q - Math.floor(q) - 0.5;
          shares[first + i] = clamp(3 - 36 * (x * x + y * y), 0, 1);
        }
        return;
      default:
        pattern satisfies never;
    }
  }

  /** Moves a part of a row towards the fill's colours, as far as it is covered. */
  #blend(row: number, first: number, last: number, fill: Fill): void {
    this.#mix(row, first, last, fill);
    const [planes, covers, shares] = [this.#planes, this.#covers, this.#shares];
    for (let channel = 0; channel < 3; channel++) {
      const from = fill.first[channel] as number;
      const range = (fill.second[channel] as number) - from;
      const start = channel * PLANE + row * SIDE;
      for (let column = first; column <= last; column++) {
        const below = planes[start + column] as number;
        const above = from + range * (shares[column] as number);
        planes[start + column] = below + (above - below) * (covers[column] as number);
      }
    }
  }

  /**
   * Writes the picture with grain, rounded to whole pixel values.
   * @param out u8 [3, SIDE, SIDE].
   * @param grain largest change of each channel by itself; half as much again changes all three together.
   */
  finish(out: Uint8Array, stream: PictureStream, grain: number): void {
    const planes = this.#planes;
    const step = grain / 128;
    for (let i = 0; i < PLANE; i++) {
      const bits = stream.word();
      // 191.25 is the mean of a byte and half a byte.
      const common = 0.5 * (bits >>> 24) - 191.25;
      out[i] = rounded((planes[i] as number) + ((bits & 0xff) + common) * step);
      out[i + PLANE] = rounded((planes[i + PLANE] as number) + (((bits >>> 8) & 0xff) + common) * step);
      out[i + 2 * PLANE] = rounded((planes[i + 2 * PLANE] as number) + (((bits >>> 16) & 0xff) + common) * step);
    }
  }
}
