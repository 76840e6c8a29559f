// y = x w^T + b and its gradients. Activations are [features][stride] (examples innermost), weights torch's [out][in].
import { dotFour, multiply, multiplyTransposed } from '../build/tiles';
import { gradBias, gradWeightOfColumn, gradWeightOfRow } from './reductions';
import { updateValues } from './optimizer';
import {
  R_B, R_DX, R_DY, R_GB, R_GW, R_IN, R_IN_STRIDE, R_L1_B, R_L1_W, R_L2_B, R_L2_W, R_M_B, R_M_W, R_ROWS, R_V_B, R_V_W, R_W,
  R_XT, R_Y,
} from './layout';

/** A layer with one output, whose sums torch takes in another order. */
function singleForward(record: usize, x: usize, bytes: usize, columns: i32): void {
  const w = load<usize>(record, R_W);
  const bias = load<usize>(record, R_B);
  const y = load<usize>(record, R_Y);
  const depth = load<i32>(record, R_IN);
  for (let c = 0; c < columns; c += 4) {
    const at = <usize>c << 2;
    const sum = dotFour(w, x + at, bytes, depth);
    v128.store(y + at, bias == 0 ? sum : f32x4.add(sum, v128.load32_splat(bias)));
  }
}

/** Rows of y [first, last). */
export function linearForward(record: usize, x: usize, stride: i32, columns: i32, first: i32, last: i32): void {
  const bytes = <usize>stride << 2;
  if (load<i32>(record, R_ROWS) == 1 && load<i32>(record, R_IN) > 1) {
    singleForward(record, x, bytes, columns);
    return;
  }
  const weightBytes = load<usize>(record, R_IN_STRIDE) << 2;
  const bias = load<usize>(record, R_B);
  multiply(
    last - first, columns,
    load<usize>(record, R_W) + first * weightBytes, weightBytes,
    x, bytes,
    load<usize>(record, R_Y) + first * bytes, bytes,
    load<i32>(record, R_IN),
    bias == 0 ? 0 : bias + (<usize>first << 2),
  );
}

/** Rows of dx [first, last): w^T dy. `outputs` are the rows of dy. */
export function linearGradInput(record: usize, outputs: i32, stride: i32, columns: i32, first: i32, last: i32): void {
  const bytes = <usize>stride << 2;
  const weightBytes = load<usize>(record, R_IN_STRIDE) << 2;
  multiplyTransposed(
    last - first, columns,
    load<usize>(record, R_W) + (<usize>first << 2), weightBytes,
    load<usize>(record, R_DY), bytes,
    load<usize>(record, R_DX) + first * bytes, bytes,
    outputs, 0,
  );
}

/**
 * Rows [first, last) of the weight's and bias's gradient, summed over chunks of examples; after the last chunk these
 * rows are updated at once, block by block, while the gradient is still in the first-level cache.
 */
export function linearGradWeight(
  record: usize, stride: i32, examples: i32, first: i32, last: i32, firstChunk: bool, lastChunk: bool,
): void {
  const bytes = <usize>stride << 2;
  const inStride = load<i32>(record, R_IN_STRIDE);
  const weightBytes = <usize>inStride << 2;
  const dy = load<usize>(record, R_DY);
  const xt = load<usize>(record, R_XT);
  const gw = load<usize>(record, R_GW);
  const gb = load<usize>(record, R_GB);
  const single = load<i32>(record, R_ROWS) == 1;
  const narrow = load<i32>(record, R_IN) == 1;
  for (let row = first; row < last; row += 12) {
    const end = min(row + 12, last);
    const offset = row * weightBytes;
    if (single) gradWeightOfRow(dy, xt, weightBytes, gw, load<i32>(record, R_IN), examples, firstChunk);
    else if (narrow)
      gradWeightOfColumn(dy, bytes, xt, weightBytes, gw, row, end, load<i32>(record, R_ROWS), examples, firstChunk);
    else
      multiply(
        end - row, inStride, dy + row * bytes, bytes, xt, weightBytes, gw + offset, weightBytes, examples,
        firstChunk ? 0 : 1,
      );
    if (lastChunk)
      updateValues(
        load<usize>(record, R_W) + offset, gw + offset, load<usize>(record, R_M_W) + offset,
        load<usize>(record, R_V_W) + offset, (end - row) * inStride, load<f32>(record, R_L1_W),
        load<f32>(record, R_L2_W),
      );
  }
  if (gb == 0) return;
  gradBias(dy, bytes, gb, first, last, load<i32>(record, R_ROWS), examples, firstChunk);
  if (!lastChunk) return;
  const offset = <usize>first << 2;
  updateValues(
    load<usize>(record, R_B) + offset, gb + offset, load<usize>(record, R_M_B) + offset,
    load<usize>(record, R_V_B) + offset, (last - first + 3) & ~3, load<f32>(record, R_L1_B), load<f32>(record, R_L2_B),
  );
}

/** Rows [first, last) of x become columns of xT [examples][inStride]; the padding columns become zero. */
export function transpose(
  x: usize, stride: i32, xt: usize, inStride: i32, columns: i32, first: i32, last: i32, features: i32,
): void {
  const bytes = <usize>stride << 2;
  const outBytes = <usize>inStride << 2;
  const zero = f32x4.splat(0);
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
      const to = xt + c * outBytes + (<usize>f << 2);
      v128.store(to, v128.shuffle<f32>(l0, l1, 0, 1, 4, 5));
      v128.store(to + outBytes, v128.shuffle<f32>(l0, l1, 2, 3, 6, 7));
      v128.store(to + 2 * outBytes, v128.shuffle<f32>(h0, h1, 0, 1, 4, 5));
      v128.store(to + 3 * outBytes, v128.shuffle<f32>(h0, h1, 2, 3, 6, 7));
    }
  }
}
