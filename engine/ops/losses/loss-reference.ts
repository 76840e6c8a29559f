// What the reference of a loss is: its value and its gradient in double precision, as the formula reads.
import type { LossSpec } from '../../spec/index.ts';
import { at, type Tensor, type Values } from '../values.ts';

export interface LossValue {
  readonly value: number;
  /** Of the model's output, as long as it. */
  readonly gradient: Float64Array;
}

export interface LossReference<L extends LossSpec> {
  /**
   * @param output [batch, …] of the model.
   * @param target as many numbers as the output has; for class losses one class index per example.
   * @throws RangeError when there are not as many; LabelRangeError naming the first bad row.
   */
  evaluate(loss: L, output: Tensor, target: Values): LossValue;
}

/** A class index that is none of the model's classes. */
export class LabelRangeError extends RangeError {
  readonly code = 'LABEL_RANGE';
  readonly row: number;
  constructor(row: number, label: number, classes: number) {
    super(`the label of row ${row} must be a whole number from 0 to ${classes - 1}, but is ${label}`);
    this.name = 'LabelRangeError';
    this.row = row;
  }
}

export function requireTargets(target: Values, expected: number): void {
  if (target.length !== expected) throw new RangeError(`target must have ${expected} values, but has ${target.length}`);
}

/** Value and slope of one element's loss. */
interface Term {
  readonly value: number;
  readonly slope: number;
}

/** A loss that is a sum, or the mean, of one term per element of the output. */
export const perElement = <L extends LossSpec>(
  term: (loss: L) => (y: number, t: number) => Term,
): LossReference<L> => ({
  evaluate(loss, { data }, target) {
    requireTargets(target, data.length);
    const share = loss.reduction === 'mean' ? 1 / data.length : 1;
    const terms = Array.from(data, (y, i) => term(loss)(y, at(target, i)));
    return {
      value: terms.reduce((sum, { value }) => sum + value, 0) * share,
      gradient: Float64Array.from(terms, ({ slope }) => slope * share),
    };
  },
});
