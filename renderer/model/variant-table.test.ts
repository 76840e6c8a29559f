// The rows of the variants table: every field once, those of a variant alone in their place.
import { describe, expect, it } from 'vitest';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import { parseExperiment } from '../../engine/spec/index.ts';
import { setOptimizer } from './recipe-edits.ts';
import { editVariant } from './variant-edits.ts';
import { variantTable } from './variant-table.ts';

const document = parseExperiment(regression);
const keysOf = (of: typeof document) =>
  variantTable(of, 'weight_decay').groups.flatMap(({ rows }) => rows.map((x) => x.key));

describe('the table of an experiment', () => {
  it('has every field once, p of a dropout layer among the main ones', () => {
    const keys = keysOf(document);
    expect(new Set(keys).size).toBe(keys.length);
    const { groups } = variantTable(document, 'weight_decay');
    const dropout = groups.find((x) => x.id === 'layer dropout1');
    expect(dropout?.rows[0]).toMatchObject({ key: 'model.layers.dropout1.p', main: true });
  });

  it('has the fields that only a variant has, beside their neighbours, for that column alone', () => {
    const momentum = 'recipe.optimizer.momentum';
    const edited = editVariant('L2', setOptimizer('SGD'))(document);
    const { columns, groups } = variantTable(edited, 'weight_decay');
    expect(keysOf(document)).not.toContain(momentum);
    expect(groups.find((x) => x.id === 'training')?.rows.map((x) => x.key)).toContain(momentum);
    expect(columns.get('L2')?.has(momentum)).toBe(true);
    expect(columns.get(null)?.has(momentum)).toBe(false);
    expect(columns.get('L2')?.has('recipe.optimizer.eps')).toBe(false);
  });

  it('leaves what only the whole experiment can say to the base', () => {
    const { columns } = variantTable(document, 'weight_decay');
    expect(columns.get(null)?.has('recipe.length')).toBe(true);
    expect(columns.get('L1')?.has('recipe.length')).toBe(false);
  });
});
