// torch's default initialisation of a Linear layer, as one call: what scripts draw when they say nn.Linear(...).
import { requireCount } from './arguments.ts';
import type { Generator } from './generator.ts';
import { defaultBias, defaultWeight } from './initializers.ts';

export interface LinearParameters {
  /** f32 [out_features, in_features], row-major. */
  readonly weight: Float32Array;
  /** f32 [out_features]; null without bias. */
  readonly bias: Float32Array | null;
}

/**
 * `nn.Linear(inFeatures, outFeatures, bias)`: `kaiming_uniform_(weight, a=√5)`, then the bias from U(±1/√inFeatures).
 * @throws RangeError naming the argument.
 */
export function initializeLinear(
  generator: Generator,
  inFeatures: number,
  outFeatures: number,
  bias: boolean,
): LinearParameters {
  if (requireCount('inFeatures', inFeatures) === 0) throw new RangeError('inFeatures must be at least 1, but is 0');
  requireCount('outFeatures', outFeatures);
  const weight = defaultWeight(generator, inFeatures, new Float32Array(inFeatures * outFeatures));
  return { weight, bias: bias ? defaultBias(generator, inFeatures, new Float32Array(outFeatures)) : null };
}
