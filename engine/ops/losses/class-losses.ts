// torch.nn.CrossEntropyLoss of raw scores and torch.nn.NLLLoss of log-probabilities, both against class indices, in nats.
import { at, planes, type Tensor, type Values } from '../values.ts';
import { LabelRangeError, requireTargets, type LossReference } from './loss-reference.ts';
import type { LossOf } from './loss-of.ts';

/** Rows of [N, K]. @throws LabelRangeError, RangeError. */
function rows(output: Tensor, target: Values): { readonly batch: number; readonly classes: number } {
  const [batch, classes] = planes(output);
  requireTargets(target, batch);
  for (let n = 0; n < batch; n++) {
    const label = at(target, n);
    if (!Number.isInteger(label) || label < 0 || label >= classes) throw new LabelRangeError(n, label, classes);
  }
  return { batch, classes };
}

/**
 * Per example (1-ε)·(-log p[label]) + ε/K·Σ -log p[k], with p the softmax of its K scores (row maximum subtracted first) and ε the
 * label smoothing. Its gradient is p - (1-ε)·[k = label] - ε/K.
 */
export const crossEntropyLoss: LossReference<LossOf<'CrossEntropyLoss'>> = {
  evaluate({ label_smoothing: smoothing, reduction }, output, target) {
    const { batch, classes } = rows(output, target);
    const share = reduction === 'mean' ? 1 / batch : 1;
    const gradient = new Float64Array(output.data.length);
    let value = 0;
    for (let n = 0; n < batch; n++) {
      const scores = output.data.subarray(n * classes, (n + 1) * classes);
      const highest = scores.reduce((most, x) => Math.max(most, x), -Infinity);
      const log = highest + Math.log(scores.reduce((sum, x) => sum + Math.exp(x - highest), 0));
      for (const [k, score] of scores.entries()) {
        const wanted = (k === at(target, n) ? 1 - smoothing : 0) + smoothing / classes;
        value += share * wanted * (log - score);
        gradient[n * classes + k] = share * (Math.exp(score - log) - wanted);
      }
    }
    return { value, gradient };
  },
};

/** -y[label] per example. */
export const nllLoss: LossReference<LossOf<'NLLLoss'>> = {
  evaluate({ reduction }, output, target) {
    const { batch, classes } = rows(output, target);
    const share = reduction === 'mean' ? 1 / batch : 1;
    const gradient = new Float64Array(output.data.length);
    let value = 0;
    for (let n = 0; n < batch; n++) {
      const chosen = n * classes + at(target, n);
      value -= share * at(output.data, chosen);
      gradient[chosen] = -share;
    }
    return { value, gradient };
  },
};
