// What several seeds say together: the mean, and the 95 % interval of the mean by Student's t.

export interface MeanInterval {
  /** Values that it is made from. */
  readonly n: number;
  readonly mean: number;
  /** Half the width of the 95 % interval; null for fewer than two values. */
  readonly half: number | null;
}

/** 97.5 % quantiles of Student's t for 1 … 30 degrees of freedom. */
const QUANTILES = [
  12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814, 2.20099, 2.17881, 2.16037,
  2.14479, 2.13145, 2.11991, 2.10982, 2.10092, 2.09302, 2.08596, 2.07961, 2.07387, 2.06866, 2.0639, 2.05954, 2.05553,
  2.05183, 2.04841, 2.04523, 2.04227,
];
/** The same of the normal distribution. */
const NORMAL = 1.959963984540054;

/** 97.5 % quantile of Student's t, to four digits. @param freedom degrees of freedom, ≥ 1. */
export function studentQuantile(freedom: number): number {
  const known = QUANTILES[freedom - 1];
  if (known !== undefined) return known;
  // Cornish-Fisher: beyond 30 degrees of freedom the next term is below 1e-5.
  const z = NORMAL;
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  return (
    z +
    (z3 + z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3)
  );
}

/** @param values finite, at least one. */
export function meanInterval(values: readonly number[]): MeanInterval {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  if (n < 2) return { n, mean, half: null };
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  return { n, mean, half: studentQuantile(n - 1) * Math.sqrt(variance / n) };
}
