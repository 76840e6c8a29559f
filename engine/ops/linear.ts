// torch.nn.Linear: y = x·wᵀ + b.
import { at, type OpRule, type Values } from './op.ts';

export interface LinearSizes {
  readonly batch: number;
  readonly inFeatures: number;
  readonly outFeatures: number;
}

export interface LinearGradients {
  /** f64 [batch, in]. */
  readonly dx: Float64Array;
  /** f64 [out, in]. */
  readonly dw: Float64Array;
  /** f64 [out]. */
  readonly db: Float64Array;
}

/**
 * @param x [batch, in]; `w` [out, in]; `b` [out] or null.
 * @returns f64 [batch, out].
 * @source torch.nn.functional.linear.
 */
function forward(x: Values, w: Values, b: Values | null, sizes: LinearSizes): Float64Array {
  const { batch, inFeatures, outFeatures } = sizes;
  const y = new Float64Array(batch * outFeatures);
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outFeatures; o++) {
      let sum = b ? at(b, o) : 0;
      for (let i = 0; i < inFeatures; i++) sum += at(x, n * inFeatures + i) * at(w, o * inFeatures + i);
      y[n * outFeatures + o] = sum;
    }
  }
  return y;
}

/** dx = dy·w, dw = dyᵀ·x, db = Σ dy over the batch. @param dy [batch, out]. */
function backward(x: Values, w: Values, dy: Values, sizes: LinearSizes): LinearGradients {
  const { batch, inFeatures, outFeatures } = sizes;
  const dx = new Float64Array(batch * inFeatures);
  const dw = new Float64Array(outFeatures * inFeatures);
  const db = new Float64Array(outFeatures);
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outFeatures; o++) {
      const d = at(dy, n * outFeatures + o);
      db[o] = at(db, o) + d;
      for (let i = 0; i < inFeatures; i++) {
        const [xi, wi] = [n * inFeatures + i, o * inFeatures + i];
        dx[xi] = at(dx, xi) + d * at(w, wi);
        dw[wi] = at(dw, wi) + d * at(x, xi);
      }
    }
  }
  return { dx, dw, db };
}

export const linear = {
  outputFeatures: (_: number, options: { readonly outFeatures: number }) => options.outFeatures,
  forward,
  backward,
};

export const linearRule: OpRule = {
  outputFeatures: linear.outputFeatures,
  forward: ['linear_forward'],
  evaluation: ['linear_forward'],
  gradient: ['linear_grad_input', 'transpose', 'linear_grad_weight'],
  reference: linear,
};
