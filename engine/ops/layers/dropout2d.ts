// torch.nn.Dropout2d: drops whole channels; one draw per example and channel, in that order.
import { dropoutNoise } from '../../random/index.ts';
import type { LayerOf } from '../../spec/index.ts';
import { noisy } from './noise.ts';

export const dropout2d = noisy<LayerOf<'Dropout2d'>>(
  () => (factor) => ({ factor, shift: 0 }),
  (generator, { p }, length) => Float64Array.from(dropoutNoise(generator, length, p)),
  ([, , height = 1, width = 1]) => height * width,
);
