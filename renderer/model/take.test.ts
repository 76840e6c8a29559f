// Taking parts of another document: for any two documents and any ticks what comes out can be stored, and is what was asked for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY, EXAMPLES } from '../../assets/examples/index.ts';
import { parseDraft, resolveVariant, type ExperimentSpec } from '../../engine/spec/index.ts';
import { fakeOther } from '../host/fake-other.ts';
import { setData } from './data-edits.ts';
import { DATA_KINDS } from './data-kinds.ts';
import { setFields } from './edits.ts';
import { removeLayers, renameLayer } from './network/network-edits.ts';
import { setOptimizer } from './recipe-edits.ts';
import { datasetsOf, neededData, NO_TICKS, PARTS, take, type Ticks } from './take.ts';
import { editVariant } from './variant-edits.ts';

const parse = (x: unknown): ExperimentSpec => parseDraft(x).document;
const { regression, cnn, 'numpy-dropout': article } = EXAMPLES;
const flowers = fakeOther().document;
const line = parse(regression);

const EDITS = [
  (x: ExperimentSpec) => x,
  setOptimizer('SGD'),
  setFields(['seed'], 99),
  setFields(['initialization'], 'same'),
  removeLayers(['fc2']),
  renameLayer('fc1', 'first'),
  (x: ExperimentSpec) => editVariant(x.variants[0]?.name ?? '', setOptimizer('RMSprop'))(x),
  ...DATA_KINDS.map(({ data }) => setData(structuredClone(data))),
];
const documents = fc
  .tuple(
    fc.constantFrom(...[EMPTY, regression, cnn, article, flowers].map(parse)),
    fc.array(fc.constantFrom(...EDITS), { maxLength: 2 }),
  )
  .map(([document, edits]) => parse(edits.reduce((x, edit) => edit(x), document)));
const two = fc.tuple(documents, documents);
const ticksFor = (there: ExperimentSpec) =>
  fc.record({
    whole: fc.boolean(),
    parts: fc.subarray([...PARTS]).map((x) => new Set(x)),
    variants: fc.subarray(there.variants.map((x) => x.name)).map((x) => new Set(x)),
  });
const taken = two.chain(([here, there]) => fc.tuple(fc.constant(here), fc.constant(there), ticksFor(there)));

const some = (parts: Partial<Record<'parts' | 'variants', readonly string[]>>): Ticks => ({
  whole: false,
  parts: new Set(PARTS.filter((x) => parts.parts?.includes(x))),
  variants: new Set(parts.variants ?? []),
});

describe('taking from any document into any other', () => {
  it('gives, of the whole, that document under this name', () => {
    fc.assert(
      fc.property(two, ([here, there]) => {
        const { document, problems } = take(here, there, { ...NO_TICKS, whole: true });
        expect(problems).toEqual([]);
        expect(document).toEqual({ ...there, name: here.name });
      }),
    );
  });

  it('changes nothing where nothing is ticked', () => {
    fc.assert(
      fc.property(two, ([here, there]) => {
        const { document, changes } = take(here, there, NO_TICKS);
        expect(document).toBe(here);
        expect(changes).toEqual([]);
      }),
    );
  });

  it('always gives a document that can be stored, or says why and leaves the one that was', () => {
    fc.assert(
      fc.property(taken, ([here, there, ticks]) => {
        const before = JSON.stringify([here, there]);
        const { document, problems, changes } = take(here, there, ticks);
        expect(parse(document)).toEqual(document);
        if (problems.length > 0) expect(document).toBe(here);
        expect(changes.length > 0).toBe(JSON.stringify(document) !== JSON.stringify(here));
        expect(JSON.stringify([here, there])).toBe(before);
      }),
    );
  });

  it('brings all parts as they were, and its variants with what they meant there', () => {
    fc.assert(
      fc.property(two, ([here, there]) => {
        const variants = there.variants.map((x) => x.name);
        const { document, problems, offers } = take(here, there, some({ parts: PARTS, variants }));
        expect(problems).toEqual([]);
        const { data, model, recipe, seed, initialization } = there;
        expect(document).toMatchObject({ data, model, recipe, seed, initialization });
        for (const name of variants) {
          const offer = offers.get(name);
          if (!offer || !('name' in offer)) throw new Error(`${name} does not fit its own document`);
          const { variant: _, ...meant } = resolveVariant(there, name);
          expect(resolveVariant(document, offer.name)).toEqual({ ...meant, variant: offer.name });
        }
      }),
    );
  });

  it('keeps every variant that is here, and gives the new ones free names', () => {
    fc.assert(
      fc.property(taken, ([here, there, ticks]) => {
        const { document, offers } = take(here, there, { ...ticks, whole: false });
        const names = document.variants.map((x) => x.name);
        expect(new Set(names).size).toBe(names.length);
        expect(names.slice(0, here.variants.length)).toEqual(here.variants.map((x) => x.name));
        for (const name of names.slice(here.variants.length)) expect([...offers.values()]).toContainEqual({ name });
      }),
    );
  });
});

describe('what follows', () => {
  it('a model is fitted to the data that are here, and data to the model', () => {
    const model = take(line, flowers, some({ parts: ['model'] }));
    expect(model.document.model.layers.at(-1)).toMatchObject({ name: 'fc2', out_features: 1 });
    expect(model.unfinished).toEqual([]);
    const data = take(line, flowers, some({ parts: ['data'] }));
    expect(data.document.recipe.loss.type).toBe('CrossEntropyLoss');
    expect(data.document.model.layers.at(-1)).toMatchObject({ name: 'fc3', out_features: 3 });
    expect(data.unfinished).toEqual([]);
  });

  it('a recipe keeps a loss for the data that are here', () => {
    const { document } = take(line, flowers, some({ parts: ['recipe'] }));
    expect(document.recipe).toMatchObject({ epochs: 60, optimizer: { type: 'SGD' }, loss: { type: 'MSELoss' } });
  });

  it('own variants lose what the new model has no field for, and that is among the changes', () => {
    const { document, changes } = take(line, flowers, some({ parts: ['model'] }));
    expect(document.variants.find((x) => x.name === 'combined')?.changes).toEqual({
      'recipe.regularization.l1': 0.0002,
      'recipe.optimizer.weight_decay': 0.001,
    });
    expect(changes).toContainEqual({
      path: 'variants.combined.changes.model.layers.dropout1.p',
      then: 0.5,
      now: undefined,
    });
  });

  it('a variant that changes a layer which is not here is offered with its reason, and fits with the model', () => {
    const variants = ['L1', 'input dropout'];
    const alone = take(line, flowers, some({ variants }));
    expect(alone.offers.get('input dropout')).toMatchObject({
      misfit: { code: 'unknown_field', params: { field: 'model.layers.dropout_in.p' } },
    });
    expect(alone.offers.get('L1')).toEqual({ name: 'L1 2' });
    expect(alone.document.variants.map((x) => x.name)).toEqual([...line.variants.map((x) => x.name), 'L1 2']);
    const both = take(line, flowers, some({ parts: ['model'], variants }));
    expect(both.offers.get('input dropout')).toEqual({ name: 'input dropout' });
  });

  it('a variant that counts layers keeps to the layer that it meant', () => {
    const counts = parse({ ...flowers, variants: [{ name: 'first', changes: { 'model.layers.0.p': 0.1 } }] });
    const { offers } = take(line, counts, some({ variants: ['first'] }));
    // Here the first layer is another one.
    expect(offers.get('first')).toMatchObject({ misfit: { params: { field: 'model.layers.dropout_in.p' } } });
  });

  it('more variants than a document can have are refused as a whole', () => {
    const many = parse({
      ...line,
      variants: Array.from({ length: 63 }, (_, i) => ({ name: `v${String(i)}`, changes: {} })),
    });
    const { document, problems } = take(many, flowers, some({ variants: ['plain', 'L1'] }));
    expect(document).toBe(many);
    expect(problems.map((x) => x.path)).toEqual(['variants']);
  });

  it('says which imported data a document needs, those of a variant too', () => {
    expect([...datasetsOf(line).keys()]).toEqual([]);
    const { data } = flowers;
    const changed = parse({ ...line, recipe: { ...line.recipe, loss: { type: 'CrossEntropyLoss' } }, ...{ data } });
    expect([...datasetsOf(changed).values()].map((x) => x.name)).toEqual(['iris']);
    const ofVariant = { ...line, variants: [{ name: 'flowers', changes: { data } }] };
    expect(datasetsOf(ofVariant).size).toBe(1);
  });

  it('copies what only the other project holds, and misses what neither does, unless it was missing before', () => {
    const { document } = take(line, flowers, some({ parts: ['data'] }));
    const [digest = ''] = datasetsOf(flowers).keys();
    const [none, one] = [[], [{ digest }]];
    const needed = (here: typeof none | typeof one, there: typeof none | typeof one, before = line) => {
      const { toCopy, missing } = neededData(before, document, { here, there });
      return [toCopy, missing.map((x) => x.name)];
    };
    expect(needed(none, one)).toEqual([[digest], []]);
    expect(needed(one, one)).toEqual([[], []]);
    expect(needed(none, none)).toEqual([[], ['iris']]);
    expect(needed(none, none, flowers)).toEqual([[], []]);
  });
});
