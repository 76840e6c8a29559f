// The 32-bit Mersenne Twister (Matsumoto & Nishimura 1998), the source of every draw. Nothing here knows about distributions.

export const MT_WORDS = 624;
const MT_SHIFT = 397;
const MATRIX_A = 0x9908b0df;

/**
 * Fills a state from a 32-bit seed (Knuth's multiplier, as `init_genrand`).
 * @param seed whole number 0 … 2^32-1.
 */
export function seedWords(seed: number): Uint32Array {
  const words = new Uint32Array(MT_WORDS);
  let previous = seed >>> 0;
  words[0] = previous;
  for (let i = 1; i < MT_WORDS; i++) {
    previous = (Math.imul(1812433253, previous ^ (previous >>> 30)) + i) >>> 0;
    words[i] = previous;
  }
  return words;
}

const twisted = (high: number, low: number): number => {
  const mixed = (high & 0x80000000) | (low & 0x7fffffff);
  return (mixed >>> 1) ^ (low & 1 ? MATRIX_A : 0);
};

/** Replaces the 624 words by the next 624, in place. */
export function twist(words: Uint32Array): void {
  const at = (i: number): number => words[i] as number;
  let k = 0;
  for (; k < MT_WORDS - MT_SHIFT; k++) words[k] = at(k + MT_SHIFT) ^ twisted(at(k), at(k + 1));
  for (; k < MT_WORDS - 1; k++) words[k] = at(k + MT_SHIFT - MT_WORDS) ^ twisted(at(k), at(k + 1));
  words[MT_WORDS - 1] = at(MT_SHIFT - 1) ^ twisted(at(MT_WORDS - 1), at(0));
}

/** Output function of the twister: one state word in, one uniform 32-bit draw out. */
export function temper(word: number): number {
  let y = word;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  y ^= y >>> 18;
  return y >>> 0;
}
