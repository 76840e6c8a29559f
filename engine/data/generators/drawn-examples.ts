// What every generator gives: examples whose inputs are numbers, never pixels.
import type { Split } from '../../spec/index.ts';
import type { Examples } from '../data-set.ts';

export interface DrawnExamples extends Examples {
  /** f32 [rows, features]. */
  readonly x: Float32Array;
}

/** null: the description asks for no points of this split. */
export type DrawnSplits = Readonly<Record<Split, DrawnExamples | null>>;
