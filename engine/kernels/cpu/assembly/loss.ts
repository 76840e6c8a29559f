// Losses of numbers against numbers, and what all losses share: the total over the batch. Each sum in one fixed order.
import {
  LOSS_TOTAL_MEAN, LOSS_TOTAL_SUMS, LOSS_TOTAL_TARGETS, MSE_BACKWARD_DX, MSE_BACKWARD_MEAN, MSE_BACKWARD_T,
  MSE_BACKWARD_TARGETS, MSE_BACKWARD_Y, MSE_FORWARD_SUMS, MSE_FORWARD_T, MSE_FORWARD_TARGETS, MSE_FORWARD_Y,
} from '../build/records';
import { batchSize, blocks, columnsOf, dataset, examplesOf, isLastChunk, laneMask, rowBytes, stride, training } from './context';
import { C_L1, C_L2, C_OUT_L1, C_OUT_L2, C_OUT_LOSS, C_ROWS, C_SUM, D_TARGET } from './layout';
import { sumOf } from './reductions';
import { stopAtNextBarrier } from './sync';

/** Bytes of one block of the model's output. */
// @ts-ignore: decorator
@inline
function blockBytes(targets: i32): usize {
  return <usize>targets * rowBytes();
}

/** The divisor of a mean over all elements, 1 for a sum. */
// @ts-ignore: decorator
@inline
export function divisor(mean: i32, targets: i32): f64 {
  return mean ? <f64>batchSize * <f64>targets : 1;
}

/** Squared differences of each block, to its place in `sums` (f64). */
export function mseForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const targets = load<i32>(record, MSE_FORWARD_TARGETS);
  const bytes = rowBytes();
  for (let block = from; block < to; block++) {
    const at = <usize>block * blockBytes(targets);
    let sum: f64 = 0;
    for (let row = 0; row < targets; row++) {
      const y = load<usize>(record, MSE_FORWARD_Y) + at + row * bytes;
      const t = load<usize>(record, MSE_FORWARD_T) + at + row * bytes;
      sum += <f64>sumOf(y, t, examplesOf(block));
    }
    store<f64>(load<usize>(record, MSE_FORWARD_SUMS) + (<usize>block << 3), sum);
  }
}

/** dy = 2/N * (y - t), rows [first, last); zero beyond the last example. */
export function mseBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const targets = load<i32>(record, MSE_BACKWARD_TARGETS);
  const factor = f32x4.splat(<f32>(2 / divisor(load<i32>(record, MSE_BACKWARD_MEAN), targets)));
  for (let block = from; block < to; block++) {
    const at = <usize>block * blockBytes(targets);
    const columns = columnsOf(block);
    const count = examplesOf(block);
    for (let row = first; row < last; row++) {
      for (let c = 0; c < columns; c += 4) {
        const offset = at + (<usize>(row * stride + c) << 2);
        const y = v128.load(load<usize>(record, MSE_BACKWARD_Y) + offset);
        const t = v128.load(load<usize>(record, MSE_BACKWARD_T) + offset);
        const dx = f32x4.mul(factor, f32x4.sub(y, t));
        v128.store(load<usize>(record, MSE_BACKWARD_DX) + offset, v128.and(dx, laneMask(c, count)));
      }
    }
  }
}

/** The sum over all chunks divided by `count` (0: not at all), both in f32 as torch does. */
export function meanLoss(count: f64): f64 {
  const sum = <f32>load<f64>(C_SUM);
  return count == 0 ? <f64>sum : <f64>(sum / <f32>count);
}

/** Adds this chunk's sums in order; after the last one writes the step's row and looks at it before any update is made. */
export function lossTotal(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  if (load<usize>(dataset, D_TARGET) == 0) return;
  const sums = load<usize>(record, LOSS_TOTAL_SUMS);
  let sum = load<f64>(C_SUM);
  for (let block = 0; block < blocks; block++) sum += load<f64>(sums + (<usize>block << 3));
  store<f64>(C_SUM, sum);
  if (training && isLastChunk)
    finishStep(load<i32>(record, LOSS_TOTAL_MEAN) ? divisor(1, load<i32>(record, LOSS_TOTAL_TARGETS)) : 0);
}

/** Writes the step's row, rounded to f32 as torch would print it; stops the run when a number is not finite. */
function finishStep(count: f64): void {
  const loss = meanLoss(count);
  const l1 = <f64><f32>load<f64>(C_L1);
  const l2 = <f64><f32>load<f64>(C_L2);
  const row = <usize>load<i32>(C_ROWS) << 3;
  store<f64>(load<usize>(C_OUT_LOSS) + row, loss);
  store<f64>(load<usize>(C_OUT_L1) + row, l1);
  store<f64>(load<usize>(C_OUT_L2) + row, l2);
  if (!isFinite(loss) || !isFinite(l1) || !isFinite(l2)) stopAtNextBarrier();
}
