// torch.nn.Dropout, inverted: y = x·mask in training, mask = 0 or 1/(1-p); identity in evaluation.
import { dropoutNoise } from '../../random/index.ts';
import type { LayerOf } from '../../spec/index.ts';
import type { LayerReference } from '../layer-reference.ts';
import { at } from '../values.ts';
import { noisy } from './noise.ts';
import { sigmoidSlope } from './sigmoid.ts';

const masked = noisy<LayerOf<'Dropout'>>(
  () => (factor) => ({ factor, shift: 0 }),
  (generator, { p }, length) => Float64Array.from(dropoutNoise(generator, length, p)),
);

/**
 * `as_printed`: what the from-scratch tutorial computes instead of the derivative, past the Sigmoid before it. Its backward pass
 * gives the gradient of the *Sigmoid's input*, dy·y·(1-y) with y the masked and scaled activation: the mask is left out, and
 * the sigmoid's derivative is taken at the wrong place. (The right one is dy·mask·a·(1-a).)
 */
export const dropout: LayerReference<LayerOf<'Dropout'>> = {
  ...masked,
  forward(layer, inputs, context) {
    const tape = masked.forward(layer, inputs, context);
    if (layer.gradient === 'chain_rule') return tape;
    const y = tape.output.data;
    return {
      ...tape,
      backward: (dy) => ({ inputs: [dy.map((d, i) => d * sigmoidSlope(at(y, i)))], parameters: {} }),
    };
  },
};
