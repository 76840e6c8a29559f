// torch.optim.Adam and AdamW: m = lerp(m, g, 1-β1); v = β2·v + (1-β2)·g²; w -= lr/(1-β1^t) · m / (√v/√(1-β2^t) + eps).
// Adam adds weight_decay·w to g; AdamW shrinks w by lr·weight_decay first. A β1 that a schedule moves enters β1^t as it is now.
import type { OptimizerOf } from '../../spec/index.ts';
import { at } from '../values.ts';
import { stateArray, type OptimizerReference } from './optimizer-reference.ts';

const adamLike = <O extends OptimizerOf<'Adam' | 'AdamW'>>(decoupled: boolean): OptimizerReference<O> => ({
  initialState: (_, length) => ({
    step: 0,
    arrays: { exp_avg: new Float64Array(length), exp_avg_sq: new Float64Array(length) },
  }),
  update({ betas, eps }, { lr, momentum, weightDecay }, w, gradient, state) {
    const [average, squares] = [stateArray(state, 'exp_avg'), stateArray(state, 'exp_avg_sq')];
    const [beta1, beta2] = [momentum ?? betas[0], betas[1]];
    state.step += 1;
    const stepSize = lr / (1 - beta1 ** state.step);
    const correction = Math.sqrt(1 - beta2 ** state.step);
    for (let i = 0; i < w.length; i++) {
      const start = decoupled ? at(w, i) * (1 - lr * weightDecay) : at(w, i);
      const g = at(gradient, i) + (decoupled ? 0 : weightDecay * start);
      const m = at(average, i) + (1 - beta1) * (g - at(average, i));
      const v = beta2 * at(squares, i) + (1 - beta2) * g * g;
      average[i] = m;
      squares[i] = v;
      w[i] = start - (stepSize * m) / (Math.sqrt(v) / correction + eps);
    }
  },
});

export const adam = adamLike<OptimizerOf<'Adam'>>(false);
export const adamW = adamLike<OptimizerOf<'AdamW'>>(true);
