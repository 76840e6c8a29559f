// torch.optim.RMSprop: g += weight_decay·w; s = alpha·s + (1-alpha)·g²; centered: a = lerp(a, g, 1-alpha), s - a² under the root;
// step = g / (√ + eps), through a momentum buffer when there is momentum; w -= lr·step.
import type { OptimizerOf } from '../../spec/index.ts';
import { at } from '../values.ts';
import { stateArray, type OptimizerReference } from './optimizer-reference.ts';

export const rmsprop: OptimizerReference<OptimizerOf<'RMSprop'>> = {
  initialState: (_, length) => ({
    step: 0,
    arrays: {
      square_avg: new Float64Array(length),
      grad_avg: new Float64Array(length),
      momentum_buffer: new Float64Array(length),
    },
  }),
  update({ alpha, eps, centered }, { lr, momentum, weightDecay }, w, gradient, state) {
    const squares = stateArray(state, 'square_avg');
    const averages = stateArray(state, 'grad_avg');
    const buffer = stateArray(state, 'momentum_buffer');
    state.step += 1;
    for (let i = 0; i < w.length; i++) {
      const g = at(gradient, i) + weightDecay * at(w, i);
      const s = alpha * at(squares, i) + (1 - alpha) * g * g;
      squares[i] = s;
      let spread = s;
      if (centered) {
        const a = at(averages, i) + (1 - alpha) * (g - at(averages, i));
        averages[i] = a;
        spread = s - a * a;
      }
      let step = g / (Math.sqrt(spread) + eps);
      if (momentum) {
        step += momentum * at(buffer, i);
        buffer[i] = step;
      }
      w[i] = at(w, i) - lr * step;
    }
  },
};
