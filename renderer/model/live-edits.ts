// Live mode: what an edit of the experiment means for a run that is going on.
import { readField, type ExperimentSpec } from '../../engine/spec/index.ts';
import { knobPaths, L2_PLACES, VARIANT_KNOBS } from './knobs.ts';
import { asVariant } from './variant-edits.ts';

export interface LiveChange {
  readonly path: string;
  readonly value: unknown;
}

/**
 * The changes that a run of this variant has to make, so that an edit acts on it at once: only what was edited, what can change
 * during a run (rate, λ, p), and what the run has.
 * @param frozen the document that the run was made from.
 */
export function liveChanges(
  before: ExperimentSpec,
  after: ExperimentSpec,
  frozen: ExperimentSpec,
  variant: string,
): readonly LiveChange[] {
  if (![before, after, frozen].every((x) => x.variants.some(({ name }) => name === variant))) return [];
  const [then, now, own] = [before, after, frozen].map((x) => asVariant(x, variant)) as [
    ExperimentSpec,
    ExperimentSpec,
    ExperimentSpec,
  ];
  const paths = new Set(L2_PLACES.flatMap((l2) => VARIANT_KNOBS.flatMap((knob) => knobPaths(own, knob, l2))));
  return [...paths].flatMap((path) => {
    const value = readField(now, path);
    const edited = value !== undefined && value !== readField(then, path);
    return edited && readField(own, path) !== undefined ? [{ path, value }] : [];
  });
}
