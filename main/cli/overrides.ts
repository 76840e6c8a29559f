// Applies `--steps` and `--seed` to an experiment document: for every variant, whatever its own changes say.
import type { ExperimentSpec } from '../../engine/spec/index.ts';

export interface Overrides {
  readonly seed: number | null;
  readonly steps: number | null;
}

const STEPS = 'recipe.steps';

export function applyOverrides(document: ExperimentSpec, { seed, steps }: Overrides): ExperimentSpec {
  const changed = structuredClone(document);
  if (seed !== null) changed.seed = seed;
  if (steps !== null) {
    changed.recipe.steps = steps;
    for (const variant of changed.variants) if (Object.hasOwn(variant.changes, STEPS)) variant.changes[STEPS] = steps;
  }
  return changed;
}
