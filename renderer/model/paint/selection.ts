// Which points are selected, by their place in the list. A selection is never changed, only replaced.
import type { Dot } from './dots.ts';

export type Selection = ReadonlySet<number>;

export const NOTHING: Selection = new Set();

export const selected = (found: Iterable<number>): Selection => new Set(found);

/** @param adds keeps what was selected before. */
export const extended = (before: Selection, found: Iterable<number>, adds: boolean): Selection =>
  new Set(adds ? [...before, ...found] : found);

/** What all selected points have in common; null: they differ, or there are none. */
export function common<T>(dots: readonly Dot[], selection: Selection, read: (dot: Dot) => T): T | null {
  let found: T | null = null;
  for (const i of selection) {
    const dot = dots[i];
    if (!dot) continue;
    const own = read(dot);
    if (found !== null && own !== found) return null;
    found = own;
  }
  return found;
}
