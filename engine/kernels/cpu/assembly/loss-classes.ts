// Losses of scores or log-probabilities against class indices. Columns are examples: two at a time in double precision.
import {
  CROSS_ENTROPY_BACKWARD_CLASSES, CROSS_ENTROPY_BACKWARD_DX, CROSS_ENTROPY_BACKWARD_MEAN, CROSS_ENTROPY_BACKWARD_SMOOTHING,
  CROSS_ENTROPY_BACKWARD_T, CROSS_ENTROPY_BACKWARD_Y, CROSS_ENTROPY_FORWARD_CLASSES, CROSS_ENTROPY_FORWARD_SMOOTHING,
  CROSS_ENTROPY_FORWARD_SUMS, CROSS_ENTROPY_FORWARD_T, CROSS_ENTROPY_FORWARD_Y, NLL_BACKWARD_CLASSES, NLL_BACKWARD_DX,
  NLL_BACKWARD_MEAN, NLL_BACKWARD_T, NLL_FORWARD_CLASSES, NLL_FORWARD_SUMS, NLL_FORWARD_T, NLL_FORWARD_Y,
} from '../build/records';
import { log64 } from './arithmetic';
import { batchSize, columnsOf, examplesOf, rowBytes, stride } from './context';
import { exp64 } from './elementary';

/** Score of class k of two examples. */
// @ts-ignore: decorator
@inline
function scores(y: usize, k: i32, bytes: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(y + k * bytes));
}

/** ln of the sum of e^score over the classes, for two examples at y. */
function logSum(y: usize, classes: i32, bytes: usize): v128 {
  let most = scores(y, 0, bytes);
  for (let k = 1; k < classes; k++) most = f64x2.max(most, scores(y, k, bytes));
  let sum = f64x2.splat(0);
  for (let k = 0; k < classes; k++) sum = f64x2.add(sum, exp64(f64x2.sub(scores(y, k, bytes), most)));
  return f64x2.add(most, log64(sum));
}

/** (1 - smoothing) of the right class's score plus smoothing times the mean score of one example. */
function expected(y: usize, label: i32, classes: i32, smoothing: f64, bytes: usize): f64 {
  const right = <f64>load<f32>(y + label * bytes);
  if (smoothing == 0) return right;
  let sum: f64 = 0;
  for (let k = 0; k < classes; k++) sum += <f64>load<f32>(y + k * bytes);
  return (1 - smoothing) * right + (smoothing * sum) / <f64>classes;
}

/** Losses of each block, to its place in `sums` (f64), example by example. */
export function crossEntropyForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const classes = load<i32>(record, CROSS_ENTROPY_FORWARD_CLASSES);
  const smoothing = load<f64>(record, CROSS_ENTROPY_FORWARD_SMOOTHING);
  const bytes = rowBytes();
  for (let block = from; block < to; block++) {
    const y = load<usize>(record, CROSS_ENTROPY_FORWARD_Y) + <usize>(block * classes) * bytes;
    const t = load<usize>(record, CROSS_ENTROPY_FORWARD_T) + <usize>block * bytes;
    const count = examplesOf(block);
    let sum: f64 = 0;
    for (let c = 0; c < count; c += 2) {
      const at = y + (<usize>c << 2);
      const both = logSum(at, classes, bytes);
      sum += <f64><f32>(f64x2.extract_lane(both, 0) - expected(at, load<i32>(t + (<usize>c << 2)), classes, smoothing, bytes));
      if (c + 1 < count)
        sum += <f64><f32>(
          f64x2.extract_lane(both, 1) - expected(at + 4, load<i32>(t + (<usize>c << 2), 4), classes, smoothing, bytes)
        );
    }
    store<f64>(load<usize>(record, CROSS_ENTROPY_FORWARD_SUMS) + (<usize>block << 3), sum);
  }
}

/** (softmax - target) / N; zero beyond the last example. */
export function crossEntropyBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const classes = load<i32>(record, CROSS_ENTROPY_BACKWARD_CLASSES);
  const smoothing = load<f64>(record, CROSS_ENTROPY_BACKWARD_SMOOTHING);
  const scale: f64 = load<i32>(record, CROSS_ENTROPY_BACKWARD_MEAN) ? 1 / <f64>batchSize : 1;
  const scales = f64x2.splat(scale);
  const floor = f64x2.splat(smoothing / <f64>classes);
  const bytes = rowBytes();
  for (let block = from; block < to; block++) {
    const place = <usize>(block * classes) * bytes;
    const y = load<usize>(record, CROSS_ENTROPY_BACKWARD_Y) + place;
    const dx = load<usize>(record, CROSS_ENTROPY_BACKWARD_DX) + place;
    const t = load<usize>(record, CROSS_ENTROPY_BACKWARD_T) + <usize>block * bytes;
    const count = examplesOf(block);
    const columns = columnsOf(block);
    for (let c = 0; c < columns; c += 2) {
      const at = <usize>c << 2;
      const both = logSum(y + at, classes, bytes);
      for (let k = 0; k < classes; k++) {
        const p = exp64(f64x2.sub(scores(y + at, k, bytes), both));
        const d = f64x2.mul(f64x2.sub(p, floor), scales);
        v128.store64_lane(dx + at + k * bytes, f32x4.demote_f64x2_zero(d), 0);
      }
      for (let e = c; e < c + 2; e++) {
        const column = dx + (<usize>e << 2);
        if (e >= count) for (let k = 0; k < classes; k++) store<f32>(column + k * bytes, 0);
        else {
          const right = column + load<i32>(t + (<usize>e << 2)) * bytes;
          store<f32>(right, <f32>(<f64>load<f32>(right) - (1 - smoothing) * scale));
        }
      }
    }
  }
}

/** Minus the right class's log-probability, summed for each block, to its place in `sums` (f64). */
export function nllForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const classes = load<i32>(record, NLL_FORWARD_CLASSES);
  const bytes = rowBytes();
  for (let block = from; block < to; block++) {
    const y = load<usize>(record, NLL_FORWARD_Y) + <usize>(block * classes) * bytes;
    const t = load<usize>(record, NLL_FORWARD_T) + <usize>block * bytes;
    const count = examplesOf(block);
    let sum: f64 = 0;
    for (let c = 0; c < count; c++) {
      const column = <usize>c << 2;
      sum -= <f64>load<f32>(y + column + load<i32>(t + column) * bytes);
    }
    store<f64>(load<usize>(record, NLL_FORWARD_SUMS) + (<usize>block << 3), sum);
  }
}

/** -1/N at the right class, rows [first, last); zero elsewhere and beyond the last example. */
export function nllBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const classes = load<i32>(record, NLL_BACKWARD_CLASSES);
  const share: f32 = load<i32>(record, NLL_BACKWARD_MEAN) ? <f32>(-1 / <f64>batchSize) : -1;
  const bytes = rowBytes();
  for (let block = from; block < to; block++) {
    const dx = load<usize>(record, NLL_BACKWARD_DX) + <usize>(block * classes) * bytes;
    const t = load<usize>(record, NLL_BACKWARD_T) + <usize>block * bytes;
    memory.fill(dx + first * bytes, 0, <usize>(last - first) * bytes);
    const count = examplesOf(block);
    for (let c = 0; c < count; c++) {
      const column = <usize>c << 2;
      const label = load<i32>(t + column);
      if (label >= first && label < last) store<f32>(dx + column + label * bytes, share);
    }
  }
}
