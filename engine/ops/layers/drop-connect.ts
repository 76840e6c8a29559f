// The lab's DropConnect: a Linear layer of torch.nn.functional.dropout(weight, p), one mask per step for the whole batch.
import { dropoutNoise } from '../../random/index.ts';
import type { LayerOf } from '../../spec/index.ts';
import { noiseOf, onlyInput, parameterOf, type LayerReference } from '../layer-reference.ts';
import { at } from '../values.ts';
import { product } from './linear.ts';

export const dropConnect: LayerReference<LayerOf<'DropConnect'>> = {
  forward(layer, inputs, context) {
    const weight = parameterOf(layer, context, 'weight');
    const bias = layer.bias ? parameterOf(layer, context, 'bias') : null;
    const noise = noiseOf(layer, context);
    const dropped = noise ? weight.map((w, i) => w * at(noise, i)) : weight;
    const { output, backward } = product(onlyInput(layer, inputs), dropped, bias, layer.out_features);
    return {
      output,
      state: {},
      backward(dy) {
        const { inputs: dx, parameters } = backward(dy);
        if (!noise) return { inputs: dx, parameters };
        return {
          inputs: dx,
          parameters: { ...parameters, weight: (parameters.weight ?? weight).map((d, i) => d * at(noise, i)) },
        };
      },
    };
  },
  noise: {
    length: (layer, [, features = 0]) => layer.out_features * features,
    draw: (generator, { p }, length) => Float64Array.from(dropoutNoise(generator, length, p)),
  },
};
