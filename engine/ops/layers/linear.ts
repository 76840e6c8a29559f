// torch.nn.Linear: y = x·wᵀ + b.
import type { LayerOf } from '../../spec/index.ts';
import { onlyInput, parameterOf, type LayerGradients, type LayerReference } from '../layer-reference.ts';
import { addTo, at, type Tensor } from '../values.ts';

export interface Product {
  readonly output: Tensor;
  /** dx = dy·w, dw = dyᵀ·x, db = Σ dy over the batch; no db without a bias. */
  backward(dy: Float64Array): LayerGradients;
}

/**
 * @param input [batch, in].
 * @param weight f64 [out, in].
 * @param bias f64 [out], or null.
 * @source torch.nn.functional.linear.
 */
export function product(input: Tensor, weight: Float64Array, bias: Float64Array | null, outputs: number): Product {
  const [batch = 0, features = 0] = input.shape;
  const x = input.data;
  const y = new Float64Array(batch * outputs);
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outputs; o++) {
      let sum = bias ? at(bias, o) : 0;
      for (let i = 0; i < features; i++) sum += at(x, n * features + i) * at(weight, o * features + i);
      y[n * outputs + o] = sum;
    }
  return {
    output: { shape: [batch, outputs], data: y },
    backward(dy) {
      const dx = new Float64Array(x.length);
      const dw = new Float64Array(weight.length);
      const db = new Float64Array(outputs);
      for (let n = 0; n < batch; n++)
        for (let o = 0; o < outputs; o++) {
          const d = at(dy, n * outputs + o);
          addTo(db, o, d);
          for (let i = 0; i < features; i++) {
            addTo(dx, n * features + i, d * at(weight, o * features + i));
            addTo(dw, o * features + i, d * at(x, n * features + i));
          }
        }
      return { inputs: [dx], parameters: bias ? { weight: dw, bias: db } : { weight: dw } };
    },
  };
}

export const linear: LayerReference<LayerOf<'Linear'>> = {
  forward(layer, inputs, context) {
    const bias = layer.bias ? parameterOf(layer, context, 'bias') : null;
    const input = onlyInput(layer, inputs);
    return { ...product(input, parameterOf(layer, context, 'weight'), bias, layer.out_features), state: {} };
  },
};
