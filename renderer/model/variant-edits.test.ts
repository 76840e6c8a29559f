// Edits of a variant: made with the forms' own edits, stored as the smallest changes, and resolved back to what was meant.
import { describe, expect, it } from 'vitest';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import { parseExperiment, resolveVariant } from '../../engine/spec/index.ts';
import { setFields } from './edits.ts';
import { setOptimizer } from './recipe-edits.ts';
import { asVariant, changesBetween, differs, editVariant, followBase, isOwn } from './variant-edits.ts';

const document = parseExperiment(regression);
const changesOf = (edited: typeof document, name: string) => edited.variants.find((x) => x.name === name)?.changes;

describe('editing a variant', () => {
  it('keeps to the field, and the base as it is', () => {
    const edited = editVariant('L1', setFields(['recipe.steps'], 900))(document);
    expect(changesOf(edited, 'L1')).toEqual({ 'recipe.regularization.l1': 0.002, 'recipe.steps': 900 });
    expect(edited.recipe).toEqual(document.recipe);
    expect(resolveVariant(edited, 'L1').recipe.steps).toBe(900);
    expect(resolveVariant(edited, 'L2').recipe.steps).toBe(500);
  });

  it('takes a whole part where its kind changes, and writes later edits into it', () => {
    const other = editVariant('L2', setOptimizer('SGD'))(document);
    expect(Object.keys(changesOf(other, 'L2') ?? {})).toEqual(['recipe.optimizer']);
    const faster = editVariant('L2', setFields(['recipe.optimizer.lr'], 0.5))(other);
    expect(Object.keys(changesOf(faster, 'L2') ?? {})).toEqual(['recipe.optimizer']);
    expect(resolveVariant(parseExperiment(faster), 'L2').recipe.optimizer).toMatchObject({ type: 'SGD', lr: 0.5 });
  });

  it('says the same in one way: an edit that changes nothing adds nothing', () => {
    expect(editVariant('dropout', setFields(['model.layers.dropout1.p'], 0.5))(document)).toEqual(document);
  });

  it('lets the variant follow the base again', () => {
    const paths = ['model.layers.dropout1.p'];
    expect(isOwn(document.variants[1] ?? { name: '', changes: {} }, paths)).toBe(true);
    expect(differs(document, 'dropout', paths)).toBe(true);
    const edited = followBase('dropout', paths)(document);
    expect(changesOf(edited, 'dropout')).toEqual({ 'model.layers.dropout2.p': 0.5 });
    expect(differs(edited, 'dropout', paths)).toBe(false);
    const whole = followBase('L2', ['recipe.optimizer.lr'])(editVariant('L2', setOptimizer('SGD'))(document));
    expect(changesOf(whole, 'L2')).toEqual({});
  });

  it('shows a variant as a document, and finds what is between two', () => {
    const seen = asVariant(document, 'combined');
    expect(seen.recipe.regularization.l1).toBe(0.0002);
    expect(changesBetween(document, seen)).toEqual(document.variants[4]?.changes);
  });
});
