// The building blocks of every schema in this folder: numbers with their range in words, so that an error can quote it.
import * as v from 'valibot';

/** A message that `validate.ts` turns into a Problem: its code, then what would be right in words. */
const rangeIssue = (expected: string) => `out_of_range|${expected}`;

const finite = v.pipe(v.number(), v.finite('out_of_range|a finite number'));

export const positive = (expected = 'a number > 0') => v.pipe(finite, v.gtValue(0, rangeIssue(expected)));
export const nonNegative = (expected = 'a number ≥ 0') => v.pipe(finite, v.minValue(0, rangeIssue(expected)));
export const anyFinite = () => finite;
/** [0, 1). */
export const zeroToOne = (expected: string) =>
  v.pipe(finite, v.minValue(0, rangeIssue(expected)), v.ltValue(1, rangeIssue(expected)));
/** Probability of dropping, [0, 1). */
export const dropProbability = () => zeroToOne('0 ≤ p < 1');
/** Decay rate of a moving average, [0, 1). */
export const decayRate = () => zeroToOne('0 ≤ value < 1');
/** A share or a probability with both ends allowed, [0, 1]. */
export const share = (expected = '0 ≤ value ≤ 1') =>
  v.pipe(finite, v.minValue(0, rangeIssue(expected)), v.maxValue(1, rangeIssue(expected)));
/** A factor that shrinks, (0, 1]. */
export const shrinkFactor = (expected = '0 < factor ≤ 1') =>
  v.pipe(finite, v.gtValue(0, rangeIssue(expected)), v.maxValue(1, rangeIssue(expected)));
export const numberBetween = (low: number, high: number) =>
  v.pipe(
    finite,
    v.minValue(low, rangeIssue(`a number from ${low} to ${high}`)),
    v.maxValue(high, rangeIssue(`a number from ${low} to ${high}`)),
  );
export const integerBetween = (low: number, high: number) =>
  v.pipe(
    finite,
    v.integer('not_an_integer|a whole number'),
    v.minValue(low, rangeIssue(`a whole number from ${low} to ${high}`)),
    v.maxValue(high, rangeIssue(`a whole number from ${low} to ${high}`)),
  );
/** One whole number for both directions, or [height, width], as torch takes them. */
export const integerPair = (low: number, high: number) =>
  v.union([integerBetween(low, high), v.strictTuple([integerBetween(low, high), integerBetween(low, high)])]);
export const name = () =>
  v.pipe(
    v.string(),
    v.minLength(1, 'empty|a name'),
    v.maxLength(80, 'too_long|at most 80 characters'),
    v.regex(/^[^.\u0000-\u001f\u007f]+$/, 'out_of_range|a name without dots or control characters'),
  );
