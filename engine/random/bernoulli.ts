// Bernoulli draws and dropout masks: torch's bernoulli_(p) with a number p.
import { requireCount, requireProbability } from './arguments.ts';
import type { Generator } from './generator.ts';

/** The probability as the integer that 53-bit draws are compared with, split into the words that kernels use. */
export interface BernoulliThreshold {
  /** Upper part of ceil(p·2^53), 0 … 2^21. */
  readonly high: number;
  /** Lower 32 bits of ceil(p·2^53). */
  readonly low: number;
}

const TWO_32 = 2 ** 32;
const LOW_21_BITS = 0x1f_ffff;

/**
 * @param probability of a 1, in [0, 1].
 * @throws RangeError naming `probability`.
 */
export function bernoulliThreshold(probability: number): BernoulliThreshold {
  const threshold = Math.ceil(requireProbability('probability', probability) * 2 ** 53);
  return { high: Math.floor(threshold / TWO_32), low: threshold % TWO_32 };
}

/**
 * `Tensor.bernoulli_(probability)`, and so `nn.Dropout`'s mask (probability = 1 - p), any dtype. Takes two 32-bit draws
 * per element, in row-major order:
 *
 *     a = random(), b = random()
 *     high = a & 0x1fffff                                // 21 bits
 *     one  ⇔  high < T.high  ∨  (high = T.high ∧ b < T.low)   // unsigned; T = bernoulliThreshold(probability)
 *
 * which is u < probability for the 53-bit uniform u = (high·2^32 + b)·2^-53. `b` decides only when high = T.high
 * (once in 2^21 draws), so a kernel may temper it then only; the stream always moves by two words per element.
 * No element can be computed without its predecessors: torch 2.13 uses the sequential generator here, not MKL's
 * skippable one (see DECISIONS.md).
 * @returns u8 [length], 0 or 1.
 * @throws RangeError naming `length` or `probability`.
 */
export function bernoulli(generator: Generator, length: number, probability: number): Uint8Array {
  const { high, low } = bernoulliThreshold(probability);
  const out = new Uint8Array(requireCount('length', length));
  for (let i = 0; i < out.length; i++) {
    const a = generator.random() & LOW_21_BITS;
    const b = generator.random();
    out[i] = a < high || (a === high && b < low) ? 1 : 0;
  }
  return out;
}

/**
 * The factor of a kept unit in inverted dropout: 1 / (1 - p) in f32, as `noise.div_(1 - p)` computes it.
 * @param p probability of dropping, [0, 1).
 * @throws RangeError naming `p`.
 */
export function dropoutScale(p: number): number {
  if (!(p >= 0 && p < 1)) throw new RangeError(`p must be in [0, 1), but is ${p}`);
  return Math.fround(1 / Math.fround(1 - p));
}

/**
 * The noise that `nn.Dropout(p)` multiplies its input with in training: f32 [length] of 0 and `dropoutScale(p)`.
 * p = 0 draws nothing and gives ones.
 * @throws RangeError naming `length` or `p`.
 */
export function dropoutNoise(generator: Generator, length: number, p: number): Float32Array {
  const scale = dropoutScale(p);
  const noise = new Float32Array(requireCount('length', length));
  if (p === 0) return noise.fill(1);
  const kept = bernoulli(generator, length, 1 - p);
  for (let i = 0; i < noise.length; i++) noise[i] = kept[i] === 1 ? scale : 0;
  return noise;
}
