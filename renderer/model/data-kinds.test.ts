// Every kind of data that can be chosen is good to train on at once, has a field for all that it says, and is known again.
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { dataShape, parseExperiment, readField, type ExperimentSpec } from '../../engine/spec/index.ts';
import { dataFields } from './data-fields.ts';
import { setData } from './data-edits.ts';
import { DATA_KINDS, kindOf, kindWords } from './data-kinds.ts';
import { formOf, problemOf } from './form.ts';

const regression = (): ExperimentSpec => parseExperiment(EXAMPLES['regression']);
const KINDS = DATA_KINDS.map((x) => [x.id, x] as const);

/** Paths of the values of some data; lists of numbers count as one. */
const leaves = (node: unknown, path: string): string[] =>
  typeof node === 'object' && node !== null && !Array.isArray(node)
    ? Object.entries(node).flatMap(([key, value]) => leaves(value, `${path}.${key}`))
    : [path];

describe.each(KINDS)('%s', (id, kind) => {
  it('is known again, and has words of its own', () => {
    expect(kindOf(kind.data)).toBe(id);
    expect(kindWords(id)).toMatchObject({ label: kind.label, hint: kind.hint });
  });

  it('makes a good experiment of the regression example', () => {
    const next = setData(structuredClone(kind.data))(regression());
    expect(parseExperiment(next)).toEqual(next);
    expect(next.data).toEqual(kind.data);
  });

  it('has points to train on and to test on', () => {
    const { trainRows, testRows } = dataShape(kind.data);
    expect(trainRows).toBeGreaterThan(5);
    expect(testRows).toBeGreaterThan(3);
  });

  it('has a field for everything that it says', () => {
    if (kind.data.type === 'table') return;
    const { main, more } = dataFields(kind.data);
    const fields = [...main, ...more];
    const paths = fields.flatMap((x) => x.paths);
    const said = leaves(kind.data, 'data').filter((path) => path !== 'data.type');
    const missing = said.filter((path) => !paths.some((x) => x === path || x.startsWith(`${path}.`)));
    expect(missing).toEqual([]);
    expect(new Set(paths).size).toBe(paths.length);
    const document = setData(structuredClone(kind.data))(regression());
    for (const path of paths) expect(readField(document, path), path).not.toBeUndefined();
  });
});

it('paintings begin spread over the plane, with classes equally often', () => {
  for (const { id, data } of DATA_KINDS) {
    if (data.type !== 'table') continue;
    const all = [...data.x, ...data.test_x];
    expect(new Set(all.map(String)).size, id).toBe(all.length);
    for (const column of all[0]?.keys() ?? []) {
      const values = all.map((row) => row[column] ?? 0);
      expect(Math.min(...values)).toBeLessThan(-0.7);
      expect(Math.max(...values)).toBeGreaterThan(0.7);
      expect(values.every((x) => Math.abs(x) <= 1)).toBe(true);
    }
    if (data.classes !== null) expect(data.y.filter(([label]) => label === 0)).toHaveLength(data.y.length / 2);
  }
});

it('other tables and files are no kind of the list, and still have words', () => {
  const rows = parseExperiment(EXAMPLES['numpy-dropout']).data;
  expect(kindOf(rows)).toBe('table');
  expect(kindWords('table').label).toBe('generators.table');
  expect(kindWords('cifar10').hint).toBe('data.cifar10');
  if (rows.type !== 'table') throw new Error('the example holds a table');
  expect(kindOf({ ...rows, x: [[1, 2]], y: [[3, 4]] })).toBe('table');
  expect(kindOf({ ...rows, x: [[1, 2]], y: [[2]], classes: 3 })).toBe('painted_classes');
  expect(kindOf({ ...rows, x: [[1, 2, 3]], y: [[2]], classes: 3 })).toBe('table');
  expect(kindOf({ ...rows, x: [[1, 2]], y: [[1]], shape: [1, 1, 2] })).toBe('table');
});

describe('lists', () => {
  const chosen = (id: string): ExperimentSpec => {
    const kind = DATA_KINDS.find((x) => x.id === id);
    if (!kind) throw new Error(id);
    return setData(structuredClone(kind.data))(regression());
  };
  const listOf = (document: ExperimentSpec, path: string) => {
    const { main, more } = dataFields(document.data);
    const field = [...main, ...more].find((x) => x.paths[0] === path);
    if (field?.kind !== 'list') throw new Error(path);
    return field;
  };

  it('show the powers that the coefficients stand before', () => {
    const document = chosen('polynomial');
    const field = listOf(document, 'data.coefficients');
    expect(field.read(document)).toEqual([0, -1, 0, 2]);
    expect([0, 1, 2, 3, 12].map(field.caption)).toEqual(['1', 'x', 'x²', 'x³', 'x¹²']);
  });

  it('show a weight for each class, ones while there are none', () => {
    const document = chosen('spirals');
    const field = listOf(document, 'data.balance');
    expect(field.read(document)).toEqual([1, 1]);
    const own = { ...document, data: { ...document.data, balance: [3, 1] } } as ExperimentSpec;
    expect(field.read(own)).toEqual([3, 1]);
  });

  it('have their problems at their field', () => {
    const document = chosen('polynomial');
    const found = problemOf(
      [{ path: 'data.coefficients.2', code: 'wrong_type', message: '', params: {} }],
      listOf(document, 'data.coefficients'),
    );
    expect(found?.path).toBe('data.coefficients.2');
    expect(formOf(document, 'weight_decay').data.main.map((x) => x.paths[0])).toContain('data.coefficients');
  });
});
