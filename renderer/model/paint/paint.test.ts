// Strokes, selections and where things lie: what every tool leaves alone, and what it must not lose.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExperiment, type TableSpec } from '../../../engine/spec/index.ts';
import { EXAMPLES } from '../../../assets/examples/index.ts';
import { countBySplit, dotsOfTable, kindOfTable, MOST_DOTS, paintKind, tableOfDots, type Dot } from './dots.ts';
import { indexDots } from './grid-index.ts';
import { fitted, reachAt, roundedTo, toPixel, toPlace, within, zoomed, type Plane } from './plane.ts';
import { seededRandom } from './seeded-random.ts';
import { common, extended, selected } from './selection.ts';
import { add, applied, assigned, erase, magnet, moved, revalued, spray, withoutClass, type Step } from './tools.ts';
import { partOfSpan, valueColour, valueSpan } from './value-colours.ts';

const exact = (place: { u: number; v: number }) => ({ u: place.u, v: place.v });
const PLANE: Plane = { x: [-2, 2], y: [-1, 3], left: 50, top: 10, width: 400, height: 300 };
const TABLE: TableSpec = {
  type: 'table',
  x: [
    [0, 1],
    [0.5, -1],
  ],
  y: [[0], [2]],
  validation_x: [[3, 3]],
  validation_y: [[1]],
  test_x: [],
  test_y: [],
  shape: null,
  classes: 3,
};

const number = fc.double({ min: -5, max: 5, noNaN: true });
const dot: fc.Arbitrary<Dot> = fc.record({
  u: number,
  v: number,
  value: fc.integer({ min: 0, max: 3 }),
  split: fc.constantFrom('train', 'validation', 'test'),
});
const dots = fc.array(dot, { maxLength: 80 });
const reach = fc.record({
  u: number,
  v: number,
  ru: fc.double({ min: 0.01, max: 4, noNaN: true }),
  rv: fc.double({ min: 0.01, max: 4, noNaN: true }),
});

describe('points of a table', () => {
  it('are found by its columns', () => {
    expect([paintKind(1, 1, null), paintKind(2, 1, null), paintKind(2, 1, 4)]).toEqual(['height', 'value', 'class']);
    expect([paintKind(3, 1, null), paintKind(1, 2, null), paintKind(1, 1, 2)]).toEqual([null, null, null]);
    expect(kindOfTable(TABLE)).toBe('class');
    expect(kindOfTable({ ...TABLE, shape: [1, 1, 2] })).toBeNull();
  });

  it('of a cleared table are painted as before', () => {
    const empty = { ...TABLE, x: [], y: [], validation_x: [], validation_y: [], classes: null };
    expect(kindOfTable(empty, 'value')).toBe('value');
    expect(kindOfTable(empty)).toBe('height');
    expect(kindOfTable({ ...empty, classes: 2 }, 'height')).toBe('class');
    expect(kindOfTable({ ...empty, features: 2 }, 'height')).toBe('value');
    expect(kindOfTable({ ...empty, features: 5 }, 'height')).toBeNull();
  });

  it('go there and back', () => {
    const found = dotsOfTable(TABLE, 'class');
    expect(found?.map((x) => x.split)).toEqual(['train', 'train', 'validation']);
    expect(tableOfDots(TABLE, 'class', found ?? [])).toEqual({ ...TABLE, features: 2 });
    const line = { ...TABLE, x: [[1], [2]], y: [[3], [4]], validation_x: [], validation_y: [], classes: null };
    expect(dotsOfTable(line, 'height')).toEqual([
      { u: 1, v: 3, value: 0, split: 'train' },
      { u: 2, v: 4, value: 0, split: 'train' },
    ]);
    expect(tableOfDots(line, 'height', dotsOfTable(line, 'height') ?? [])).toEqual({ ...line, features: 1 });
    expect(kindOfTable(tableOfDots(TABLE, 'class', []))).toBe('class');
  });

  it('are not guessed while a cell is wrong', () => {
    expect(dotsOfTable({ ...TABLE, y: [['two' as unknown as number], [1]] }, 'class')).toBeNull();
    expect(dotsOfTable({ ...TABLE, x: [[0], [1, 2]] }, 'class')).toBeNull();
    expect(dotsOfTable({ ...TABLE, y: [[0]] }, 'class')).toBeNull();
  });

  it('are as many as the specification takes', () => {
    const rows = (n: number) => Array.from({ length: n }, () => [0]);
    const of = (n: number) => () =>
      parseExperiment({ ...parseExperiment(EXAMPLES['regression']), data: { type: 'table', x: rows(n), y: rows(n) } });
    expect(of(MOST_DOTS)).not.toThrow();
    expect(of(MOST_DOTS + 1)).toThrow(/10000 rows/);
  });
});

describe('the plane', () => {
  it('gives places back from their pixels', () => {
    fc.assert(
      fc.property(number, number, (u, v) => {
        const back = toPlace(PLANE, toPixel(PLANE, { u, v }));
        expect(back.u).toBeCloseTo(u, 9);
        expect(back.v).toBeCloseTo(v, 9);
      }),
    );
    expect(toPixel(PLANE, { u: -2, v: 3 })).toEqual({ px: 50, py: 10 });
  });

  it('rounds painted numbers by no more than a twentieth of a pixel', () => {
    fc.assert(
      fc.property(number, number, (u, v) => {
        const near = roundedTo(PLANE, { u, v });
        expect(Math.abs(near.u - u) / (4 / 400)).toBeLessThanOrEqual(0.05);
        expect(Math.abs(near.v - v) / (4 / 300)).toBeLessThanOrEqual(0.05);
        expect(String(near.u).length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('is fitted to all points with a margin, and to something without points', () => {
    fc.assert(
      fc.property(dots, (all) => {
        const { x, y } = fitted(all);
        expect(x[0]).toBeLessThan(x[1]);
        expect(y[0]).toBeLessThan(y[1]);
        expect(all.every(({ u, v }) => u > x[0] && u < x[1] && v > y[0] && v < y[1])).toBe(true);
      }),
    );
    expect(fitted([])).toEqual({ x: [-1, 1], y: [-1, 1] });
    const [first = null] = dotsOfTable(TABLE, 'class') ?? [];
    if (!first) throw new Error('no point');
    expect(
      fitted([
        { ...first, v: 0 },
        { ...first, v: 5e-324 },
      ]).y,
    ).toEqual([-0.08, 0.08]);
  });

  it('zooms around its middle, and no further than numbers go', () => {
    expect(zoomed([0, 4], 0.5)).toEqual([1, 3]);
    expect(zoomed([1, 1 + 1e-9], 0.5)).toEqual([1, 1 + 1e-9]);
    expect(zoomed([-1e12, 1e12], 2)).toEqual([-1e12, 1e12]);
  });
});

describe('the index', () => {
  it('finds the same points as looking at all of them', () => {
    fc.assert(
      fc.property(dots, reach, number, number, (all, circle, u, v) => {
        const index = indexDots(all);
        const near = all.flatMap((x, i) => (within(circle, x) ? [i] : []));
        expect(index.near(circle)).toEqual(near);
        const [a, b] = [circle, { u, v }];
        const inside = all.flatMap((x, i) =>
          x.u >= Math.min(a.u, b.u) &&
          x.u <= Math.max(a.u, b.u) &&
          x.v >= Math.min(a.v, b.v) &&
          x.v <= Math.max(a.v, b.v)
            ? [i]
            : [],
        );
        expect(index.inside(a, b)).toEqual(inside);
        expect(index.nearest(circle) === null).toBe(near.length === 0);
      }),
    );
  });

  it('finds nothing among no points', () => {
    const index = indexDots([]);
    expect([index.near({ u: 0, v: 0, ru: 9, rv: 9 }), index.nearest({ u: 0, v: 0, ru: 9, rv: 9 })]).toEqual([[], null]);
  });
});

describe('tools', () => {
  const step = (own: Partial<Step> = {}): Step => ({
    reach: { u: 0, v: 0, ru: 1, rv: 1 },
    paint: { value: 1, split: 'train' },
    density: 5,
    random: seededRandom(3),
    rounding: exact,
    ...own,
  });

  it('spray within their reach, the same points for the same seed', () => {
    fc.assert(
      fc.property(reach, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (circle, seed) => {
        const places = spray(circle, 20, seededRandom(seed), exact);
        const wider = { ...circle, ru: circle.ru * 1.0001, rv: circle.rv * 1.0001 };
        expect(places.every((x) => within(wider, x))).toBe(true);
        expect(spray(circle, 20, seededRandom(seed), exact)).toEqual(places);
      }),
    );
  });

  it('add what has room, say what has none, and lose nothing', () => {
    const full = Array.from({ length: MOST_DOTS - 2 }, (): Dot => ({ u: 0, v: 0, value: 0, split: 'train' }));
    const places = [1, 2, 3].map((u) => ({ u, v: u }));
    const { dots: after, refused } = add(full, places, { value: 0, split: 'train' });
    expect([after.length, refused]).toEqual([MOST_DOTS, 1]);
    expect(after.slice(0, full.length)).toEqual(full);
    expect(add(after, places, { value: 0, split: 'test' })).toMatchObject({ refused: 0 });
    expect(add(after, places, { value: 0, split: 'train' }).dots).toBe(after);
  });

  it('share every point that they leave alone', () => {
    fc.assert(
      fc.property(dots, reach, fc.constantFrom('jitter', 'magnet'), (all, circle, tool) => {
        const index = indexDots(all);
        const after = applied(tool, all, () => index, step({ reach: circle })).dots;
        const near = new Set(index.near(circle));
        expect(after).toHaveLength(all.length);
        for (const [i, x] of all.entries()) if (!near.has(i)) expect(after[i]).toBe(x);
        if (near.size === 0) expect(after).toBe(all);
      }),
    );
  });

  it('magnet brings points nearer, erase takes exactly those within reach', () => {
    const all: Dot[] = [
      { u: 0.5, v: 0, value: 0, split: 'train' },
      { u: 3, v: 3, value: 0, split: 'test' },
    ];
    const circle = { u: 0, v: 0, ru: 1, rv: 1 };
    expect(magnet(all, indexDots(all), circle, 0.5, exact)[0]?.u).toBe(0.25);
    expect(erase(all, indexDots(all), circle)).toEqual([all[1]]);
    const far = { ...circle, u: -9 };
    expect(erase(all, indexDots(all), far)).toBe(all);
  });

  it('put one point and select none', () => {
    const one = applied('put', [], () => indexDots([]), step({ reach: { u: 2, v: 3, ru: 1, rv: 1 } }));
    expect(one.dots).toEqual([{ u: 2, v: 3, value: 1, split: 'train' }]);
    expect(applied('brush', [], () => indexDots([]), step()).dots).toHaveLength(5);
    expect(applied('select', one.dots, () => indexDots([]), step()).dots).toBe(one.dots);
  });
});

describe('a selection', () => {
  const all = dotsOfTable(TABLE, 'class') ?? [];

  it('is added to or replaced', () => {
    expect([...extended(selected([1]), [2], true)]).toEqual([1, 2]);
    expect([...extended(selected([1]), [2], false)]).toEqual([2]);
  });

  it('is moved, revalued and put into another split; the others stay the very same', () => {
    const after = moved(all, selected([0]), { u: 1, v: -1 }, exact);
    expect(after[0]).toMatchObject({ u: 1, v: 0 });
    expect(after[1]).toBe(all[1]);
    expect(moved(all, selected([0]), { u: 0, v: 0 }, exact)).toBe(all);
    expect(revalued(all, selected([0, 1]), 1).map((x) => x.value)).toEqual([1, 1, 1]);
    expect(revalued(all, selected([2]), 1)).toBe(all);
    expect(countBySplit(assigned(all, selected([0, 1, 2]), 'test').dots)).toEqual({ train: 0, validation: 0, test: 3 });
  });

  it('goes into a full split only as far as there is room', () => {
    const full = [...Array.from({ length: MOST_DOTS }, (): Dot => ({ u: 0, v: 0, value: 0, split: 'test' })), ...all];
    const { dots: after, refused } = assigned(full, selected([MOST_DOTS, MOST_DOTS + 1]), 'test');
    expect([after, refused]).toEqual([full, 2]);
  });

  it('has in common what all of it has', () => {
    const split = (x: Dot) => x.split;
    expect([
      common(all, selected([0, 1]), split),
      common(all, selected([0, 2]), split),
      common(all, selected([]), split),
    ]).toEqual(['train', null, null]);
  });

  it('loses a class with its points, and later classes move up', () => {
    expect(withoutClass(all, 0).map((x) => x.value)).toEqual([1, 0]);
  });
});

describe('colours of values', () => {
  it('go from dark to light over the values that there are', () => {
    expect([valueColour(0), valueColour(1), valueColour(7)]).toEqual([
      'rgb(0 34 78)',
      'rgb(254 232 56)',
      'rgb(254 232 56)',
    ]);
    expect(valueSpan([])).toEqual([-1, 1]);
    expect(valueSpan([{ u: 0, v: 0, value: 4, split: 'train' }])).toEqual([3, 5]);
    expect(partOfSpan([2, 6], 3)).toBe(0.25);
  });

  it('a reach is round on the screen', () => {
    expect(reachAt(PLANE, { u: 0, v: 0 }, 40)).toEqual({ u: 0, v: 0, ru: 0.4, rv: expect.closeTo(0.5333, 3) });
  });
});
