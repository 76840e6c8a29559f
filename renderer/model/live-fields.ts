// What can be changed of a run while it goes on: the learning rate, the penalties, and what dropout drops.
import {
  checkVariant,
  DocumentError,
  readField,
  writeField,
  type ExperimentSpec,
  type Problem,
  type RunEvent,
} from '../../engine/spec/index.ts';
import type { PlainKey } from '../messages/catalogue.ts';
import { knobPaths, l2Place, VARIANT_KNOBS, type VariantKnob } from './knobs.ts';
import { resolvedNow } from './run-events.ts';

export interface LiveField {
  readonly knob: VariantKnob;
  readonly paths: readonly string[];
  readonly label: PlainKey;
  readonly hint: PlainKey;
  /** As the run has it now; undefined when its fields differ from each other. */
  readonly value: unknown;
  /** Why it cannot change, however the run stands. */
  readonly fixed: PlainKey | null;
}

const LABELS = {
  lr: { label: 'recipe.lr', hint: 'live.lrHint' },
  l1: { label: 'recipe.l1', hint: 'variants.l1Hint' },
  l2: { label: 'recipe.l2', hint: 'variants.l2Hint' },
  p: { label: 'live.p', hint: 'variants.pHint' },
} as const satisfies Record<VariantKnob, { label: PlainKey; hint: PlainKey }>;

/** @param events changes made so far. */
export function liveFields(
  experiment: ExperimentSpec,
  variant: string,
  events: readonly RunEvent[],
): readonly LiveField[] {
  const now = resolvedNow(experiment, variant, events);
  const l2 = l2Place(experiment, 'weight_decay');
  return VARIANT_KNOBS.map((knob) => {
    const paths = knobPaths(experiment, knob, l2);
    const [value, ...others] = paths.map((path) => readField(now, path));
    const fixed = knob === 'lr' && now.recipe.schedule.type === 'OneCycleLR' ? 'live.oneCycle' : null;
    return { knob, paths, ...LABELS[knob], value: others.some((x) => x !== value) ? undefined : value, fixed } as const;
  }).filter(({ paths }) => paths.length > 0);
}

/** What would be wrong with a run if its fields had this value; undefined: nothing. */
export function changeProblem(
  experiment: ExperimentSpec,
  variant: string,
  events: readonly RunEvent[],
  paths: readonly string[],
  value: unknown,
): Problem | undefined {
  const next = resolvedNow(experiment, variant, events);
  for (const path of paths) writeField(next, path, value);
  try {
    checkVariant(next);
    return undefined;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return error.problems[0];
  }
}
