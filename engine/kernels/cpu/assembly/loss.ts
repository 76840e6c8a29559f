// Mean squared error and the penalties' values. Each sum in one fixed order, on one thread.
import {
  C_L1, C_L2, C_OUT_L1, C_OUT_L2, C_OUT_LOSS, C_ROWS, C_SUM, D_OUTPUT, D_ROWS, D_TARGET, D_TARGETS, R_DX,
  R_FACTOR1, R_IN, R_IN_STRIDE, R_P1, R_P2, R_SUMS, R_W,
} from './layout';
import { sumMagnitudes } from './optimizer';
import { sumOf } from './reductions';
import { stopAtNextBarrier } from './sync';

// @ts-ignore: decorator
@inline
function chunkOf(base: usize, dataset: usize, chunk: i32, stride: i32): usize {
  return base + <usize>chunk * ((<usize>load<i32>(dataset, D_TARGETS) * stride) << 2);
}

/** Adds this chunk's squared errors; copies the outputs where the data set wants them. */
export function mseForward(dataset: usize, y: usize, chunk: i32, stride: i32, examples: i32): void {
  const targets = load<i32>(dataset, D_TARGETS);
  const output = load<usize>(dataset, D_OUTPUT);
  if (output != 0) memory.copy(chunkOf(output, dataset, chunk, stride), y, <usize>(targets * stride) << 2);
  if (load<usize>(dataset, D_TARGET) == 0) return;
  const t = chunkOf(load<usize>(dataset, D_TARGET), dataset, chunk, stride);
  let sum = load<f64>(C_SUM);
  for (let row = 0; row < targets; row++) {
    const at = <usize>(row * stride) << 2;
    sum += <f64>sumOf(y + at, t + at, examples);
  }
  store<f64>(C_SUM, sum);
}

/** The sum over all chunks divided by the number of targets, both in f32 as torch does. */
export function meanOf(dataset: usize): f64 {
  const count = <f64>load<i32>(dataset, D_ROWS) * <f64>load<i32>(dataset, D_TARGETS);
  return <f64>(<f32>load<f64>(C_SUM) / <f32>count);
}

/** Writes this step's rows, rounded to f32 as torch would print them; stops the run when one is not finite. */
export function finishLoss(dataset: usize): void {
  const loss = meanOf(dataset);
  const l1 = <f64><f32>load<f64>(C_L1);
  const l2 = <f64><f32>load<f64>(C_L2);
  const row = <usize>load<i32>(C_ROWS) << 3;
  store<f64>(load<usize>(C_OUT_LOSS) + row, loss);
  store<f64>(load<usize>(C_OUT_L1) + row, l1);
  store<f64>(load<usize>(C_OUT_L2) + row, l2);
  if (!isFinite(loss) || !isFinite(l1) || !isFinite(l2)) stopAtNextBarrier();
}

/** dy = 2/N * (y - t), rows [first, last). */
export function mseBackward(
  record: usize, dataset: usize, y: usize, chunk: i32, stride: i32, columns: i32, first: i32, last: i32,
): void {
  const t = chunkOf(load<usize>(dataset, D_TARGET), dataset, chunk, stride);
  const dy = load<usize>(record, R_DX);
  const factor = v128.load32_splat(record, R_FACTOR1);
  for (let row = first; row < last; row++) {
    for (let c = 0; c < columns; c += 4) {
      const at = <usize>(row * stride + c) << 2;
      v128.store(dy + at, f32x4.mul(factor, f32x4.sub(v128.load(y + at), v128.load(t + at))));
    }
  }
}

/** Sums of |w| and w^2 of each row [first, last) of a parameter, so that threads may share the rows. */
export function penaltyRows(record: usize, first: i32, last: i32): void {
  const width = load<i32>(record, R_IN_STRIDE);
  const w = load<usize>(record, R_W);
  const sums = load<usize>(record, R_SUMS);
  for (let row = first; row < last; row++)
    sumMagnitudes(w + ((<usize>row * width) << 2), width, sums + (<usize>row << 4));
}

/** Adds lambda times the sums of all rows of one parameter. */
export function penaltyTotal(record: usize): void {
  const rows = load<i32>(record, R_IN);
  const sums = load<usize>(record, R_SUMS);
  let l1: f64 = 0;
  let l2: f64 = 0;
  for (let row = 0; row < rows; row++) {
    l1 += load<f64>(sums + (<usize>row << 4));
    l2 += load<f64>(sums + (<usize>row << 4), 8);
  }
  store<f64>(C_L1, load<f64>(C_L1) + l1 * load<f64>(record, R_P1));
  store<f64>(C_L2, load<f64>(C_L2) + l2 * load<f64>(record, R_P2));
}
