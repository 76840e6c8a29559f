// The fused multiply-add against exact rational arithmetic.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fmaf } from './float32.ts';

interface Exact {
  readonly digits: bigint;
  readonly exponent: number;
}

/** A finite f32 as digits·2^exponent. */
function exact(value: number): Exact {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  const bits = view.getUint32(0);
  const field = (bits >>> 23) & 0xff;
  const fraction = BigInt(bits & 0x7fffff) | (field === 0 ? 0n : 0x800000n);
  return { digits: bits >>> 31 ? -fraction : fraction, exponent: Math.max(field, 1) - 150 };
}

/** Rounds digits·2^exponent to f32, ties to even; the caller keeps clear of overflow and subnormals. */
function rounded({ digits, exponent }: Exact): number {
  if (digits === 0n) return 0;
  const negative = digits < 0n;
  let magnitude = negative ? -digits : digits;
  const drop = magnitude.toString(2).length - 24;
  let scale = exponent;
  if (drop > 0) {
    const [unit, half] = [1n << BigInt(drop), 1n << BigInt(drop - 1)];
    const rest = magnitude % unit;
    magnitude /= unit;
    if (rest > half || (rest === half && magnitude % 2n === 1n)) magnitude += 1n;
    scale += drop;
  }
  const value = Number(magnitude) * 2 ** scale;
  return negative ? -value : value;
}

function oracle(a: number, b: number, c: number): number {
  const [x, y, z] = [exact(a), exact(b), exact(c)];
  const product = { digits: x.digits * y.digits, exponent: x.exponent + y.exponent };
  const exponent = Math.min(product.exponent, z.exponent);
  return rounded({
    digits: (product.digits << BigInt(product.exponent - exponent)) + (z.digits << BigInt(z.exponent - exponent)),
    exponent,
  });
}

const moderate = fc
  .tuple(fc.integer({ min: -0xffffff, max: 0xffffff }), fc.integer({ min: -40, max: 16 }))
  .map(([digits, exponent]) => Math.fround(digits * 2 ** exponent));

it('rounds a·b + c once', () => {
  fc.assert(
    fc.property(moderate, moderate, moderate, (a, b, c) => {
      expect(fmaf(a, b, c) + 0).toBe(oracle(a, b, c));
    }),
    { numRuns: 5000 },
  );
});

it('is right where rounding twice is wrong: just above and just below a tie', () => {
  const [tie, tiny] = [1 + 2 ** -23, 2 ** -60];
  expect(fmaf(1, 2 ** -24, tie)).toBe(1 + 2 ** -22);
  expect(fmaf(2 ** -24 + 2 ** -47, 1, 1)).toBe(1 + 2 ** -23);
  expect(fmaf(tiny, tiny, 1)).toBe(1);
  const [a, b] = [Math.fround(1 + 2 ** -12), Math.fround(2 ** -24 * (1 - 2 ** -12))];
  expect(fmaf(a, b, 1)).toBe(oracle(a, b, 1));
});
