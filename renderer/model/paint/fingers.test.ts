// Two fingers on the plane: what they hold goes with them, and nothing else happens to it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fingers } from './fingers.ts';
import { pinched, toPlace, type Pixel, type Plane } from './plane.ts';

const PLANE: Plane = { x: [-2, 2], y: [-1, 1], left: 50, top: 10, width: 600, height: 300 };
const px = (lowest: number, highest: number) => fc.double({ min: lowest, max: highest, noNaN: true });
const pixel = fc.record({ px: px(50, 650), py: px(10, 310) });
const middle = (a: Pixel, b: Pixel): Pixel => ({ px: (a.px + b.px) / 2, py: (a.py + b.py) / 2 });

describe('two fingers', () => {
  test('keep between them what was between them', () => {
    fc.assert(
      fc.property(pixel, pixel, pixel, pixel, (a, b, c, d) => {
        const now = { ...PLANE, ...pinched(PLANE, [a, b], [c, d]) };
        const held = toPlace(PLANE, middle(a, b));
        const found = toPlace(now, middle(c, d));
        expect(found.u).toBeCloseTo(held.u, 6);
        expect(found.v).toBeCloseTo(held.v, 6);
      }),
    );
  });

  test('twice as far apart show half as much, both ways', () => {
    const from = [
      { px: 300, py: 160 },
      { px: 400, py: 160 },
    ] as const;
    const to = [
      { px: 250, py: 160 },
      { px: 450, py: 160 },
    ] as const;
    const { x, y } = pinched(PLANE, from, to);
    expect([x[1] - x[0], y[1] - y[0]]).toEqual([2, 1]);
  });

  test('on top of each other divide by nothing', () => {
    const at = { px: 300, py: 160 };
    expect(pinched(PLANE, [at, at], [at, at])).toEqual({ x: PLANE.x, y: PLANE.y });
  });
});

describe('fingers', () => {
  const [left, right] = [
    { px: 200, py: 160 },
    { px: 400, py: 160 },
  ] as const;

  test('paint alone, look in twos, and do not paint again before all are lifted', () => {
    const fingers = new Fingers();
    expect([fingers.down(1, left, PLANE), fingers.viewing]).toEqual([true, false]);
    expect(fingers.move(1, right)).toBeNull();
    expect([fingers.down(2, right, PLANE), fingers.viewing]).toEqual([false, true]);
    expect(fingers.move(2, { px: 500, py: 160 })).not.toBeNull();
    fingers.up(2);
    expect(fingers.viewing).toBe(true);
    expect(fingers.move(1, left)).toBeNull();
    fingers.up(1);
    expect([fingers.viewing, fingers.down(3, left, PLANE)]).toEqual([false, true]);
  });
});
