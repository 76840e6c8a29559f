// torch.optim.SGD: g += weight_decay·w; buffer = momentum·buffer + (1 - dampening)·g, but the plain g at the first update;
// g = nesterov ? g + momentum·buffer : buffer; w -= lr·g.
import type { OptimizerOf } from '../../spec/index.ts';
import { at } from '../values.ts';
import { stateArray, type OptimizerReference } from './optimizer-reference.ts';

export const sgd: OptimizerReference<OptimizerOf<'SGD'>> = {
  initialState: (_, length) => ({ step: 0, arrays: { momentum_buffer: new Float64Array(length) } }),
  update({ dampening, nesterov }, { lr, momentum, weightDecay }, w, gradient, state) {
    const buffer = stateArray(state, 'momentum_buffer');
    const first = state.step === 0;
    state.step += 1;
    for (let i = 0; i < w.length; i++) {
      let g = at(gradient, i) + weightDecay * at(w, i);
      if (momentum) {
        const moved = first ? g : momentum * at(buffer, i) + (1 - dampening) * g;
        buffer[i] = moved;
        g = nesterov ? g + momentum * moved : moved;
      }
      w[i] = at(w, i) - lr * g;
    }
  },
};
