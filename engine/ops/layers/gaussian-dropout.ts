// The lab's GaussianDropout: each unit is multiplied by its own N(1, p/(1-p)), drawn as torch.randn(shape)·√(p/(1-p)) + 1 in f32.
import { randn } from '../../random/index.ts';
import type { LayerOf } from '../../spec/index.ts';
import { noisy } from './noise.ts';

const f = Math.fround;

export const gaussianDropout = noisy<LayerOf<'GaussianDropout'>>(
  () => (factor) => ({ factor, shift: 0 }),
  (generator, { p }, length) => {
    const std = f(Math.sqrt(p / (1 - p)));
    return Float64Array.from(randn(generator, length), (z) => f(f(z * std) + 1));
  },
);
