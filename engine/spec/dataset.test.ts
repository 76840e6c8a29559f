// The description of a stored data set: what it says of shapes, and every contradiction named by its field.
import { describe, expect, it } from 'vitest';
import { classNames } from './class-names.ts';
import { dataShape, hasPixels } from './data.ts';
import { datasetProblems } from './dataset-rules.ts';
import { DatasetData, type DatasetSpec } from './dataset.ts';
import { DocumentError } from './problem.ts';
import { parseExperiment } from './parse.ts';
import { parseWith } from './validate.ts';

const flowers = {
  type: 'dataset',
  digest: '0'.repeat(64),
  name: 'iris.csv',
  rows: 150,
  columns: [
    { name: 'sepal.length', role: 'feature', kind: 'number' },
    { name: 'colour', role: 'feature', kind: 'category', categories: 4 },
    { name: 'soil', role: 'feature', kind: 'category', categories: 3, encoding: 'index' },
    { name: 'note', role: 'ignore', kind: 'category', categories: 0 },
    { name: 'species', role: 'target', kind: 'category', categories: 3 },
  ],
  split: { method: 'stratified', validation: 0.2 },
} as const;
const pictures = {
  type: 'dataset',
  digest: 'f'.repeat(64),
  name: 'digits',
  rows: 70_000,
  pictures: { shape: [1, 28, 28], classes: 10, mean: [0.13], std: [0.31] },
  split: { method: 'file', test: 0.14 },
} as const;

const parse = (input: object): DatasetSpec => parseWith(DatasetData, input, 'Data');
/** The flowers with some fields of some columns changed; a column with null is left out. */
const columns = (changes: Readonly<Record<string, object | null>>): object => ({
  ...flowers,
  columns: flowers.columns.flatMap((x) => (changes[x.name] === null ? [] : [{ ...x, ...changes[x.name] }])),
});
const problems = (input: object): string[] =>
  datasetProblems(parse(input)).map((x) => `${x.path}: ${x.params['expected'] ?? x.code}`);

describe('a stored data set in a document', () => {
  it('says every shape without the data', () => {
    expect(dataShape(parse(flowers))).toEqual({
      input: [6],
      target: { kind: 'classes', classes: 3 },
      trainRows: null,
      validationRows: 30,
      testRows: null,
    });
    expect(dataShape(parse(pictures))).toMatchObject({
      input: [1, 28, 28],
      target: { kind: 'classes', classes: 10 },
      validationRows: 0,
    });
    expect([hasPixels(parse(flowers)), hasPixels(parse(pictures))]).toEqual([false, true]);
  });

  it('has defaults', () => {
    const { split, standardize, standardize_target, columns: given } = parse(flowers);
    expect(split).toEqual({ method: 'stratified', validation: 0.2, test: 0.2, seed: 0 });
    expect([standardize, standardize_target]).toEqual([true, false]);
    expect(given[0]).toMatchObject({ encoding: 'one_hot', missing: 'drop', categories: 0 });
  });

  it('knows what its classes are called, if it says so', () => {
    expect(classNames(parse(flowers))).toBeNull();
    expect(classNames(parse({ ...flowers, class_names: ['a', 'b', 'c'] }))).toEqual(['a', 'b', 'c']);
  });

  it('is without problems when all fits', () => {
    expect([problems(flowers), problems(pictures)]).toEqual([[], []]);
  });

  it.each<[object, string]>([
    [{ ...flowers, columns: [] }, 'data.columns: columns or pictures, one of them'],
    [{ ...flowers, pictures: pictures.pictures }, 'data.columns: columns or pictures, one of them'],
    [
      columns({ 'sepal.length': { role: 'ignore' }, colour: null, soil: null }),
      'data.columns: at least one feature column',
    ],
    [{ ...columns({ species: null }), split: { method: 'random' } }, 'data.columns: at least one target column'],
    [
      columns({ 'sepal.length': { role: 'target' } }),
      'data.columns.species.role: the only target, because it holds categories',
    ],
    [columns({ species: { categories: 1 } }), 'data.columns.species.categories: at least 2 classes'],
    [columns({ colour: { categories: 0 } }), 'data.columns.colour.categories: at least 1 category'],
    [columns({ 'sepal.length': { categories: 2 } }), 'data.columns.sepal.length.categories: 0 for numbers'],
    [
      columns({ colour: { missing: 'median' } }),
      'data.columns.colour.missing: drop or most_frequent, because the column holds categories',
    ],
    [columns({ colour: { categories: 65_536 } }), 'data.columns: at most 65536 numbers in a row'],
    [columns({ colour: { name: 'soil' } }), 'data.columns.soil: duplicate_name'],
    [{ ...flowers, split: { method: 'column' } }, 'data.columns: one column of categories with the role split'],
    [{ ...flowers, split: { method: 'file' } }, 'data.split.method: a method for columns (random, stratified, column)'],
    [
      { ...pictures, split: { method: 'column' } },
      'data.split.method: a method for pictures (random, stratified, file)',
    ],
    [
      columns({ species: { kind: 'number', categories: 0 } }),
      'data.split.method: random, because the target is a number',
    ],
    [
      { ...flowers, split: { method: 'random', validation: 0.5, test: 0.5 } },
      'data.split.test: so small that the shares sum to less than 1',
    ],
    [{ ...flowers, class_names: ['a'] }, 'data.class_names: 3 names, one for each class'],
    [
      { ...pictures, pictures: { ...pictures.pictures, mean: [0.5, 0.5] } },
      'data.pictures.mean: 1 numbers, one for each channel',
    ],
    [{ ...pictures, pictures: { ...pictures.pictures, classes: 1 } }, 'data.pictures.classes: at least 2 classes'],
    [
      { ...pictures, pictures: { ...pictures.pictures, shape: [1, 1000, 1000] } },
      'data.pictures.shape: at most 65536 numbers in a row',
    ],
  ])('%#: names what does not fit: %s', (input, problem) => {
    expect(problems(input)).toEqual([problem]);
  });

  it.each([
    { digest: 'abc' },
    { rows: 0 },
    { name: '' },
    { split: { method: 'random', test: 1 } },
    { columns: [{ name: 'x', role: 'feature', kind: 'number', size: 3 }] },
  ])('refuses %o by its fields', (change) => {
    expect(() => parse({ ...flowers, ...change })).toThrow(DocumentError);
  });

  it('is judged within an experiment, for every variant', () => {
    const document = (data: object, changes: object = {}): object => ({
      format: 'overfit-experiment',
      version: 1,
      name: 'flowers',
      seed: 1,
      data,
      model: { layers: [{ name: 'out', type: 'Linear', out_features: 3 }] },
      recipe: { loss: { type: 'CrossEntropyLoss' }, optimizer: { type: 'SGD', lr: 0.1 }, epochs: 3, batch_size: 10 },
      variants: [{ name: 'plain' }, { name: 'changed', changes }],
    });
    expect(parseExperiment(document(flowers)).data.type).toBe('dataset');
    expect(() => parseExperiment(document(columns({ species: { categories: 4 } })))).toThrow(/gives \[3\].*\[4\]/);
    expect(() => parseExperiment(document(flowers, { 'data.columns.colour.missing': 'mean' }))).toThrow(
      /data.columns.colour.missing: must be drop or most_frequent/,
    );
  });
});
