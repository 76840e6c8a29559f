// Single-precision arithmetic that JavaScript lacks: torch's x86 build fuses multiply and add, so its roundings must be reproduced.

const bits = new DataView(new ArrayBuffer(8));

/** Rounds a sum to odd: `sum` is the nearest double to an exact value that differs from it by `error` ≠ 0. */
function toOdd(sum: number, error: number): number {
  bits.setFloat64(0, sum);
  const low = bits.getUint32(4);
  if ((low & 1) === 1) return sum;
  if (sum > 0 === error > 0) bits.setUint32(4, low + 1);
  else {
    if (low === 0) bits.setUint32(0, bits.getUint32(0) - 1);
    bits.setUint32(4, low - 1);
  }
  return bits.getFloat64(0);
}

/**
 * a·b + c, rounded once to f32. All three are finite f32 values.
 * The product is exact in f64; the sum is rounded to odd in f64, which makes the second rounding to f32 exact
 * (Boldo & Melquiond 2008).
 */
export function fmaf(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const partOfC = sum - product;
  const error = product - (sum - partOfC) + (c - partOfC);
  return Math.fround(error === 0 ? sum : toOdd(sum, error));
}
