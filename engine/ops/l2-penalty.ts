// The L2 penalty λ·Σw² (`sum`) or ½·λ·Σw² (`half`), added to the loss; its gradient enters each parameter's own.
import type { OpRule, Values } from './op.ts';

export type L2Form = 'sum' | 'half';

/** Factor of Σw² in the penalty, and of w in its gradient. */
export const l2Factors = (lambda: number, form: L2Form): { readonly value: number; readonly gradient: number } =>
  form === 'sum' ? { value: lambda, gradient: 2 * lambda } : { value: lambda / 2, gradient: lambda };

function forward(w: Values, lambda: number, form: L2Form): number {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += (w[i] as number) ** 2;
  return l2Factors(lambda, form).value * sum;
}

/** 2·λ·w, or λ·w for `half`. */
const backward = (w: Values, lambda: number, form: L2Form): Float64Array =>
  Float64Array.from(w, (v) => l2Factors(lambda, form).gradient * v);

export const l2Penalty = { forward, backward };

export const l2PenaltyRule: OpRule = {
  outputFeatures: () => 1,
  forward: ['penalty_rows', 'penalty_total'],
  evaluation: [],
  gradient: ['linear_grad_weight'],
  reference: l2Penalty,
};
