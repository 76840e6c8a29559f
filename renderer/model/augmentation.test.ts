// The list of what is done to train batches: entries as fields, and its edits.
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { parseDraft, parseExperiment } from '../../engine/spec/index.ts';
import {
  addAugmentation,
  augmentationFields,
  augmentationsFor,
  AUGMENTATIONS,
  raiseAugmentation,
  removeAugmentation,
  type AugmentationType,
} from './augmentation.ts';

const cnn = parseExperiment(EXAMPLES['cnn']);
const types = (document: typeof cnn) => document.recipe.augmentation.map((x) => x.type);

describe('augmentation', () => {
  it('has an entry to begin with of every kind, which the document takes', () => {
    const full = (Object.keys(AUGMENTATIONS) as AugmentationType[]).reduce(
      (at, type) => addAugmentation(type)(at),
      cnn,
    );
    expect(parseDraft(full).unfinished).toEqual([]);
    expect(augmentationFields(full).map((x) => x.paths[0])).toEqual([
      'recipe.augmentation.0.p',
      'recipe.augmentation.1.padding',
      'recipe.augmentation.2.std',
    ]);
  });

  it('offers crops and flips for pictures only', () => {
    expect(augmentationsFor(cnn)).toHaveLength(3);
    expect(augmentationsFor(parseExperiment(EXAMPLES['regression']))).toEqual(['GaussianNoise']);
  });

  it('is put in another order and made shorter; variants’ changes by place go with it', () => {
    const two = addAugmentation('GaussianNoise')(addAugmentation('RandomCrop')(cnn));
    const changed = {
      ...two,
      variants: [{ name: 'a', changes: { 'recipe.augmentation.1.std': 1, 'recipe.steps': 2 } }],
    };
    const raised = raiseAugmentation(1)(changed);
    expect(types(raised)).toEqual(['GaussianNoise', 'RandomCrop']);
    expect(raised.variants[0]?.changes).toEqual({ 'recipe.steps': 2 });
    expect(raiseAugmentation(0)(two)).toBe(two);
    expect(types(removeAugmentation(0)(two))).toEqual(['GaussianNoise']);
  });
});
