// Trained values by torch's names. The same structure as `NamedArrays` of the training session, which may not be imported here.
import type { Shape } from '../spec/index.ts';

export interface NamedArray {
  readonly shape: Shape;
  /** Row-major. */
  readonly values: Float32Array;
}

/** `fc1.weight` f32 [out, in], `bn1.running_mean` f32 [channels]. */
export type NamedArrays = ReadonlyMap<string, NamedArray>;
