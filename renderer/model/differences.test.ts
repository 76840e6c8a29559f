import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../engine/spec/index.ts';
import { differences } from './differences.ts';
import { setFields, setVariantKnob } from './edits.ts';
import { setOptimizer } from './recipe-edits.ts';

const example = parseExperiment(
  JSON.parse(readFileSync(new URL('../../assets/examples/regression.json', import.meta.url), 'utf8')),
);

describe('differences', () => {
  it('are none for an unchanged document', () => {
    expect(differences(example, 1, example, 'dropout')).toEqual([]);
  });

  it('name the seed, a base field and a field of the variant', () => {
    const now = setVariantKnob('L1', 'l1', 'weight_decay', 0.1)(setFields(['data.noise'], 0.6)(example));
    expect(differences(example, 7, now, 'L1')).toEqual([
      { path: 'seed', then: 7, now: 1 },
      { path: 'data.noise', then: 0.3, now: 0.6 },
      { path: 'recipe.regularization.l1', then: 0.002, now: 0.1 },
    ]);
  });

  it('do not show what other variants changed', () => {
    const now = setVariantKnob('L1', 'l1', 'weight_decay', 0.1)(example);
    expect(differences(example, 1, now, 'dropout')).toEqual([]);
  });

  it('show fields that only one of them has', () => {
    const paths = differences(example, 1, setOptimizer('SGD')(example), 'overfitting');
    expect(paths).toContainEqual({ path: 'recipe.optimizer.momentum', then: undefined, now: 0 });
    expect(paths).toContainEqual({ path: 'recipe.optimizer.betas', then: [0.9, 0.999], now: undefined });
  });

  it('compare a variant that is gone with the plain document', () => {
    const now = { ...example, variants: example.variants.slice(0, 1) };
    expect(differences(example, 1, now, 'L1')).toEqual([{ path: 'recipe.regularization.l1', then: 0.002, now: 0 }]);
  });
});
