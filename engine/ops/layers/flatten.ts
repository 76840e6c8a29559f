// torch.nn.Flatten: [N, C, H, W] as [N, C·H·W].
import type { LayerOf } from '../../spec/index.ts';
import { onlyInput, outputShapeOf, type LayerReference } from '../layer-reference.ts';

export const flatten: LayerReference<LayerOf<'Flatten'>> = {
  forward(layer, inputs) {
    const { data } = onlyInput(layer, inputs);
    return {
      output: { shape: outputShapeOf(layer, inputs), data },
      state: {},
      backward: (dy) => ({ inputs: [dy], parameters: {} }),
    };
  },
};
