// What a picture shows: everything but its class is drawn at random, independent of the class.
import type { Canvas } from './paint.ts';
import { PATTERNS, SIDE, type Colour, type Fill, type Place } from './paint.ts';
import { bar, OUTLINES, type Outline } from './outlines.ts';
import type { PictureStream } from './stream.ts';

/** Largest turn: tan(angle / 2); 0.3 is 33 degrees. */
const TURN = 0.3;
const [SMALLEST, LARGEST] = [8, 12];
/** Centre of the shape, from the middle of the picture, in pixels. */
const SHIFT = 4;
const MOST_DISTRACTORS = 3;
/** Colours of which the shape gets the one that stands out most from the background. */
const CANDIDATES = 4;

/** Cosine and sine of an angle whose half has this tangent. */
function turn(halfTangent: number): { readonly cosine: number; readonly sine: number } {
  const t2 = halfTangent * halfTangent;
  return { cosine: (1 - t2) / (1 + t2), sine: (2 * halfTangent) / (1 + t2) };
}

/** Any direction of a half turn. */
const direction = (stream: PictureStream) => turn(stream.between(-1, 1));

/** Hue, saturation and value, each 0 … 1, as red, green and blue. */
function colour(hue: number, saturation: number, value: number): Colour {
  const channel = (n: number): number => {
    const k = (n + hue * 6) % 6;
    return 255 * value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}

const anyColour = (stream: PictureStream): Colour =>
  colour(stream.unit(), stream.between(0.1, 0.85), stream.between(0.2, 1));

const mix = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** Weighted as the eye weighs green over red over blue. */
const distance = (a: Colour, b: Colour): number => {
  const [red, green, blue] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  return Math.sqrt(0.3 * red * red + 0.55 * green * green + 0.15 * blue * blue);
};

/** The one of several colours that stands out most from another one. */
function standingOut(stream: PictureStream, from: Colour): Colour {
  let found = anyColour(stream);
  for (let i = 1; i < CANDIDATES; i++) {
    const other = anyColour(stream);
    if (distance(other, from) > distance(found, from)) found = other;
  }
  return found;
}

function fillWith(stream: PictureStream, first: Colour, spread: number, periods: readonly [number, number]): Fill {
  return {
    first,
    second: mix(first, anyColour(stream), spread),
    pattern: PATTERNS[stream.below(PATTERNS.length)] as Fill['pattern'],
    x: stream.between(0, SIDE),
    y: stream.between(0, SIDE),
    ...direction(stream),
    period: stream.between(...periods),
  };
}

function background(stream: PictureStream): Fill {
  const fill = fillWith(stream, anyColour(stream), stream.between(0.2, 0.6), [6, 14]);
  // A gradient spans the whole picture; other patterns are small.
  return fill.pattern === 'gradient' ? { ...fill, x: SIDE / 2, y: SIDE / 2, period: SIDE } : fill;
}

function shapePlace(stream: PictureStream): Place {
  const middle = (SIDE - 1) / 2;
  return {
    x: middle + stream.between(-SHIFT, SHIFT),
    y: middle + stream.between(-SHIFT, SHIFT),
    radius: stream.between(SMALLEST, LARGEST),
    ...turn(stream.between(-TURN, TURN)),
    stretch: stream.between(0.85, 1.15),
  };
}

function distractorPlace(stream: PictureStream, radius: number): Place {
  return {
    x: stream.between(0, SIDE),
    y: stream.between(0, SIDE),
    radius,
    ...direction(stream),
    stretch: 1,
  };
}

/** Small shapes of any class and bars, which a net must learn to look past. */
function distractor(canvas: Canvas, stream: PictureStream): void {
  const isBar = stream.unit() < 0.5;
  const outline = isBar ? bar : (OUTLINES[stream.below(OUTLINES.length)] as Outline);
  const place = distractorPlace(stream, isBar ? stream.between(4, 12) : stream.between(2, 4));
  canvas.paint(outline, place, fillWith(stream, anyColour(stream), 0, [4, 8]), stream.between(0.4, 0.9));
}

/**
 * Draws one picture.
 * @param shape which outline, by its class.
 * @param out u8 [3, SIDE, SIDE].
 */
export function drawScene(canvas: Canvas, stream: PictureStream, shape: number, out: Uint8Array): void {
  const ground = background(stream);
  canvas.cover(ground);
  const [behind, before] = [stream.below(MOST_DISTRACTORS + 1), stream.below(2)];
  for (let i = 0; i < behind; i++) distractor(canvas, stream);
  const main = standingOut(stream, mix(ground.first, ground.second, 0.5));
  const fill = fillWith(stream, main, stream.between(0.1, 0.5), [3, 8]);
  canvas.paint(OUTLINES[shape] as Outline, shapePlace(stream), fill, stream.between(0.8, 1));
  for (let i = 0; i < before; i++) distractor(canvas, stream);
  canvas.finish(out, stream, stream.between(4, 20));
}
