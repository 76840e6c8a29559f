// torch's standard normals in f32, for the whole batch: Box-Muller in blocks of 16 with the single-precision polynomials of its
// AVX2 code (see engine/random/box-muller.ts), or one pair at a time in f64 where there are fewer than 16.
import { DRAW_NORMALS_FEATURES, DRAW_NORMALS_NORMALS } from '../build/records';
import { log64 } from './arithmetic';
import { batchSize } from './context';
import { G_HAS_NORMAL, G_NORMAL } from './layout';
import { fillUniform, generatorState, uniform53 } from './mt19937';

/** a*b + c rounded once; where the machine has no such instruction, by way of doubles (right but for rare halfway cases). */
// @ts-ignore: decorator
@inline
function fused(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  const low = f64x2.add(
    f64x2.mul(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b)), f64x2.promote_low_f32x4(c),
  );
  const high = f64x2.add(f64x2.mul(upper(a), upper(b)), upper(c));
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

// @ts-ignore: decorator
@inline
function upper(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1));
}

/** ln x of normal x in (0, 1]. */
function logOf(x: v128): v128 {
  const half = f32x4.splat(0.5);
  const one = f32x4.splat(1);
  let mantissa = v128.or(v128.and(x, i32x4.splat(0x007fffff)), half);
  const below = f32x4.lt(mantissa, f32x4.splat(0.707106781186547524));
  // Ones where below, so that the exponent goes down by one.
  const exponent = f32x4.convert_i32x4_s(i32x4.add(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)), below));
  mantissa = f32x4.add(f32x4.sub(mantissa, one), v128.and(mantissa, below));
  const z = f32x4.mul(mantissa, mantissa);
  let y = f32x4.splat(7.0376836292e-2);
  y = fused(y, mantissa, f32x4.splat(-1.151461031e-1));
  y = fused(y, mantissa, f32x4.splat(1.167699874e-1));
  y = fused(y, mantissa, f32x4.splat(-1.2420140846e-1));
  y = fused(y, mantissa, f32x4.splat(1.4249322787e-1));
  y = fused(y, mantissa, f32x4.splat(-1.6668057665e-1));
  y = fused(y, mantissa, f32x4.splat(2.0000714765e-1));
  y = fused(y, mantissa, f32x4.splat(-2.4999993993e-1));
  y = fused(y, mantissa, f32x4.splat(3.3333331174e-1));
  y = fused(f32x4.mul(y, mantissa), z, f32x4.mul(exponent, f32x4.splat(-2.1219444e-4)));
  y = f32x4.sub(y, f32x4.mul(z, half));
  return fused(exponent, f32x4.splat(0.693359375), f32x4.add(mantissa, y));
}

/** Four pairs of uniforms at u1 and u2 become radius times cosine, and radius times sine. */
function pairs(u1: usize, u2: usize): void {
  const one = f32x4.splat(1);
  const half = f32x4.splat(0.5);
  const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), logOf(f32x4.sub(one, v128.load(u1)))));
  const angle = f32x4.mul(f32x4.splat(6.283185307179586), v128.load(u2));
  const octant = v128.and(
    i32x4.add(i32x4.trunc_sat_f32x4_s(f32x4.mul(angle, f32x4.splat(1.27323954473516))), i32x4.splat(1)), i32x4.splat(~1),
  );
  const turns = f32x4.convert_i32x4_s(octant);
  let x = fused(turns, f32x4.splat(-0.78515625), angle);
  x = fused(turns, f32x4.splat(-2.4187564849853515625e-4), x);
  x = fused(turns, f32x4.splat(-3.77489497744594108e-8), x);
  const z = f32x4.mul(x, x);
  let c = fused(f32x4.splat(2.443315711809948e-5), z, f32x4.splat(-1.388731625493765e-3));
  c = f32x4.mul(fused(c, z, f32x4.splat(4.166664568298827e-2)), z);
  const cosine = f32x4.add(fused(c, z, f32x4.neg(f32x4.mul(z, half))), one);
  let s = fused(f32x4.splat(-1.9515295891e-4), z, f32x4.splat(8.3321608736e-3));
  s = f32x4.mul(fused(s, z, f32x4.splat(-1.6666654611e-1)), z);
  const sine = fused(s, x, x);
  const swapped = i32x4.ne(v128.and(octant, i32x4.splat(2)), i32x4.splat(0));
  const sineSign = i32x4.shl(v128.and(octant, i32x4.splat(4)), 29);
  const cosineSign = i32x4.shl(v128.andnot(i32x4.splat(4), i32x4.sub(octant, i32x4.splat(2))), 29);
  v128.store(u1, f32x4.mul(radius, v128.xor(v128.bitselect(sine, cosine, swapped), cosineSign)));
  v128.store(u2, f32x4.mul(radius, v128.xor(v128.bitselect(cosine, sine, swapped), sineSign)));
}

/** 16 uniforms become normals, in place: eight cosines, then eight sines. */
function block(at: usize): void {
  pairs(at, at + 32);
  pairs(at + 16, at + 48);
}

/** sin x (odd) or cos x for |x| <= pi/4, as a Taylor series; error below 1e-17. */
function series(x: f64, odd: bool): f64 {
  const z = x * x;
  let n: f64 = odd ? 19 : 18;
  let sum: f64 = 1;
  for (; n > 1; n -= 2) sum = 1 - (sum * z) / (n * (n - 1));
  return odd ? x * sum : sum;
}

/** One normal in f64: makes a pair, hands out the cosine and keeps the sine. */
function single(mt: usize): f64 {
  if (load<i32>(mt, G_HAS_NORMAL)) {
    store<i32>(mt, 0, G_HAS_NORMAL);
    return load<f64>(mt, G_NORMAL);
  }
  const u1 = uniform53(mt);
  const u2 = uniform53(mt);
  // 1 - u2 is exact for 53 bits.
  const radius = Math.sqrt(-2 * f64x2.extract_lane(log64(f64x2.splat(1 - u2)), 0));
  // Quarter turns, and what is left in [-pi/4, pi/4].
  const quarters = Math.round(u1 * 4);
  const rest = (u1 * 4 - quarters) * 1.5707963267948966;
  const s = series(rest, true);
  const c = series(rest, false);
  const quarter = <i32>quarters & 3;
  const sine = quarter == 0 ? s : quarter == 1 ? c : quarter == 2 ? -s : -c;
  const cosine = quarter == 0 ? c : quarter == 1 ? -s : quarter == 2 ? -c : s;
  store<f64>(mt, radius * sine, G_NORMAL);
  store<i32>(mt, 1, G_HAS_NORMAL);
  return radius * cosine;
}

/** torch.randn of [examples][features]. */
export function drawNormals(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const mt = generatorState();
  const out = load<usize>(record, DRAW_NORMALS_NORMALS);
  const count = load<i32>(record, DRAW_NORMALS_FEATURES) * batchSize;
  if (count < 16) {
    for (let i = 0; i < count; i++) store<f32>(out + (<usize>i << 2), <f32>single(mt));
    return;
  }
  fillUniform(mt, out, count);
  for (let i = 0; i + 16 <= count; i += 16) block(out + (<usize>i << 2));
  if (count % 16 == 0) return;
  // The last 16 are drawn anew.
  const tail = out + (<usize>(count - 16) << 2);
  fillUniform(mt, tail, 16);
  block(tail);
}
