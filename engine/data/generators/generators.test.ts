// Generated data: right counts, exact shares, points on their figures without noise, streams that do not touch each other.
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import {
  Data,
  dataShape,
  generatedClasses,
  generatedFeatures,
  hasClasses,
  isGenerated,
  SPLITS,
  type GeneratedClassesSpec,
  type GeneratedOf,
  type GeneratedSpec,
  type GeneratedType,
} from '../../spec/index.ts';
import { drawCenters } from './classes.ts';
import { drawGenerated } from './index.ts';
import { apportion } from './shares.ts';
import { streamsOf } from './streams.ts';
import { curveAt, trueWeights } from './values.ts';

const KINDS: { readonly [T in GeneratedType]: object } = {
  polynomial: { coefficients: [0.5, -1, 0, 2], x_min: -1, x_max: 2 },
  sine: { amplitude: 1.5, frequency: 0.75, phase: 0.3, x_min: -2, x_max: 1 },
  linear: { features: 12, informative: 4, coefficient: 2, correlation: 0.5, intercept: 1 },
  moons: {},
  circles: { factor: 0.4 },
  spirals: { arms: 3, turns: 1.5 },
  xor: {},
  blobs: { centers: 4, features: 3 },
};
const TYPES = Object.keys(KINDS) as GeneratedType[];
const CLASS_TYPES = ['moons', 'circles', 'spirals', 'xor', 'blobs'] as const;

function specOf<T extends GeneratedType>(type: T, fields: object = {}): GeneratedOf<T> {
  const data = v.parse(Data, { type, train: 40, validation: 10, test: 20, seed: 7, ...KINDS[type], ...fields });
  if (!isGenerated(data)) throw new Error(type);
  return data as GeneratedOf<T>;
}
const anySeed = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const anyType = fc.constantFrom(...TYPES);
const few = { numRuns: 25 };

const rowsOf = (values: Float32Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
const countsOf = (labels: Iterable<number>, classes: number): number[] => {
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
};
/** Points without any noise, with their classes. */
function cleanPoints<T extends (typeof CLASS_TYPES)[number]>(type: T, fields: object = {}) {
  const noise = type === 'blobs' ? { cluster_std: 0 } : { noise: 0 };
  const data = specOf(type, { ...noise, train: 300, ...fields });
  const { x, y } = drawGenerated(data).train;
  return { data, points: rowsOf(x, generatedFeatures(data)).map((at, i) => ({ at, label: y[i] as number })) };
}

describe('every kind', () => {
  it('has as many points of each split as it says, of the right form, all finite', () => {
    fc.assert(
      fc.property(
        anyType,
        anySeed,
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 40 }),
        (type, seed, train, validation, test) => {
          const data = specOf(type, { seed, train, validation, test });
          const { input, target } = dataShape(data);
          const splits = drawGenerated(data);
          for (const split of SPLITS) {
            const examples = splits[split];
            if (data[split] === 0) {
              expect(examples).toBeNull();
              continue;
            }
            expect(examples?.rows).toBe(data[split]);
            expect(examples?.x).toHaveLength(data[split] * (input[0] as number));
            expect(examples?.y).toBeInstanceOf(target.kind === 'classes' ? Int32Array : Float32Array);
            expect(examples?.y).toHaveLength(data[split]);
            expect(examples?.x.every(Number.isFinite)).toBe(true);
          }
        },
      ),
      few,
    );
  });

  it('gives these bits, today and later: projects and digests rely on them', () => {
    const bits = TYPES.map((type) => {
      const hash = createHash('sha256');
      const splits = drawGenerated(specOf(type, { train: 50 }));
      for (const split of SPLITS) hash.update(splits[split]?.x ?? '').update(splits[split]?.y ?? '');
      return [type, hash.digest('hex').slice(0, 16)];
    });
    expect(Object.fromEntries(bits)).toEqual({
      polynomial: '24963a36930cb0c4',
      sine: 'bf5ed39d1d99d3c2',
      linear: '70e456e8ea4634f8',
      moons: 'e5a4161a226b36b2',
      circles: '7451a074e72129f9',
      spirals: 'f4e3216dcfbe9f83',
      xor: '59b4d53192d922e3',
      blobs: '5a2a37c2d3697b2b',
    });
  });

  it('gives the same points again, and others for another seed and for another split', () => {
    for (const type of TYPES) {
      const data = specOf(type, { train: 30, validation: 30, test: 30 });
      const { train, validation, test } = drawGenerated(data);
      expect(drawGenerated(structuredClone(data))).toEqual({ train, validation, test });
      const other = drawGenerated({ ...data, seed: 8 });
      const different =
        type === 'blobs' ? [train.y, validation?.y, test?.y] : [train.x, validation?.x, test?.x, other.train.x];
      expect(new Set(different.map((x) => JSON.stringify(x))).size, type).toBe(different.length);
      expect(other.train).not.toEqual(train);
    }
  });

  it('keeps the points of a split when another one grows', () => {
    fc.assert(
      fc.property(
        anyType,
        anySeed,
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 2, max: 50 }),
        (type, seed, n, m) => {
          const first = drawGenerated(specOf(type, { seed, test: n, validation: m, train: 25 }));
          const second = drawGenerated(specOf(type, { seed, test: m, validation: m, train: 25 }));
          const third = drawGenerated(specOf(type, { seed, test: m, validation: n, train: m }));
          expect(second.train).toEqual(first.train);
          expect(second.validation).toEqual(first.validation);
          expect(third.test).toEqual(second.test);
        },
      ),
      few,
    );
  });

  it('moves the same points farther with more noise', () => {
    for (const type of TYPES) {
      if (type === 'blobs') continue;
      const at = (noise: number) => drawGenerated(specOf(type, { noise, train: 50 })).train;
      const [none, some, more] = [at(0), at(0.25), at(0.5)];
      const key = hasClasses(specOf(type)) ? 'x' : 'y';
      for (const [i, clean] of none[key].entries()) {
        const moved = (some[key][i] as number) - clean;
        expect((more[key][i] as number) - clean).toBeCloseTo(2 * moved, 4);
      }
      expect(some[key]).not.toEqual(none[key]);
    }
  });
});

describe('classes', () => {
  const anyClasses = fc.constantFrom(...CLASS_TYPES);

  it('are there equally often to rounding, or as often as their weights say', () => {
    const weight = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(anyClasses, anySeed, fc.array(weight, { minLength: 10, maxLength: 10 }), (type, seed, weights) => {
        const classes = generatedClasses(specOf(type) as GeneratedClassesSpec);
        const balance = weights.slice(0, classes);
        const total = balance.reduce((sum, x) => sum + x, 0);
        const { train, test } = drawGenerated(specOf(type, { seed, balance, train: 97, test: 31 }));
        for (const { rows, y } of [train, test ?? train]) {
          const counts = countsOf(y, classes);
          for (const [k, count] of counts.entries())
            expect(Math.abs(count - (rows * (balance[k] as number)) / total)).toBeLessThan(1);
        }
        const even = countsOf(drawGenerated(specOf(type, { seed, train: 97 })).train.y, classes);
        expect(Math.max(...even) - Math.min(...even)).toBeLessThanOrEqual(1);
      }),
      few,
    );
  });

  it('have exactly the share of wrong train labels that is asked for, and only there', () => {
    fc.assert(
      fc.property(anyClasses, anySeed, fc.double({ min: 0, max: 1, noNaN: true }), (type, seed, label_noise) => {
        const right = drawGenerated(specOf(type, { seed, train: 60 }));
        const noisy = drawGenerated(specOf(type, { seed, train: 60, label_noise }));
        expect(noisy.train.x).toEqual(right.train.x);
        expect([...noisy.train.y].filter((y, i) => y !== right.train.y[i])).toHaveLength(Math.round(60 * label_noise));
        expect([noisy.test, noisy.validation]).toEqual([right.test, right.validation]);
      }),
      few,
    );
  });

  it('keep the wrong labels of less noise', () => {
    const right = drawGenerated(specOf('spirals', { train: 200 })).train.y;
    const wrongAt = (label_noise: number): number[] => {
      const { y } = drawGenerated(specOf('spirals', { train: 200, label_noise })).train;
      return [...y.keys()].filter((i) => y[i] !== right[i]);
    };
    const more = new Set(wrongAt(0.5));
    expect(wrongAt(0.1).every((i) => more.has(i))).toBe(true);
  });

  it('have no pattern in their order', () => {
    const { y } = drawGenerated(specOf('moons', { train: 400 })).train;
    const first = countsOf(y.subarray(0, 200), 2);
    // 100 of each, give or take four standard deviations.
    expect(Math.abs((first[0] as number) - 100)).toBeLessThan(28);
  });
});

describe('figures without noise', () => {
  it('moons are two half circles', () => {
    for (const { at, label } of cleanPoints('moons').points) {
      const [x, y] = at as [number, number];
      expect(label === 0 ? Math.hypot(x, y) : Math.hypot(x - 1, y - 0.5)).toBeCloseTo(1, 5);
      expect(label === 0 ? y : 0.5 - y).toBeGreaterThanOrEqual(-1e-6);
    }
  });

  it('circles are two circles', () => {
    for (const { at, label } of cleanPoints('circles').points)
      expect(Math.hypot(...at)).toBeCloseTo(label === 0 ? 1 : 0.4, 5);
  });

  it('arms of spirals turn as often as they should and never meet', () => {
    const { points, data } = cleanPoints('spirals');
    for (const { at, label } of points) {
      const [x, y] = at as [number, number];
      const along = (Math.hypot(x, y) - 0.1) / 0.9;
      const expected = data.turns * along + label / data.arms;
      const turned = Math.atan2(y, x) / (2 * Math.PI) - expected;
      expect(Math.abs(turned - Math.round(turned))).toBeLessThan(1e-4);
      expect(along).toBeGreaterThanOrEqual(-1e-6);
      expect(along).toBeLessThanOrEqual(1 + 1e-6);
    }
  });

  it('xor is decided by the signs', () => {
    for (const { at, label } of cleanPoints('xor').points) {
      const [x, y] = at as [number, number];
      expect(x * y < 0 ? 1 : 0).toBe(label);
      expect(Math.min(Math.abs(x), Math.abs(y))).toBeGreaterThanOrEqual(0.1 - 1e-6);
    }
  });

  it('blobs are their centers, which keep apart, and a further one moves none', () => {
    const { points, data } = cleanPoints('blobs');
    const centers = drawCenters(data, streamsOf(data.seed).common);
    for (const { at, label } of points) expect(at).toEqual([...(centers[label] as Float32Array)]);
    expect(drawCenters({ ...data, centers: 3 }, streamsOf(data.seed).common)).toEqual(centers.slice(0, 3));
    const distances = centers.flatMap((a, i) =>
      centers.slice(i + 1).map((b) => Math.hypot(...a.map((x, j) => x - (b[j] as number)))),
    );
    expect(Math.min(...distances)).toBeGreaterThan(0.5);
  });

  it('of different classes are apart: the nearest other point has the same class', () => {
    for (const type of CLASS_TYPES) {
      const { points } = cleanPoints(type, { train: 600 });
      for (const { at, label } of points) {
        const others = points.filter((x) => x.at !== at);
        const near = others.map((x) => Math.hypot(...x.at.map((value, j) => value - (at[j] as number))));
        expect(others[near.indexOf(Math.min(...near))]?.label, type).toBe(label);
      }
    }
  });

  it('blobs spread by their standard deviation', () => {
    const data = specOf('blobs', { centers: 2, features: 2, cluster_std: 0.3, train: 4000 });
    const centers = drawCenters(data, streamsOf(data.seed).common);
    const { x, y } = drawGenerated(data).train;
    const off = rowsOf(x, 2).flatMap((at, i) => at.map((value, j) => value - (centers[y[i] as number]?.[j] as number)));
    expect(Math.sqrt(off.reduce((sum, d) => sum + d * d, 0) / off.length)).toBeCloseTo(0.3, 1);
  });
});

describe('curves', () => {
  it('hold all points when there is no noise, in every split', () => {
    fc.assert(
      fc.property(fc.constantFrom('polynomial' as const, 'sine' as const), anySeed, (type, seed) => {
        const data = specOf(type, { seed });
        const splits = drawGenerated(data);
        for (const split of SPLITS) {
          const { x, y } = splits[split] ?? splits.train;
          expect([...y]).toEqual(Array.from(x, (at) => Math.fround(curveAt(data, at))));
          expect(x.every((at) => at >= data.x_min && at <= data.x_max)).toBe(true);
        }
      }),
      few,
    );
  });

  it('are what their formulas say', () => {
    const polynomial = specOf('polynomial');
    expect(curveAt(polynomial, 2)).toBe(0.5 - 2 + 16);
    const sine = specOf('sine', { amplitude: 3, frequency: 0.5, phase: Math.PI / 2 });
    expect(curveAt(sine, 0)).toBeCloseTo(3, 12);
    expect(curveAt(sine, 1)).toBeCloseTo(-3, 12);
  });

  it('have as many outliers as asked for, all as far away, in the train split alone', () => {
    fc.assert(
      fc.property(anySeed, fc.double({ min: 0, max: 1, noNaN: true }), (seed, outliers) => {
        const plain = drawGenerated(specOf('sine', { seed, noise: 0.1 }));
        const wild = drawGenerated(specOf('sine', { seed, noise: 0.1, outliers, outlier_size: 4 }));
        const moved = Array.from(wild.train.y, (y, i) => Math.abs(y - (plain.train.y[i] as number))).filter(
          (d) => d > 0,
        );
        expect(moved).toHaveLength(Math.round(40 * outliers));
        for (const d of moved) expect(d).toBeCloseTo(4, 4);
        expect([wild.test, wild.validation]).toEqual([plain.test, plain.validation]);
      }),
      few,
    );
  });
});

describe('linear', () => {
  it('has targets that follow from the inputs by the true weights, of which few are not 0', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 0, max: 12 }), (seed, informative) => {
        const data = specOf('linear', { seed, informative });
        const weights = trueWeights(data, streamsOf(seed).common);
        expect([...weights].map(Math.abs)).toEqual(Array.from(weights, (_, j) => (j < informative ? 2 : 0)));
        const { x, y } = drawGenerated(data).test ?? { x: new Float32Array(), y: new Float32Array() };
        for (const [i, row] of rowsOf(x, 12).entries())
          expect(y[i]).toBe(Math.fround(row.reduce((sum, value, j) => sum + value * (weights[j] as number), 1)));
      }),
      few,
    );
  });

  it('keeps the signs of weights when more features matter', () => {
    const at = (informative: number) => trueWeights(specOf('linear', { informative }), streamsOf(7).common);
    expect(at(12).subarray(0, 4)).toEqual(at(4).subarray(0, 4));
    expect(new Set(at(12)).size).toBe(2);
  });

  it('has inputs whose correlation falls with their distance', () => {
    const rows = 6000;
    for (const correlation of [0.8, -0.6, 0]) {
      const { x } = drawGenerated(specOf('linear', { features: 5, informative: 2, correlation, train: rows })).train;
      const mean = (of: (row: readonly number[]) => number) =>
        rowsOf(x, 5).reduce((sum, row) => sum + of(row), 0) / rows;
      for (let i = 0; i < 5; i++)
        for (let j = i; j < 5; j++)
          // Five standard errors.
          expect(
            Math.abs(mean((row) => (row[i] as number) * (row[j] as number)) - correlation ** (j - i)),
          ).toBeLessThan(0.1);
    }
  });
});

describe('apportion', () => {
  it('gives out every row, each class within one of its share', () => {
    const weights = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), weights, (rows, given) => {
        const counts = apportion(rows, given);
        const total = given.reduce((sum, x) => sum + x, 0);
        expect(counts.reduce((sum, x) => sum + x, 0)).toBe(rows);
        for (const [k, count] of counts.entries())
          expect(Math.abs(count - (rows * (given[k] as number)) / total)).toBeLessThan(1 + 1e-9);
      }),
    );
  });
  it('prefers larger fractions, then lower classes', () => {
    expect(apportion(10, [9, 1])).toEqual([9, 1]);
    expect(apportion(5, [1, 1])).toEqual([3, 2]);
    expect(apportion(4, [1, 1, 1])).toEqual([2, 1, 1]);
  });
});

it('GeneratedSpec covers every kind that is tested here', () => {
  const all: readonly GeneratedSpec[] = TYPES.map((type) => specOf(type));
  expect(all.every(isGenerated)).toBe(true);
});
