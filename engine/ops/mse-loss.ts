// torch.nn.MSELoss, reduction mean: Σ(y - t)² / N over all N elements.
import { at, type OpRule, type Values } from './op.ts';

/** @param y and `target` have the same shape. @returns the loss, in units of y². */
function forward(y: Values, target: Values): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += (at(y, i) - at(target, i)) ** 2;
  return sum / y.length;
}

/** dy = 2/N·(y - t). */
const backward = (y: Values, target: Values): Float64Array =>
  Float64Array.from(y, (v, i) => (2 / y.length) * (v - at(target, i)));

export const mseLoss = { forward, backward };

export const mseLossRule: OpRule = {
  outputFeatures: (inFeatures) => inFeatures,
  forward: ['mse_forward'],
  evaluation: ['mse_forward'],
  gradient: ['mse_backward'],
  reference: mseLoss,
};
