// Where fits lie: which data have one, how far its grid reaches, and in which order its places come.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  axisValue,
  fitAxes,
  fitAxis,
  fitGrid,
  fitInputs,
  fitPlaces,
  fitSides,
  TableData,
  type DataSpec,
} from './index.ts';
import * as v from 'valibot';

const table = (features: number, more: object = {}): DataSpec =>
  v.parse(TableData, { type: 'table', x: [new Array(features).fill(0)], y: [[0]], ...more });
const LINE: DataSpec = {
  type: 'linear_noise',
  points: 20,
  x_min: -0.1,
  x_max: 0.3,
  slope: 1,
  noise: 0.3,
  validation_points: 0,
};
const values = (count: number) => ({ kind: 'values', shape: [count] }) as const;
const classes = (count: number) => ({ kind: 'classes', classes: count }) as const;

describe('a fit', () => {
  it.each([
    [{ input: [1], target: values(1) }, [201]],
    [{ input: [2], target: values(1) }, [41, 41]],
    [{ input: [2], target: classes(2) }, [41, 41]],
    [{ input: [2], target: classes(256) }, [41, 41]],
    [{ input: [2], target: classes(257) }, null],
    [{ input: [1], target: classes(2) }, null],
    [{ input: [1], target: values(2) }, null],
    [{ input: [2], target: values(2) }, null],
    [{ input: [3], target: values(1) }, null],
    [{ input: [1, 1, 2], target: classes(2) }, null],
  ])('of %o has %o points', (shape, sides) => {
    expect(fitSides(shape)).toEqual(sides);
  });

  it('over one feature has the grid that recorded runs have, to the last bit', () => {
    const margin = (1 - -1) * 0.05;
    const [low, high] = [-1 - margin, 1 + margin];
    const recorded = Float32Array.from({ length: 201 }, (_, i) => low + ((high - low) * i) / 200);
    expect(fitGrid(-1, 1)).toEqual(recorded);
  });

  it('of lines lies over the range that the document says, whatever was drawn', () => {
    expect(fitAxes(LINE, [Float32Array.of(7)])).toEqual([fitAxis(-0.1, 0.3, 201)]);
  });

  it('of other data lies over the range of every example, a little widened', () => {
    const inputs = [Float32Array.of(0, 5, 10, 6), Float32Array.of(-10, 5.5)];
    expect(fitAxes(table(2), inputs)).toEqual([
      { low: -11, high: 11, points: 41 },
      { low: 5 - 0.05, high: 6 + 0.05, points: 41 },
    ]);
    expect(fitAxes(table(3), inputs)).toBeNull();
  });

  it('has room around a feature that does not vary', () => {
    expect(fitAxes(table(1), [Float32Array.of(4, 4)])).toEqual([{ low: 3, high: 5, points: 201 }]);
    expect(fitAxes(table(1), [])).toEqual([{ low: -1, high: 1, points: 201 }]);
  });

  it('has the first feature run fastest', () => {
    const axes = [
      { low: 0, high: 2, points: 3 },
      { low: 10, high: 11, points: 2 },
    ];
    expect([...fitInputs(axes)]).toEqual([0, 10, 1, 10, 2, 10, 0, 11, 1, 11, 2, 11]);
  });

  it('begins and ends every axis at its ends', () => {
    // An axis does not tell −0 from 0.
    const end = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0);
    const axis = fc.record({
      low: end,
      high: end,
      points: fc.integer({ min: 2, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 2 }), (axes) => {
        const inputs = fitInputs(axes);
        expect(inputs).toHaveLength(axes.length * fitPlaces(axes));
        for (const [feature, { low, high, points }] of axes.entries()) {
          expect(inputs[feature]).toBe(Math.fround(low));
          const last = axisValue({ low, high, points }, points - 1);
          expect(inputs[inputs.length - axes.length + feature]).toBe(Math.fround(last));
          expect(last).toBeCloseTo(high, 6);
        }
      }),
    );
  });
});
