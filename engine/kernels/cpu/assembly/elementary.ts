// The elementary functions behind activations and losses, two lanes in double precision: their errors vanish when the result
// is rounded to float32. Coefficients lie in memory, because V8 builds a vector constant anew wherever it is used: three
// instructions instead of one load. That makes the exponential more than twice as fast.
import { CONSTANTS } from './layout';

const ONE = CONSTANTS;
const TWO = CONSTANTS + 8;
/** e^x is 0 below, infinite above. */
const EXP_LOWEST = CONSTANTS + 16;
const EXP_HIGHEST = CONSTANTS + 24;
const LOG2_E = CONSTANTS + 32;
const LN_2 = CONSTANTS + 40;
/** 1.5 * 2^52: a number added to it is rounded to a whole one, which then lies in the lowest bits. */
const ROUNDER = CONSTANTS + 48;
/** Eight coefficients of (e^r - 1 - r) / r^2, the highest power first. */
const EXP_SERIES = CONSTANTS + 56;
const MINUS_HALF = CONSTANTS + 120;
const TAIL_FAR = CONSTANTS + 128;
/** Coefficients of the normal distribution's tail, the highest power first: seven above, seven and a 1 below. */
const TAIL_ABOVE = CONSTANTS + 136;
const TAIL_BELOW = CONSTANTS + 192;
/** 1/sqrt(2 pi). */
const NORMAL_PEAK = CONSTANTS + 248;
const MINUS_TWO = CONSTANTS + 256;
/** -2 sqrt(2/pi), its product with 0.044715, and three times that. */
const GELU_LINE = CONSTANTS + 264;
const GELU_CUBE = CONSTANTS + 272;
const GELU_SLOPE = CONSTANTS + 280;
/** Seven coefficients of (2 artanh(s) - 2s) / s^3 in s^2, the highest power first. */
const LOG_SERIES = CONSTANTS + 288;

/** Puts the constants in their places; before anything else runs. */
export function writeConstants(): void {
  store<f64>(ONE, 1);
  store<f64>(TWO, 2);
  store<f64>(EXP_LOWEST, -709.1);
  store<f64>(EXP_HIGHEST, 709.9);
  store<f64>(LOG2_E, 1.4426950408889634);
  store<f64>(LN_2, 0.6931471805599453);
  store<f64>(ROUNDER, 6755399441055744);
  store<f64>(EXP_SERIES, 2.7493739611611126e-6);
  store<f64>(EXP_SERIES, 2.4880843172585123e-5, 8);
  store<f64>(EXP_SERIES, 1.9841537489562368e-4, 16);
  store<f64>(EXP_SERIES, 1.3888811065058018e-3, 24);
  store<f64>(EXP_SERIES, 8.333333096241596e-3, 32);
  store<f64>(EXP_SERIES, 4.166666696282442e-2, 40);
  store<f64>(EXP_SERIES, 0.16666666667262858, 48);
  store<f64>(EXP_SERIES, 0.4999999999966307, 56);
  store<f64>(MINUS_HALF, -0.5);
  store<f64>(TAIL_FAR, 200);
  store<f64>(TAIL_ABOVE, 1.773116029533684e-4);
  store<f64>(TAIL_ABOVE, 2.9412350368515617e-3, 8);
  store<f64>(TAIL_ABOVE, 2.316111164710126e-2, 16);
  store<f64>(TAIL_ABOVE, 0.10891239359016254, 24);
  store<f64>(TAIL_ABOVE, 0.3218110022706669, 32);
  store<f64>(TAIL_ABOVE, 0.5723198386766354, 40);
  store<f64>(TAIL_ABOVE, 0.5000000000005917, 48);
  store<f64>(TAIL_BELOW, 4.4445422069224426e-4);
  store<f64>(TAIL_BELOW, 7.372587561241275e-3, 8);
  store<f64>(TAIL_BELOW, 5.8500577957427885e-2, 16);
  store<f64>(TAIL_BELOW, 0.2803793946506603, 24);
  store<f64>(TAIL_BELOW, 0.8637673269370899, 32);
  store<f64>(TAIL_BELOW, 1.6935321003623993, 40);
  store<f64>(TAIL_BELOW, 1.9425242383021772, 48);
  store<f64>(NORMAL_PEAK, 0.3989422804014327);
  store<f64>(MINUS_TWO, -2);
  store<f64>(GELU_LINE, -1.5957691216057308);
  store<f64>(GELU_CUBE, -0.07135481627260025);
  store<f64>(GELU_SLOPE, -0.21406444881780074);
  store<f64>(LOG_SERIES, 0.2000656505632456);
  store<f64>(LOG_SERIES, 0.14096793637712288, 8);
  store<f64>(LOG_SERIES, 0.18305635950354854, 16);
  store<f64>(LOG_SERIES, 0.22215780674997684, 24);
  store<f64>(LOG_SERIES, 0.28571606424228546, 32);
  store<f64>(LOG_SERIES, 0.39999997681895905, 40);
  store<f64>(LOG_SERIES, 0.6666666667685975, 48);
}

// @ts-ignore: decorator
@inline
function constant(at: usize): v128 {
  return v128.load64_splat(at);
}

/** a*b + c: fused in the relaxed build where the machine can. */
// @ts-ignore: decorator
@inline
function madd64(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** c - a*b, fused as madd64. */
// @ts-ignore: decorator
@inline
function nmadd64(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_nmadd(a, b, c);
  return f64x2.sub(c, f64x2.mul(a, b));
}

/** Two floats in memory as doubles. */
// @ts-ignore: decorator
@inline
export function doubles(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** x within what 2^k can hold: below, k is -1023, whose power comes out as 0. A NaN comes through (pmin, pmax). */
// @ts-ignore: decorator
@inline
function limited(x: v128): v128 {
  return f64x2.pmin(f64x2.pmax(x, constant(EXP_LOWEST)), constant(EXP_HIGHEST));
}

/** x/ln2 rounded to a whole k, as ROUNDER + k. */
// @ts-ignore: decorator
@inline
function rounded(x: v128): v128 {
  return madd64(x, constant(LOG2_E), constant(ROUNDER));
}

/** 2^k of ROUNDER + k. */
// @ts-ignore: decorator
@inline
function power(k: v128): v128 {
  return i64x2.add(i64x2.shl(k, 52), constant(ONE));
}

/** e^r - 1 of the remainder r = x - k ln2, |r| <= ln2/2; also relatively right near 0. */
// @ts-ignore: decorator
@inline
function remainder(x: v128, k: v128): v128 {
  const r = nmadd64(f64x2.sub(k, constant(ROUNDER)), constant(LN_2), x);
  let p = constant(EXP_SERIES);
  p = madd64(p, r, constant(EXP_SERIES + 8));
  p = madd64(p, r, constant(EXP_SERIES + 16));
  p = madd64(p, r, constant(EXP_SERIES + 24));
  p = madd64(p, r, constant(EXP_SERIES + 32));
  p = madd64(p, r, constant(EXP_SERIES + 40));
  p = madd64(p, r, constant(EXP_SERIES + 48));
  p = madd64(p, r, constant(EXP_SERIES + 56));
  return madd64(f64x2.mul(p, r), r, r);
}

/** e^x, relative error below 3e-14 where float32 can hold it: 2^k * e^r by a minimax polynomial of degree 9. */
// @ts-ignore: decorator
@inline
export function exp64(x: v128): v128 {
  const within = limited(x);
  const k = rounded(within);
  const scale = power(k);
  return madd64(scale, remainder(within, k), scale);
}

/** e^x - 1, relatively right near 0; -0 becomes 0. */
// @ts-ignore: decorator
@inline
export function expm164(x: v128): v128 {
  const within = limited(x);
  const k = rounded(within);
  const scale = power(k);
  return madd64(scale, remainder(within, k), f64x2.sub(scale, constant(ONE)));
}

/** ln(1 + x) for x from 0 to 1, relative error below 1e-13 near 0 too: 2 artanh(s), s = x / (2 + x). */
// @ts-ignore: decorator
@inline
export function log1p64(x: v128): v128 {
  const s = f64x2.div(x, f64x2.add(constant(TWO), x));
  const z = f64x2.mul(s, s);
  let p = constant(LOG_SERIES);
  p = madd64(p, z, constant(LOG_SERIES + 8));
  p = madd64(p, z, constant(LOG_SERIES + 16));
  p = madd64(p, z, constant(LOG_SERIES + 24));
  p = madd64(p, z, constant(LOG_SERIES + 32));
  p = madd64(p, z, constant(LOG_SERIES + 40));
  p = madd64(p, z, constant(LOG_SERIES + 48));
  return madd64(f64x2.mul(p, z), s, f64x2.add(s, s));
}

/** 1/(1 + e), the logistic function of -ln e. */
// @ts-ignore: decorator
@inline
export function logistic64(e: v128): v128 {
  const one = constant(ONE);
  return f64x2.div(one, f64x2.add(one, e));
}

// @ts-ignore: decorator
@inline
export function sigmoid64(x: v128): v128 {
  return logistic64(exp64(f64x2.neg(x)));
}

/** -tanh |x| = m/(m + 2) of m = e^(-2|x|) - 1. */
// @ts-ignore: decorator
@inline
export function tanhOfMagnitude64(x: v128): v128 {
  const m = expm164(f64x2.mul(f64x2.abs(x), constant(MINUS_TWO)));
  return f64x2.div(m, f64x2.add(m, constant(TWO)));
}

/** |x|, limited to where the normal distribution's tail is 0 anyway; a NaN comes through. */
// @ts-ignore: decorator
@inline
export function distance64(x: v128): v128 {
  return f64x2.pmin(f64x2.abs(x), constant(TAIL_FAR));
}

/** e^(-z^2/2). */
// @ts-ignore: decorator
@inline
export function bell64(z: v128): v128 {
  return exp64(f64x2.mul(f64x2.mul(z, z), constant(MINUS_HALF)));
}

/** The normal density of its bell e^(-z^2/2). */
// @ts-ignore: decorator
@inline
export function density64(bell: v128): v128 {
  return f64x2.mul(bell, constant(NORMAL_PEAK));
}

/**
 * The normal distribution function at x, relative error below 2e-12 in the lower tail too. The tail beyond z is e^(-z^2/2)
 * times a smooth function, here a quotient of polynomials fitted from 0 to 15 (float32 ends at 14.4); all its
 * coefficients are positive, so that nothing cancels.
 * @param z distance64(x). @param bell bell64(z).
 */
// @ts-ignore: decorator
@inline
export function normal64(x: v128, z: v128, bell: v128): v128 {
  let p = constant(TAIL_ABOVE);
  p = madd64(p, z, constant(TAIL_ABOVE + 8));
  p = madd64(p, z, constant(TAIL_ABOVE + 16));
  p = madd64(p, z, constant(TAIL_ABOVE + 24));
  p = madd64(p, z, constant(TAIL_ABOVE + 32));
  p = madd64(p, z, constant(TAIL_ABOVE + 40));
  p = madd64(p, z, constant(TAIL_ABOVE + 48));
  let q = constant(TAIL_BELOW);
  q = madd64(q, z, constant(TAIL_BELOW + 8));
  q = madd64(q, z, constant(TAIL_BELOW + 16));
  q = madd64(q, z, constant(TAIL_BELOW + 24));
  q = madd64(q, z, constant(TAIL_BELOW + 32));
  q = madd64(q, z, constant(TAIL_BELOW + 40));
  q = madd64(q, z, constant(TAIL_BELOW + 48));
  q = madd64(q, z, constant(ONE));
  const tail = f64x2.div(f64x2.mul(p, bell), q);
  return v128.bitselect(tail, f64x2.sub(constant(ONE), tail), f64x2.lt(x, f64x2.splat(0)));
}

/** -2u of GELU's approximation ½x(1 + tanh u) = x/(1 + e^-2u), u = sqrt(2/pi)(x + 0.044715 x^3). */
// @ts-ignore: decorator
@inline
export function geluExponent64(x: v128): v128 {
  return f64x2.mul(x, madd64(f64x2.mul(x, x), constant(GELU_CUBE), constant(GELU_LINE)));
}

/** Its derivative. */
// @ts-ignore: decorator
@inline
export function geluExponentSlope64(x: v128): v128 {
  return madd64(f64x2.mul(x, x), constant(GELU_SLOPE), constant(GELU_LINE));
}
