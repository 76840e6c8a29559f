// What a run remembers besides its arrays: where its schedule stands, which step was best on validation data, and whether
// early stopping has ended it. Plain data, so that a checkpoint can hold it.
import type { EarlyStoppingSpec, Evaluation } from '../spec/index.ts';
import type { RatesState } from './rates.ts';

export interface StoppingState {
  /** The best score so far by the recipe's metric, and evaluations since. */
  readonly best: number | null;
  readonly waited: number;
  readonly ended: boolean;
}

export interface ProgressState {
  readonly rates: RatesState;
  readonly stopping: StoppingState;
  /** Step of the lowest validation loss. */
  readonly best: { readonly step: number; readonly loss: number } | null;
}

export const NOT_STOPPING: StoppingState = { best: null, waited: 0, ended: false };

/** What an evaluation does to early stopping. Looks at validation data only. */
export function stoppingAfter(
  state: StoppingState,
  recipe: EarlyStoppingSpec | null,
  { validation }: Evaluation,
): StoppingState {
  if (!recipe || !validation || state.ended) return state;
  const score = recipe.metric === 'validation_loss' ? validation.loss : -(validation.accuracy ?? 0);
  if (state.best === null || score < state.best - recipe.min_delta) return { best: score, waited: 0, ended: false };
  const waited = state.waited + 1;
  return { best: state.best, waited, ended: waited >= recipe.patience };
}
