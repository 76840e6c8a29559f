// What the reference of an optimizer is: torch.optim's order of operations in double precision, one parameter array at a time.
import type { OptimizerSpec } from '../../spec/index.ts';
import type { Values } from '../values.ts';

/** Everything an optimizer keeps about one parameter array, by torch's names (`exp_avg`, `momentum_buffer`). */
export interface OptimizerState {
  /** Updates made so far. */
  step: number;
  readonly arrays: Readonly<Record<string, Float64Array>>;
}

/** What a schedule or a layer may set otherwise than the document's optimizer does. */
export interface UpdateValues {
  readonly lr: number;
  /** Momentum (SGD, RMSprop) or first beta (Adam, AdamW); null where the optimizer has none. */
  readonly momentum: number | null;
  readonly weightDecay: number;
}

export interface OptimizerReference<O extends OptimizerSpec> {
  initialState(optimizer: O, length: number): OptimizerState;
  /** One update; changes `w` and `state`. */
  update(optimizer: O, values: UpdateValues, w: Float64Array, gradient: Values, state: OptimizerState): void;
}

/** The document's own values. */
export function updateValues(optimizer: OptimizerSpec): UpdateValues {
  const { lr, weight_decay: weightDecay } = optimizer;
  return { lr, weightDecay, momentum: momentumOf(optimizer) };
}

/** Momentum or first beta as the document has it; null where the optimizer has none. */
export function momentumOf(optimizer: OptimizerSpec): number | null {
  if ('betas' in optimizer) return optimizer.betas[0];
  return 'momentum' in optimizer ? optimizer.momentum : null;
}

/** A state array; its absence means a state of another optimizer. */
export function stateArray(state: OptimizerState, name: string): Float64Array {
  const values = state.arrays[name];
  if (!values) throw new Error(`the optimizer's state has no ${name}: make it with this optimizer's initialState`);
  return values;
}
