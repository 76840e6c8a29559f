// SHA-256 at once, not as a promise: what is compared hashes thousands of short lists in the middle of its loops.

/** The first 32 bits of the fractional parts of the roots (square, cube) of the first primes, as FIPS 180-4 has them. */
function fractions(count: number, root: (x: number) => number): Uint32Array {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n && prime; d++) prime = n % d !== 0;
    if (prime) found.push((root(n) % 1) * 2 ** 32);
  }
  return Uint32Array.from(found, Math.floor);
}

const START = fractions(8, Math.sqrt);
const ROUNDS = fractions(64, Math.cbrt);
const BLOCK = 64;

const rotated = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

/** One block into the state. @param words scratch of 64. */
function compress(state: Uint32Array, words: Uint32Array, block: DataView, offset: number): void {
  for (let i = 0; i < 16; i++) words[i] = block.getUint32(offset + 4 * i);
  for (let i = 16; i < 64; i++) {
    const [a, b] = [words[i - 15] as number, words[i - 2] as number];
    const s0 = rotated(a, 7) ^ rotated(a, 18) ^ (a >>> 3);
    const s1 = rotated(b, 17) ^ rotated(b, 19) ^ (b >>> 10);
    words[i] = (words[i - 16] as number) + s0 + (words[i - 7] as number) + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (ROUNDS[i] as number) + (words[i] as number)) | 0;
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  for (const [i, x] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] as number) + x;
}

export type NumberArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/**
 * SHA-256 of the bytes of all arrays, one after another.
 * @returns 64 hexadecimal digits.
 */
export function sha256(...arrays: readonly NumberArray[]): string {
  const length = arrays.reduce((sum, x) => sum + x.byteLength, 0);
  // The message, a single bit, zeros, and its length in bits at the end of the last block.
  const padded = new Uint8Array(Math.ceil((length + 9) / BLOCK) * BLOCK);
  let offset = 0;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    padded.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
    offset += byteLength;
  }
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(length) * 8n);
  const [state, words] = [START.slice(), new Uint32Array(64)];
  for (let i = 0; i < padded.length; i += BLOCK) compress(state, words, view, i);
  return Array.from(state, (x) => x.toString(16).padStart(8, '0')).join('');
}
