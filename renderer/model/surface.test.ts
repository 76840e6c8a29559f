// A plane of answers: its pixels, the place under the pointer and under the keys, and what is said there.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitInputs, type Fit } from '../../engine/spec/index.ts';
import { classColour } from './class-colours.ts';
import {
  answerAt,
  movedBy,
  opacityOf,
  placeAt,
  pointColour,
  pointsIn,
  shareOf,
  spanOf,
  surfaceOf,
  surfacePixels,
  tablePlaces,
  tileColumns,
  valuesAt,
  type Surface,
} from './surface.ts';
import { valueColour } from './value-colours.ts';

const AXES = [
  { low: -1, high: 1, points: 3 },
  { low: 0, high: 10, points: 2 },
] as const;
const [X, Y] = AXES;
const surface = (fit: Partial<Fit> = {}): Surface => {
  const found = surfaceOf({ axes: AXES, values: Float32Array.of(0, 1, 2, 3, 4, 5), classes: null, ...fit });
  if (!found) throw new Error('no surface');
  return found;
};

describe('a surface', () => {
  it('is a fit over two features', () => {
    expect(surface()).toMatchObject({ x: X, y: Y });
    expect(surfaceOf({ axes: [X], values: new Float32Array(3), classes: null })).toBeNull();
    expect(surfaceOf(null)).toBeNull();
  });

  it('of numbers has their colours, the second feature upwards', () => {
    const pixels = surfacePixels(surface(), { kind: 'values', span: [0, 5] });
    const at = (place: number) => [...pixels.subarray(4 * place, 4 * place + 4)];
    expect(at(3)).toEqual([...valueColour(0), 255]);
    expect(at(0)).toEqual([...valueColour(3 / 5), 255]);
    expect(at(2)).toEqual([...valueColour(1), 255]);
  });

  it('of classes has their colours, the stronger the surer', () => {
    const classes = Uint8Array.of(0, 1, 0, 1, 0, 1);
    const values = Float32Array.of(0.5, 1, 0.75, 0.5, 0.5, NaN);
    const scale = { kind: 'classes', classes: 2, theme: 'light' } as const;
    const pixels = surfacePixels(surface({ classes, values }), scale);
    const colour = (place: number) =>
      `#${[...pixels.subarray(4 * place, 4 * place + 3)].map((x) => x.toString(16).padStart(2, '0')).join('')}`;
    const opacity = (place: number) => pixels[4 * place + 3];
    expect([colour(3), colour(4), colour(5)]).toEqual([0, 1, 0].map((k) => classColour(k, 'light')));
    expect(opacity(4)).toBeGreaterThan(opacity(5) as number);
    expect(opacity(5)).toBeGreaterThan(opacity(3) as number);
    expect(opacity(2)).toBe(0);
  });

  it('is as faint where it guesses among ten as among two', () => {
    expect(opacityOf(0.1, 10)).toBe(opacityOf(0.5, 2));
    expect(opacityOf(1, 10)).toBe(opacityOf(1, 2));
    expect(opacityOf(0.3, 2)).toBe(opacityOf(0.5, 2));
  });

  it('has its points coloured by what they should be', () => {
    expect(pointColour(3, { kind: 'classes', classes: 4, theme: 'dark' })).toBe(classColour(3, 'dark'));
    expect(pointColour(9, { kind: 'values', span: [0, 9] })).toBe('rgb(253 231 37)');
    const set = { x: Float32Array.of(1, 2, 3, 4), y: Float32Array.of(7, 8) };
    expect([...pointsIn(set)]).toEqual([
      [1, 2, 7],
      [3, 4, 8],
    ]);
  });
});

describe('the range of numbers', () => {
  const set = (...y: number[]) => ({ x: new Float32Array(2 * y.length), y: Float32Array.from(y) });
  it('is that of all points, whatever is answered', () => {
    const points = { train: set(1, 2), validation: null, test: set(-3) };
    expect(spanOf([points, { ...points, train: set(5) }, null], [surface()])).toEqual([-3, 5]);
  });
  it('is that of the answers where no points are known, and has room where nothing varies', () => {
    expect(spanOf([null], [surface()])).toEqual([0, 5]);
    expect(spanOf([], [])).toEqual([0, 1]);
    expect(spanOf([{ train: set(4, 4), validation: null, test: null }], [])).toEqual([3.5, 4.5]);
    expect(shareOf(4, [4, 4])).toBe(0.5);
  });
});

describe('a place', () => {
  it('is found again from its values', () => {
    const axis = fc.record({
      low: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      length: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      points: fc.integer({ min: 2, max: 60 }),
    });
    const axes = axis.map(({ low, length, points }) => ({ low, high: low + length, points }));
    fc.assert(
      fc.property(axes, axes, fc.nat(59), fc.nat(59), (x, y, i, j) => {
        const place = { i: i % x.points, j: j % y.points };
        expect(placeAt(x, y, valuesAt(x, y, place))).toEqual(place);
      }),
    );
  });

  it('is where the engine answered', () => {
    const inputs = fitInputs(AXES);
    const found = surface({
      values: Float32Array.from(
        { length: 6 },
        (_, k) => 100 * (inputs[2 * k] as number) + (inputs[2 * k + 1] as number),
      ),
    });
    expect(answerAt(found, placeAt(X, Y, [0.9, 8]))).toEqual({ value: 110, predicted: null });
    expect(answerAt(surface({ classes: Uint8Array.of(0, 0, 0, 0, 0, 4) }), { i: 2, j: 1 })).toMatchObject({
      predicted: 4,
    });
  });

  it('outside the grid is its nearest', () => {
    expect(placeAt(X, Y, [-7, 99])).toEqual({ i: 0, j: 1 });
  });

  it('moves by arrow keys, further with Shift, never out of the grid', () => {
    const [x, y] = [
      { ...X, points: 41 },
      { ...Y, points: 41 },
    ];
    expect(movedBy('ArrowUp', false, null, x, y)).toEqual({ i: 20, j: 20 });
    expect(movedBy('ArrowUp', false, { i: 20, j: 20 }, x, y)).toEqual({ i: 20, j: 21 });
    expect(movedBy('ArrowLeft', true, { i: 3, j: 20 }, x, y)).toEqual({ i: 0, j: 20 });
    expect(movedBy('ArrowRight', true, { i: 20, j: 20 }, x, y)).toEqual({ i: 25, j: 20 });
    expect(movedBy('a', false, null, x, y)).toBeNull();
  });

  it('stands in the table from the top down', () => {
    const rows = tablePlaces({ ...X, points: 41 }, { ...Y, points: 41 });
    expect(rows.map((row) => row[0]?.j)).toEqual([40, 30, 20, 10, 0]);
    expect(rows[0]?.map((place) => place.i)).toEqual([0, 10, 20, 30, 40]);
  });
});

describe('tiles', () => {
  it.each([
    [1, 600, 200, 1],
    [5, 660, 215, 5],
    [5, 660, 460, 3],
    [2, 300, 900, 1],
    [4, 800, 800, 2],
    [3, 0, 0, 1],
  ])('%i in %i × %i stand in %i columns', (count, width, height, columns) => {
    expect(tileColumns(count, width, height)).toBe(columns);
  });
});
