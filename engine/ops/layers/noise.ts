// Layers that let values through in evaluation and apply noise to them in training: what the kinds of dropout of units share.
import type { LayerOf } from '../../spec/index.ts';
import { noiseOf, onlyInput, type LayerNoise, type LayerReference } from '../layer-reference.ts';
import { at } from '../values.ts';

type Noisy = LayerOf<'Dropout' | 'Dropout2d' | 'AlphaDropout' | 'GaussianDropout'>;

/** y = x·factor + shift. */
export interface Noise {
  readonly factor: number;
  readonly shift: number;
}

/**
 * @param rule noise of one value from what was drawn for it.
 * @param draw one value per unit and example, unless `group` says how many neighbours share one.
 */
export const noisy = <L extends Noisy>(
  rule: (layer: L) => (drawn: number) => Noise,
  draw: LayerNoise<L>['draw'],
  group: (input: readonly number[]) => number = () => 1,
): LayerReference<L> => ({
  forward(layer, inputs, context) {
    const { shape, data } = onlyInput(layer, inputs);
    const noise = noiseOf(layer, context);
    if (!noise) return { output: { shape, data }, state: {}, backward: (dy) => ({ inputs: [dy], parameters: {} }) };
    const apply = rule(layer);
    const size = group(shape);
    const noiseAt = (i: number): Noise => apply(at(noise, Math.floor(i / size)));
    return {
      output: { shape, data: data.map((x, i) => x * noiseAt(i).factor + noiseAt(i).shift) },
      state: {},
      backward: (dy) => ({ inputs: [dy.map((d, i) => d * noiseAt(i).factor)], parameters: {} }),
    };
  },
  noise: {
    length: (_, input) => input.reduce((product, size) => product * size, 1) / group(input),
    draw,
  },
});
