// The drawn pictures: the same bits everywhere and always, each a function of its place alone, right labels where they must be right.
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IMAGE_CLASSES, SHAPES32_CLASSES, SPLITS, type Shapes32Spec, type Split } from '../../spec/index.ts';
import { drawShapes32 } from './index.ts';
import { bar, OUTLINES } from './outlines.ts';

const PICTURE = 3 * 32 * 32;

const spec = (fields: Partial<Shapes32Spec> = {}): Shapes32Spec => ({
  type: 'shapes32',
  train: 10,
  validation: 0,
  test: 10,
  label_noise: 0,
  seed: 0,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  ...fields,
});
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const anySeed = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const anySplit = fc.constantFrom<Split>(...SPLITS);

describe('the same pictures everywhere', () => {
  it('are these bits', () => {
    const { x, y } = drawShapes32(spec(), 'train', 300);
    expect(sha256(x)).toBe('c3bc645fe9baa09f9865bbe4402a5a4ec154a4611c68b55faf3fd2ee9a4c4337');
    expect([...y.subarray(0, 20)]).toEqual([0, 5, 3, 6, 8, 4, 1, 9, 7, 2, 6, 0, 9, 7, 4, 3, 5, 1, 2, 8]);
  });

  it('come of operations that every engine rounds alike', () => {
    const allowed = new Set(['abs', 'ceil', 'floor', 'max', 'min', 'sqrt']);
    const folder = new URL('./', import.meta.url);
    for (const file of readdirSync(folder).filter((x) => x.endsWith('.ts') && !x.endsWith('.test.ts'))) {
      const source = readFileSync(new URL(file, folder), 'utf8');
      const used = [...source.matchAll(/Math\.(\w+)/g)].map(([, name]) => name as string);
      expect(
        used.filter((name) => !allowed.has(name)),
        file,
      ).toEqual([]);
    }
  });
});

describe('a picture', () => {
  it('depends on seed, split and place alone, not on how many are drawn', () => {
    fc.assert(
      fc.property(
        anySeed,
        anySplit,
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 0, max: 25 }),
        (seed, split, n, more) => {
          const few = drawShapes32(spec({ seed }), split, n);
          const many = drawShapes32(spec({ seed, train: 99, test: 0, validation: 7 }), split, n + more);
          expect(sha256(many.x.subarray(0, n * PICTURE))).toBe(sha256(few.x));
          expect(many.y.subarray(0, n)).toEqual(few.y);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is another one for every seed and split, the high bits of a seed included', () => {
    const seeds = [0, 1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    const pictures = seeds.flatMap((seed) => SPLITS.map((split) => sha256(drawShapes32(spec({ seed }), split, 1).x)));
    expect(new Set(pictures).size).toBe(pictures.length);
  });

  it('is unlike all others', () => {
    const { x } = drawShapes32(spec(), 'train', 500);
    const pictures = Array.from({ length: 500 }, (_, i) => sha256(x.subarray(i * PICTURE, (i + 1) * PICTURE)));
    expect(new Set(pictures).size).toBe(500);
  });

  it('shows its shape: pixels inside the outline differ from those around it', () => {
    // Averaged over many pictures of one class, the middle is not the corner: the shape is there, whatever its colours.
    const { x } = drawShapes32(spec(), 'test', 400);
    const at = (picture: number, row: number, column: number): number =>
      x[picture * PICTURE + row * 32 + column] as number;
    const contrast = Array.from({ length: 400 }, (_, i) => Math.abs(at(i, 12, 12) - at(i, 1, 1)));
    expect(contrast.reduce((sum, c) => sum + c, 0) / 400).toBeGreaterThan(30);
  });
});

describe('labels', () => {
  it('hold every class once among ten successive pictures', () => {
    fc.assert(
      fc.property(anySeed, anySplit, (seed, split) => {
        const { y } = drawShapes32(spec({ seed }), split, 30);
        for (const start of [0, 10, 20])
          expect([...y.subarray(start, start + 10)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      }),
      { numRuns: 20 },
    );
  });

  it('have no pattern in their order', () => {
    const { y } = drawShapes32(spec(), 'train', 2000);
    const first = Array.from({ length: 200 }, (_, block) => y[block * 10] as number);
    const counts = Array.from({ length: IMAGE_CLASSES }, (_, k) => first.filter((x) => x === k).length);
    // 200 draws of ten classes: 20 each, give or take four standard deviations.
    for (const count of counts) expect(Math.abs(count - 20)).toBeLessThan(17);
  });

  it('are another class in the share of the train split that noise asks for, and nowhere else', () => {
    const right = drawShapes32(spec(), 'train', 3000);
    const noisy = drawShapes32(spec({ label_noise: 0.2 }), 'train', 3000);
    expect(sha256(noisy.x)).toBe(sha256(right.x));
    const wrong = [...noisy.y].filter((label, i) => label !== right.y[i]);
    expect(wrong.length / 3000).toBeCloseTo(0.2, 1);
    expect(new Set(wrong).size).toBe(IMAGE_CLASSES);
    for (const split of ['validation', 'test'] as const) {
      const [all, none] = [drawShapes32(spec({ label_noise: 1 }), split, 50), drawShapes32(spec(), split, 50)];
      expect([sha256(all.x), all.y]).toEqual([sha256(none.x), none.y]);
    }
  });

  it('are all wrong with a noise of 1, and stay wrong when noise grows', () => {
    const right = drawShapes32(spec(), 'train', 500).y;
    const wrongAt = (label_noise: number): number[] => {
      const { y } = drawShapes32(spec({ label_noise }), 'train', 500);
      return Array.from({ length: 500 }, (_, i) => i).filter((i) => y[i] !== right[i]);
    };
    expect(wrongAt(1)).toHaveLength(500);
    const [some, more] = [wrongAt(0.1), new Set(wrongAt(0.4))];
    expect(some.length).toBeGreaterThan(20);
    expect(some.every((i) => more.has(i))).toBe(true);
  });
});

describe('outlines', () => {
  const distance = (outline: (typeof OUTLINES)[number], u: number, v: number): number => {
    const out = new Float64Array(1);
    outline({ u, v, du: 0, dv: 0, count: 1 }, out);
    return out[0] as number;
  };

  it('are one per class', () => {
    expect(OUTLINES).toHaveLength(SHAPES32_CLASSES.length);
    expect(SHAPES32_CLASSES).toHaveLength(IMAGE_CLASSES);
  });

  it('lie within their circle and have an inside', () => {
    for (const outline of [...OUTLINES, bar]) {
      let inside = 0;
      for (let u = -1.5; u <= 1.5; u += 0.05)
        for (let v = -1.5; v <= 1.5; v += 0.05) {
          if (distance(outline, u, v) >= 0) continue;
          inside += 1;
          expect(Math.sqrt(u * u + v * v)).toBeLessThan(1.25);
        }
      expect(inside).toBeGreaterThan(100);
    }
  });

  it('never change faster than one looks', () => {
    const coordinate = fc.double({ min: -1.5, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...OUTLINES, bar),
        coordinate,
        coordinate,
        coordinate,
        coordinate,
        (outline, a, b, c, d) => {
          const change = Math.abs(distance(outline, a, b) - distance(outline, c, d));
          expect(change).toBeLessThanOrEqual(Math.hypot(a - c, b - d) * 1.001 + 1e-12);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('are computed along a row as they are point by point', () => {
    for (const outline of OUTLINES) {
      const row = new Float64Array(16);
      outline({ u: -1, v: 0.7, du: 0.125, dv: -0.0625, count: 16 }, row);
      for (let i = 0; i < 16; i++) expect(row[i]).toBe(distance(outline, -1 + i * 0.125, 0.7 - i * 0.0625));
    }
  });
});
