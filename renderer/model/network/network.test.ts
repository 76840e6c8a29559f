// Building: what each edit does to the list, and that no row of edits ever leaves a list that cannot be.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cnn from '../../../assets/examples/cnn.json' with { type: 'json' };
import regression from '../../../assets/examples/regression.json' with { type: 'json' };
import {
  Experiment,
  parseExperiment,
  parseWith,
  resolveVariant,
  analyzeModel,
  type ExperimentSpec,
  type LayerSpec,
} from '../../../engine/spec/index.ts';
import type { Edit } from '../edits.ts';
import { copyText, readLayers, withFreshNames } from './clipboard.ts';
import { LAYER_TYPES, searchKinds } from './layer-kinds.ts';
import * as edits from './network-edits.ts';
import { readNetwork } from './network.ts';
import { passage } from './rewire.ts';

const base = parseExperiment(regression);
const list = ({ model }: ExperimentSpec) =>
  model.layers.map((x) => (x.inputs ? `${x.name}(${x.inputs.join(' ')})` : x.name)).join(' ');
const insert =
  (place: edits.Place, type: LayerSpec['type']): Edit =>
  (document) =>
    edits.insertLayers(place, [edits.layerToInsert(document, type)])(document);
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
    expect(list(apply(edits.moveLayer(name, direction)))).toBe(expected);
  });

  it('to another place', () => {
    expect(list(apply(edits.moveLayerTo('dropout2', { at: 'after', name: 'input' })))).toBe(
      'dropout2 fc1 dropout1 relu1 fc2 relu2 fc3',
    );
  });

  it('there and back is where it was', () => {
    expect(list(apply(edits.moveLayer('fc2', 'later'), edits.moveLayer('fc2', 'earlier')))).toBe(chain);
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

  it('a skip needs one way in and one way out', () => {
    const network = readNetwork(base.model.layers);
    expect(passage(network, new Set(['fc2', 'dropout2']))).toEqual({ source: 'relu1', exit: 'dropout2' });
    expect(passage(network, new Set(['fc1', 'fc2']))).toBeNull();
    expect(list(apply(edits.addSkip(new Set(['fc1', 'fc2']))))).toBe(chain);
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

describe('copied layers', () => {
  it('come back under free names, wired as they were', () => {
    const residual = apply(edits.addSkip(new Set(['fc2', 'dropout2'])));
    const text = copyText(residual, new Set(['relu1', 'fc2', 'dropout2', 'add1']));
    const pasted = withFreshNames(residual, readLayers(text) ?? []);
    const twice = edits.insertLayers({ at: 'after', name: 'add1' }, pasted)(residual);
    expect(list(twice)).toBe(
      'fc1 dropout1 relu1 fc2 dropout2 add1(dropout2 relu1) relu3 fc4 dropout3 add2(dropout3 relu3) relu2 fc3',
    );
    expect(analyzeModel(twice.model, twice.data).problems).toEqual([]);
  });

  it('fit another project, where what they took is not there', () => {
    const text = copyText(base, new Set(['relu1', 'fc2']));
    const other = parseExperiment(cnn);
    const pasted = withFreshNames(other, readLayers(text) ?? []);
    expect(list(edits.insertLayers({ at: 'after', name: 'fc1' }, pasted)(other))).toContain('fc1 relu5 fc4 relu3');
  });

  it('are read from a list, a model or an experiment; other text is none, and wrong layers are named', () => {
    expect(readLayers(JSON.stringify(regression))).toHaveLength(7);
    expect(readLayers(JSON.stringify(regression.model.layers.slice(0, 2)))).toHaveLength(2);
    expect(readLayers('{"type": "ReLU", "name": "relu1"}')).toHaveLength(1);
    expect(readLayers('hello')).toBeNull();
    expect(readLayers('{"a": 1}')).toBeNull();
    expect(() => readLayers('[{"type": "Dropout", "name": "d", "p": 2}]')).toThrow(/p: must be/);
  });
});

const some = fc.nat();
const place = fc.record({ at: fc.constantFrom('after', 'before', 'branch', 'end'), n: some });
type Deed = (document: ExperimentSpec) => ExperimentSpec;
const named = (document: ExperimentSpec, n: number): string =>
  document.model.layers[n % Math.max(1, document.model.layers.length)]?.name ?? 'input';
const placed = (document: ExperimentSpec, { at, n }: { at: edits.Place['at']; n: number }): edits.Place =>
  at === 'end' ? { at } : { at, name: named(document, n) };
const kind = fc.constantFrom(...LAYER_TYPES);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ place, kind }).map(
    ({ place, kind }): Deed =>
      (x) =>
        insert(placed(x, place), kind)(x),
  ),
  some.map(
    (n): Deed =>
      (x) =>
        edits.removeLayers([named(x, n)])(x),
  ),
  fc.tuple(some, fc.constantFrom('earlier', 'later')).map(
    ([n, way]): Deed =>
      (x) =>
        edits.moveLayer(named(x, n), way)(x),
  ),
  fc.tuple(some, place).map(
    ([n, to]): Deed =>
      (x) =>
        edits.moveLayerTo(named(x, n), placed(x, to))(x),
  ),
  fc.tuple(some, some).map(
    ([a, b]): Deed =>
      (x) =>
        edits.connectLayers(named(x, a), named(x, b))(x),
  ),
  fc.tuple(some, fc.nat(2)).map(
    ([n, slot]): Deed =>
      (x) =>
        edits.disconnectLayer(named(x, n), slot)(x),
  ),
  fc.tuple(some, some).map(
    ([a, b]): Deed =>
      (x) =>
        edits.setLayerInput(named(x, a), 0, named(x, b))(x),
  ),
  fc.tuple(some, some).map(
    ([a, b]): Deed =>
      (x) =>
        edits.addSkip(new Set([named(x, a), named(x, b)]))(x),
  ),
  fc.tuple(some, fc.string()).map(
    ([n, to]): Deed =>
      (x) =>
        edits.renameLayer(named(x, n), to)(x),
  ),
  fc.tuple(some, kind).map(
    ([n, type]): Deed =>
      (x) =>
        edits.changeType(named(x, n), type)(x),
  ),
  fc.tuple(some, some, place).map(([a, b, to]): Deed => (x) => {
    const layers = readLayers(copyText(x, new Set([named(x, a), named(x, b)])));
    return layers ? edits.insertLayers(placed(x, to), withFreshNames(x, layers))(x) : x;
  }),
);

it('no skip leads from what came out of a group into it', () => {
  const layers = [
    { type: 'ReLU', name: 'a', inputs: [] },
    { type: 'ReLU', name: 'b' },
    { type: 'ReLU', name: 'c' },
    { type: 'ReLU', name: 'd', inputs: ['b'] },
  ] as const;
  const document = { ...parseExperiment(regression), model: { layers: [...layers] as never }, variants: [] };
  expect(edits.addSkip(new Set(['a', 'c']))(document).model.layers).toEqual(layers);
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
