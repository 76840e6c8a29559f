// Losses of numbers against numbers, term by term: outputs and targets [targets][stride] in vectors of four. Terms are float32, as
// torch's; their sum is double and always in the same order.
import {
  BCE_WITH_LOGITS_BACKWARD_DX, BCE_WITH_LOGITS_BACKWARD_MEAN, BCE_WITH_LOGITS_BACKWARD_T, BCE_WITH_LOGITS_BACKWARD_TARGETS,
  BCE_WITH_LOGITS_BACKWARD_Y, BCE_WITH_LOGITS_FORWARD_SUMS, BCE_WITH_LOGITS_FORWARD_T, BCE_WITH_LOGITS_FORWARD_TARGETS,
  BCE_WITH_LOGITS_FORWARD_Y, HUBER_BACKWARD_DELTA, HUBER_BACKWARD_DX, HUBER_BACKWARD_MEAN, HUBER_BACKWARD_T,
  HUBER_BACKWARD_TARGETS, HUBER_BACKWARD_Y, HUBER_FORWARD_DELTA, HUBER_FORWARD_SUMS, HUBER_FORWARD_T, HUBER_FORWARD_TARGETS,
  HUBER_FORWARD_Y, L1_BACKWARD_DX, L1_BACKWARD_MEAN, L1_BACKWARD_T, L1_BACKWARD_TARGETS, L1_BACKWARD_Y, L1_FORWARD_SUMS,
  L1_FORWARD_T, L1_FORWARD_TARGETS, L1_FORWARD_Y, SMOOTH_L1_BACKWARD_BETA, SMOOTH_L1_BACKWARD_DX, SMOOTH_L1_BACKWARD_MEAN,
  SMOOTH_L1_BACKWARD_T, SMOOTH_L1_BACKWARD_TARGETS, SMOOTH_L1_BACKWARD_Y, SMOOTH_L1_FORWARD_BETA, SMOOTH_L1_FORWARD_SUMS,
  SMOOTH_L1_FORWARD_T, SMOOTH_L1_FORWARD_TARGETS, SMOOTH_L1_FORWARD_Y,
} from '../build/records';
import { highHalf, joinHalves, lowHalf, sumOfHalves } from './arithmetic';
import { columnsOf, examplesOf, laneMask, rowBytes, stride } from './context';
import { doubles, exp64, log1p64, logistic64 } from './elementary';
import { divisor } from './loss';

/** Which loss; a constant in every call, so that each kernel keeps only its own formula. */
const L1 = 1;
const SMOOTH_L1 = 2;
const HUBER = 3;
const BCE = 4;

/** (1 - t)y + max(-y, 0) + ln(1 + e^-|y|) of two outputs: right also where y is large. */
// @ts-ignore: decorator
@inline
function bce64(y: v128, t: v128): v128 {
  const e = exp64(f64x2.neg(f64x2.abs(y)));
  const line = f64x2.mul(f64x2.sub(f64x2.splat(1), t), y);
  return f64x2.add(f64x2.add(line, f64x2.max(f64x2.neg(y), f64x2.splat(0))), log1p64(e));
}

/** Its slope, the logistic function of y less t: above 0 as (1 - t) less the rest of it, so that a sure score keeps its digits. */
// @ts-ignore: decorator
@inline
function bceSlope64(y: v128, t: v128): v128 {
  const e = exp64(f64x2.neg(f64x2.abs(y)));
  const smaller = f64x2.mul(e, logistic64(e));
  const above = f64x2.sub(f64x2.sub(f64x2.splat(1), t), smaller);
  return v128.bitselect(f64x2.sub(smaller, t), above, f64x2.lt(y, f64x2.splat(0)));
}

/** Losses of four outputs at y. @param threshold beta or delta. */
// @ts-ignore: decorator
@inline
function terms(kind: i32, y: usize, t: usize, threshold: v128): v128 {
  if (kind == BCE) return joinHalves(bce64(doubles(y), doubles(t)), bce64(doubles(y + 8), doubles(t + 8)));
  const apart = f32x4.abs(f32x4.sub(v128.load(y), v128.load(t)));
  if (kind == L1) return apart;
  const half = f32x4.splat(0.5);
  const square = f32x4.mul(f32x4.mul(half, apart), apart);
  const line = f32x4.sub(apart, f32x4.mul(half, threshold));
  if (kind == SMOOTH_L1) return v128.bitselect(f32x4.div(square, threshold), line, f32x4.lt(apart, threshold));
  return v128.bitselect(square, f32x4.mul(threshold, line), f32x4.le(apart, threshold));
}

/** Slopes of the four losses, times `scale`. */
// @ts-ignore: decorator
@inline
function slopes(kind: i32, y: usize, t: usize, threshold: v128, scale: v128): v128 {
  if (kind == BCE)
    return f32x4.mul(joinHalves(bceSlope64(doubles(y), doubles(t)), bceSlope64(doubles(y + 8), doubles(t + 8))), scale);
  const apart = f32x4.sub(v128.load(y), v128.load(t));
  if (kind == L1) {
    const zero = f32x4.splat(0);
    return f32x4.sub(v128.and(scale, f32x4.gt(apart, zero)), v128.and(scale, f32x4.lt(apart, zero)));
  }
  const end = kind == SMOOTH_L1 ? f32x4.splat(1) : threshold;
  const line = kind == SMOOTH_L1 ? f32x4.div(apart, threshold) : apart;
  return f32x4.mul(f32x4.max(f32x4.min(line, end), f32x4.neg(end)), scale);
}

/** Sum of the losses of each block, to its place in `sums` (f64): of real examples only. */
// @ts-ignore: decorator
@inline
function sumTerms(kind: i32, y: usize, t: usize, sums: usize, targets: i32, threshold: f32, from: i32, to: i32): void {
  const limit = f32x4.splat(threshold);
  const bytes = rowBytes();
  for (let block = from; block < to; block++) {
    const count = examplesOf(block);
    let at = <usize>(block * targets) * bytes;
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let row = 0; row < targets; row++) {
      for (let c = 0; c < count; c += 4) {
        const offset = at + (<usize>c << 2);
        const four = v128.and(terms(kind, y + offset, t + offset, limit), laneMask(c, count));
        low = f64x2.add(low, lowHalf(four));
        high = f64x2.add(high, highHalf(four));
      }
      at += bytes;
    }
    store<f64>(sums + (<usize>block << 3), sumOfHalves(low, high));
  }
}

/** Gradients of rows [first, last); zero beyond the last example. */
// @ts-ignore: decorator
@inline
function writeSlopes(
  kind: i32, y: usize, t: usize, dx: usize, targets: i32, mean: i32, threshold: f32, first: i32, last: i32, from: i32, to: i32,
): void {
  const limit = f32x4.splat(threshold);
  const scale = f32x4.splat(<f32>(1 / divisor(mean, targets)));
  for (let block = from; block < to; block++) {
    const columns = columnsOf(block);
    const count = examplesOf(block);
    for (let row = first; row < last; row++) {
      for (let c = 0; c < columns; c += 4) {
        const offset = <usize>((block * targets + row) * stride + c) << 2;
        const four = slopes(kind, y + offset, t + offset, limit, scale);
        v128.store(dx + offset, v128.and(four, laneMask(c, count)));
      }
    }
  }
}

export function l1Forward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  sumTerms(
    L1, load<usize>(record, L1_FORWARD_Y), load<usize>(record, L1_FORWARD_T), load<usize>(record, L1_FORWARD_SUMS),
    load<i32>(record, L1_FORWARD_TARGETS), 0, from, to,
  );
}

export function l1Backward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  writeSlopes(
    L1, load<usize>(record, L1_BACKWARD_Y), load<usize>(record, L1_BACKWARD_T), load<usize>(record, L1_BACKWARD_DX),
    load<i32>(record, L1_BACKWARD_TARGETS), load<i32>(record, L1_BACKWARD_MEAN), 0, first, last, from, to,
  );
}

export function smoothL1Forward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  sumTerms(
    SMOOTH_L1, load<usize>(record, SMOOTH_L1_FORWARD_Y), load<usize>(record, SMOOTH_L1_FORWARD_T),
    load<usize>(record, SMOOTH_L1_FORWARD_SUMS), load<i32>(record, SMOOTH_L1_FORWARD_TARGETS),
    load<f32>(record, SMOOTH_L1_FORWARD_BETA), from, to,
  );
}

export function smoothL1Backward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  writeSlopes(
    SMOOTH_L1, load<usize>(record, SMOOTH_L1_BACKWARD_Y), load<usize>(record, SMOOTH_L1_BACKWARD_T),
    load<usize>(record, SMOOTH_L1_BACKWARD_DX), load<i32>(record, SMOOTH_L1_BACKWARD_TARGETS),
    load<i32>(record, SMOOTH_L1_BACKWARD_MEAN), load<f32>(record, SMOOTH_L1_BACKWARD_BETA), first, last, from, to,
  );
}

export function huberForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  sumTerms(
    HUBER, load<usize>(record, HUBER_FORWARD_Y), load<usize>(record, HUBER_FORWARD_T),
    load<usize>(record, HUBER_FORWARD_SUMS), load<i32>(record, HUBER_FORWARD_TARGETS),
    load<f32>(record, HUBER_FORWARD_DELTA), from, to,
  );
}

export function huberBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  writeSlopes(
    HUBER, load<usize>(record, HUBER_BACKWARD_Y), load<usize>(record, HUBER_BACKWARD_T),
    load<usize>(record, HUBER_BACKWARD_DX), load<i32>(record, HUBER_BACKWARD_TARGETS),
    load<i32>(record, HUBER_BACKWARD_MEAN), load<f32>(record, HUBER_BACKWARD_DELTA), first, last, from, to,
  );
}

export function bceWithLogitsForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  sumTerms(
    BCE, load<usize>(record, BCE_WITH_LOGITS_FORWARD_Y), load<usize>(record, BCE_WITH_LOGITS_FORWARD_T),
    load<usize>(record, BCE_WITH_LOGITS_FORWARD_SUMS), load<i32>(record, BCE_WITH_LOGITS_FORWARD_TARGETS), 0, from, to,
  );
}

export function bceWithLogitsBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  writeSlopes(
    BCE, load<usize>(record, BCE_WITH_LOGITS_BACKWARD_Y), load<usize>(record, BCE_WITH_LOGITS_BACKWARD_T),
    load<usize>(record, BCE_WITH_LOGITS_BACKWARD_DX), load<i32>(record, BCE_WITH_LOGITS_BACKWARD_TARGETS),
    load<i32>(record, BCE_WITH_LOGITS_BACKWARD_MEAN), 0, first, last, from, to,
  );
}
