// torch.nn.Tanh: y = tanh x.
import { at, type OpRule, type Values } from './op.ts';

/** @returns f64, x's shape. */
const forward = (x: Values): Float64Array => Float64Array.from(x, (v) => Math.tanh(v));

/** dx = dy·(1 - y²). Takes the output y, as the kernel does. */
function backward(output: Values, outputGradient: Values): Float64Array {
  return Float64Array.from(output, (y, i) => {
    const dy = at(outputGradient, i);
    return dy * (1 - y * y);
  });
}

export const tanh = { forward, backward };

export const tanhRule: OpRule = {
  outputFeatures: (inFeatures) => inFeatures,
  forward: ['tanh_forward'],
  evaluation: ['tanh_forward'],
  gradient: ['tanh_backward'],
  reference: tanh,
};
