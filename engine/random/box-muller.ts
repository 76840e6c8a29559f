// Box-Muller on 16 uniforms at once, with the single-precision logarithm, sine and cosine of torch's AVX2 code
// (Cephes polynomials, multiply-adds fused). Math.log and friends are more exact, and so would not give torch's digits.
import { fmaf } from './float32.ts';

const f = Math.fround;
const HALF_LANES = 8;
const TWO_PI = f(2 * Math.PI);

const SQRT_HALF = f(0.707106781186547524);
const LOG_COEFFICIENTS = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(f);
const LN2_LOW = f(-2.1219444e-4);
const LN2_HIGH = f(0.693359375);

const FOUR_OVER_PI = f(1.27323954473516);
/** π/4 in three parts, for the exact reduction of the angle. */
const [DP1, DP2, DP3] = [f(-0.78515625), f(-2.4187564849853515625e-4), f(-3.77489497744594108e-8)];
const [SIN0, SIN1, SIN2] = [f(-1.9515295891e-4), f(8.3321608736e-3), f(-1.6666654611e-1)];
const [COS0, COS1, COS2] = [f(2.443315711809948e-5), f(-1.388731625493765e-3), f(4.166664568298827e-2)];

const word = new DataView(new ArrayBuffer(4));

/** Natural logarithm of a normal f32 in (0, 1]. */
function logf(value: number): number {
  word.setFloat32(0, value);
  const raw = word.getUint32(0);
  word.setUint32(0, (raw & 0x007fffff) | 0x3f000000);
  const mantissa = word.getFloat32(0);
  const below = mantissa < SQRT_HALF;
  const exponent = (raw >>> 23) - 126 - (below ? 1 : 0);
  const x = below ? f(f(mantissa - 1) + mantissa) : f(mantissa - 1);
  const z = f(x * x);
  let y = LOG_COEFFICIENTS[0] as number;
  for (let i = 1; i < LOG_COEFFICIENTS.length; i++) y = fmaf(y, x, LOG_COEFFICIENTS[i] as number);
  y = fmaf(f(y * x), z, f(exponent * LN2_LOW));
  y = f(y - f(z * 0.5));
  return fmaf(exponent, LN2_HIGH, f(x + y));
}

interface SineAndCosine {
  readonly sine: number;
  readonly cosine: number;
}

/** Sine and cosine of an angle ≥ 0, f32. */
function sincosf(angle: number): SineAndCosine {
  const octant = (Math.trunc(f(angle * FOUR_OVER_PI)) + 1) & ~1;
  const x = fmaf(octant, DP3, fmaf(octant, DP2, fmaf(octant, DP1, angle)));
  const z = f(x * x);
  const cosine = f(fmaf(f(fmaf(fmaf(COS0, z, COS1), z, COS2) * z), z, -f(z * 0.5)) + 1);
  const sine = fmaf(f(fmaf(fmaf(SIN0, z, SIN1), z, SIN2) * z), x, x);
  const swapped = (octant & 2) !== 0;
  const sineSign = (octant & 4) === 0 ? 1 : -1;
  const cosineSign = ((octant - 2) & 4) !== 0 ? 1 : -1;
  return {
    sine: sineSign * (swapped ? cosine : sine),
    cosine: cosineSign * (swapped ? sine : cosine),
  };
}

/**
 * Turns 16 uniforms in [0, 1) into 16 standard normals, in place: element j gets the cosine and j+8 the sine of the
 * pair (j, j+8). With every operation rounded to f32 and `fma` rounded once, for j = 0 … 7:
 *
 *     radius = sqrt(-2 · logf(1 - u[j]))
 *     angle  = f32(2π) · u[j+8]
 *     z[j] = radius · cosf(angle),   z[j+8] = radius · sinf(angle)
 *
 * `logf` and `sincosf` are the polynomials above, term by term: other good logarithms and sines differ in the last place.
 * 1 - u is never 0, because u has 24 bits; so no case for it is needed. The pairs do not depend on each other: a kernel may
 * compute the eight of a block at once.
 * @param block f32 [16].
 */
export function boxMullerBlock(block: Float32Array): void {
  for (let j = 0; j < HALF_LANES; j++) {
    const radius = f(Math.sqrt(f(-2 * logf(f(1 - (block[j] as number))))));
    const { sine, cosine } = sincosf(f(TWO_PI * (block[j + HALF_LANES] as number)));
    block[j] = radius * cosine;
    block[j + HALF_LANES] = radius * sine;
  }
}
