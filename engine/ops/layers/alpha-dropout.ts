// torch.nn.AlphaDropout: dropped units become -α' = -1.758…, then an affine map gives mean 0 and variance 1 back to inputs that had them.
import { bernoulli } from '../../random/index.ts';
import type { LayerOf } from '../../spec/index.ts';
import { noisy } from './noise.ts';

/** SELU's scale·alpha, as torch writes it. */
const ALPHA = 1.7580993408473766;

/** What is drawn is 1 for a kept unit, 0 for a dropped one. */
export const alphaDropout = noisy<LayerOf<'AlphaDropout'>>(
  ({ p }) => {
    const a = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p));
    return (kept) => ({ factor: kept * a, shift: (kept - 1) * ALPHA * a + ALPHA * a * p });
  },
  (generator, { p }, length) => Float64Array.from(bernoulli(generator, length, 1 - p)),
);
