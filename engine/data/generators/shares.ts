// How many rows of a split are of each class, and which of them are changed: exact counts, drawn places.
import { randperm, type Generator } from '../../random/index.ts';

/**
 * Divides rows among classes by weight: each class gets its share rounded down, and what is left goes to the largest fractions.
 * @param weights of each class, above 0.
 * @returns rows of each class; each differs by less than 1 from its exact share, their sum is `rows`.
 */
export function apportion(rows: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, x) => sum + x, 0);
  const exact = weights.map((x) => (rows * x) / total);
  const counts = exact.map(Math.floor);
  const left = rows - counts.reduce((sum, x) => sum + x, 0);
  const byFraction = exact
    .map((x, k) => ({ k, fraction: x - Math.floor(x) }))
    .sort((a, b) => b.fraction - a.fraction || a.k - b.k);
  for (const { k } of byFraction.slice(0, left)) counts[k] = (counts[k] as number) + 1;
  return counts;
}

/** Classes i32 [rows] in an order drawn by `torch.randperm`. */
export function drawLabels(generator: Generator, rows: number, weights: readonly number[]): Int32Array {
  const sorted = apportion(rows, weights).flatMap((count, k) => Array.from({ length: count }, () => k));
  return Int32Array.from(randperm(generator, rows), (at) => sorted[at] as number);
}

/**
 * A share of the rows. A larger share keeps the rows of a smaller one.
 * @returns round(share · rows) different rows.
 */
export const drawSome = (generator: Generator, rows: number, share: number): Int32Array =>
  randperm(generator, rows).subarray(0, Math.round(share * rows));
