// Activation functions over whole rows, in vectors of four; padding columns hold values that nothing reads.
import { exp64 } from './arithmetic';

export function reluForward(x: usize, y: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  // max, not pmax: a NaN must come through.
  for (let i: usize = 0; i < bytes; i += 16) v128.store(y + i, f32x4.max(v128.load(x + i), zero));
}

export function reluBackward(y: usize, dy: usize, dx: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16)
    v128.store(dx + i, v128.andnot(v128.load(dy + i), f32x4.le(v128.load(y + i), zero)));
}

export function multiplyRows(x: usize, factor: usize, y: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(y + i, f32x4.mul(v128.load(x + i), v128.load(factor + i)));
}

// @ts-ignore: decorator
@inline
function sigmoid64(x: v128): v128 {
  const one = f64x2.splat(1);
  return f64x2.div(one, f64x2.add(one, exp64(f64x2.neg(x))));
}

/** tanh x = 1 - 2/(e^2x + 1); near zero, where that cancels, x - x^3/3 + 2x^5/15. */
// @ts-ignore: decorator
@inline
function tanh64(x: v128): v128 {
  const one = f64x2.splat(1);
  const two = f64x2.splat(2);
  const far = f64x2.sub(one, f64x2.div(two, f64x2.add(exp64(f64x2.mul(two, x)), one)));
  const xx = f64x2.mul(x, x);
  const series = f64x2.add(f64x2.splat(-1.0 / 3), f64x2.mul(xx, f64x2.splat(2.0 / 15)));
  const near = f64x2.add(x, f64x2.mul(f64x2.mul(x, xx), series));
  return v128.bitselect(near, far, f64x2.lt(f64x2.abs(x), f64x2.splat(0.004)));
}

// @ts-ignore: decorator
@inline
function join(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

export function sigmoidForward(x: usize, y: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const low = sigmoid64(f64x2.promote_low_f32x4(v128.load64_zero(x + i)));
    const high = sigmoid64(f64x2.promote_low_f32x4(v128.load64_zero(x + i + 8)));
    v128.store(y + i, join(low, high));
  }
}

/** dy * (1 - y) * y, in torch's order. */
export function sigmoidBackward(y: usize, dy: usize, dx: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  for (let i: usize = 0; i < bytes; i += 16) {
    const y0 = v128.load(y + i);
    v128.store(dx + i, f32x4.mul(f32x4.mul(v128.load(dy + i), f32x4.sub(one, y0)), y0));
  }
}

export function tanhForward(x: usize, y: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const low = tanh64(f64x2.promote_low_f32x4(v128.load64_zero(x + i)));
    const high = tanh64(f64x2.promote_low_f32x4(v128.load64_zero(x + i + 8)));
    v128.store(y + i, join(low, high));
  }
}

/** dy * (1 - y*y). */
export function tanhBackward(y: usize, dy: usize, dx: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  for (let i: usize = 0; i < bytes; i += 16) {
    const y0 = v128.load(y + i);
    v128.store(dx + i, f32x4.mul(v128.load(dy + i), f32x4.sub(one, f32x4.mul(y0, y0))));
  }
}
