// Which fields of the document a knob of the inspector turns. A knob may turn several fields at once (p of every Dropout layer).
import { readField, type ExperimentSpec } from '../../engine/spec/index.ts';

/** The knobs of the variants table. */
export const VARIANT_KNOBS = ['p', 'l1', 'l2', 'lr'] as const;
export type VariantKnob = (typeof VARIANT_KNOBS)[number];

/** Where λ2 acts: the optimizer's weight decay, or a penalty in the loss in one of two forms. */
export const L2_PLACES = ['weight_decay', 'sum', 'half'] as const;
export type L2Place = (typeof L2_PLACES)[number];

export const L2_PENALTY_PATH = 'recipe.regularization.l2';
export const WEIGHT_DECAY_PATH = 'recipe.optimizer.weight_decay';
export const L1_PATH = 'recipe.regularization.l1';
export const LR_PATH = 'recipe.optimizer.lr';

/** Paths of the fields that a knob turns; empty when the model has nothing that it could turn. */
export function knobPaths(document: ExperimentSpec, knob: VariantKnob, l2: L2Place): readonly string[] {
  switch (knob) {
    case 'p':
      return document.model.layers.filter((x) => 'p' in x).map((x) => `model.layers.${x.name}.p`);
    case 'l1':
      return [L1_PATH];
    case 'l2':
      return [l2 === 'weight_decay' ? WEIGHT_DECAY_PATH : L2_PENALTY_PATH];
    case 'lr':
      return [LR_PATH];
    default:
      return knob satisfies never;
  }
}

/** Paths of the widths: `out_features` of every Linear layer but the last, whose width the data fixes. */
export function widthPaths(document: ExperimentSpec): readonly string[] {
  const linear = document.model.layers.filter((x) => x.type === 'Linear');
  return linear.slice(0, -1).map((x) => `model.layers.${x.name}.out_features`);
}

/** Changes of a variant that no knob turns. @param turned paths that the knobs turn. */
export const otherChanges = (
  { changes }: ExperimentSpec['variants'][number],
  turned: readonly string[],
): readonly { readonly path: string; readonly value: unknown }[] =>
  Object.entries(changes)
    .filter(([path]) => !turned.includes(path))
    .map(([path, value]) => ({ path, value }));

/** What a knob shows. `mixed`: its fields differ from each other. */
export interface KnobReading {
  readonly value: unknown;
  readonly mixed: boolean;
  /** True when the variant itself sets it; false when it follows the base. */
  readonly own: boolean;
}

/** Reads fields as one variant sees them. */
export function readVariant(document: ExperimentSpec, variantName: string, paths: readonly string[]): KnobReading {
  const changes = document.variants.find((x) => x.name === variantName)?.changes ?? {};
  return reading(
    paths.map((path) => (Object.hasOwn(changes, path) ? changes[path] : readField(document, path))),
    paths.some((path) => Object.hasOwn(changes, path)),
  );
}

function reading(values: readonly unknown[], own: boolean): KnobReading {
  const [value] = values;
  return { value, mixed: values.some((x) => x !== value), own };
}

/**
 * Where the document's λ2 acts. When no λ2 is in use anywhere, `preferred` decides.
 */
export function l2Place(document: ExperimentSpec, preferred: L2Place): L2Place {
  const form = document.recipe.regularization.l2_form;
  const uses = (path: string) =>
    document.variants.some((x) => Object.hasOwn(x.changes, path)) || Number(readField(document, path)) !== 0;
  if (uses(L2_PENALTY_PATH)) return form;
  return uses(WEIGHT_DECAY_PATH) ? 'weight_decay' : preferred;
}
