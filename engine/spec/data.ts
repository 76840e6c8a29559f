// Where the points come from. A data set is described, not stored: the same description and seed give the same points.
import * as v from 'valibot';
import { anyFinite, integerBetween, nonNegative } from './fields.ts';

/**
 * The tutorial's data: x = linspace(x_min, x_max, points); y = slope·x + noise·N(0,1).
 * Train targets are drawn first, then test targets at the same x, both from the run's generator (EXAMPLES.md §1).
 * x and y are f32 [points, 1].
 */
export const LinearNoiseData = v.strictObject({
  type: v.literal('linear_noise'),
  points: integerBetween(2, 100_000),
  x_min: anyFinite(),
  x_max: anyFinite(),
  slope: anyFinite(),
  /** Standard deviation of the noise, in units of y. */
  noise: nonNegative('noise ≥ 0'),
});

export const Data = v.variant('type', [LinearNoiseData]);
export type DataSpec = v.InferOutput<typeof Data>;
