// What must hold of the generator for every seed, position and size.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bernoulli,
  bernoulliThreshold,
  Generator,
  linspace,
  normal,
  randint,
  randn,
  randperm,
  shuffledEpoch,
  uniform,
} from '../../engine/random/index.ts';

const seed = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
/** Past the first twist and the second. */
const position = fc.integer({ min: 0, max: 1300 });
const length = fc.integer({ min: 0, max: 700 });
const probability = fc.double({ min: 0, max: 1, noNaN: true });

/** A generator somewhere in its stream, with or without a waiting normal. */
const generator = fc.tuple(seed, position, fc.boolean()).map(([s, draws, waiting]) => {
  const g = Generator.manualSeed(s);
  for (let i = 0; i < draws; i++) g.random();
  if (waiting) randn(g, 1);
  return g;
});

interface StoredState {
  readonly mt: readonly number[];
  readonly index: number;
  readonly cachedNormal: number | null;
}

const copyOf = (g: Generator): Generator => Generator.fromState(g.getState());

/** Some of everything, as one list. */
const drawAll = (g: Generator): number[] => [
  ...randn(g, 3),
  ...uniform(g, new Float32Array(5)),
  ...bernoulli(g, 7, 0.3),
  ...randn(g, 21),
  ...randperm(g, 9),
  ...randn(g, 2),
];

describe('generator', () => {
  it('continues from its state at any position', () => {
    fc.assert(
      fc.property(generator, (g) => {
        const copy = copyOf(g);
        expect(drawAll(copy)).toEqual(drawAll(g));
        expect(copy.getState()).toEqual(g.getState());
      }),
    );
  });

  it('continues from a state that went through JSON', () => {
    fc.assert(
      fc.property(generator, (g) => {
        const { mt, index, cachedNormal } = g.getState();
        const sent = JSON.parse(JSON.stringify({ mt: [...mt], index, cachedNormal })) as StoredState;
        const read = Generator.fromState({ ...sent, mt: Uint32Array.from(sent.mt) });
        expect(drawAll(read)).toEqual(drawAll(g));
      }),
    );
  });

  it('draws the same in one call as in two, one element at a time or all', () => {
    const draws = [
      (g: Generator, n: number) => [...uniform(g, new Float32Array(n), -0.3, 1.7)],
      (g: Generator, n: number) => [...bernoulli(g, n, 0.7)],
      (g: Generator, n: number) => [...randint(g, -3, 2 ** 33, n)],
    ];
    fc.assert(
      fc.property(generator, length, length, fc.constantFrom(...draws), (g, a, b, draw) => {
        const copy = copyOf(g);
        expect([...draw(copy, a), ...draw(copy, b)]).toEqual(draw(g, a + b));
      }),
    );
  });

  it('draws fewer than 16 normals as it draws single ones', () => {
    fc.assert(
      fc.property(generator, fc.integer({ min: 0, max: 15 }), (g, n) => {
        const copy = copyOf(g);
        const singles = Array.from({ length: n }, () => randn(copy, 1)[0]);
        expect([...randn(g, n)]).toEqual(singles);
      }),
    );
  });
});

describe('masks', () => {
  it('hold 1 exactly where the 53-bit uniform is below the probability', () => {
    fc.assert(
      fc.property(generator, length, probability, (g, n, p) => {
        const copy = copyOf(g);
        const expected = Array.from({ length: n }, () => (copy.uniform53() < p ? 1 : 0));
        expect([...bernoulli(g, n, p)]).toEqual(expected);
      }),
    );
  });

  it('can be made by a kernel from the state and two words of the threshold', () => {
    fc.assert(
      fc.property(generator, length, probability, (g, n, p) => {
        const { high, low } = bernoulliThreshold(p);
        const copy = copyOf(g);
        const kernel = Array.from({ length: n }, () => {
          const [a, b] = [copy.random() & 0x1fffff, copy.random()];
          return Number(a < high || (a === high && b < low));
        });
        expect([...bernoulli(g, n, p)]).toEqual(kernel);
        expect(copy.getState()).toEqual(g.getState());
      }),
    );
  });

  it('have elements that a generator two words per element ahead gives alone', () => {
    fc.assert(
      fc.property(generator, fc.integer({ min: 0, max: 650 }), (g, index) => {
        const ahead = copyOf(g);
        for (let i = 0; i < 2 * index; i++) ahead.random();
        expect(bernoulli(ahead, 1, 0.5)[0]).toBe(bernoulli(g, index + 1, 0.5)[index]);
      }),
    );
  });
});

describe('ranges', () => {
  // -0 + 0 is 0: the sign of zero is not at stake here.
  const bound = fc.float({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0);

  it('uniform stays in [from, to)', () => {
    fc.assert(
      fc.property(generator, bound, bound, (g, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(Math.fround(to - from) > 0);
        for (const x of uniform(g, new Float32Array(50), from, to)) {
          expect(x).toBeGreaterThanOrEqual(from);
          expect(x).toBeLessThan(to);
        }
      }),
    );
  });

  it('randint stays in [low, high)', () => {
    const low = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
    fc.assert(
      fc.property(generator, low, fc.integer({ min: 1, max: 2 ** 45 }), (g, from, range) => {
        for (const x of randint(g, from, from + range, 20)) {
          expect(Number.isInteger(x)).toBe(true);
          expect(x).toBeGreaterThanOrEqual(from);
          expect(x).toBeLessThan(from + range);
        }
      }),
    );
  });

  it('randperm and shuffled epochs hold every index once', () => {
    fc.assert(
      fc.property(generator, length, fc.constantFrom(randperm, shuffledEpoch), (g, n, order) => {
        expect([...order(g, n)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  it('normals are finite, and linspace runs from start to end', () => {
    fc.assert(
      fc.property(generator, length, bound, bound, (g, n, start, end) => {
        expect(normal(g, new Float32Array(n), 1, 2).every(Number.isFinite)).toBe(true);
        const points = linspace(start, end, n + 2);
        expect([points[0], points.at(-1)]).toEqual([start, end]);
      }),
    );
  });
});
