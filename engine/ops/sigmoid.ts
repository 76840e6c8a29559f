// torch.nn.Sigmoid: y = 1 / (1 + e^-x).
import { at, type OpRule, type Values } from './op.ts';

/** @returns f64, x's shape. */
const forward = (x: Values): Float64Array => Float64Array.from(x, (v) => 1 / (1 + Math.exp(-v)));

/** dx = dy·(1 - y)·y. Takes the output y, as the kernel does. */
function backward(output: Values, outputGradient: Values): Float64Array {
  return Float64Array.from(output, (y, i) => {
    const dy = at(outputGradient, i);
    return dy * (1 - y) * y;
  });
}

export const sigmoid = { forward, backward };

export const sigmoidRule: OpRule = {
  outputFeatures: (inFeatures) => inFeatures,
  forward: ['sigmoid_forward'],
  evaluation: ['sigmoid_forward'],
  gradient: ['sigmoid_backward'],
  reference: sigmoid,
};
