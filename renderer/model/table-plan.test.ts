// Planning the columns of a table: a new one, and other columns for one that is there.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { MOST_TABLE_ROWS, parseDraft, parseExperiment, type TableSpec } from '../../engine/spec/index.ts';
import {
  changeColumns,
  createTable,
  FIRST_PLAN,
  newTable,
  planOf,
  planProblems,
  resized,
  type TablePlan,
} from './table-plan.ts';

const document = parseExperiment(EXAMPLES['regression']);
const tableAfter = (table: TableSpec, plan: TablePlan): TableSpec => {
  const { data } = changeColumns(plan)({ ...document, data: table });
  if (data.type !== 'table') throw new Error('no table');
  return data;
};
const TABLE: TableSpec = {
  ...newTable(FIRST_PLAN),
  x: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  y: [[7], [8]],
  test_x: [[9, 10, 11]],
  test_y: [[12]],
  names: ['a', '', 'c', 'price'],
};

const column = fc.record({ name: fc.constantFrom('', ' ', 'age', '身高'), from: fc.constant(null) });
const plan: fc.Arbitrary<TablePlan> = fc.record({
  inputs: fc.array(column, { minLength: 1, maxLength: 6 }),
  targets: fc.array(column, { minLength: 1, maxLength: 3 }),
  classes: fc.constantFrom(null, 2, 7),
  rows: fc.record({ train: fc.integer({ min: 1, max: 9 }), validation: fc.nat(4), test: fc.nat(4) }),
});

describe('a new table', () => {
  it('of any plan makes a good document, and plans as it is', () => {
    fc.assert(
      fc.property(plan, (wanted) => {
        expect(planProblems(wanted).size).toBe(0);
        const { data } = parseDraft(createTable(wanted)(document)).document;
        if (data.type !== 'table') throw new Error('no table');
        expect(data.x).toHaveLength(wanted.rows.train as number);
        expect(data.test_y).toHaveLength(wanted.rows.test as number);
        const again = planOf(data);
        expect(again.inputs.map((x) => x.name)).toEqual(wanted.inputs.map((x) => x.name.trim()));
        expect(again.classes).toBe(wanted.classes);
        expect(changeColumns(again)({ ...document, data })).toEqual({ ...document, data });
      }),
    );
  });

  it('says which counts cannot be', () => {
    const wrong = { ...FIRST_PLAN, classes: 1, rows: { train: 0, validation: 2.5, test: MOST_TABLE_ROWS + 1 } };
    expect([...planProblems(wrong)]).toEqual(['classes', 'train', 'validation', 'test']);
    expect([...planProblems({ ...FIRST_PLAN, inputs: [], targets: [] })]).toEqual(['inputs', 'targets']);
    expect([...planProblems({ ...FIRST_PLAN, classes: '', rows: { train: '', validation: 0, test: 0 } })]).toEqual([
      'classes',
      'train',
    ]);
    expect(planProblems({ ...FIRST_PLAN, inputs: resized([], 201) }).has('inputs')).toBe(true);
  });
});

describe('other columns', () => {
  const first = planOf(TABLE);

  it('keep the cells of those that stay, in every split', () => {
    const [, b, c] = first.inputs;
    if (!b || !c) throw new Error('three inputs');
    const next = tableAfter(TABLE, { ...first, inputs: [b, c, { name: 'new', from: null }] });
    expect(next).toMatchObject({
      x: [
        [2, 3, 0],
        [5, 6, 0],
      ],
      y: [[7], [8]],
      test_x: [[10, 11, 0]],
      names: ['', 'c', 'new', 'price'],
    });
  });

  it('may have other names alone, or none', () => {
    const named = { ...first, inputs: first.inputs.map((x) => ({ ...x, name: '' })) };
    expect(tableAfter(TABLE, named)).toEqual({ ...TABLE, names: ['', '', '', 'price'] });
    const { names: _, ...nameless } = TABLE;
    expect(tableAfter(TABLE, { ...named, targets: [{ name: ' ', from: 0 }] })).toEqual(nameless);
  });

  it('make the model answer with as many numbers as there are targets', () => {
    const next = changeColumns({ ...first, targets: resized(first.targets, 3) })({ ...document, data: TABLE });
    expect(next.model.layers.at(-1)).toMatchObject({ out_features: 3 });
    expect(parseDraft(next).unfinished).toEqual([]);
  });
});
