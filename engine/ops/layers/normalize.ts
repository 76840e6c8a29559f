// Normalising groups of values to mean 0 and variance 1, and the gradient through the group's own mean and variance:
// what batch and layer normalisation share.
import { at } from '../values.ts';

export interface Normalized {
  /** Biased: divided by the number of values. */
  readonly mean: number;
  readonly variance: number;
  /** 1/√(variance + eps). */
  readonly factor: number;
}

/** Mean and biased variance of the values at `positions`. */
export function statistics(x: Float64Array, positions: readonly number[], eps: number): Normalized {
  const mean = positions.reduce((sum, i) => sum + at(x, i), 0) / positions.length;
  const variance = positions.reduce((sum, i) => sum + (at(x, i) - mean) ** 2, 0) / positions.length;
  return { mean, variance, factor: 1 / Math.sqrt(variance + eps) };
}

/**
 * dx = factor·(g - mean(g) - x̂·mean(g·x̂)), written at `positions`.
 * @param normalized x̂.
 * @param g gradient of x̂.
 */
export function normalizedGradient(
  dx: Float64Array,
  positions: readonly number[],
  normalized: Float64Array,
  g: Float64Array,
  factor: number,
): void {
  const mean = positions.reduce((sum, i) => sum + at(g, i), 0) / positions.length;
  const along = positions.reduce((sum, i) => sum + at(g, i) * at(normalized, i), 0) / positions.length;
  for (const i of positions) dx[i] = factor * (at(g, i) - mean - at(normalized, i) * along);
}
