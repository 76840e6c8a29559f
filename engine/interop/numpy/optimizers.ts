// Optimizers of a NumPy script: what is kept for each parameter between updates, and how `w` changes with its gradient `g`.
// The formulas are torch.optim's.
import type { OptimizerSpec } from '../../spec/index.ts';
import { complement, pyFloat } from '../script/text.ts';

export interface OptimizerText {
  /** Lists with one array per parameter, made before the loop. */
  readonly state: readonly string[];
  /** Lines that change `w`, with `g`, `i`, `lr` and `step` at hand. */
  readonly update: readonly string[];
}

const zeros = (name: string): string => `${name} = [np.zeros_like(w) for w in parameters]`;

/** @param decay expression of the parameter's weight_decay; null: none. */
export function optimizerText(optimizer: OptimizerSpec, decay: string | null): OptimizerText {
  const coupled = decay === null ? [] : [`g = g + ${decay} * w`];
  switch (optimizer.type) {
    case 'SGD': {
      const { momentum, dampening, nesterov } = optimizer;
      if (momentum === 0) return { state: [], update: [...coupled, 'w -= lr * g'] };
      const damped = dampening === 0 ? 'g' : `(g if step == 1 else ${complement(dampening)} * g)`;
      return {
        state: [zeros('velocity')],
        update: [
          ...coupled,
          `velocity[i] = ${pyFloat(momentum)} * velocity[i] + ${damped}`,
          `w -= lr * ${nesterov ? `(g + ${pyFloat(momentum)} * velocity[i])` : 'velocity[i]'}`,
        ],
      };
    }
    case 'Adam':
    case 'AdamW': {
      const [b1, b2] = optimizer.betas;
      const decoupled = decay === null ? [] : [`w *= 1 - lr * ${decay}`];
      return {
        state: [`${zeros('mean')}  # running mean of the gradient`, `${zeros('square')}  # and of its square`],
        update: [
          ...(optimizer.type === 'AdamW' ? decoupled : coupled),
          `mean[i] = ${pyFloat(b1)} * mean[i] + ${complement(b1)} * g`,
          `square[i] = ${pyFloat(b2)} * square[i] + ${complement(b2)} * g**2`,
          `size = np.sqrt(square[i] / (1 - ${pyFloat(b2)}**step)) + ${pyFloat(optimizer.eps)}`,
          `w -= lr * mean[i] / (1 - ${pyFloat(b1)}**step) / size`,
        ],
      };
    }
    case 'RMSprop': {
      const { alpha, eps, momentum, centered } = optimizer;
      const size = centered ? 'np.sqrt(square[i] - mean[i] ** 2)' : 'np.sqrt(square[i])';
      return {
        state: [
          `${zeros('square')}  # running mean of the gradient's square`,
          ...(centered ? [zeros('mean')] : []),
          ...(momentum > 0 ? [zeros('velocity')] : []),
        ],
        update: [
          ...coupled,
          `square[i] = ${pyFloat(alpha)} * square[i] + ${complement(alpha)} * g**2`,
          ...(centered ? [`mean[i] = ${pyFloat(alpha)} * mean[i] + ${complement(alpha)} * g`] : []),
          ...(momentum > 0
            ? [
                `velocity[i] = ${pyFloat(momentum)} * velocity[i] + g / (${size} + ${pyFloat(eps)})`,
                'w -= lr * velocity[i]',
              ]
            : [`w -= lr * g / (${size} + ${pyFloat(eps)})`]),
        ],
      };
    }
    case 'Adagrad': {
      const { lr_decay, initial_accumulator_value, eps } = optimizer;
      const rate = lr_decay === 0 ? 'lr' : `lr / (1 + (step - 1) * ${pyFloat(lr_decay)})`;
      const start =
        initial_accumulator_value === 0
          ? zeros('square')
          : `square = [np.full_like(w, ${pyFloat(initial_accumulator_value)}) for w in parameters]`;
      return {
        state: [`${start}  # sum of the gradient's squares`],
        update: [...coupled, 'square[i] += g**2', `w -= ${rate} * g / (np.sqrt(square[i]) + ${pyFloat(eps)})`],
      };
    }
    default:
      return optimizer satisfies never;
  }
}
