// Random numbers for spraying and jittering, from a seed, so that a stroke can be repeated exactly in a test.

/** Uniform in [0, 1). */
export type Random = () => number;

/** Tommy Ettinger's mulberry32: one 32-bit state, a full period. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}
