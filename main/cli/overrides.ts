// Applies what the command line says to an experiment document: for every variant, whatever its own changes say.
import { parseExperiment, type ExperimentSpec } from '../../engine/spec/index.ts';

export interface Overrides {
  readonly seed: number | null;
  readonly steps: number | null;
  readonly epochs: number | null;
}

const LENGTHS = ['recipe.steps', 'recipe.epochs'];

/** Steps take the place of epochs, and the other way round. */
export function applyOverrides(document: ExperimentSpec, { seed, steps, epochs }: Overrides): ExperimentSpec {
  const changed = structuredClone(document);
  if (seed !== null) changed.seed = seed;
  if (steps === null && epochs === null) return changed;
  const { steps: _, epochs: __, ...recipe } = changed.recipe;
  return {
    ...changed,
    recipe: { ...recipe, ...(steps === null ? {} : { steps }), ...(epochs === null ? {} : { epochs }) },
    variants: changed.variants.map(({ name, changes }) => ({
      name,
      changes: Object.fromEntries(Object.entries(changes).filter(([path]) => !LENGTHS.includes(path))),
    })),
  };
}

/** Whether it is made of pictures, so that other pictures can take their place. */
export const hasPictures = ({ data }: ExperimentSpec): boolean => data.type === 'shapes32' || data.type === 'cifar10';

/**
 * The person's pictures in the place of drawn ones: all that there are, apart from those held out for validation.
 * @throws DocumentError when a variant changes something that only drawn pictures have.
 */
export function withCifar10(document: ExperimentSpec): ExperimentSpec {
  const { data } = document;
  if (data.type !== 'shapes32') return document;
  const { validation, mean, std } = data;
  return parseExperiment({ ...document, data: { type: 'cifar10', validation, mean, std } });
}
