// torch's square root. On AVX512 machines it comes from MKL: Intel's 14-bit reciprocal root and one Newton step, which is
// one unit in the last place off in 0.6 % of cases. Training with Adam is chaotic, so a run only stays PyTorch's when
// these cases are PyTorch's too. `mayDiffer` finds the vectors with such a candidate, `torchRoot` computes them exactly.
import { madd } from './arithmetic';
import { ROOT_TABLE } from './layout';

/** x - root^2 below this times root and root's power of two: the root is so close to a tie that Newton's step may miss. */
const TIE: f32 = -0.87 / 8388608.0;

/** @param root the correctly rounded root of x. Lanes of all ones where torch's may be another. */
// @ts-ignore: decorator
@inline
export function mayDiffer(x: v128, root: v128): v128 {
  const remainder = madd(f32x4.neg(root), root, x);
  const power = v128.and(root, i32x4.splat(0x7f800000));
  return f32x4.lt(remainder, f32x4.mul(f32x4.mul(power, f32x4.splat(TIE)), root));
}

// @ts-ignore: decorator
@inline
function tableEntries(index: v128, offset: usize): v128 {
  let entries = v128.load32_zero(ROOT_TABLE + offset + (<usize>i32x4.extract_lane(index, 0) << 3));
  entries = v128.load32_lane(ROOT_TABLE + offset + (<usize>i32x4.extract_lane(index, 1) << 3), entries, 1);
  entries = v128.load32_lane(ROOT_TABLE + offset + (<usize>i32x4.extract_lane(index, 2) << 3), entries, 2);
  return v128.load32_lane(ROOT_TABLE + offset + (<usize>i32x4.extract_lane(index, 3) << 3), entries, 3);
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
  const line = i32x4.sub(tableEntries(piece, 0), i32x4.mul(tableEntries(piece, 4), along));
  const value = v128.bitselect(i32x4.splat(65536), i32x4.shr_s(line, 9), i32x4.eq(index, i32x4.splat(0)));
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
  const d = madd(f32x4.neg(s), s, x);
  const root = madd(d, f32x4.mul(f32x4.splat(0.5), y), s);
  return v128.andnot(root, f32x4.eq(x, f32x4.splat(0)));
}
