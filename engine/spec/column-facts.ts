// Figures and bars of a column of numbers, gathered a value at a time: one rule for what the window has at hand and for a whole data set.

/** Running figures. `mean` and `squares` (of the distances from it) in Welford's way, so that a large mean does not drown a small spread. */
export interface Moments {
  count: number;
  missing: number;
  mean: number;
  squares: number;
  min: number;
  max: number;
  /** All are whole numbers. */
  whole: boolean;
}

export const noMoments = (): Moments => ({
  count: 0,
  missing: 0,
  mean: 0,
  squares: 0,
  min: Infinity,
  max: -Infinity,
  whole: true,
});

/** What is no finite number is missing. */
export function addValue(to: Moments, value: number): void {
  if (!Number.isFinite(value)) {
    to.missing += 1;
    return;
  }
  to.count += 1;
  const away = value - to.mean;
  to.mean += away / to.count;
  to.squares += away * (value - to.mean);
  if (value < to.min) to.min = value;
  if (value > to.max) to.max = value;
  if (to.whole && !Number.isInteger(value)) to.whole = false;
}

/** Distances from a mean, summed in Neumaier's way: in ascending values the sum goes far away and comes back, and `lost` keeps what it loses on the way. */
export interface Distances {
  sum: number;
  lost: number;
  squares: number;
}

export const noDistances = (): Distances => ({ sum: 0, lost: 0, squares: 0 });

export function addDistance(to: Distances, distance: number): void {
  const sum = to.sum + distance;
  to.lost += Math.abs(to.sum) >= Math.abs(distance) ? to.sum - sum + distance : distance - sum + to.sum;
  to.sum = sum;
  to.squares += distance * distance;
}

/** Figures after a second look at the same values, which takes off what rounding had added up in the first. */
export function sharpened(moments: Moments, { sum, lost, squares }: Distances): Moments {
  const { count, mean } = moments;
  if (count === 0) return moments;
  const away = sum + lost;
  return { ...moments, mean: mean + away / count, squares: Math.max(0, squares - (away * away) / count) };
}

/** Figures of the values of both (Chan's way). */
export function joined(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  const away = b.mean - a.mean;
  return {
    count,
    missing: a.missing + b.missing,
    mean: count === 0 ? 0 : a.mean + (away * b.count) / count,
    squares: count === 0 ? 0 : a.squares + b.squares + away * away * ((a.count * b.count) / count),
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    whole: a.whole && b.whole,
  };
}

export interface ColumnFacts {
  /** Numbers that are there. */
  readonly count: number;
  /** Cells without a finite number. */
  readonly missing: number;
  /** NaN without numbers, as the following. */
  readonly mean: number;
  /** Of the sample (n - 1), as torch.std; NaN below two numbers. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

export function factsOf({ count, missing, mean, squares, min, max }: Moments): ColumnFacts {
  if (count === 0) return { count, missing, mean: NaN, sd: NaN, min: NaN, max: NaN };
  // + 0: no figure is -0.
  return {
    count,
    missing,
    mean: mean + 0,
    sd: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN,
    min: min + 0,
    max: max + 0,
  };
}

const MANTISSAS = [1, 2, 5, 10] as const;

/** The smallest of 1, 2, 5 × 10^k that is ≥ x. @param x > 0. */
export function roundUp(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  const mantissa = MANTISSAS.find((m) => m * power >= x * (1 - 1e-12)) ?? 10;
  // Takes the binary noise off a decimal.
  return Number((mantissa * power).toPrecision(12));
}

/** A whole-numbered column with at most this many values gets a bar per value. */
const MOST_WHOLE = 24;
/** Below it, halves lie between whole numbers. */
const MOST_EXACT = 2 ** 50;
/** 10^22 is the largest power of ten that is exact. */
const SMALLEST_EXACT = 1e-22;

/** The k-th multiple, as near as its decimal can be said (3 × 0.1 is 0.3). @param width 1, 2 or 5 × 10^n. */
const multiple = (k: number, width: number): number =>
  width < 1 && width > SMALLEST_EXACT ? k / Math.round(1 / width) : k * width;

/**
 * Round limits of about `wanted` bars, ascending: a bar holds its lower limit, the upper one belongs to the next.
 * @returns [] without numbers, or when they lie further apart, or further out, than any number.
 */
export function barLimits({ count, min, max, whole }: Moments, wanted: number): number[] {
  if (count === 0 || !Number.isFinite(max - min)) return [];
  const size = Math.max(Math.abs(min), Math.abs(max));
  if (whole && max - min < MOST_WHOLE && size < MOST_EXACT)
    return Array.from({ length: max - min + 2 }, (_, i) => min - 0.5 + i);
  // Below it, limits could not be told from each other: the values are one.
  if (max - min <= Math.max(size * 1e-12, 1e-290)) {
    const half = Math.max(size, 1) / 20;
    return [min - half, max + half];
  }
  const width = roundUp((max - min) / wanted);
  let first = Math.floor(min / width);
  while (multiple(first, width) > min) first -= 1;
  const limits = [multiple(first, width)];
  do limits.push(multiple(first + limits.length, width));
  while (
    // Not only up to the largest value: on a grid as wide as the bars, the last one would hold two of its places.
    (limits.at(-1) as number) <= max
  );
  return Number.isFinite(limits.at(-1)) ? limits : [];
}

/** The bar that a value between the first and the last limit belongs to. */
export function barOf(limits: readonly number[], value: number): number {
  const last = limits.length - 2;
  const [low, high] = [limits[0] as number, limits[last + 1] as number];
  let bar = Math.min(last, Math.max(0, Math.floor(((value - low) / (high - low)) * (last + 1))));
  // Rounding may have taken it over a limit.
  while (bar > 0 && value < (limits[bar] as number)) bar -= 1;
  while (bar < last && value >= (limits[bar + 1] as number)) bar += 1;
  return bar;
}
