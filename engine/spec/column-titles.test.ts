// What inputs and targets are called: as the file has it, scaled or not, and one name for each number.
import { describe, expect, it } from 'vitest';
import { columnTitles, Data, dataShape, parseWith, type DatasetSpec } from './index.ts';

const dataset = (more: object = {}): DatasetSpec =>
  parseWith(
    Data,
    {
      type: 'dataset',
      digest: 'a'.repeat(64),
      name: 'people.csv',
      rows: 9,
      columns: [
        { name: 'price', role: 'target', kind: 'number' },
        { name: 'age', role: 'feature', kind: 'number' },
        { name: 'id', role: 'ignore', kind: 'number' },
        { name: 'town', role: 'feature', kind: 'category', categories: 3 },
        { name: 'size', role: 'feature', kind: 'category', categories: 4, encoding: 'index' },
      ],
      split: { method: 'random' },
      ...more,
    },
    'Data',
  ) as DatasetSpec;

const said = (data: Parameters<typeof columnTitles>[0]) => {
  const titles = columnTitles(data);
  const one = (x: NonNullable<typeof titles>['inputs'][number]) =>
    x && `${x.name}${x.category === null ? '' : ` ${String(x.category)}`}${x.standardized ? ' standardized' : ''}`;
  return titles && { inputs: titles.inputs.map(one), targets: titles.targets.map(one) };
};

describe('an imported table', () => {
  it('names every number that the model gets, and which are standardized', () => {
    const inputs = ['age standardized', 'town 0', 'town 1', 'town 2', 'size'];
    expect(said(dataset())).toEqual({ inputs, targets: ['price'] });
    expect(inputs).toHaveLength(dataShape(dataset()).input[0] ?? 0);
    expect(said(dataset({ standardize: false, standardize_target: true }))).toEqual({
      inputs: ['age', ...inputs.slice(1)],
      targets: ['price standardized'],
    });
  });

  it('of pictures has no columns', () => {
    const pictures = { shape: [1, 2, 2], classes: 2, mean: [0], std: [1] };
    expect(columnTitles(dataset({ columns: [], pictures }))).toBeNull();
  });
});

describe('a table of the document', () => {
  const table = (names?: readonly string[]) =>
    parseWith(Data, { type: 'table', x: [[1, 2]], y: [[3]], ...(names && { names }) }, 'Data');

  it('has names where they were given', () => {
    expect(said(table(['a', '', 'b']))).toEqual({ inputs: ['a', null], targets: ['b'] });
    expect(columnTitles(table())).toBeNull();
    expect(columnTitles(parseWith(Data, { type: 'moons', train: 5, test: 5, noise: 0 }, 'Data'))).toBeNull();
  });
});
