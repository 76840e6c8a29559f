// What each tool does to the points in one step of a stroke: points in, points out. Nothing here knows pixels, time or chance
// but what it is given.
import type { Split } from '../../../engine/spec/index.ts';
import { MOST_DOTS, type Dot } from './dots.ts';
import type { DotIndex } from './grid-index.ts';
import type { Place, Reach } from './plane.ts';
import type { Random } from './seeded-random.ts';
import type { Selection } from './selection.ts';

export const TOOLS = ['brush', 'put', 'select', 'jitter', 'magnet', 'erase'] as const;
export type Tool = (typeof TOOLS)[number];

/** What new points are. */
export type Paint = Pick<Dot, 'value' | 'split'>;
/** Writes a place with as many decimals as the view can tell. */
export type Rounding = (place: Place) => Place;

export interface Added {
  readonly dots: readonly Dot[];
  /** Points that had no room; 0: all were added. */
  readonly refused: number;
}

/** Adds points at places as far as their split has room. */
export function add(dots: readonly Dot[], places: readonly Place[], paint: Paint): Added {
  const room = MOST_DOTS - dots.reduce((n, { split }) => (split === paint.split ? n + 1 : n), 0);
  const taken = places.slice(0, Math.max(0, room));
  const added = taken.map(({ u, v }) => ({ u, v, ...paint }));
  return { dots: added.length === 0 ? dots : [...dots, ...added], refused: places.length - taken.length };
}

/** Places spread evenly over a reach. */
export function spray(reach: Reach, count: number, random: Random, rounding: Rounding): Place[] {
  return Array.from({ length: count }, () => {
    // The square root makes every part of the disc as likely as any other.
    const [distance, angle] = [Math.sqrt(random()), 2 * Math.PI * random()];
    return rounding({
      u: reach.u + reach.ru * distance * Math.cos(angle),
      v: reach.v + reach.rv * distance * Math.sin(angle),
    });
  });
}

/** Gives some points a changed copy; the same list when nothing is to be changed. */
function changed(dots: readonly Dot[], at: Iterable<number>, change: (dot: Dot) => Dot): readonly Dot[] {
  let next: Dot[] | null = null;
  for (const i of at) {
    const dot = dots[i];
    if (!dot) continue;
    next ??= [...dots];
    next[i] = change(dot);
  }
  return next ?? dots;
}

/** Shakes the points within reach by up to `part` of its radii. */
export function jitter(
  dots: readonly Dot[],
  index: DotIndex,
  reach: Reach,
  part: number,
  random: Random,
  rounding: Rounding,
): readonly Dot[] {
  return changed(dots, index.near(reach), (dot) => ({
    ...dot,
    ...rounding({
      u: dot.u + reach.ru * part * (2 * random() - 1),
      v: dot.v + reach.rv * part * (2 * random() - 1),
    }),
  }));
}

/** Moves the points within reach by `part` of their way to its middle. */
export function magnet(
  dots: readonly Dot[],
  index: DotIndex,
  reach: Reach,
  part: number,
  rounding: Rounding,
): readonly Dot[] {
  return changed(dots, index.near(reach), (dot) => ({
    ...dot,
    ...rounding({ u: dot.u + (reach.u - dot.u) * part, v: dot.v + (reach.v - dot.v) * part }),
  }));
}

export function erase(dots: readonly Dot[], index: DotIndex, reach: Reach): readonly Dot[] {
  return without(dots, new Set(index.near(reach)));
}

export const without = (dots: readonly Dot[], gone: Selection): readonly Dot[] =>
  gone.size === 0 ? dots : dots.filter((_, i) => !gone.has(i));

export const moved = (dots: readonly Dot[], selection: Selection, by: Place, rounding: Rounding): readonly Dot[] =>
  changed(dots, by.u === 0 && by.v === 0 ? [] : selection, (dot) => ({
    ...dot,
    ...rounding({ u: dot.u + by.u, v: dot.v + by.v }),
  }));

export const revalued = (dots: readonly Dot[], selection: Selection, value: number): readonly Dot[] =>
  changed(
    dots,
    [...selection].filter((i) => dots[i]?.value !== value),
    (dot) => ({ ...dot, value }),
  );

/** Puts selected points into a split as far as it has room. */
export function assigned(dots: readonly Dot[], selection: Selection, split: Split): Added {
  const coming = [...selection].filter((i) => dots[i] && dots[i].split !== split);
  const room = Math.max(0, MOST_DOTS - dots.filter((x) => x.split === split).length);
  return {
    dots: changed(dots, coming.slice(0, room), (dot) => ({ ...dot, split })),
    refused: Math.max(0, coming.length - room),
  };
}

/** The points of the class go, and later classes move up. */
export const withoutClass = (dots: readonly Dot[], gone: number): readonly Dot[] =>
  dots.filter((x) => x.value !== gone).map((x) => (x.value > gone ? { ...x, value: x.value - 1 } : x));

/** Parts of the reach, and of the way, that one step of jitter and magnet goes. */
const JITTER_PART = 0.06;
const MAGNET_PART = 0.06;

export interface Step {
  readonly reach: Reach;
  readonly paint: Paint;
  /** Points of one puff of the brush. */
  readonly density: number;
  readonly random: Random;
  readonly rounding: Rounding;
}

/** One step of a tool at a place. Selecting changes no points. */
export function applied(tool: Tool, dots: readonly Dot[], index: () => DotIndex, step: Step): Added {
  const { reach, paint, density, random, rounding } = step;
  const all = (changedDots: readonly Dot[]): Added => ({ dots: changedDots, refused: 0 });
  switch (tool) {
    case 'brush':
      return add(dots, spray(reach, density, random, rounding), paint);
    case 'put':
      return add(dots, [rounding(reach)], paint);
    case 'jitter':
      return all(jitter(dots, index(), reach, JITTER_PART, random, rounding));
    case 'magnet':
      return all(magnet(dots, index(), reach, MAGNET_PART, rounding));
    case 'erase':
      return all(erase(dots, index(), reach));
    case 'select':
      return all(dots);
    default:
      return tool satisfies never;
  }
}
