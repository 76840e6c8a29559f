// torch.nn.ReLU: y = max(0, x).
import { at, type OpRule, type Values } from './op.ts';

/** @returns f64, x's shape. */
const forward = (x: Values): Float64Array => Float64Array.from(x, (v) => (v > 0 || Number.isNaN(v) ? v : 0));

/** dx = 0 where y ≤ 0, dy elsewhere (the derivative at 0 is 0, as in torch). Takes the output y, as the kernel does. */
function backward(output: Values, outputGradient: Values): Float64Array {
  return Float64Array.from(output, (y, i) => {
    const dy = at(outputGradient, i);
    return y <= 0 ? 0 : dy;
  });
}

export const relu = { forward, backward };

export const reluRule: OpRule = {
  outputFeatures: (inFeatures) => inFeatures,
  forward: ['relu_forward'],
  evaluation: ['relu_forward'],
  gradient: ['relu_backward'],
  reference: relu,
};
