// Losses of a NumPy script: the number, and its gradient at the model's output.
import type { LossSpec } from '../../spec/index.ts';
import { complement, pyFloat } from '../script/text.ts';
import type { Helper } from './helpers.ts';

export interface LossText {
  /** Body of `loss_function(output, y)`. */
  readonly body: readonly string[];
  /** The gradient, of the names of output and targets. */
  readonly gradient: (output: string, y: string) => string;
  readonly helpers: readonly Helper[];
}

/** Cross-entropy against target shares [n, classes]; its gradient is softmax minus them. */
function crossEntropy(smoothing: number, mean: boolean): LossText {
  const shares = (output: string, y: string): string => {
    const hot = `np.eye(${output}.shape[1])[${y}]`;
    return smoothing === 0 ? hot : `(${complement(smoothing)} * ${hot} + ${pyFloat(smoothing)} / ${output}.shape[1])`;
  };
  return {
    body: [`return -(${shares('output', 'y')} * log_softmax(output)).sum()${mean ? ' / len(y)' : ''}`],
    gradient: (output, y) =>
      mean
        ? `(np.exp(log_softmax(${output})) - ${shares(output, y)}) / len(${y})`
        : `np.exp(log_softmax(${output})) - ${shares(output, y)}`,
    helpers: ['log_softmax'],
  };
}

export function lossText(loss: LossSpec): LossText {
  const mean = loss.reduction === 'mean';
  const reduce = mean ? 'np.mean' : 'np.sum';
  const share = (y: string): string => (mean ? ` / ${y}.size` : '');
  switch (loss.type) {
    case 'MSELoss':
      return {
        body: [`return ${reduce}((output - y) ** 2)`],
        gradient: (output, y) => `2 * (${output} - ${y})${share(y)}`,
        helpers: [],
      };
    case 'L1Loss':
      return {
        body: [`return ${reduce}(np.abs(output - y))`],
        gradient: (output, y) => `np.sign(${output} - ${y})${share(y)}`,
        helpers: [],
      };
    case 'SmoothL1Loss': {
      const beta = pyFloat(loss.beta);
      return {
        body: [
          'error = np.abs(output - y)',
          `return ${reduce}(np.where(error < ${beta}, error**2 / (2 * ${beta}), error - ${beta} / 2))`,
        ],
        gradient: (output, y) => `np.clip((${output} - ${y}) / ${beta}, -1, 1)${share(y)}`,
        helpers: [],
      };
    }
    case 'HuberLoss': {
      const delta = pyFloat(loss.delta);
      return {
        body: [
          'error = np.abs(output - y)',
          `return ${reduce}(np.where(error < ${delta}, error**2 / 2, ${delta} * (error - ${delta} / 2)))`,
        ],
        gradient: (output, y) => `np.clip(${output} - ${y}, -${delta}, ${delta})${share(y)}`,
        helpers: [],
      };
    }
    case 'BCEWithLogitsLoss':
      return {
        body: [`return ${reduce}(np.maximum(output, 0) - output * y + np.log1p(np.exp(-np.abs(output))))`],
        gradient: (output, y) => (mean ? `(sigmoid(${output}) - ${y}) / ${y}.size` : `sigmoid(${output}) - ${y}`),
        helpers: ['sigmoid'],
      };
    case 'CrossEntropyLoss':
      return crossEntropy(loss.label_smoothing, mean);
    case 'NLLLoss':
      return {
        body: [`return -output[np.arange(len(y)), y].sum()${mean ? ' / len(y)' : ''}`],
        gradient: (output, y) => `-np.eye(${output}.shape[1])[${y}]${mean ? ` / len(${y})` : ''}`,
        helpers: [],
      };
    default:
      return loss satisfies never;
  }
}
