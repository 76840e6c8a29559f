// Finds the points near a place without looking at all of them: the view is divided into cells, each knows its points. Ten
// thousand points are sorted in about a millisecond, so a stroke may do it at every step.
import type { Dot } from './dots.ts';
import { within, type Place, type Reach } from './plane.ts';

/** Cells per side. */
const SIDE = 64;

export interface DotIndex {
  /** Indices of the points within reach, ascending. */
  readonly near: (reach: Reach) => number[];
  /** Indices of the points in the rectangle between two corners, edges included, ascending. */
  readonly inside: (a: Place, b: Place) => number[];
  /** The point nearest to the middle of a reach, measured in its own radii; null: none within. */
  readonly nearest: (reach: Reach) => number | null;
}

interface Box {
  readonly low: Place;
  readonly high: Place;
}

function boxOf(dots: readonly Dot[]): Box {
  let [u0, u1, v0, v1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { u, v } of dots) {
    if (u < u0) u0 = u;
    if (u > u1) u1 = u;
    if (v < v0) v0 = v;
    if (v > v1) v1 = v;
  }
  return { low: { u: u0, v: v0 }, high: { u: u1, v: v1 } };
}

/** Which cell along one side; what lies beyond belongs to the last cells. */
const cellAt = (at: number, low: number, high: number): number =>
  high > low ? Math.min(SIDE - 1, Math.max(0, Math.floor(((at - low) / (high - low)) * SIDE))) : 0;

export function indexDots(dots: readonly Dot[]): DotIndex {
  const { low, high } = boxOf(dots);
  const cellOf = ({ u, v }: Place): readonly [number, number] => [cellAt(u, low.u, high.u), cellAt(v, low.v, high.v)];
  // A counting sort: where the points of each cell begin, then the points themselves.
  const begins = new Int32Array(SIDE * SIDE + 1);
  const cells = Int32Array.from(dots, (dot) => {
    const [column, row] = cellOf(dot);
    return row * SIDE + column;
  });
  for (const cell of cells) begins[cell + 1] = (begins[cell + 1] as number) + 1;
  for (let i = 0; i < SIDE * SIDE; i++) begins[i + 1] = (begins[i + 1] as number) + (begins[i] as number);
  const next = begins.slice();
  const sorted = new Int32Array(dots.length);
  for (const [i, cell] of cells.entries()) {
    const at = next[cell] as number;
    sorted[at] = i;
    next[cell] = at + 1;
  }

  function search(a: Place, b: Place, test: (dot: Dot) => boolean): number[] {
    if (dots.length === 0) return [];
    const [fromColumn, fromRow] = cellOf({ u: Math.min(a.u, b.u), v: Math.min(a.v, b.v) });
    const [toColumn, toRow] = cellOf({ u: Math.max(a.u, b.u), v: Math.max(a.v, b.v) });
    const found: number[] = [];
    for (let row = fromRow; row <= toRow; row++) {
      const [from, to] = [begins[row * SIDE + fromColumn] as number, begins[row * SIDE + toColumn + 1] as number];
      for (let k = from; k < to; k++) {
        const i = sorted[k] as number;
        if (test(dots[i] as Dot)) found.push(i);
      }
    }
    return found.sort((p, q) => p - q);
  }

  const near = (reach: Reach): number[] =>
    search({ u: reach.u - reach.ru, v: reach.v - reach.rv }, { u: reach.u + reach.ru, v: reach.v + reach.rv }, (dot) =>
      within(reach, dot),
    );
  return {
    near,
    inside: (a, b) => {
      const [u0, u1, v0, v1] = [Math.min(a.u, b.u), Math.max(a.u, b.u), Math.min(a.v, b.v), Math.max(a.v, b.v)];
      return search(a, b, ({ u, v }) => u >= u0 && u <= u1 && v >= v0 && v <= v1);
    },
    nearest: (reach) => {
      let [best, distance] = [null as number | null, Infinity];
      for (const i of near(reach)) {
        const { u, v } = dots[i] as Dot;
        const away = ((u - reach.u) / reach.ru) ** 2 + ((v - reach.v) / reach.rv) ** 2;
        if (away < distance) [best, distance] = [i, away];
      }
      return best;
    },
  };
}
