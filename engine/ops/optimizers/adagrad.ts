// torch.optim.Adagrad: g += weight_decay·w; sum += g²; w -= lr/(1 + (t-1)·lr_decay) · g / (√sum + eps).
import type { OptimizerOf } from '../../spec/index.ts';
import { at } from '../values.ts';
import { stateArray, type OptimizerReference } from './optimizer-reference.ts';

export const adagrad: OptimizerReference<OptimizerOf<'Adagrad'>> = {
  initialState: ({ initial_accumulator_value: initial }, length) => ({
    step: 0,
    arrays: { sum: new Float64Array(length).fill(initial) },
  }),
  update({ lr_decay: decay, eps }, { lr, weightDecay }, w, gradient, state) {
    const sums = stateArray(state, 'sum');
    const rate = lr / (1 + state.step * decay);
    state.step += 1;
    for (let i = 0; i < w.length; i++) {
      const g = at(gradient, i) + weightDecay * at(w, i);
      const sum = at(sums, i) + g * g;
      sums[i] = sum;
      w[i] = at(w, i) - (rate * g) / (Math.sqrt(sum) + eps);
    }
  },
};
