// torch.nn.Dropout, inverted: y = x·mask in training, mask = 0 or 1/(1-p); identity in evaluation.
import { at, type OpRule, type Values } from './op.ts';

/** @param mask [batch, features] of 0 and 1/(1-p), drawn by `dropoutNoise` of engine/random. */
const forward = (x: Values, mask: Values): Float64Array => Float64Array.from(x, (v, i) => v * at(mask, i));

/** dx = dy·mask. */
const backward = (dy: Values, mask: Values): Float64Array => forward(dy, mask);

export const dropout = { forward, backward };

export const dropoutRule: OpRule = {
  outputFeatures: (inFeatures) => inFeatures,
  forward: ['dropout_forward'],
  evaluation: [],
  gradient: ['dropout_backward'],
  reference: dropout,
};
