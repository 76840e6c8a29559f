// y = x w^T + b and its gradients. Activations are [features][stride] (examples innermost), weights torch's [out][in].
import {
  LINEAR_FORWARD_B, LINEAR_FORWARD_INFEATURES, LINEAR_FORWARD_INSTRIDE, LINEAR_FORWARD_OUTFEATURES, LINEAR_FORWARD_W,
  LINEAR_FORWARD_X, LINEAR_FORWARD_Y, LINEAR_GRAD_INPUT_DX, LINEAR_GRAD_INPUT_DY, LINEAR_GRAD_INPUT_INFEATURES,
  LINEAR_GRAD_INPUT_INSTRIDE, LINEAR_GRAD_INPUT_OUTFEATURES, LINEAR_GRAD_INPUT_W, LINEAR_GRAD_WEIGHT_DY, LINEAR_GRAD_WEIGHT_GB,
  LINEAR_GRAD_WEIGHT_GW, LINEAR_GRAD_WEIGHT_INFEATURES, LINEAR_GRAD_WEIGHT_INSTRIDE, LINEAR_GRAD_WEIGHT_OUTFEATURES,
  LINEAR_GRAD_WEIGHT_SCRATCH, LINEAR_GRAD_WEIGHT_UPDATEBIAS, LINEAR_GRAD_WEIGHT_UPDATEWEIGHT, LINEAR_GRAD_WEIGHT_XSTRIDE, LINEAR_GRAD_WEIGHT_XT, TRANSPOSE_FEATURES, TRANSPOSE_OUTSTRIDE,
  TRANSPOSE_X, TRANSPOSE_XT,
} from '../build/records';
import { dotFour, multiply, multiplyTransposed } from '../build/tiles';
import { blocks, columnsOf, examplesOf, isFirstChunk, isLastChunk, rowBytes, stride, thread } from './context';
import { updateRows } from './optimizer';
import { gradBias, gradWeightOfColumn, gradWeightOfRow } from './reductions';

/** Rows that a block of the weight keeps together, so that gradient and optimizer state stay in the first-level cache. */
const TOGETHER = 12;

/** A layer with one output, whose sums torch takes in another order. */
function singleForward(w: usize, bias: usize, x: usize, y: usize, bytes: usize, columns: i32, depth: i32): void {
  for (let c = 0; c < columns; c += 4) {
    const at = <usize>c << 2;
    const sum = dotFour(w, x + at, bytes, depth);
    v128.store(y + at, bias == 0 ? sum : f32x4.add(sum, v128.load32_splat(bias)));
  }
}

/** Rows of y [first, last). */
export function linearForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = rowBytes();
  const depth = load<i32>(record, LINEAR_FORWARD_INFEATURES);
  const outputs = load<i32>(record, LINEAR_FORWARD_OUTFEATURES);
  const weightBytes = <usize>load<i32>(record, LINEAR_FORWARD_INSTRIDE) << 2;
  const bias = load<usize>(record, LINEAR_FORWARD_B);
  const w = load<usize>(record, LINEAR_FORWARD_W) + first * weightBytes;
  for (let block = from; block < to; block++) {
    const x = load<usize>(record, LINEAR_FORWARD_X) + <usize>block * (depth * bytes);
    const y = load<usize>(record, LINEAR_FORWARD_Y) + <usize>block * (outputs * bytes);
    if (outputs == 1 && depth > 1) singleForward(w, bias, x, y, bytes, columnsOf(block), depth);
    else
      multiply(
        last - first, columnsOf(block), w, weightBytes, x, bytes, y + first * bytes, bytes, depth, false,
        bias == 0 ? 0 : bias + (<usize>first << 2),
      );
  }
}

/** Rows of dx [first, last): w^T dy. */
export function linearGradInput(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = rowBytes();
  const inputs = load<i32>(record, LINEAR_GRAD_INPUT_INFEATURES);
  const outputs = load<i32>(record, LINEAR_GRAD_INPUT_OUTFEATURES);
  const weightBytes = <usize>load<i32>(record, LINEAR_GRAD_INPUT_INSTRIDE) << 2;
  const w = load<usize>(record, LINEAR_GRAD_INPUT_W) + (<usize>first << 2);
  for (let block = from; block < to; block++)
    multiplyTransposed(
      last - first, columnsOf(block), w, weightBytes,
      load<usize>(record, LINEAR_GRAD_INPUT_DY) + <usize>block * (outputs * bytes), bytes,
      load<usize>(record, LINEAR_GRAD_INPUT_DX) + <usize>block * (inputs * bytes) + first * bytes, bytes,
      outputs, false, 0,
    );
}

/** Rows [row, end) of a weight's gradient at gw over all blocks, onto what earlier chunks left there. */
function weightRows(record: usize, row: i32, end: i32, gw: usize): void {
  const bytes = rowBytes();
  const inStride = load<i32>(record, LINEAR_GRAD_WEIGHT_INSTRIDE);
  const inputs = load<i32>(record, LINEAR_GRAD_WEIGHT_INFEATURES);
  const outputs = load<i32>(record, LINEAR_GRAD_WEIGHT_OUTFEATURES);
  const weightBytes = <usize>inStride << 2;
  const xtBytes = <usize>load<i32>(record, LINEAR_GRAD_WEIGHT_XSTRIDE) << 2;
  for (let block = 0; block < blocks; block++) {
    const dy = load<usize>(record, LINEAR_GRAD_WEIGHT_DY) + <usize>block * (outputs * bytes);
    const xt = load<usize>(record, LINEAR_GRAD_WEIGHT_XT) + <usize>(block * stride) * xtBytes;
    const count = examplesOf(block);
    const fresh = isFirstChunk && block == 0;
    if (outputs == 1) gradWeightOfRow(dy, xt, xtBytes, gw, inputs, count, fresh);
    else if (inputs == 1)
      gradWeightOfColumn(dy, bytes, xt, xtBytes, gw - row * weightBytes, row, end, outputs, count, fresh);
    else multiply(end - row, inStride, dy + row * bytes, bytes, xt, xtBytes, gw, weightBytes, count, !fresh, 0);
  }
}

/**
 * Rows [first, last) of the weight's and bias's gradient, summed over blocks and chunks of examples; after the last chunk
 * these rows are updated at once, block by block, while the gradient is still in the first-level cache.
 */
export function linearGradWeight(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const updateWeight = isLastChunk ? load<usize>(record, LINEAR_GRAD_WEIGHT_UPDATEWEIGHT) : 0;
  const weightBytes = <usize>load<i32>(record, LINEAR_GRAD_WEIGHT_INSTRIDE) << 2;
  // Where a batch is one chunk, nobody reads a gradient but the update that follows at once: every thread has a few rows for it.
  const scratch = load<i32>(record, LINEAR_GRAD_WEIGHT_SCRATCH);
  const base = load<usize>(record, LINEAR_GRAD_WEIGHT_GW) + <usize>(thread * scratch);
  for (let row = first; row < last; row += TOGETHER) {
    const end = min(row + TOGETHER, last);
    const gw = scratch == 0 ? base + row * weightBytes : base;
    weightRows(record, row, end, gw);
    if (updateWeight != 0) updateRows(updateWeight, row, end, gw);
  }
  const gb = load<usize>(record, LINEAR_GRAD_WEIGHT_GB);
  if (gb == 0) return;
  const bytes = rowBytes();
  const outputs = load<i32>(record, LINEAR_GRAD_WEIGHT_OUTFEATURES);
  for (let block = from; block < to; block++)
    gradBias(
      load<usize>(record, LINEAR_GRAD_WEIGHT_DY) + <usize>block * (outputs * bytes), bytes, gb, first, last, outputs,
      examplesOf(block), isFirstChunk && block == 0,
    );
  const updateBias = isLastChunk ? load<usize>(record, LINEAR_GRAD_WEIGHT_UPDATEBIAS) : 0;
  if (updateBias == 0) return;
  for (let row = first; row < last; row += TOGETHER)
    updateRows(updateBias, row, min(row + TOGETHER, last), gb + (<usize>row << 2));
}

/** Rows [first, last) of x become columns of xT [examples][outStride]; the padding columns become zero. */
export function transpose(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = rowBytes();
  const features = load<i32>(record, TRANSPOSE_FEATURES);
  const outBytes = <usize>load<i32>(record, TRANSPOSE_OUTSTRIDE) << 2;
  const zero = f32x4.splat(0);
  for (let block = from; block < to; block++) {
    const x = load<usize>(record, TRANSPOSE_X) + <usize>block * (features * bytes);
    const xt = load<usize>(record, TRANSPOSE_XT) + <usize>(block * stride) * outBytes;
    const columns = columnsOf(block);
    for (let f = first; f < last; f += 4) {
      const base = x + f * bytes;
      for (let c = 0; c < columns; c += 4) {
        const at = base + (<usize>c << 2);
        const r0 = v128.load(at);
        const r1 = f + 1 < features ? v128.load(at + bytes) : zero;
        const r2 = f + 2 < features ? v128.load(at + 2 * bytes) : zero;
        const r3 = f + 3 < features ? v128.load(at + 3 * bytes) : zero;
        const l0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
        const h0 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
        const l1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
        const h1 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
        const target = xt + c * outBytes + (<usize>f << 2);
        v128.store(target, v128.shuffle<f32>(l0, l1, 0, 1, 4, 5));
        v128.store(target + outBytes, v128.shuffle<f32>(l0, l1, 2, 3, 6, 7));
        v128.store(target + 2 * outBytes, v128.shuffle<f32>(h0, h1, 0, 1, 4, 5));
        v128.store(target + 3 * outBytes, v128.shuffle<f32>(h0, h1, 2, 3, 6, 7));
      }
    }
  }
}
