// Building: what each edit does to the list, and that no row of edits ever leaves a list that cannot be.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cnn from '../../../assets/examples/cnn.json' with { type: 'json' };
import regression from '../../../assets/examples/regression.json' with { type: 'json' };
import { Experiment, parseExperiment, parseWith, resolveVariant, analyzeModel } from '../../../engine/spec/index.ts';
import type { Edit } from '../edits.ts';
import { searchKinds } from './layer-kinds.ts';
import * as edits from './network-edits.ts';
import { deed, insert, list } from './test-deeds.ts';

const base = parseExperiment(regression);
const apply = (...all: readonly Edit[]) => all.reduce((document, edit) => edit(document), base);
const chain = 'fc1 dropout1 relu1 fc2 dropout2 relu2 fc3';

describe('inserting', () => {
  it.each<readonly [string, Edit, string]>([
    ['after', insert({ at: 'after', name: 'fc1' }, 'Tanh'), 'fc1 tanh1 dropout1 relu1 fc2 dropout2 relu2 fc3'],
    ['after the data', insert({ at: 'after', name: 'input' }, 'Flatten'), `flatten1 ${chain}`],
    ['before', insert({ at: 'before', name: 'fc1' }, 'Linear'), `fc4 ${chain}`],
    ['at the end', insert({ at: 'end' }, 'ReLU'), `${chain} relu3`],
    ['beside', insert({ at: 'branch', name: 'fc1' }, 'Linear'), 'fc1 fc4 dropout1(fc1) relu1 fc2 dropout2 relu2 fc3'],
  ])('%s', (_, edit, expected) => {
    expect(list(apply(edit))).toBe(expected);
  });

  it('on one of several connections leaves the others', () => {
    const residual = apply(edits.addSkip(new Set(['fc2', 'dropout2'])));
    expect(list(residual)).toBe('fc1 dropout1 relu1 fc2 dropout2 add1(dropout2 relu1) relu2 fc3');
    expect(list(insert({ at: 'before', name: 'add1', slot: 1 }, 'Dropout')(residual))).toBe(
      'fc1 dropout1 relu1 fc2 dropout2 dropout3(relu1) add1(dropout2 dropout3) relu2 fc3',
    );
    expect(analyzeModel(residual.model, residual.data).problems).toEqual([]);
  });
});

describe('removing', () => {
  it('joins the neighbours, and takes along what variants changed', () => {
    const without = apply(edits.removeLayers(['dropout1']));
    expect(list(without)).toBe('fc1 relu1 fc2 dropout2 relu2 fc3');
    expect(without.variants.find((x) => x.name === 'dropout')?.changes).toEqual({ 'model.layers.dropout2.p': 0.5 });
    expect(() => parseExperiment(without)).not.toThrow();
  });

  it('takes an Add along that has nothing left to add', () => {
    const residual = apply(edits.addSkip(new Set(['fc2', 'dropout2'])));
    expect(list(edits.removeLayers(['dropout2', 'fc2'])(residual))).toBe('fc1 dropout1 relu1 relu2 fc3');
    expect(list(edits.removeLayers(['add1'])(residual))).toBe(chain);
  });

  it('of everything leaves nothing', () => {
    expect(list(apply(edits.removeLayers(base.model.layers.map((x) => x.name))))).toBe('');
  });
});

describe('moving', () => {
  it.each([
    ['relu1', 'earlier', 'fc1 relu1 dropout1 fc2 dropout2 relu2 fc3'],
    ['relu1', 'later', 'fc1 dropout1 fc2 relu1 dropout2 relu2 fc3'],
    ['fc1', 'earlier', chain],
    ['fc3', 'later', chain],
  ] as const)('%s %s', (name, direction, expected) => {
    expect(list(apply(edits.moveLayers(new Set([name]), direction)))).toBe(expected);
  });

  it('to another place', () => {
    expect(list(apply(edits.moveLayersTo(new Set(['dropout2']), { at: 'after', name: 'input' })))).toBe(
      'dropout2 fc1 dropout1 relu1 fc2 relu2 fc3',
    );
  });

  it('there and back is where it was', () => {
    expect(
      list(apply(edits.moveLayers(new Set(['fc2']), 'later'), edits.moveLayers(new Set(['fc2']), 'earlier'))),
    ).toBe(chain);
  });
});

describe('wiring', () => {
  it('connects without circles, and puts sources before consumers', () => {
    const added = apply(insert({ at: 'after', name: 'fc1' }, 'Add'), edits.connectLayers('relu2', 'add1'));
    expect(list(added)).toBe(list(apply(insert({ at: 'after', name: 'fc1' }, 'Add'))));
    const joined = apply(insert({ at: 'after', name: 'dropout2' }, 'Add'), edits.connectLayers('fc1', 'add1'));
    expect(list(joined)).toBe('fc1 dropout1 relu1 fc2 dropout2 add1(dropout2 fc1) relu2 fc3');
    expect(list(edits.disconnectLayer('add1', 1)(joined))).toBe('fc1 dropout1 relu1 fc2 dropout2 add1 relu2 fc3');
    expect(list(edits.setLayerInput('add1', 1, 'relu1')(joined))).toContain('add1(dropout2 relu1)');
  });

  it('a layer whose only input is cut says so', () => {
    const cut = apply(edits.disconnectLayer('fc2', 0));
    expect(cut.model.layers.find((x) => x.name === 'fc2')?.inputs).toEqual([]);
    expect(analyzeModel(cut.model, cut.data).problems.map((x) => x.path)).toContain('model.layers.fc2');
  });
});

describe('names and kinds', () => {
  it('a new name holds everywhere', () => {
    const residual = apply(edits.addSkip(new Set(['dropout1'])), edits.renameLayer('dropout1', 'drop'));
    expect(list(residual)).toBe('fc1 drop add1(drop fc1) relu1 fc2 dropout2 relu2 fc3');
    expect(resolveVariant(residual, 'dropout').model.layers.find((x) => x.name === 'drop')).toMatchObject({ p: 0.5 });
  });

  it.each([
    ['', 'empty'],
    ['fc2', 'taken'],
    ['input', 'reserved'],
    ['a.b', 'bad'],
    ['fc1', null],
    ['hidden layer', null],
  ])('%j: %s', (to, problem) => {
    expect(edits.nameProblem(base, 'fc1', to)).toBe(problem);
  });

  it('another kind keeps what it has too, and a fresh name follows', () => {
    const changed = apply(edits.changeType('fc1', 'Conv2d'), edits.changeType('relu1', 'LeakyReLU'));
    expect(changed.model.layers[0]).toMatchObject({ type: 'Conv2d', name: 'conv1', out_channels: 300, kernel_size: 3 });
    expect(changed.model.layers[2]).toMatchObject({ type: 'LeakyReLU', name: 'leakyrelu1', negative_slope: 0.01 });
  });

  it('loses what variants changed of a field that is gone', () => {
    const changed = apply(edits.changeType('dropout1', 'ReLU'));
    expect(list(changed)).toBe('fc1 relu3 relu1 fc2 dropout2 relu2 fc3');
    expect(() => parseExperiment(changed)).not.toThrow();
    const alpha = apply(edits.changeType('dropout1', 'AlphaDropout'));
    expect(alpha.variants).toEqual(base.variants);
  });

  it('own penalties come and go', () => {
    const own = apply(edits.setLayerPenalty('fc1', 'l1', 0.1), edits.setLayerPenalty('fc1', 'max_norm', 3));
    expect(own.model.layers[0]).toMatchObject({ regularization: { l1: 0.1, max_norm: 3 } });
    const gone = edits.setLayerPenalty('fc1', 'max_norm', null)(edits.setLayerPenalty('fc1', 'l1', null)(own));
    expect(gone.model.layers[0]).toEqual(base.model.layers[0]);
  });

  it('a search finds kinds by what they are called, their beginning first', () => {
    expect(searchKinds('lin')[0]).toBe('Linear');
    expect(searchKinds('fc')[0]).toBe('Linear');
    expect(searchKinds('残差')).toEqual(['Add']);
    expect(searchKinds('drop').slice(0, 3)).toEqual(['DropConnect', 'Dropout', 'Dropout2d']);
    expect(searchKinds('nothing like it')).toEqual([]);
  });
});

describe('any row of edits', () => {
  it('leaves a list that can be parsed, with unique names, inputs that are there, and variants that can be resolved', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 40 }), fc.constantFrom(regression, cnn), (deeds, source) => {
        const built = deeds.reduce((document, x) => x(document), parseExperiment(source));
        const { layers } = built.model;
        if (layers.length > 0) parseWith(Experiment, built, 'Experiment');
        const names = layers.map((x) => x.name);
        expect(new Set(names).size).toBe(names.length);
        for (const [i, { inputs = [] }] of layers.entries())
          for (const input of inputs) expect(['input', ...names.slice(0, i)]).toContain(input);
        // As few inputs as it needs: never the one that would be taken anyway.
        for (const [i, { inputs }] of layers.entries())
          if (inputs?.length === 1) expect(inputs[0]).not.toBe(names[i - 1] ?? 'input');
        if (layers.length > 0) for (const { name } of built.variants) resolveVariant(built, name);
      }),
      { numRuns: 300 },
    );
  });
});
