// torch.Generator on the CPU: one stream of draws, and its whole state as plain data so that a copy elsewhere can continue it.
import { MT_WORDS, seedWords, temper, twist } from './mt19937.ts';

/**
 * Everything that decides the draws to come.
 * torch keeps two cached normals (float and double); tensors only ever use the double one, so one is kept here.
 */
export interface GeneratorState {
  /** The twister's words, u32 [624]. */
  readonly mt: Uint32Array;
  /** Next word to use, 0 … 624; 624 means that a twist is due first (as right after seeding). */
  readonly index: number;
  /** Second value of the last Box-Muller pair drawn one at a time, not yet handed out; standard normal, f64. */
  readonly cachedNormal: number | null;
}

const TWO_32 = 0x1_0000_0000;
const LOW_21_BITS = 0x1f_ffff;

function seed32(seed: number | bigint): number {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed))
    throw new RangeError(`seed must be a whole number within ±2^53, but is ${seed}`);
  if (typeof seed === 'bigint' && (seed < -(2n ** 63n) || seed >= 2n ** 64n))
    throw new RangeError(`seed must be from -2^63 to 2^64-1, but is ${seed}`);
  return Number(BigInt.asUintN(32, BigInt(seed)));
}

export class Generator {
  readonly #mt: Uint32Array;
  #index: number;
  #cachedNormal: number | null;

  private constructor(state: GeneratorState) {
    this.#mt = Uint32Array.from(state.mt);
    this.#index = state.index;
    this.#cachedNormal = state.cachedNormal;
  }

  /**
   * `torch.manual_seed(seed)`: only the low 32 bits of the seed (two's complement) count, as in torch.
   * @param seed whole number within ±2^53, or a bigint from -2^63 to 2^64-1.
   * @throws RangeError naming `seed`.
   */
  static manualSeed(seed: number | bigint): Generator {
    return new Generator({ mt: seedWords(seed32(seed)), index: MT_WORDS, cachedNormal: null });
  }

  /**
   * Continues a stream from a state; the state is copied.
   * @throws RangeError naming the part of the state that cannot be.
   */
  static fromState(state: GeneratorState): Generator {
    if (state.mt.length !== MT_WORDS)
      throw new RangeError(`state.mt must have ${MT_WORDS} words, but has ${state.mt.length}`);
    if (!Number.isInteger(state.index) || state.index < 0 || state.index > MT_WORDS)
      throw new RangeError(`state.index must be a whole number from 0 to ${MT_WORDS}, but is ${state.index}`);
    if (state.cachedNormal !== null && !Number.isFinite(state.cachedNormal))
      throw new RangeError(`state.cachedNormal must be finite or null, but is ${state.cachedNormal}`);
    return new Generator(state);
  }

  /** A copy of the present state; later draws do not change it. */
  getState(): GeneratorState {
    return { mt: Uint32Array.from(this.#mt), index: this.#index, cachedNormal: this.#cachedNormal };
  }

  /** One 32-bit draw, 0 … 2^32-1. */
  random(): number {
    if (this.#index === MT_WORDS) {
      twist(this.#mt);
      this.#index = 0;
    }
    return temper(this.#mt[this.#index++] as number);
  }

  /** One 64-bit draw: two 32-bit draws, the first one high. */
  random64(): bigint {
    const high = this.random();
    return (BigInt(high) << 32n) | BigInt(this.random());
  }

  /** f64 in [0, 1) with 53 random bits: the low 53 bits of one 64-bit draw. */
  uniform53(): number {
    const high = this.random() & LOW_21_BITS;
    return (high * TWO_32 + this.random()) * 2 ** -53;
  }

  /** f32 in [0, 1) with 24 random bits: the low 24 bits of one 32-bit draw. */
  uniform24(): number {
    return (this.random() & 0xff_ffff) * 2 ** -24;
  }

  /** Hands out the waiting second value of a Box-Muller pair, if there is one. */
  takeCachedNormal(): number | null {
    const value = this.#cachedNormal;
    this.#cachedNormal = null;
    return value;
  }

  /** Keeps the second value of a Box-Muller pair for the next single draw. */
  keepCachedNormal(value: number): void {
    this.#cachedNormal = value;
  }
}
