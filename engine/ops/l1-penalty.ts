// The L1 penalty λ·Σ|w|, added to the loss; its gradient enters each parameter's own before the update.
import type { OpRule, Values } from './op.ts';

/** @returns λ·Σ|w|. */
function forward(w: Values, lambda: number): number {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += Math.abs(w[i] as number);
  return lambda * sum;
}

/** λ·sign(w) with sign(0) = 0, as torch's |w| differentiates. */
const backward = (w: Values, lambda: number): Float64Array => Float64Array.from(w, (v) => lambda * Math.sign(v));

export const l1Penalty = { forward, backward };

export const l1PenaltyRule: OpRule = {
  outputFeatures: () => 1,
  forward: ['penalty_rows', 'penalty_total'],
  evaluation: [],
  gradient: ['linear_grad_weight'],
  reference: l1Penalty,
};
