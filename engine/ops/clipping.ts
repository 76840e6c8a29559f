// Limits on gradients before the update: torch.nn.utils.clip_grad_norm_ and clip_grad_value_.
import type { GradientClippingSpec } from '../spec/index.ts';

/** Euclidean norm of all gradients as one vector. */
export const totalNorm = (gradients: Iterable<Float64Array>): number => {
  let squares = 0;
  for (const gradient of gradients) squares += gradient.reduce((sum, g) => sum + g * g, 0);
  return Math.sqrt(squares);
};

/**
 * What all gradients of a model become. By norm: all times min(1, max_norm/(norm + 1e-6)), so that a norm just above the limit
 * ends just below it. By value: each limited to ±clip_value.
 */
export function clipGradients(
  gradients: ReadonlyMap<string, Float64Array>,
  clipping: GradientClippingSpec,
): Map<string, Float64Array> {
  const change = (f: (g: number) => number) => new Map([...gradients].map(([name, values]) => [name, values.map(f)]));
  switch (clipping.type) {
    case 'norm': {
      const factor = Math.min(1, clipping.max_norm / (totalNorm(gradients.values()) + 1e-6));
      return change((g) => g * factor);
    }
    case 'value':
      return change((g) => Math.min(Math.max(g, -clipping.clip_value), clipping.clip_value));
    default:
      return clipping satisfies never;
  }
}
