// torch's default initialisation of layers.
import { requireCount } from './arguments.ts';
import type { Generator } from './generator.ts';
import { uniform } from './uniform.ts';

export interface LinearParameters {
  /** f32 [out_features, in_features], row-major. */
  readonly weight: Float32Array;
  /** f32 [out_features]; null without bias. */
  readonly bias: Float32Array | null;
}

/**
 * `nn.Linear(inFeatures, outFeatures, bias)`: `kaiming_uniform_(weight, a=√5)`, then the bias from U(±1/√inFeatures).
 * The bounds are computed in f64 in torch's order of operations.
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
  const gain = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2));
  const weightBound = Math.sqrt(3) * (gain / Math.sqrt(inFeatures));
  const weight = uniform(generator, new Float32Array(inFeatures * outFeatures), -weightBound, weightBound);
  if (!bias) return { weight, bias: null };
  const biasBound = 1 / Math.sqrt(inFeatures);
  return { weight, bias: uniform(generator, new Float32Array(outFeatures), -biasBound, biasBound) };
}
