// What regularization adds to the loss, and what it does to the weights around an update (definitions: engine/spec/regularization.ts).
import type { RegularizationSpec } from '../spec/index.ts';
import { at, type Values } from './values.ts';

export type L2Form = RegularizationSpec['l2_form'];

const sum = (w: Values, term: (x: number) => number): number => {
  let total = 0;
  for (let i = 0; i < w.length; i++) total += term(at(w, i));
  return total;
};

/** λ·Σ|w| with gradient λ·sign(w), sign(0) = 0, as torch's |w| differentiates. */
export const l1Penalty = {
  value: (w: Values, lambda: number): number => lambda * sum(w, Math.abs),
  gradient: (w: Values, lambda: number): Float64Array => Float64Array.from(w, (x) => lambda * Math.sign(x)),
};

/** Factor of Σw² in the penalty, and of w in its gradient. */
export const l2Factors = (lambda: number, form: L2Form): { readonly value: number; readonly gradient: number } =>
  form === 'sum' ? { value: lambda, gradient: 2 * lambda } : { value: lambda / 2, gradient: lambda };

/** λ·Σw² (`sum`) with gradient 2·λ·w, or ½·λ·Σw² (`half`) with gradient λ·w. */
export const l2Penalty = {
  value: (w: Values, lambda: number, form: L2Form): number => l2Factors(lambda, form).value * sum(w, (x) => x * x),
  gradient: (w: Values, lambda: number, form: L2Form): Float64Array =>
    Float64Array.from(w, (x) => l2Factors(lambda, form).gradient * x),
};

/** w ← w - lr·λ·w, before the update. */
export function decoupledDecay(w: Float64Array, lr: number, lambda: number): void {
  for (const [i, x] of w.entries()) w[i] = x - lr * lambda * x;
}

/** The proximal step of λ·Σ|w|, after the update: w ← sign(w)·max(|w| - lr·λ, 0). */
export function softThreshold(w: Float64Array, lr: number, lambda: number): void {
  for (const [i, x] of w.entries()) w[i] = Math.sign(x) * Math.max(Math.abs(x) - lr * lambda, 0);
}

/** After the update (and after the proximal step): scales every row whose Euclidean norm exceeds `limit` down to it. @param w [rows, …]. */
export function limitNorms(w: Float64Array, rows: number, limit: number): void {
  const width = w.length / rows;
  for (let r = 0; r < rows; r++) {
    const row = w.subarray(r * width, (r + 1) * width);
    const norm = Math.sqrt(sum(row, (x) => x * x));
    if (norm > limit) for (const [i, x] of row.entries()) row[i] = x * (limit / norm);
  }
}
