// Uniform and whole-number draws: torch's uniform_, rand, randint and random_.
import { requireCount } from './arguments.ts';
import { fmaf } from './float32.ts';
import type { Generator } from './generator.ts';

/**
 * `Tensor.uniform_(from, to)` in f32: one 32-bit draw per element. A value that rounds up to `to` becomes `from`.
 * @param out filled in order.
 * @throws RangeError when a bound is not finite, `from` > `to`, or their distance overflows f32.
 */
export function uniform(generator: Generator, out: Float32Array, from = 0, to = 1): Float32Array {
  const low = Math.fround(from);
  const high = Math.fround(to);
  const width = Math.fround(high - low);
  if (!Number.isFinite(low)) throw new RangeError(`from must be finite in f32, but is ${from}`);
  if (!Number.isFinite(high)) throw new RangeError(`to must be finite in f32, but is ${to}`);
  if (from > to) throw new RangeError(`from must be at most to, but from is ${from} and to is ${to}`);
  if (!Number.isFinite(width))
    throw new RangeError(`to - from must be finite in f32, but from is ${from} and to is ${to}`);
  for (let i = 0; i < out.length; i++) {
    const value = fmaf(generator.uniform24(), width, low);
    out[i] = value === high ? low : value;
  }
  return out;
}

/** From this many possible values on, torch takes 64 bits per draw. */
const WIDE_RANGE = 2 ** 28;

/**
 * `torch.randint(low, high, [size])` (int64): one draw per element, 32 bits wide for ranges below 2^28, else 64.
 * @param low inclusive, `high` exclusive; both safe integers.
 * @returns whole numbers, exact.
 * @throws RangeError naming the argument.
 */
export function randint(generator: Generator, low: number, high: number, size: number): Float64Array {
  if (!Number.isSafeInteger(low)) throw new RangeError(`low must be a whole number, but is ${low}`);
  if (!Number.isSafeInteger(high) || high <= low)
    throw new RangeError(`high must be a whole number above low (${low}), but is ${high}`);
  const range = high - low;
  if (!Number.isSafeInteger(range)) throw new RangeError(`high - low must be below 2^53, but is ${range}`);
  const draw =
    range < WIDE_RANGE
      ? () => (generator.random() % range) + low
      : () => Number(generator.random64() % BigInt(range)) + low;
  return Float64Array.from({ length: requireCount('size', size) }, draw);
}

/** `torch.empty((), dtype=torch.int64).random_()`: 63 random bits, as torch draws seeds. */
export const random63 = (generator: Generator): bigint => BigInt.asUintN(63, generator.random64());
