// torch.nn.Tanh.
import type { LayerOf } from '../../spec/index.ts';
import { elementwise } from './elementwise.ts';

/** The derivative as torch computes it, from the output. */
export const tanhSlope = (y: number): number => 1 - y * y;

export const tanh = elementwise<LayerOf<'Tanh'>>(() => ({
  value: Math.tanh,
  slope: (_, y) => tanhSlope(y),
}));
