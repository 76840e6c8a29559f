import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { parseExperiment } from '../../engine/spec/index.ts';
import { fakeDataset, fakeHugePreview, fakeImportPreview } from '../host/fake-datasets.ts';
import { describedWith, guessedChoices, readColumns, setColumn, suitable, useDataset, withTarget } from './dataset.ts';

const entry = fakeDataset(1);
const regression = parseExperiment(EXAMPLES['regression']);
const column = (name: string, examples: readonly string[], kind: 'number' | 'category' = 'category') => ({
  name,
  kind,
  missing: 0,
  examples,
});

describe('guesses for a file that has only been looked at', () => {
  it('take the column that is called like one for the target, else the last', () => {
    const roles = (names: readonly string[]) =>
      Object.entries(guessedChoices(names.map((x) => column(x, ['1'], 'number')))).map(([name, { role }]) => [
        name,
        role,
      ]);
    expect(roles(['a', 'label', 'b'])).toEqual([
      ['a', 'feature'],
      ['label', 'target'],
      ['b', 'feature'],
    ]);
    expect(roles(['a', 'b'])).toEqual([
      ['a', 'feature'],
      ['b', 'target'],
    ]);
  });

  it('know a column that says which rows are for what, and one that only counts', () => {
    const choices = guessedChoices([
      column('id', ['1', '2'], 'number'),
      column('x', ['3', '1'], 'number'),
      column('part', ['train', 'test', 'val']),
    ]);
    expect(choices).toMatchObject({ id: { role: 'ignore' }, x: { role: 'target' }, part: { role: 'split' } });
  });

  it('leave columns alone that are not read', () => {
    const preview = { ...fakeImportPreview, columns: [{ ...column('note', ['a']), kind: 'ignore' as const }] };
    expect(readColumns(preview)).toEqual([]);
    expect(readColumns(fakeHugePreview)).toHaveLength(300);
  });
});

it('a rule that a kind has not becomes the nearest one', () => {
  expect(suitable('mean', 'number')).toBe('mean');
  expect(suitable('mean', 'category')).toBe('most_frequent');
  expect(suitable('most_frequent', 'number')).toBe('median');
  expect(suitable('drop', 'category')).toBe('drop');
});

it('several numbers can be targets, a category only alone', () => {
  const columns = [
    { name: 'a', kind: 'number', role: 'target' },
    { name: 'b', kind: 'number', role: 'feature' },
    { name: 'c', kind: 'category', role: 'feature' },
  ] as const;
  const targets = (name: string, alone: boolean) =>
    withTarget(columns, name, alone)
      .filter((x) => x.role === 'target')
      .map((x) => x.name);
  expect(targets('b', false)).toEqual(['a', 'b']);
  expect(targets('b', true)).toEqual(['b']);
  expect(targets('c', false)).toEqual(['c']);
});

describe('a document with imported data', () => {
  it.each(Object.keys(EXAMPLES).filter((x) => x !== 'cnn'))('is good, whatever it was made from: %s', (name) => {
    const document = useDataset(parseExperiment(EXAMPLES[name]), entry, {});
    expect(parseExperiment(document).data).toEqual(entry.described);
    expect(document.recipe.loss.type).toBe('CrossEntropyLoss');
  });

  it('that learns a number keeps its loss, and answers one number', () => {
    const document = useDataset(regression, entry, {
      'petal width': { role: 'target', missing: 'drop' },
      species: { role: 'feature', missing: 'drop' },
    });
    const { data, recipe, model } = parseExperiment(document);
    expect(recipe.loss).toEqual(regression.recipe.loss);
    expect(model.layers.at(-1)).toMatchObject({ out_features: 1 });
    expect(data).toMatchObject({ class_names: [], split: { method: 'random' } });
  });

  it('forgets the mark of rows with the column that held it', () => {
    const marked = setColumn(entry.described, entry.columns, 'garden', { role: 'split' });
    const byColumn = { ...marked, split: { ...marked.split, method: 'column' as const } };
    expect(setColumn(byColumn, entry.columns, 'garden', { role: 'feature' }).split.method).toBe('stratified');
    expect(setColumn(byColumn, entry.columns, 'sepal width', { missing: 'drop' }).split.method).toBe('column');
  });

  it('takes choices for columns that it has, and no others', () => {
    const data = describedWith(entry, { nothing: { role: 'target', missing: 'drop' } });
    expect(data).toEqual(entry.described);
  });
});
