// torch.nn.LeakyReLU: x above 0, negative_slope·x below. The derivative at 0 is negative_slope.
import type { LayerOf } from '../../spec/index.ts';
import { elementwise } from './elementwise.ts';

export const leakyRelu = elementwise<LayerOf<'LeakyReLU'>>(({ negative_slope: below }) => ({
  value: (x) => (x > 0 ? x : below * x),
  slope: (x) => (x > 0 ? 1 : below),
}));
