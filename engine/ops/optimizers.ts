// Reference of the optimizers in double precision: torch.optim's order of operations, one parameter array at a time.
import { at, type Values } from './op.ts';

export interface SgdOptions {
  readonly lr: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weight_decay: number;
}
/** Momentum buffer, f64 like the parameter; zeros before the first step. */
export interface SgdState {
  readonly momentumBuffer: Float64Array;
}

export interface AdamOptions {
  readonly lr: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly weight_decay: number;
}
export interface AdamState {
  /** Updates made so far. */
  step: number;
  readonly expAvg: Float64Array;
  readonly expAvgSq: Float64Array;
}

/**
 * torch.optim.SGD (dampening 0): g += weight_decay·w; buffer = momentum·buffer + g; g = nesterov ? g + momentum·buffer : buffer; w -= lr·g.
 * Changes `w` and `state`.
 */
function sgdStep(w: Float64Array, gradient: Values, state: SgdState, options: SgdOptions): void {
  const { lr, momentum, nesterov, weight_decay: decay } = options;
  for (let i = 0; i < w.length; i++) {
    let g = at(gradient, i) + decay * at(w, i);
    if (momentum !== 0) {
      const buffer = momentum * at(state.momentumBuffer, i) + g;
      state.momentumBuffer[i] = buffer;
      g = nesterov ? g + momentum * buffer : buffer;
    }
    w[i] = at(w, i) - lr * g;
  }
}

/**
 * torch.optim.Adam: g += weight_decay·w; m = lerp(m, g, 1-β1); v = β2·v + (1-β2)·g²;
 * w -= lr/(1-β1^t) · m / (√v/√(1-β2^t) + eps). Changes `w` and `state`.
 */
function adamStep(w: Float64Array, gradient: Values, state: AdamState, options: AdamOptions): void {
  const [beta1, beta2] = options.betas;
  state.step += 1;
  const stepSize = options.lr / (1 - beta1 ** state.step);
  const root2 = Math.sqrt(1 - beta2 ** state.step);
  for (let i = 0; i < w.length; i++) {
    const g = at(gradient, i) + options.weight_decay * at(w, i);
    const m = at(state.expAvg, i) + (1 - beta1) * (g - at(state.expAvg, i));
    const v = beta2 * at(state.expAvgSq, i) + (1 - beta2) * g * g;
    state.expAvg[i] = m;
    state.expAvgSq[i] = v;
    w[i] = at(w, i) - (stepSize * m) / (Math.sqrt(v) / root2 + options.eps);
  }
}

export const sgd = {
  initialState: (length: number): SgdState => ({ momentumBuffer: new Float64Array(length) }),
  step: sgdStep,
};
export const adam = {
  initialState: (length: number): AdamState => ({
    step: 0,
    expAvg: new Float64Array(length),
    expAvgSq: new Float64Array(length),
  }),
  step: adamStep,
};
