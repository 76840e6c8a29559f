// torch.nn.ReLU: max(x, 0). The derivative at 0 is 0; NaN stays NaN.
import type { LayerOf } from '../../spec/index.ts';
import { elementwise } from './elementwise.ts';

export const relu = elementwise<LayerOf<'ReLU'>>(() => ({
  value: (x) => (x <= 0 ? 0 : x),
  slope: (x) => (x <= 0 ? 0 : 1),
}));
