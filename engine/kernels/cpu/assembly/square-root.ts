// torch's square root. On AVX512 machines it comes from MKL: Intel's 14-bit reciprocal root and one Newton step, which is
// one unit in the last place off in 0.6 % of cases. Training with Adam is chaotic, so a run only stays PyTorch's when
// these cases are PyTorch's too. `mayDiffer` finds the vectors with such a candidate, `torchRoot` computes them exactly.
import { madd, nmadd } from './arithmetic';
import { O_EXPONENT, O_TIE, ROOT_TABLE } from './layout';

/**
 * How far from the exact root, in halves of a unit in the last place, the rounded one is at least where Newton's step
 * misses it: found by trying all 2^24 mantissas and exponent parities (0.8798).
 */
const TIE: f32 = 0.879 / 8388608.0;

/** Puts the constants of `mayDiffer` into the optimizer block. */
export function writeRootConstants(o: usize): void {
  store<u32>(o, 0x7f800000, O_EXPONENT);
  store<f32>(o, TIE, O_TIE);
}

/**
 * @param root the correctly rounded root of x.
 * @param exponent, tie the constants at O_EXPONENT and O_TIE.
 * @returns not 0 when torch's root of some lane may be another: x - root^2 is near -root times root's last place.
 */
// @ts-ignore: decorator
@inline
export function mayDiffer(x: v128, root: v128, exponent: v128, tie: v128): i32 {
  const place = f32x4.mul(v128.and(root, exponent), root);
  return i32x4.bitmask(madd(place, tie, nmadd(root, root, x)));
}

// @ts-ignore: decorator
@inline
function entry(piece: i32): usize {
  return ROOT_TABLE + (<usize>piece << 3);
}

/** Intel's vrsqrt14ps for positive normal x: 2^-E times a line per 64th of [1, 4). */
// @ts-ignore: decorator
@inline
function reciprocalRoot(x: v128): v128 {
  const exponent = i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(127));
  const odd = v128.and(exponent, i32x4.splat(1));
  const index = v128.or(i32x4.shl(odd, 15), i32x4.shr_u(v128.and(x, i32x4.splat(0x7fffff)), 8));
  const piece = i32x4.shr_u(index, 10);
  const along = v128.and(index, i32x4.splat(1023));
  const low = v128.load64_lane(entry(i32x4.extract_lane(piece, 1)), v128.load64_zero(entry(i32x4.extract_lane(piece, 0))), 1);
  const high = v128.load64_lane(entry(i32x4.extract_lane(piece, 3)), v128.load64_zero(entry(i32x4.extract_lane(piece, 2))), 1);
  const start = v128.shuffle<i32>(low, high, 0, 2, 4, 6);
  const slope = v128.shuffle<i32>(low, high, 1, 3, 5, 7);
  const line = i32x4.sub(start, i32x4.mul(slope, along));
  // Powers of 4 are exact.
  const exact = i32x4.eq(v128.and(x, i32x4.splat(0xffffff)), i32x4.splat(0x800000));
  const value = v128.bitselect(i32x4.splat(65536), i32x4.shr_s(line, 9), exact);
  const mantissa = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(value), f32x4.splat(1.0 / 131072)), f32x4.splat(0.5));
  const half = i32x4.shr_s(i32x4.sub(exponent, odd), 1);
  return f32x4.mul(mantissa, i32x4.shl(i32x4.sub(i32x4.splat(127), half), 23));
}

/** The root as torch computes it, lanes of x positive and normal, or zero. */
// @ts-ignore: decorator
@inline
export function torchRoot(x: v128): v128 {
  const y = reciprocalRoot(x);
  const s = f32x4.mul(x, y);
  const d = nmadd(s, s, x);
  const root = madd(d, f32x4.mul(f32x4.splat(0.5), y), s);
  return v128.andnot(root, f32x4.eq(x, f32x4.splat(0)));
}
