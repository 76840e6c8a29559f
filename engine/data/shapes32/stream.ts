// Random numbers of one picture: a small stream of its own, so that a picture is a function of its place alone.
// Whole-number arithmetic only, so every JavaScript engine draws the same pictures.

/** Rounds after seeding, until every bit of the state depends on every bit of the key. */
const WARM_UP = 12;

/** sfc32 (Doty-Humphrey's small fast counter generator): 128 bits of state, one 32-bit word per call. */
export class PictureStream {
  /** Three mixed words and a counter; typed, because numbers this large would be boxed in fields. */
  readonly #state: Int32Array;

  /** The key's three words; streams of different keys have nothing to do with each other. */
  constructor(a: number, b: number, c: number) {
    this.#state = Int32Array.of(a, b, c, 1);
    for (let i = 0; i < WARM_UP; i++) this.word();
  }

  /** 32 random bits, as a signed number. */
  word(): number {
    const state = this.#state;
    const b = state[1] as number;
    const c = state[2] as number;
    const counter = state[3] as number;
    const out = ((state[0] as number) + b + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + out;
    state[3] = counter + 1;
    return out;
  }

  /** In [0, 1), 32 random bits. */
  unit(): number {
    return (this.word() >>> 0) * 2 ** -32;
  }

  /** In [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** A whole number from 0 to count - 1. */
  below(count: number): number {
    return Math.floor(this.unit() * count);
  }
}
