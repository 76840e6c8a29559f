import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExperiment, resolveVariant } from '../../engine/spec/index.ts';
import {
  duplicateVariant,
  removeVariant,
  renameVariant,
  setFields,
  setL2Place,
  setVariantKnob,
  typedNumber,
} from './edits.ts';
import { setOptimizer } from './recipe-edits.ts';
import { knobPaths, l2Place, readVariant, widthPaths } from './knobs.ts';

const example = () =>
  parseExperiment(JSON.parse(readFileSync(new URL('../../assets/examples/regression.json', import.meta.url), 'utf8')));

describe('knobs', () => {
  it('p turns every Dropout layer, width every Linear layer but the last', () => {
    const document = example();
    expect(knobPaths(document, 'p', 'weight_decay')).toEqual(['model.layers.dropout1.p', 'model.layers.dropout2.p']);
    expect(widthPaths(document)).toEqual(['model.layers.fc1.out_features', 'model.layers.fc2.out_features']);
  });

  it('tells a value of the variant from one that it inherits', () => {
    const document = example();
    const paths = knobPaths(document, 'p', 'weight_decay');
    expect(readVariant(document, 'dropout', paths)).toEqual({ value: 0.5, mixed: false, own: true });
    expect(readVariant(document, 'L1', paths)).toEqual({ value: 0, mixed: false, own: false });
  });

  it('finds where λ2 acts, and follows the preference only when none is in use', () => {
    const document = example();
    expect(l2Place(document, 'half')).toBe('weight_decay');
    const without = { ...document, variants: document.variants.slice(0, 1) };
    expect(l2Place(without, 'half')).toBe('half');
  });
});

describe('edit commands', () => {
  it('leave the given document alone', () => {
    const document = example();
    const before = structuredClone(document);
    setFields(['data.noise'], 1)(document);
    setVariantKnob('dropout', 'p', 'weight_decay', 0.2)(document);
    setL2Place('sum')(document);
    removeVariant('L1')(document);
    expect(document).toEqual(before);
  });

  it('set a knob of one variant on all its fields, and let it follow the base again', () => {
    const set = setVariantKnob('L1', 'p', 'weight_decay', 0.3)(example());
    expect(
      resolveVariant(set, 'L1')
        .model.layers.filter((x) => x.type === 'Dropout')
        .map((x) => x.p),
    ).toEqual([0.3, 0.3]);
    expect(resolveVariant(set, 'L2').model).toEqual(resolveVariant(example(), 'L2').model);
    expect(setVariantKnob('L1', 'p', 'weight_decay', undefined)(set)).toEqual(example());
  });

  it('let a wrong value stand, for the schema to judge', () => {
    expect(() => parseExperiment(setVariantKnob('L1', 'p', 'weight_decay', 'abc')(example()))).toThrow(
      /variants\.L1\.changes\.model\.layers\.dropout1\.p/,
    );
    expect(() => parseExperiment(setFields(['data.points'], '')(example()))).toThrow(/data\.points/);
  });

  it('move λ2 between optimizer and loss at the same gradient', () => {
    const sum = parseExperiment(setL2Place('sum')(example()));
    expect(resolveVariant(sum, 'L2').recipe.optimizer.weight_decay).toBe(0);
    expect(resolveVariant(sum, 'L2').recipe.regularization).toMatchObject({ l2: 0.015, l2_form: 'sum' });
    const half = parseExperiment(setL2Place('half')(sum));
    expect(resolveVariant(half, 'L2').recipe.regularization).toMatchObject({ l2: 0.03, l2_form: 'half' });
    const back = parseExperiment(setL2Place('weight_decay')(half));
    expect(resolveVariant(back, 'L2').recipe.optimizer.weight_decay).toBe(0.03);
    expect(resolveVariant(back, 'L2').recipe.regularization.l2).toBe(0);
  });

  it('change the optimizer and keep rate and decay', () => {
    const document = parseExperiment(setOptimizer('SGD')(setFields(['recipe.optimizer.lr'], 0.5)(example())));
    expect(document.recipe.optimizer).toEqual({
      type: 'SGD',
      lr: 0.5,
      momentum: 0,
      dampening: 0,
      nesterov: false,
      weight_decay: 0,
      weight_decay_biases: true,
    });
    expect(resolveVariant(document, 'L2').recipe.optimizer.weight_decay).toBe(0.03);
  });

  it('duplicate at the end under a free name', () => {
    const names = (document: ReturnType<typeof example>) => document.variants.map((x) => x.name);
    const twice = duplicateVariant('dropout 2')(duplicateVariant('dropout')(example()));
    expect(names(twice)).toEqual(['overfitting', 'dropout', 'L1', 'L2', 'combined', 'dropout 2', 'dropout 3']);
    expect(parseExperiment(twice)).toEqual(twice);
  });

  it('let a taken name stand as a problem without moving the other variant', () => {
    const renamed = renameVariant('L1', 'L2')(example());
    expect(() => parseExperiment(renamed)).toThrow(/used twice/);
    expect(renameVariant('L2', 'L1')(renamed)).toEqual(example());
  });
});

describe('typedNumber', () => {
  it.each([
    ['0.5', 0.5],
    [' 1e-3 ', 0.001],
    ['−2', -2],
    ['0,5', 0.5],
    ['', ''],
    ['1,000', '1,000'],
    ['0,500', 0.5],
    ['abc', 'abc'],
    ['1.2.3', '1.2.3'],
    ['Infinity', 'Infinity'],
  ])('%j → %j', (text, value) => {
    expect(typedNumber(text)).toBe(value);
  });
});
