// The ten outlines, each as a distance: below 0 inside, above 0 outside, in units of the shape's radius.
// u grows to the right and v upwards; every outline lies within a circle of radius 1.2 around the origin.
// Only + - * / sqrt and comparisons, so the pictures are the same bits in every JavaScript engine.
// Each computes a whole row of pixels: a call per pixel costs more than what it computes.
import { SHAPES32_CLASSES } from '../../spec/index.ts';

/** Points on a line at even distances: the first one is (u, v). */
export interface Span {
  readonly u: number;
  readonly v: number;
  readonly du: number;
  readonly dv: number;
  readonly count: number;
}

/** Writes the distances of the span's points, f64 [count]. */
export type Outline = (span: Span, out: Float64Array) => void;

const SQRT_HALF = 0.70710678118654752;
const SQRT_3_HALF = 0.86602540378443865;
/** Cosine and sine of 36°, half the angle between two tips of the star. */
const [COS_36, SIN_36] = [0.80901699437494742, 0.58778525229247313];

const disc: Outline = ({ u, v, du, dv, count }, out) => {
  for (let i = 0; i < count; i++) {
    const x = u + i * du;
    const y = v + i * dv;
    out[i] = Math.sqrt(x * x + y * y) - 0.92;
  }
};

const ring: Outline = ({ u, v, du, dv, count }, out) => {
  for (let i = 0; i < count; i++) {
    const x = u + i * du;
    const y = v + i * dv;
    out[i] = Math.abs(Math.sqrt(x * x + y * y) - 0.72) - 0.24;
  }
};

const square: Outline = ({ u, v, du, dv, count }, out) => {
  for (let i = 0; i < count; i++) out[i] = Math.max(Math.abs(u + i * du), Math.abs(v + i * dv)) - 0.8;
};

const frame: Outline = ({ u, v, du, dv, count }, out) => {
  for (let i = 0; i < count; i++) out[i] = Math.abs(Math.max(Math.abs(u + i * du), Math.abs(v + i * dv)) - 0.64) - 0.2;
};

const triangle: Outline = ({ u, v, du, dv, count }, out) => {
  for (let i = 0; i < count; i++) {
    const y = v + i * dv + 0.14;
    out[i] = Math.max(-y, SQRT_3_HALF * Math.abs(u + i * du) + 0.5 * y) - 0.54;
  }
};

/** Distances of the star's tips and notches from its centre. */
const [TIP, NOTCH] = [1.1, 0.46];
const [NOTCH_X, NOTCH_Y] = [NOTCH * SIN_36, NOTCH * COS_36];
const EDGE = Math.sqrt(NOTCH_X * NOTCH_X + (TIP - NOTCH_Y) * (TIP - NOTCH_Y));

/** Points are mirrored until they lie between a tip and the notch beside it, where the outline is one straight edge. */
const star: Outline = ({ u, v, du, dv, count }, out) => {
  for (let i = 0; i < count; i++) {
    let x = Math.abs(u + i * du);
    let y = v + i * dv;
    for (let fold = 0; fold < 2; fold++) {
      const beyond = Math.max(0, x * COS_36 - y * SIN_36);
      x = Math.abs(x - 2 * beyond * COS_36);
      y += 2 * beyond * SIN_36;
    }
    out[i] = ((TIP - NOTCH_Y) * x + NOTCH_X * (y - TIP)) / EDGE;
  }
};

const cross: Outline = ({ u, v, du, dv, count }, out) => {
  for (let i = 0; i < count; i++) {
    const x = Math.abs(u + i * du);
    const y = Math.abs(v + i * dv);
    out[i] = Math.max(Math.min(x, y) - 0.3, Math.max(x, y) - 1);
  }
};

/** A disc without the part of a smaller one beside its centre. */
const crescent: Outline = ({ u, v, du, dv, count }, out) => {
  for (let i = 0; i < count; i++) {
    const x = u + i * du;
    const y = v + i * dv;
    const [outer, inner] = [x + 0.12, x - 0.36];
    out[i] = Math.max(Math.sqrt(outer * outer + y * y) - 1, 0.8 - Math.sqrt(inner * inner + y * y));
  }
};

const diamond: Outline = ({ u, v, du, dv, count }, out) => {
  for (let i = 0; i < count; i++) out[i] = (Math.abs(u + i * du) - 0.62) * 0.87 + Math.abs(v + i * dv) * 0.49;
};

/** A square on its corner and a disc on each of its upper sides. */
const heart: Outline = ({ u, v, du, dv, count }, out) => {
  for (let i = 0; i < count; i++) {
    const x = Math.abs(u + i * du);
    const y = v + i * dv + 0.08;
    const [right, up] = [x - 0.42, y - 0.42];
    const round = Math.sqrt(right * right + up * up) - 0.84 * SQRT_HALF;
    out[i] = Math.min((x + Math.abs(y) - 0.84) * SQRT_HALF, round);
  }
};

/** A long thin rectangle; no class, but in the way. */
export const bar: Outline = ({ u, v, du, dv, count }, out) => {
  for (let i = 0; i < count; i++) out[i] = Math.max(Math.abs(u + i * du) - 1.1, Math.abs(v + i * dv) - 0.16);
};

const BY_NAME: Readonly<Record<(typeof SHAPES32_CLASSES)[number], Outline>> = {
  disc,
  ring,
  square,
  frame,
  triangle,
  star,
  cross,
  crescent,
  diamond,
  heart,
};

/** In the order of the classes. */
export const OUTLINES: readonly Outline[] = SHAPES32_CLASSES.map((name) => BY_NAME[name]);
