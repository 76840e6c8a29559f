// torch.nn.ELU: x above 0, alpha·(exp(x) - 1) below. The derivative at 0 is alpha.
import type { LayerOf } from '../../spec/index.ts';
import { elementwise } from './elementwise.ts';

export const elu = elementwise<LayerOf<'ELU'>>(({ alpha }) => ({
  value: (x) => (x > 0 ? x : alpha * Math.expm1(x)),
  slope: (x) => (x > 0 ? 1 : alpha * Math.exp(x)),
}));
