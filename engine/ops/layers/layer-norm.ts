// torch.nn.LayerNorm over everything of an example: normalised by its own mean and biased variance, in training and evaluation.
import { elements, type LayerOf } from '../../spec/index.ts';
import { onlyInput, parameterOf, type LayerReference } from '../layer-reference.ts';
import { addTo, at } from '../values.ts';
import { normalizedGradient, statistics } from './normalize.ts';

export const layerNorm: LayerReference<LayerOf<'LayerNorm'>> = {
  forward(layer, inputs, context) {
    const { shape, data: x } = onlyInput(layer, inputs);
    const [batch = 0, ...rest] = shape;
    const width = elements(rest);
    const weight = layer.elementwise_affine ? parameterOf(layer, context, 'weight') : null;
    const bias = layer.elementwise_affine && layer.bias ? parameterOf(layer, context, 'bias') : null;
    const examples = Array.from({ length: batch }, (_, n) => Array.from({ length: width }, (__, i) => n * width + i));
    const factors = new Float64Array(batch);
    const normalized = new Float64Array(x.length);
    for (const [n, positions] of examples.entries()) {
      const { mean, factor } = statistics(x, positions, layer.eps);
      factors[n] = factor;
      for (const i of positions) normalized[i] = (at(x, i) - mean) * factor;
    }
    const y = normalized.map((v, i) => v * (weight ? at(weight, i % width) : 1) + (bias ? at(bias, i % width) : 0));
    return {
      output: { shape, data: y },
      state: {},
      backward(dy) {
        const dx = new Float64Array(dy.length);
        const [dw, db] = [new Float64Array(width), new Float64Array(width)];
        const g = dy.map((d, i) => d * (weight ? at(weight, i % width) : 1));
        for (const [i, d] of dy.entries()) {
          addTo(dw, i % width, d * at(normalized, i));
          addTo(db, i % width, d);
        }
        for (const [n, positions] of examples.entries())
          normalizedGradient(dx, positions, normalized, g, at(factors, n));
        return { inputs: [dx], parameters: { ...(weight && { weight: dw }), ...(bias && { bias: db }) } };
      },
    };
  },
};
