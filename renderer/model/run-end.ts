// How a run came to its end, and where it was best, as far as its summary tells.
import { resolveVariant, type EarlyStoppingSpec } from '../../engine/spec/index.ts';
import type { RunSummary } from '../../main/contract/shapes.ts';

type Ended = Pick<RunSummary, 'status' | 'step' | 'totalSteps' | 'experiment' | 'variant'>;

/** The rule that ended a run before its last step; null when none did. */
export function stoppedEarly({ status, step, totalSteps, experiment, variant }: Ended): EarlyStoppingSpec | null {
  if (status !== 'done' || totalSteps === null || step >= totalSteps) return null;
  return resolveVariant(experiment, variant).recipe.early_stopping;
}
