// Rows, columns and classes of data, whatever holds them, and which rows of a long list are drawn.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../engine/spec/index.ts';
import { dataShape, parseExperiment, type TableSpec } from '../../engine/spec/index.ts';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { classColour } from './class-colours.ts';
import { classCounts, histogram, momentsOf, pictureCounts } from './data-columns.ts';
import { columnName, columnValues, rowAt, rowCount, rowsOfPoints, rowsOfTable, type Points } from './data-rows.ts';
import { dotsOfPoints, kindOfShape, tableOfPoints, tableRefusal } from './paint/preview-dots.ts';
import { addRowTo, cellPath, removeRowOf } from './row-edits.ts';
import { scrollTo, visibleRows } from './virtual-rows.ts';

const TABLE: TableSpec = {
  type: 'table',
  x: [
    [1, 10],
    [2, 20],
  ],
  y: [[0], [1]],
  validation_x: [],
  validation_y: [],
  test_x: [[3, 30]],
  test_y: [[1]],
  shape: null,
  classes: 2,
};
const document = { ...parseExperiment(EXAMPLES['regression']), data: TABLE };
const tableIn = (x: typeof document): TableSpec => x.data;

const points = (rows: number): Points => ({
  train: {
    x: Float32Array.from({ length: 2 * rows }, (_, i) => i / 3),
    y: Float32Array.from({ length: rows }, (_, i) => i % 2),
  },
  validation: null,
  test: { x: Float32Array.of(0.1, 0.2), y: Float32Array.of(1) },
});
const shape = (rows: number) => ({ ...dataShape(TABLE), trainRows: rows });

describe('rows', () => {
  it('of a table and of points are read alike', () => {
    const table = rowsOfTable(TABLE);
    const drawn = rowsOfPoints(points(2), shape(2));
    for (const rows of [table, drawn]) {
      expect([rows.features, rows.targets, rows.classes, rowCount(rows)]).toEqual([2, 1, 2, 3]);
      expect(rows.splits.map((x) => x.split)).toEqual(['train', 'test']);
      expect([0, 1, 2, 3].map((n) => rowAt(rows, n))).toEqual([
        { split: 'train', row: 0 },
        { split: 'train', row: 1 },
        { split: 'test', row: 0 },
        null,
      ]);
    }
    expect([table.cell('test', 0, 1), table.cell('test', 0, 2)]).toEqual([30, 1]);
    expect(drawn.cell('train', 1, 0)).toBe(Math.fround(2 / 3));
    expect([0, 1, 2].map((i) => columnName(table, i))).toEqual(['x₁', 'x₂', 'y']);
    expect(columnName({ features: 12, targets: 2 }, 11)).toBe('x₁₂');
  });

  it('tell when there are more than are shown', () => {
    expect(rowsOfPoints(points(2), shape(900)).splits[0]).toEqual({ split: 'train', rows: 2, total: 900 });
    const thinned = { ...points(2), rows: { train: 5000, validation: 0, test: 1 } };
    expect(rowsOfPoints(thinned, shape(2)).splits.map((x) => x.total)).toEqual([5000, 1]);
    expect(tableRefusal(thinned, shape(2))).toBe('sampled');
  });

  it('are added like the last one and removed, and cells have a path', () => {
    expect(tableIn(addRowTo('train')(document) as typeof document).x).toEqual([...TABLE.x, [2, 20]]);
    const added = tableIn(addRowTo('validation')(document) as typeof document);
    expect([added.validation_x, added.validation_y]).toEqual([[[2, 20]], [[1]]]);
    const open = { ...TABLE, x: [], y: [], test_x: [], test_y: [], features: 3 };
    expect(rowsOfTable(open)).toMatchObject({ features: 3, targets: 1, splits: [] });
    expect(tableIn(addRowTo('train')({ ...document, data: open }) as typeof document)).toMatchObject({
      x: [[0, 0, 0]],
      y: [[0]],
    });
    expect(tableIn(removeRowOf('train', 0)(document) as typeof document)).toMatchObject({ x: [[2, 20]], y: [[1]] });
    expect([cellPath('train', 3, 1, 2), cellPath('test', 0, 2, 2)]).toEqual(['data.x.3.1', 'data.test_y.0.0']);
  });
});

describe('columns', () => {
  it('have figures as torch computes them, and count what is missing', () => {
    const facts = factsOf(momentsOf(Float64Array.of(1, 2, Number.NaN, 4)));
    expect(facts).toMatchObject({ count: 3, missing: 1, min: 1, max: 4 });
    expect([facts.mean, facts.sd]).toEqual([expect.closeTo(7 / 3, 12), expect.closeTo(1.5275252316519468, 12)]);
    expect(factsOf(momentsOf(new Float64Array())).mean).toBeNaN();
    expect(factsOf(momentsOf(Float64Array.of(1e9 + 1, 1e9 + 2))).sd).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it('of whole numbers have a bar for each, others over round limits; every number is in one bar', () => {
    const whole = Float64Array.of(0, 2, 2, 1);
    expect(histogram(whole, momentsOf(whole), 20).map((x) => [x.from, x.count])).toEqual([
      [-0.5, 1],
      [0.5, 1],
      [1.5, 2],
    ]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (list) => {
        const values = Float64Array.from(list);
        const bins = histogram(values, momentsOf(values), 20);
        expect(bins.reduce((n, x) => n + x.count, 0)).toBe(list.length);
        expect(bins.length).toBeLessThanOrEqual(30);
      }),
    );
    expect(histogram(new Float64Array(), momentsOf(new Float64Array()), 20)).toEqual([]);
  });

  it('are gathered over splits; what is no number is missing', () => {
    const rows = rowsOfTable({ ...TABLE, x: [[1, 'ten' as unknown as number], TABLE.x[1] as number[]] });
    expect([...columnValues(rows, 1)]).toEqual([Number.NaN, 20, 30]);
    expect([...columnValues(rows, 0, 'test')]).toEqual([3]);
  });

  it('of classes are counted per split; pictures are counted as far as they are at hand', () => {
    expect(classCounts(rowsOfTable(TABLE))).toEqual([
      { split: 'train', counts: [1, 1], rows: 2, total: 2 },
      { split: 'test', counts: [0, 1], rows: 1, total: 1 },
    ]);
    expect(classCounts(rowsOfTable({ ...TABLE, classes: null }))).toEqual([]);
    const labels = { train: Int32Array.of(0, 1, 1), test: null };
    expect(pictureCounts(labels, { train: 4000, validation: 0, test: 0 }, 3)).toEqual([
      { split: 'train', counts: [1, 2, 0], rows: 3, total: 4000 },
    ]);
  });
});

describe('points that are taken over', () => {
  it('are exactly the same numbers', () => {
    const drawn = points(50);
    const table = tableOfPoints(drawn, 'class', 2);
    expect(Float32Array.from(table.x.flat())).toEqual(drawn.train.x);
    expect(table.y.flat()).toEqual([...drawn.train.y]);
    // Written as briefly as they can be.
    expect(table.test_x).toEqual([[0.1, 0.2]]);
    expect(table).toMatchObject({ classes: 2, shape: null, validation_x: [] });
  });

  it('must all be there, and have room', () => {
    expect(tableRefusal(points(50), { ...shape(50), testRows: 1 })).toBeNull();
    expect(tableRefusal(points(50), { ...shape(60), testRows: 1 })).toBe('sampled');
    expect(tableRefusal(points(50), { ...shape(10_001), testRows: 1 })).toBe('too_many');
  });

  it('lie on a plane, or are not drawn', () => {
    expect(kindOfShape(shape(2))).toBe('class');
    expect(kindOfShape({ ...shape(2), input: [1], target: { kind: 'values', shape: [1] } })).toBe('height');
    expect(kindOfShape({ ...shape(2), input: [1, 1, 2] })).toBeNull();
    expect(dotsOfPoints(points(100), 'class', 10).filter((x) => x.split === 'train')).toHaveLength(10);
  });
});

describe('a very long list', () => {
  it('draws what is on the screen, wherever it is scrolled to', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (rows, part) => {
        const [rowPx, viewPx] = [28, 500];
        const { heightPx } = visibleRows(rows, rowPx, 0, viewPx);
        const scrollTop = part * Math.max(0, heightPx - viewPx);
        const { from, to, offsetPx } = visibleRows(rows, rowPx, scrollTop, viewPx);
        expect(heightPx).toBeLessThanOrEqual(8_000_000);
        expect(to - from).toBeLessThan(40);
        // No gap at either edge of the screen.
        expect(offsetPx).toBeLessThanOrEqual(scrollTop + 1e-6);
        expect(to === rows || offsetPx + (to - from) * rowPx >= scrollTop + viewPx).toBe(true);
      }),
    );
  });

  it('begins with the first row and ends with the last', () => {
    const { heightPx } = visibleRows(1_000_000, 28, 0, 500);
    expect(visibleRows(1_000_000, 28, 0, 500)).toMatchObject({ from: 0, offsetPx: 0 });
    const end = visibleRows(1_000_000, 28, heightPx - 500, 500);
    expect(end.to).toBe(1_000_000);
    expect(end.offsetPx + (end.to - end.from) * 28).toBeCloseTo(heightPx, 3);
  });

  it('scrolls to a row', () => {
    for (const rows of [1000, 1_000_000]) {
      const { from, to } = visibleRows(rows, 28, scrollTo(700, rows, 28, 500), 500);
      expect(from <= 700 && to > 700).toBe(true);
    }
  });
});

it('classes have colours that differ, in both themes', () => {
  for (const theme of ['light', 'dark'] as const)
    expect(new Set([0, 1, 2, 3, 4, 5, 6, 7].map((i) => classColour(i, theme))).size).toBe(8);
  expect(classColour(10, 'light')).toBe(classColour(0, 'light'));
});
