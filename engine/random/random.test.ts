// Known answers of the generator that need no fixture, and every refusal of a bad argument by name.
import { describe, expect, it } from 'vitest';
import {
  bernoulli,
  bernoulliThreshold,
  dropoutNoise,
  dropoutScale,
  epochOrder,
  Generator,
  initializeLinear,
  linspace,
  normal,
  normalOf,
  randint,
  randn,
  randperm,
  shuffledEpoch,
  shuffledEpochFrom,
  uniform,
} from './index.ts';

const generator = (): Generator => Generator.manualSeed(1);

describe('generator', () => {
  it('gives the 10,000th draw that the C++ standard asks of mt19937', () => {
    const g = Generator.manualSeed(5489);
    for (let i = 0; i < 9999; i++) g.random();
    expect(g.random()).toBe(4123659995);
  });

  it('makes 64 bits of two draws, the first one high', () => {
    const [a, b] = [generator(), generator()];
    expect(a.random64()).toBe((BigInt(b.random()) << 32n) | BigInt(b.random()));
  });

  it('uses the low 32 bits of a seed', () => {
    const first = (seed: number | bigint) => Generator.manualSeed(seed).random();
    expect(first(2 ** 40 + 7)).toBe(first(7));
    expect(first(-1)).toBe(first(2 ** 32 - 1));
    expect(first(2n ** 63n + 5n)).toBe(first(5));
  });

  it('keeps no hold on the state it was made from or gave away', () => {
    const g = generator();
    const state = g.getState();
    const copy = Generator.fromState(state);
    state.mt.fill(0);
    expect(copy.random()).toBe(g.random());
  });
});

describe('dropout', () => {
  it('draws nothing for p = 0', () => {
    const g = generator();
    expect(dropoutNoise(g, 3, 0)).toEqual(new Float32Array([1, 1, 1]));
    expect(g.random()).toBe(generator().random());
  });

  it('scales what is kept by the float32 quotient', () => {
    expect(dropoutScale(0.5)).toBe(2);
    expect(dropoutScale(0.1)).toBe(Math.fround(1 / Math.fround(0.9)));
  });

  it('compares with the whole 53-bit threshold', () => {
    expect(bernoulliThreshold(0)).toEqual({ high: 0, low: 0 });
    expect(bernoulliThreshold(1)).toEqual({ high: 2 ** 21, low: 0 });
    expect(bernoulliThreshold(2 ** -53)).toEqual({ high: 0, low: 1 });
    expect(bernoulliThreshold(2 ** -54)).toEqual({ high: 0, low: 1 });
  });
});

describe('bad arguments are refused by name', () => {
  const f32 = new Float32Array(2);
  const state = generator().getState();
  it.each<[string, () => unknown]>([
    ['seed', () => Generator.manualSeed(1.5)],
    ['seed', () => Generator.manualSeed(NaN)],
    ['seed', () => Generator.manualSeed(2 ** 53)],
    ['seed', () => Generator.manualSeed(2n ** 64n)],
    ['state.mt', () => Generator.fromState({ ...state, mt: new Uint32Array(623) })],
    ['state.index', () => Generator.fromState({ ...state, index: 625 })],
    ['state.cachedNormal', () => Generator.fromState({ ...state, cachedNormal: NaN })],
    ['from', () => uniform(generator(), f32, -Infinity, 0)],
    ['to', () => uniform(generator(), f32, 0, NaN)],
    ['from must be at most to', () => uniform(generator(), f32, 1, 0)],
    ['to - from', () => uniform(generator(), f32, -3e38, 3e38)],
    ['low', () => randint(generator(), 0.5, 2, 1)],
    ['high', () => randint(generator(), 2, 2, 1)],
    ['high - low', () => randint(generator(), Number.MIN_SAFE_INTEGER, 1, 1)],
    ['size', () => randint(generator(), 0, 2, -1)],
    ['mean', () => normal(generator(), f32, NaN, 1)],
    ['std', () => normal(generator(), f32, 0, -1)],
    ['std', () => normalOf(generator(), f32, new Float32Array(3))],
    ['std[1]', () => normalOf(generator(), f32, Float32Array.of(1, -1))],
    ['size', () => randn(generator(), 1.5)],
    ['n', () => randperm(generator(), 2 ** 31)],
    ['rows', () => shuffledEpoch(generator(), -1)],
    ['rows', () => epochOrder(generator(), -1, true)],
    ['rows', () => epochOrder(generator(), 0.5, false)],
    ['rows', () => shuffledEpochFrom(generator(), NaN)],
    ['probability', () => bernoulli(generator(), 1, 1.01)],
    ['probability', () => bernoulliThreshold(NaN)],
    ['length', () => bernoulli(generator(), -1, 0.5)],
    ['p', () => dropoutNoise(generator(), 1, 1)],
    ['inFeatures', () => initializeLinear(generator(), 0, 1, true)],
    ['outFeatures', () => initializeLinear(generator(), 1, -1, true)],
    ['steps', () => linspace(0, 1, 0.5)],
    ['start', () => linspace(NaN, 1, 2)],
    ['end', () => linspace(0, 1e39, 2)],
  ])('%s', (name, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(name);
  });
});
