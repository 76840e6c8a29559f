// torch.nn.Sigmoid: 1/(1 + exp(-x)).
import type { LayerOf } from '../../spec/index.ts';
import { elementwise } from './elementwise.ts';

/** σ(x), right at both ends: 1 - σ(x) is σ(-x). */
export const logistic = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** The derivative as torch computes it, from the output. */
export const sigmoidSlope = (y: number): number => y * (1 - y);

export const sigmoid = elementwise<LayerOf<'Sigmoid'>>(() => ({
  value: logistic,
  slope: (_, y) => sigmoidSlope(y),
}));
