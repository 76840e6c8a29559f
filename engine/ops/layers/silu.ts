// torch.nn.SiLU: x·σ(x).
import type { LayerOf } from '../../spec/index.ts';
import { elementwise } from './elementwise.ts';
import { logistic } from './sigmoid.ts';

export const silu = elementwise<LayerOf<'SiLU'>>(() => ({
  value: (x) => x * logistic(x),
  slope: (x) => logistic(x) * (1 + x * logistic(-x)),
}));
