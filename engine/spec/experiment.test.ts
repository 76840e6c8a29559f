// Documents: what is accepted, and that every refusal names the field.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  dataShape,
  DocumentError,
  NO_REGULARIZATION,
  parseDraft,
  parseExperiment,
  parseExperimentText,
  readField,
  resolveVariant,
  type ExperimentInput,
} from './index.ts';
import { schemaText } from './json-schema.ts';
import { resolveValid } from './resolve.ts';

const text = readFileSync(new URL('../../assets/examples/regression.json', import.meta.url), 'utf8');
const base = () => JSON.parse(text) as ExperimentInput;

/** The problems of a document that must be refused. */
function problems(edit: (document: Record<string, never>) => void) {
  const document = base();
  edit(document as unknown as Record<string, never>);
  try {
    parseExperiment(document);
  } catch (error) {
    if (error instanceof DocumentError) return error.problems.map((p) => `${p.path} ${p.code}`);
    throw error;
  }
  return [];
}

type Loose = Record<string, never> & { [key: string]: Loose } & Loose[];
const set = (path: string, value: unknown) => (document: Record<string, never>) => {
  const keys = path.split('/');
  let node = document as unknown as Loose;
  for (const key of keys.slice(0, -1)) node = node[key as never] as Loose;
  (node as Record<string, unknown>)[keys.at(-1) as string] = value;
};

describe('a document that is being built', () => {
  const unfinished: [string, string, unknown][] = [
    ['model.layers empty', 'model/layers', []],
    ['data.x empty', 'data', { type: 'table', x: [], y: [], features: 2 }],
    ['model.layers.fc3 shape_mismatch', 'model/layers/6/out_features', 2],
    ['model.layers.relu2.inputs unknown_layer', 'model/layers/5/inputs', ['nobody']],
  ];
  it.each(unfinished)('may have %s, and cannot be trained so', (problem, path, value) => {
    const document = { ...base(), variants: [{ name: 'base' }] } as unknown as Record<string, never>;
    set(path, value)(document);
    const draft = parseDraft(document);
    expect(draft.document.name).toBe('regression');
    expect(draft.unfinished.map((x) => `${x.path} ${x.code}`)).toContain(problem);
    expect(() => parseExperiment(document)).toThrow(DocumentError);
  });

  it('has no wrong values', () => {
    const document = base() as unknown as Record<string, never>;
    set('model/layers/6/out_features', 2)(document);
    set('data/x_max', -7)(document);
    expect(() => parseDraft(document)).toThrow(/data\.x_max: must be above/);
  });

  it('has a name for every column, or none', () => {
    const table = (names: unknown) => {
      const document = base() as unknown as Record<string, never>;
      set('data', { type: 'table', x: [[1, 2, 3]], y: [[4]], names })(document);
      return document;
    };
    expect(parseDraft(table(['a', 'b', '', 'target'])).document.data).toMatchObject({
      names: ['a', 'b', '', 'target'],
    });
    expect(() => parseDraft(table(['a', 'b']))).toThrow(/data\.names: must be 4 names, one for each column, but is 2/);
    expect(() => parseDraft(table(['a', 'b', 'c', 'x'.repeat(201)]))).toThrow(/data\.names\.3/);
  });

  it('has as many features as it says, where there is no row to tell', () => {
    const document = base() as unknown as Record<string, never>;
    set('data', { type: 'table', x: [], y: [], features: 2 })(document);
    expect(dataShape(parseDraft(document).document.data)).toMatchObject({ input: [2], trainRows: 0 });
  });
});

describe('experiment document', () => {
  it('accepts the bundled example and fills in defaults', () => {
    const parsed = parseExperimentText(text);
    expect(parsed.variants.map((x) => x.name)).toEqual(['overfitting', 'dropout', 'L1', 'L2', 'combined']);
    const minimal = base() as unknown as { recipe: { regularization?: unknown } };
    delete minimal.recipe.regularization;
    expect(parseExperiment(minimal).recipe.regularization).toEqual(NO_REGULARIZATION);
  });

  it.each([
    ['model/layers/1/p', 1, 'model.layers.dropout1.p out_of_range'],
    ['model/layers/1/p', -0.1, 'model.layers.dropout1.p out_of_range'],
    ['model/layers/1/q', 1, 'model.layers.dropout1.q unknown_key'],
    ['model/layers/0/out_features', 2.5, 'model.layers.fc1.out_features not_an_integer'],
    ['model/layers/0/out_features', 0, 'model.layers.fc1.out_features out_of_range'],
    ['model/layers/0/type', 'Conv9d', 'model.layers.fc1.type not_one_of'],
    ['model/layers/6/out_features', 2, 'model.layers.fc3 shape_mismatch'],
    ['recipe/regularization/l1', -1, 'recipe.regularization.l1 out_of_range'],
    ['recipe/regularization/l2', -1, 'recipe.regularization.l2 out_of_range'],
    ['recipe/optimizer/lr', 0, 'recipe.optimizer.lr out_of_range'],
    ['recipe/optimizer/betas', [0.9, 1], 'recipe.optimizer.betas.1 out_of_range'],
    ['recipe/steps', '500', 'recipe.steps wrong_type'],
    ['data/noise', -0.3, 'data.noise out_of_range'],
    ['data/points', 1, 'data.points out_of_range'],
    ['seed', -1, 'seed out_of_range'],
    ['version', 2, 'version not_one_of'],
    ['variants', [], 'variants empty'],
    ['variants/1/name', 'overfitting', 'variants.overfitting duplicate_name'],
    [
      'variants/1/changes',
      { 'model.layers.dropout9.p': 0.5 },
      'variants.dropout.changes.model.layers.dropout9.p unknown_field',
    ],
    [
      'variants/1/changes',
      { 'model.layers.dropout1.p': 2 },
      'variants.dropout.changes.model.layers.dropout1.p out_of_range',
    ],
    [
      'variants/1/changes',
      { 'model.constructor.name': 'x' },
      'variants.dropout.changes.model.constructor.name unknown_field',
    ],
  ])('refuses %s = %j and names the field', (path, value, expected) => {
    expect(problems(set(path, value))).toContain(expected);
  });

  it('names a variant whose optimizer cannot be what it asks for', () => {
    expect(problems(set('recipe/optimizer', { type: 'SGD', lr: 0.1, nesterov: true }))).toContain(
      'recipe.optimizer.nesterov out_of_range',
    );
  });

  it('names wrong values of the base and of a variant at once', () => {
    const found = problems((document) => {
      set('data/points', 1)(document);
      set('variants/1/changes', { 'model.layers.dropout1.p': 1.5 })(document);
    });
    expect(found).toEqual([
      'data.points out_of_range',
      'variants.dropout.changes.model.layers.dropout1.p out_of_range',
    ]);
  });

  it('refuses x_min that is not below x_max', () => {
    expect(problems(set('data/x_max', -1))).toContain('data.x_max out_of_range');
  });

  it('says where text is no JSON', () => {
    expect(() => parseExperimentText('{"format": ')).toThrow(/is not valid JSON/);
  });

  it('lists the known variants when one does not exist', () => {
    expect(() => resolveVariant(parseExperimentText(text), 'ridge')).toThrow(
      /there are: overfitting, dropout, L1, L2, combined/,
    );
  });

  it('resolves a variant without touching the document', () => {
    const experiment = parseExperimentText(text);
    const before = structuredClone(experiment);
    const resolved = resolveVariant(experiment, 'dropout');
    expect(readField(resolved, 'model.layers.dropout1.p')).toBe(0.5);
    expect(experiment).toEqual(before);
  });

  it('resolves a validated document to the same, and validates again only what the variant changes', () => {
    const document = parseExperiment(base());
    for (const { name, changes } of document.variants) {
      const resolved = resolveValid(document, name);
      expect(resolved).toEqual(resolveVariant(document, name));
      const isChanged = (part: string) => Object.keys(changes).some((path) => path.startsWith(part));
      for (const part of ['data', 'model', 'recipe'] as const)
        expect(resolved[part] === document[part], `${name}: ${part}`).toBe(!isChanged(part));
    }
    const wrong = { ...document, variants: [{ name: 'wrong', changes: { 'recipe.epochs': -1 } }] };
    expect(() => resolveValid(wrong, 'wrong')).toThrow('variants.wrong.changes.recipe.epochs');
  });

  it('has its JSON Schema published as it is (npm run schema)', () => {
    expect(readFileSync(new URL('./experiment.schema.json', import.meta.url), 'utf8')).toBe(schemaText());
  });
});
