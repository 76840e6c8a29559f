// Fingers on the plane: one of them paints, two move and stretch what is seen. A finger that is left over from two paints nothing.
import { pinched, type Pinch, type Pixel, type Plane } from './plane.ts';
import type { Span } from '../chart-view.ts';

export class Fingers {
  readonly #at = new Map<number, Pixel>();
  /** What was seen, and where both fingers were, when the second one came. */
  #pinch: { readonly plane: Plane; readonly ids: readonly [number, number]; readonly from: Pinch } | null = null;
  /** Two were there since the plane was last touched by none. */
  #viewing = false;

  /** @returns whether it may paint. */
  down(id: number, at: Pixel, plane: Plane): boolean {
    this.#at.set(id, at);
    const [first, second] = [...this.#at];
    if (!first || !second) return true;
    this.#viewing = true;
    this.#pinch = { plane, ids: [first[0], second[0]], from: [first[1], second[1]] };
    return false;
  }

  /** @returns the spans to show now; null: this finger paints, or changes nothing. */
  move(id: number, at: Pixel): { readonly x: Span; readonly y: Span } | null {
    if (this.#at.has(id)) this.#at.set(id, at);
    if (!this.#pinch) return null;
    const { plane, ids, from } = this.#pinch;
    const [a, b] = ids.map((x) => this.#at.get(x));
    return a && b ? pinched(plane, from, [a, b]) : null;
  }

  up(id: number): void {
    this.#at.delete(id);
    if (this.#pinch?.ids.includes(id)) this.#pinch = null;
    if (this.#at.size === 0) this.#viewing = false;
  }

  /** What the fingers do now is looking, not painting. */
  get viewing(): boolean {
    return this.#viewing;
  }
}
