// What is done to the examples of a train batch: the list's entries as fields, and the edits of the list.
import { dataShape, type AugmentationSpec, type ExperimentSpec } from '../../engine/spec/index.ts';
import type { PlainKey } from '../messages/catalogue.ts';
import type { Edit } from './edits.ts';
import { number, type NumberFieldSpec } from './fields.ts';

export type AugmentationType = AugmentationSpec['type'];

interface Kind {
  readonly begin: AugmentationSpec;
  readonly label: PlainKey;
  readonly hint: PlainKey;
  readonly pictures: boolean;
  /** Its only setting. */
  readonly field: (at: string) => NumberFieldSpec;
}

/** By torch's names, or the lab's where torch has none. */
export const AUGMENTATIONS: Readonly<Record<AugmentationType, Kind>> = {
  RandomHorizontalFlip: {
    begin: { type: 'RandomHorizontalFlip', p: 0.5 },
    label: 'augmentation.flip',
    hint: 'augmentation.flipHint',
    pictures: true,
    field: (at) => number(`${at}.p`, 'augmentation.flipP', { step: 0.1, min: 0 }),
  },
  RandomCrop: {
    begin: { type: 'RandomCrop', padding: 4 },
    label: 'augmentation.crop',
    hint: 'augmentation.cropHint',
    pictures: true,
    field: (at) => number(`${at}.padding`, 'augmentation.cropPadding', { step: 1, min: 1 }),
  },
  GaussianNoise: {
    begin: { type: 'GaussianNoise', std: 0.1 },
    label: 'augmentation.noise',
    hint: 'augmentation.noiseHint',
    pictures: false,
    field: (at) => number(`${at}.std`, 'augmentation.noiseStd', { min: 0 }),
  },
};
const TYPES = Object.keys(AUGMENTATIONS) as AugmentationType[];
export const MOST_AUGMENTATIONS = 8;

const pathOf = (index: number): string => `recipe.augmentation.${index}`;

/** The setting of each entry of the list, in its order. */
export const augmentationFields = ({ recipe }: ExperimentSpec): readonly NumberFieldSpec[] =>
  recipe.augmentation.map(({ type }, i) => ({ ...AUGMENTATIONS[type].field(pathOf(i)), whole: pathOf(i) }));

/** Kinds that the data can have. */
export const augmentationsFor = ({ data }: ExperimentSpec): readonly AugmentationType[] =>
  TYPES.filter((type) => !AUGMENTATIONS[type].pictures || dataShape(data).input.length === 3);

/** Variants' changes of entries by their place mean nothing once places change. */
function withList(document: ExperimentSpec, augmentation: readonly AugmentationSpec[]): ExperimentSpec {
  const variants = document.variants.map((variant) => ({
    ...variant,
    changes: Object.fromEntries(
      Object.entries(variant.changes).filter(([path]) => !path.startsWith('recipe.augmentation.')),
    ),
  }));
  return { ...document, recipe: { ...document.recipe, augmentation: [...augmentation] }, variants };
}

export const addAugmentation =
  (type: AugmentationType): Edit =>
  (document) => ({
    ...document,
    recipe: { ...document.recipe, augmentation: [...document.recipe.augmentation, { ...AUGMENTATIONS[type].begin }] },
  });

export const removeAugmentation =
  (index: number): Edit =>
  (document) =>
    withList(
      document,
      document.recipe.augmentation.filter((_, i) => i !== index),
    );

/** One place earlier: they act in this order. */
export const raiseAugmentation =
  (index: number): Edit =>
  (document) => {
    const list = [...document.recipe.augmentation];
    const [entry] = list.splice(index, 1);
    if (!entry || index < 1) return document;
    list.splice(index - 1, 0, entry);
    return withList(document, list);
  };
