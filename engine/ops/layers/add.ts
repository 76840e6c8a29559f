// The sum of several tensors of one shape, in the order of `inputs`; each gets the whole gradient.
import type { LayerOf } from '../../spec/index.ts';
import { onlyInput, type LayerReference } from '../layer-reference.ts';
import { at } from '../values.ts';

export const add: LayerReference<LayerOf<'Add'>> = {
  forward(layer, inputs) {
    const { shape, data } = onlyInput(layer, inputs);
    return {
      output: { shape, data: data.map((_, i) => inputs.reduce((sum, x) => sum + at(x.data, i), 0)) },
      state: {},
      backward: (dy) => ({ inputs: inputs.map(() => dy), parameters: {} }),
    };
  },
};
