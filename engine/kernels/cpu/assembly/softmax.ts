// Softmax and LogSoftmax over the channels at each place of [channels][places][stride]; features have one place. Rows that threads
// share are places. Exponentials and sums in double precision, each sum in the order of the channels.
import {
  LOG_SOFTMAX_BACKWARD_CHANNELS, LOG_SOFTMAX_BACKWARD_DX, LOG_SOFTMAX_BACKWARD_DY, LOG_SOFTMAX_BACKWARD_Y,
  LOG_SOFTMAX_FORWARD_CHANNELS, LOG_SOFTMAX_FORWARD_X, LOG_SOFTMAX_FORWARD_Y, SOFTMAX_BACKWARD_CHANNELS, SOFTMAX_BACKWARD_DX,
  SOFTMAX_BACKWARD_DY, SOFTMAX_BACKWARD_Y, SOFTMAX_FORWARD_CHANNELS, SOFTMAX_FORWARD_X, SOFTMAX_FORWARD_Y,
} from '../build/records';
import { highHalf, joinHalves, log64, lowHalf } from './arithmetic';
import { columnsOf, rowBytes } from './context';
import { doubles, exp64 } from './elementary';
import { R_ROWS } from './layout';

/** Bytes from one channel to the next. */
// @ts-ignore: decorator
@inline
function channelBytes(record: usize): usize {
  return <usize>load<i32>(record, R_ROWS) * rowBytes();
}

/** Offset of four columns of a place. */
// @ts-ignore: decorator
@inline
function columnPlace(record: usize, channels: i32, block: i32, place: i32, column: i32): usize {
  return <usize>(block * channels) * channelBytes(record) + <usize>place * rowBytes() + (<usize>column << 2);
}

/** The largest of the channels, of four columns at x. A NaN comes through. */
// @ts-ignore: decorator
@inline
function largest(x: usize, end: usize, step: usize): v128 {
  let most = v128.load(x);
  for (let at = x + step; at < end; at += step) most = f32x4.max(most, v128.load(at));
  return most;
}

/** ln of the sum of exponentials; a NaN, which log64 does not know, comes through. */
// @ts-ignore: decorator
@inline
function logOfSum(sum: v128): v128 {
  return f64x2.add(log64(sum), f64x2.sub(sum, sum));
}

/** e^(x - max) over their sum. */
export function softmaxForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const channels = load<i32>(record, SOFTMAX_FORWARD_CHANNELS);
  const step = channelBytes(record);
  const size = <usize>channels * step;
  for (let block = from; block < to; block++) {
    const columns = columnsOf(block);
    for (let place = first; place < last; place++) {
      for (let c = 0; c < columns; c += 4) {
        const at = columnPlace(record, channels, block, place, c);
        const x = load<usize>(record, SOFTMAX_FORWARD_X) + at;
        const y = load<usize>(record, SOFTMAX_FORWARD_Y) + at;
        const most = largest(x, x + size, step);
        const lowMost = lowHalf(most);
        const highMost = highHalf(most);
        let lowSum = f64x2.splat(0);
        let highSum = f64x2.splat(0);
        for (let k: usize = 0; k < size; k += step) {
          const low = exp64(f64x2.sub(doubles(x + k), lowMost));
          const high = exp64(f64x2.sub(doubles(x + k + 8), highMost));
          lowSum = f64x2.add(lowSum, low);
          highSum = f64x2.add(highSum, high);
          v128.store(y + k, joinHalves(low, high));
        }
        for (let k: usize = 0; k < size; k += step)
          v128.store(y + k, joinHalves(f64x2.div(doubles(y + k), lowSum), f64x2.div(doubles(y + k + 8), highSum)));
      }
    }
  }
}

/** y (dy - sum of dy y). */
export function softmaxBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const channels = load<i32>(record, SOFTMAX_BACKWARD_CHANNELS);
  const step = channelBytes(record);
  const size = <usize>channels * step;
  for (let block = from; block < to; block++) {
    const columns = columnsOf(block);
    for (let place = first; place < last; place++) {
      for (let c = 0; c < columns; c += 4) {
        const at = columnPlace(record, channels, block, place, c);
        const y = load<usize>(record, SOFTMAX_BACKWARD_Y) + at;
        const dy = load<usize>(record, SOFTMAX_BACKWARD_DY) + at;
        const dx = load<usize>(record, SOFTMAX_BACKWARD_DX) + at;
        let lowSum = f64x2.splat(0);
        let highSum = f64x2.splat(0);
        for (let k: usize = 0; k < size; k += step) {
          lowSum = f64x2.add(lowSum, f64x2.mul(doubles(dy + k), doubles(y + k)));
          highSum = f64x2.add(highSum, f64x2.mul(doubles(dy + k + 8), doubles(y + k + 8)));
        }
        for (let k: usize = 0; k < size; k += step) {
          const low = f64x2.mul(doubles(y + k), f64x2.sub(doubles(dy + k), lowSum));
          const high = f64x2.mul(doubles(y + k + 8), f64x2.sub(doubles(dy + k + 8), highSum));
          v128.store(dx + k, joinHalves(low, high));
        }
      }
    }
  }
}

/** x - max - ln(sum of e^(x - max)). */
export function logSoftmaxForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const channels = load<i32>(record, LOG_SOFTMAX_FORWARD_CHANNELS);
  const step = channelBytes(record);
  const size = <usize>channels * step;
  for (let block = from; block < to; block++) {
    const columns = columnsOf(block);
    for (let place = first; place < last; place++) {
      for (let c = 0; c < columns; c += 4) {
        const at = columnPlace(record, channels, block, place, c);
        const x = load<usize>(record, LOG_SOFTMAX_FORWARD_X) + at;
        const y = load<usize>(record, LOG_SOFTMAX_FORWARD_Y) + at;
        const most = largest(x, x + size, step);
        const lowMost = lowHalf(most);
        const highMost = highHalf(most);
        let lowSum = f64x2.splat(0);
        let highSum = f64x2.splat(0);
        for (let k: usize = 0; k < size; k += step) {
          lowSum = f64x2.add(lowSum, exp64(f64x2.sub(doubles(x + k), lowMost)));
          highSum = f64x2.add(highSum, exp64(f64x2.sub(doubles(x + k + 8), highMost)));
        }
        const lowLog = logOfSum(lowSum);
        const highLog = logOfSum(highSum);
        for (let k: usize = 0; k < size; k += step) {
          const low = f64x2.sub(f64x2.sub(doubles(x + k), lowMost), lowLog);
          const high = f64x2.sub(f64x2.sub(doubles(x + k + 8), highMost), highLog);
          v128.store(y + k, joinHalves(low, high));
        }
      }
    }
  }
}

/** dy - e^y times the sum of dy. */
export function logSoftmaxBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const channels = load<i32>(record, LOG_SOFTMAX_BACKWARD_CHANNELS);
  const step = channelBytes(record);
  const size = <usize>channels * step;
  for (let block = from; block < to; block++) {
    const columns = columnsOf(block);
    for (let place = first; place < last; place++) {
      for (let c = 0; c < columns; c += 4) {
        const at = columnPlace(record, channels, block, place, c);
        const y = load<usize>(record, LOG_SOFTMAX_BACKWARD_Y) + at;
        const dy = load<usize>(record, LOG_SOFTMAX_BACKWARD_DY) + at;
        const dx = load<usize>(record, LOG_SOFTMAX_BACKWARD_DX) + at;
        let lowSum = f64x2.splat(0);
        let highSum = f64x2.splat(0);
        for (let k: usize = 0; k < size; k += step) {
          lowSum = f64x2.add(lowSum, doubles(dy + k));
          highSum = f64x2.add(highSum, doubles(dy + k + 8));
        }
        for (let k: usize = 0; k < size; k += step) {
          const low = f64x2.sub(doubles(dy + k), f64x2.mul(exp64(doubles(y + k)), lowSum));
          const high = f64x2.sub(doubles(dy + k + 8), f64x2.mul(exp64(doubles(y + k + 8)), highSum));
          v128.store(dx + k, joinHalves(low, high));
        }
      }
    }
  }
}
