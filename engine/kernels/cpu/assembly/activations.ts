// Activations with numbers of their own, and those whose derivative is a function of the input: the derivative kernels then read x,
// not y. Computed in double precision and rounded once.
import {
  ELU_BACKWARD_ALPHA, ELU_BACKWARD_DX, ELU_BACKWARD_DY, ELU_BACKWARD_X, ELU_FORWARD_ALPHA, ELU_FORWARD_X, ELU_FORWARD_Y,
  GELU_BACKWARD_DX as DX, GELU_BACKWARD_DY as DY, GELU_BACKWARD_X as INPUT, GELU_FORWARD_X as X, GELU_FORWARD_Y as Y,
  LEAKY_RELU_BACKWARD_DX, LEAKY_RELU_BACKWARD_DY, LEAKY_RELU_BACKWARD_SLOPE, LEAKY_RELU_BACKWARD_Y,
  LEAKY_RELU_FORWARD_SLOPE, LEAKY_RELU_FORWARD_X, LEAKY_RELU_FORWARD_Y,
} from '../build/records';
import { joinHalves } from './arithmetic';
import { rowBytes } from './context';
import {
  bell64, density64, distance64, doubles, exp64, expm164, geluExponent64, geluExponentSlope64, logistic64, normal64,
} from './elementary';
import { place } from './elementwise';

/** x above 0, below it x times the slope; so -0 and infinities are torch's. */
export function leakyReluForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const slope = f32x4.splat(load<f32>(record, LEAKY_RELU_FORWARD_SLOPE));
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, LEAKY_RELU_FORWARD_X) + at;
    const y = load<usize>(record, LEAKY_RELU_FORWARD_Y) + at;
    for (let i: usize = 0; i < bytes; i += 16) {
      const x0 = v128.load(x + i);
      v128.store(y + i, f32x4.mul(x0, v128.bitselect(one, slope, f32x4.gt(x0, zero))));
    }
  }
}

export function leakyReluBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const slope = f32x4.splat(load<f32>(record, LEAKY_RELU_BACKWARD_SLOPE));
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const y = load<usize>(record, LEAKY_RELU_BACKWARD_Y) + at;
    const dy = load<usize>(record, LEAKY_RELU_BACKWARD_DY) + at;
    const dx = load<usize>(record, LEAKY_RELU_BACKWARD_DX) + at;
    for (let i: usize = 0; i < bytes; i += 16)
      v128.store(dx + i, f32x4.mul(v128.load(dy + i), v128.bitselect(one, slope, f32x4.gt(v128.load(y + i), zero))));
  }
}

/** alpha (e^x - 1) below 0. */
export function eluForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const zero = f32x4.splat(0);
  const alpha = f64x2.splat(<f64>load<f32>(record, ELU_FORWARD_ALPHA));
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, ELU_FORWARD_X) + at;
    const y = load<usize>(record, ELU_FORWARD_Y) + at;
    for (let i: usize = 0; i < bytes; i += 16) {
      const x0 = v128.load(x + i);
      const low = f64x2.mul(alpha, expm164(doubles(x + i)));
      const high = f64x2.mul(alpha, expm164(doubles(x + i + 8)));
      // -0 counts as above, so that it stays -0.
      v128.store(y + i, v128.bitselect(x0, joinHalves(low, high), f32x4.ge(x0, zero)));
    }
  }
}

/** At 0 the slope is alpha. */
export function eluBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const zero = f32x4.splat(0);
  const alpha = f64x2.splat(<f64>load<f32>(record, ELU_BACKWARD_ALPHA));
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, ELU_BACKWARD_X) + at;
    const dy = load<usize>(record, ELU_BACKWARD_DY) + at;
    const dx = load<usize>(record, ELU_BACKWARD_DX) + at;
    for (let i: usize = 0; i < bytes; i += 16) {
      // Above 0 the products may be infinite; they are not used.
      const low = f64x2.mul(doubles(dy + i), f64x2.mul(alpha, exp64(doubles(x + i))));
      const high = f64x2.mul(doubles(dy + i + 8), f64x2.mul(alpha, exp64(doubles(x + i + 8))));
      v128.store(dx + i, v128.bitselect(v128.load(dy + i), joinHalves(low, high), f32x4.gt(v128.load(x + i), zero)));
    }
  }
}

/** x times the normal distribution function. */
// @ts-ignore: decorator
@inline
function gelu64(x: v128): v128 {
  const z = distance64(x);
  return f64x2.mul(x, normal64(x, z, bell64(z)));
}

// @ts-ignore: decorator
@inline
function geluSlope64(x: v128): v128 {
  const z = distance64(x);
  const bell = bell64(z);
  return f64x2.add(normal64(x, z, bell), f64x2.mul(x, density64(bell)));
}

export function geluForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, X) + at;
    const y = load<usize>(record, Y) + at;
    for (let i: usize = 0; i < bytes; i += 16)
      v128.store(y + i, joinHalves(gelu64(doubles(x + i)), gelu64(doubles(x + i + 8))));
  }
}

export function geluBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, INPUT) + at;
    const dy = load<usize>(record, DY) + at;
    const dx = load<usize>(record, DX) + at;
    for (let i: usize = 0; i < bytes; i += 16) {
      const low = f64x2.mul(doubles(dy + i), geluSlope64(doubles(x + i)));
      const high = f64x2.mul(doubles(dy + i + 8), geluSlope64(doubles(x + i + 8)));
      v128.store(dx + i, joinHalves(low, high));
    }
  }
}

/** x times the logistic function of a = -exponent: 0 times x far below, so that -infinity becomes torch's NaN. */
// @ts-ignore: decorator
@inline
function gated(x: v128, exponent: v128): v128 {
  return f64x2.mul(x, logistic64(exp64(exponent)));
}

/** Its derivative s + s(1 - s) x a'. @param magnitude a, whose sign is x's, or -a. @param rise x a'. */
// @ts-ignore: decorator
@inline
function gatedSlope(x: v128, magnitude: v128, rise: v128): v128 {
  // Of |a|, so that neither s nor 1 - s comes from a difference.
  const e = exp64(f64x2.neg(f64x2.abs(magnitude)));
  const larger = logistic64(e);
  const smaller = f64x2.mul(e, larger);
  const s = v128.bitselect(smaller, larger, f64x2.lt(x, f64x2.splat(0)));
  return f64x2.add(s, f64x2.mul(f64x2.mul(larger, smaller), rise));
}

// @ts-ignore: decorator
@inline
function geluTanhSlope64(x: v128): v128 {
  return gatedSlope(x, geluExponent64(x), f64x2.mul(f64x2.neg(x), geluExponentSlope64(x)));
}

export function geluTanhForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, X) + at;
    const y = load<usize>(record, Y) + at;
    for (let i: usize = 0; i < bytes; i += 16) {
      const low = doubles(x + i);
      const high = doubles(x + i + 8);
      v128.store(y + i, joinHalves(gated(low, geluExponent64(low)), gated(high, geluExponent64(high))));
    }
  }
}

export function geluTanhBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, INPUT) + at;
    const dy = load<usize>(record, DY) + at;
    const dx = load<usize>(record, DX) + at;
    for (let i: usize = 0; i < bytes; i += 16) {
      const low = f64x2.mul(doubles(dy + i), geluTanhSlope64(doubles(x + i)));
      const high = f64x2.mul(doubles(dy + i + 8), geluTanhSlope64(doubles(x + i + 8)));
      v128.store(dx + i, joinHalves(low, high));
    }
  }
}

export function siluForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, X) + at;
    const y = load<usize>(record, Y) + at;
    for (let i: usize = 0; i < bytes; i += 16) {
      const low = doubles(x + i);
      const high = doubles(x + i + 8);
      v128.store(y + i, joinHalves(gated(low, f64x2.neg(low)), gated(high, f64x2.neg(high))));
    }
  }
}

export function siluBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, INPUT) + at;
    const dy = load<usize>(record, DY) + at;
    const dx = load<usize>(record, DX) + at;
    for (let i: usize = 0; i < bytes; i += 16) {
      const low = doubles(x + i);
      const high = doubles(x + i + 8);
      const lowGradient = f64x2.mul(doubles(dy + i), gatedSlope(low, low, low));
      const highGradient = f64x2.mul(doubles(dy + i + 8), gatedSlope(high, high, high));
      v128.store(dx + i, joinHalves(lowGradient, highGradient));
    }
  }
}
