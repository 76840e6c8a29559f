// Layer normalisation: each example by its own statistics over all its elements. Columns are examples, so the sums of four
// examples are made side by side.
import {
  LAYER_NORM_BACKWARD_DX, LAYER_NORM_BACKWARD_DY, LAYER_NORM_BACKWARD_ELEMENTS, LAYER_NORM_BACKWARD_MEANS,
  LAYER_NORM_BACKWARD_STATISTICS, LAYER_NORM_BACKWARD_W, LAYER_NORM_BACKWARD_X, LAYER_NORM_FORWARD_B,
  LAYER_NORM_FORWARD_ELEMENTS, LAYER_NORM_FORWARD_STATISTICS, LAYER_NORM_FORWARD_W, LAYER_NORM_FORWARD_X, LAYER_NORM_FORWARD_Y,
  LAYER_NORM_GRAD_PARAMETERS_DY, LAYER_NORM_GRAD_PARAMETERS_ELEMENTS, LAYER_NORM_GRAD_PARAMETERS_GB,
  LAYER_NORM_GRAD_PARAMETERS_GW, LAYER_NORM_GRAD_PARAMETERS_STATISTICS, LAYER_NORM_GRAD_PARAMETERS_X, LAYER_NORM_MEANS_DY,
  LAYER_NORM_MEANS_ELEMENTS, LAYER_NORM_MEANS_MEANS, LAYER_NORM_MEANS_STATISTICS, LAYER_NORM_MEANS_W, LAYER_NORM_MEANS_X,
  LAYER_NORM_STATISTICS_ELEMENTS, LAYER_NORM_STATISTICS_EPS, LAYER_NORM_STATISTICS_STATISTICS, LAYER_NORM_STATISTICS_X,
} from '../build/records';
import { highHalf, joinHalves, lowHalf, madd, nmadd, sumOfLanes } from './arithmetic';
import { columnsOf, isFirstChunk, rowBytes } from './context';

// What a block of examples leaves, in rows of one float per example: the mean in two parts, since an f32 alone cannot say where
// the middle of far-off values lies; and 1/sqrt(variance + eps).
const STATISTICS = 3;
// What of the gradient is not passed on, likewise: factor * mean(g), and what the input is multiplied with.
const MEANS = 2;

/** Statistics of the examples of blocks [from, to). */
export function layerNormStatistics(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const elements = load<i32>(record, LAYER_NORM_STATISTICS_ELEMENTS);
  const bytes = rowBytes();
  const eps = f64x2.splat(load<f64>(record, LAYER_NORM_STATISTICS_EPS));
  const count = f64x2.splat(<f64>elements);
  for (let block = from; block < to; block++) {
    const columns = columnsOf(block);
    for (let c = 0; c < columns; c += 4) {
      let x = load<usize>(record, LAYER_NORM_STATISTICS_X) + <usize>(block * elements) * bytes + (<usize>c << 2);
      // Any value of an example lies near enough to its mean: sums of differences from it lose nothing that counts.
      const shift = v128.load(x);
      let sumLow = f64x2.splat(0);
      let sumHigh = f64x2.splat(0);
      let squareLow = f64x2.splat(0);
      let squareHigh = f64x2.splat(0);
      for (let i = elements; i > 0; i--) {
        const difference = f32x4.sub(v128.load(x), shift);
        const low = lowHalf(difference);
        const high = highHalf(difference);
        sumLow = f64x2.add(sumLow, low);
        sumHigh = f64x2.add(sumHigh, high);
        squareLow = f64x2.add(squareLow, f64x2.mul(low, low));
        squareHigh = f64x2.add(squareHigh, f64x2.mul(high, high));
        x += bytes;
      }
      const apartLow = f64x2.div(sumLow, count);
      const apartHigh = f64x2.div(sumHigh, count);
      const meanLow = f64x2.add(lowHalf(shift), apartLow);
      const meanHigh = f64x2.add(highHalf(shift), apartHigh);
      const near = joinHalves(meanLow, meanHigh);
      const rest = joinHalves(f64x2.sub(meanLow, lowHalf(near)), f64x2.sub(meanHigh, highHalf(near)));
      const place = load<usize>(record, LAYER_NORM_STATISTICS_STATISTICS) + <usize>(block * STATISTICS) * bytes + (<usize>c << 2);
      v128.store(place, near);
      v128.store(place + bytes, rest);
      v128.store(
        place + 2 * bytes,
        joinHalves(factorOf(squareLow, apartLow, count, eps), factorOf(squareHigh, apartHigh, count, eps)),
      );
    }
  }
}

// @ts-ignore: decorator
@inline
function factorOf(squares: v128, apart: v128, count: v128, eps: v128): v128 {
  // max by comparison would make a NaN zero.
  const variance = f64x2.max(f64x2.sub(f64x2.div(squares, count), f64x2.mul(apart, apart)), f64x2.splat(0));
  return f64x2.div(f64x2.splat(1), f64x2.sqrt(f64x2.add(variance, eps)));
}

/** x - mean. */
// @ts-ignore: decorator
@inline
function apart(x: v128, near: v128, rest: v128): v128 {
  return f32x4.sub(f32x4.sub(x, near), rest);
}

/** Elements [first, last). */
export function layerNormForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const elements = load<i32>(record, LAYER_NORM_FORWARD_ELEMENTS);
  const bytes = rowBytes();
  const w = load<usize>(record, LAYER_NORM_FORWARD_W);
  const b = load<usize>(record, LAYER_NORM_FORWARD_B);
  for (let block = from; block < to; block++) {
    const columns = <usize>columnsOf(block) << 2;
    for (let column: usize = 0; column < columns; column += 16) {
      const statistics = load<usize>(record, LAYER_NORM_FORWARD_STATISTICS) + <usize>(block * STATISTICS) * bytes + column;
      const near = v128.load(statistics);
      const rest = v128.load(statistics + bytes);
      const factor = v128.load(statistics + 2 * bytes);
      const at = <usize>(block * elements + first) * bytes + column;
      let x = load<usize>(record, LAYER_NORM_FORWARD_X) + at;
      let y = load<usize>(record, LAYER_NORM_FORWARD_Y) + at;
      for (let row = <usize>first << 2; row < <usize>last << 2; row += 4) {
        let n = f32x4.mul(apart(v128.load(x), near, rest), factor);
        if (w != 0) n = madd(n, v128.load32_splat(w + row), b == 0 ? f32x4.splat(0) : v128.load32_splat(b + row));
        v128.store(y, n);
        x += bytes;
        y += bytes;
      }
    }
  }
}

/** What the gradients of the examples of blocks [from, to) lose to their mean and to their direction. */
export function layerNormMeans(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const elements = load<i32>(record, LAYER_NORM_MEANS_ELEMENTS);
  const bytes = rowBytes();
  const w = load<usize>(record, LAYER_NORM_MEANS_W);
  const count = f64x2.splat(<f64>elements);
  for (let block = from; block < to; block++) {
    const columns = columnsOf(block);
    for (let c = 0; c < columns; c += 4) {
      const column = <usize>c << 2;
      const statistics = load<usize>(record, LAYER_NORM_MEANS_STATISTICS) + <usize>(block * STATISTICS) * bytes + column;
      const near = v128.load(statistics);
      const rest = v128.load(statistics + bytes);
      const at = <usize>(block * elements) * bytes + column;
      let x = load<usize>(record, LAYER_NORM_MEANS_X) + at;
      let dy = load<usize>(record, LAYER_NORM_MEANS_DY) + at;
      let sumLow = f64x2.splat(0);
      let sumHigh = f64x2.splat(0);
      let alongLow = f64x2.splat(0);
      let alongHigh = f64x2.splat(0);
      for (let row = 0; row < elements; row++) {
        const g = w == 0 ? v128.load(dy) : f32x4.mul(v128.load(dy), v128.load32_splat(w + (<usize>row << 2)));
        const along = f32x4.mul(g, apart(v128.load(x), near, rest));
        sumLow = f64x2.add(sumLow, lowHalf(g));
        sumHigh = f64x2.add(sumHigh, highHalf(g));
        alongLow = f64x2.add(alongLow, lowHalf(along));
        alongHigh = f64x2.add(alongHigh, highHalf(along));
        x += bytes;
        dy += bytes;
      }
      const factor = v128.load(statistics + 2 * bytes);
      const mean = joinHalves(f64x2.div(sumLow, count), f64x2.div(sumHigh, count));
      const slope = joinHalves(f64x2.div(alongLow, count), f64x2.div(alongHigh, count));
      const means = load<usize>(record, LAYER_NORM_MEANS_MEANS) + <usize>(block * MEANS) * bytes + column;
      v128.store(means, f32x4.mul(factor, mean));
      v128.store(means + bytes, f32x4.mul(f32x4.mul(factor, factor), f32x4.mul(factor, slope)));
    }
  }
}

/** dx = factor * (g - mean(g) - n * mean(g * n)), elements [first, last). Zero where dy is zero for all of an example. */
export function layerNormBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const elements = load<i32>(record, LAYER_NORM_BACKWARD_ELEMENTS);
  const bytes = rowBytes();
  const w = load<usize>(record, LAYER_NORM_BACKWARD_W);
  for (let block = from; block < to; block++) {
    const columns = <usize>columnsOf(block) << 2;
    for (let column: usize = 0; column < columns; column += 16) {
      const statistics = load<usize>(record, LAYER_NORM_BACKWARD_STATISTICS) + <usize>(block * STATISTICS) * bytes + column;
      const near = v128.load(statistics);
      const rest = v128.load(statistics + bytes);
      const factor = v128.load(statistics + 2 * bytes);
      const means = load<usize>(record, LAYER_NORM_BACKWARD_MEANS) + <usize>(block * MEANS) * bytes + column;
      const mean = v128.load(means);
      const slope = v128.load(means + bytes);
      const at = <usize>(block * elements + first) * bytes + column;
      let x = load<usize>(record, LAYER_NORM_BACKWARD_X) + at;
      let dy = load<usize>(record, LAYER_NORM_BACKWARD_DY) + at;
      let dx = load<usize>(record, LAYER_NORM_BACKWARD_DX) + at;
      for (let row = <usize>first << 2; row < <usize>last << 2; row += 4) {
        let g = f32x4.mul(v128.load(dy), factor);
        if (w != 0) g = f32x4.mul(g, v128.load32_splat(w + row));
        v128.store(dx, nmadd(apart(v128.load(x), near, rest), slope, f32x4.sub(g, mean)));
        x += bytes;
        dy += bytes;
        dx += bytes;
      }
    }
  }
}

/** Gradients of scale and shift of elements [first, last): sums over the examples, in the order of blocks and chunks. */
export function layerNormGradParameters(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const elements = load<i32>(record, LAYER_NORM_GRAD_PARAMETERS_ELEMENTS);
  const bytes = rowBytes();
  const gw = load<usize>(record, LAYER_NORM_GRAD_PARAMETERS_GW) + (<usize>first << 2);
  const gb = load<usize>(record, LAYER_NORM_GRAD_PARAMETERS_GB);
  for (let block = from; block < to; block++) {
    const statistics = load<usize>(record, LAYER_NORM_GRAD_PARAMETERS_STATISTICS) + <usize>(block * STATISTICS) * bytes;
    const at = <usize>(block * elements + first) * bytes;
    gradRows(
      load<usize>(record, LAYER_NORM_GRAD_PARAMETERS_X) + at, load<usize>(record, LAYER_NORM_GRAD_PARAMETERS_DY) + at, statistics,
      last - first, columnsOf(block), gw, gb == 0 ? 0 : gb + (<usize>first << 2), isFirstChunk && block == 0,
    );
  }
}

function gradRows(
  x: usize, dy: usize, statistics: usize, rows: i32, columns: i32, gw: usize, gb: usize, fresh: bool,
): void {
  const bytes = rowBytes();
  const end = <usize>columns << 2;
  // The first eight examples' statistics stay in registers: images have no more in a block.
  const near = v128.load(statistics);
  const rest = v128.load(statistics + bytes);
  const factor = v128.load(statistics + 2 * bytes);
  const second = columns > 4 ? statistics + 16 : statistics;
  const near2 = v128.load(second);
  const rest2 = v128.load(second + bytes);
  const factor2 = v128.load(second + 2 * bytes);
  for (; rows > 0; rows--) {
    let shift = v128.load(dy);
    let scale = f32x4.mul(shift, f32x4.mul(apart(v128.load(x), near, rest), factor));
    if (columns > 4) {
      const g = v128.load(dy, 16);
      scale = madd(g, f32x4.mul(apart(v128.load(x, 16), near2, rest2), factor2), scale);
      shift = f32x4.add(shift, g);
    }
    for (let i: usize = 32; i < end; i += 16) {
      const g = v128.load(dy + i);
      const place = statistics + i;
      const n = f32x4.mul(apart(v128.load(x + i), v128.load(place), v128.load(place + bytes)), v128.load(place + 2 * bytes));
      scale = madd(g, n, scale);
      shift = f32x4.add(shift, g);
    }
    store<f32>(gw, (fresh ? 0 : load<f32>(gw)) + sumOfLanes(scale));
    gw += 4;
    if (gb != 0) {
      store<f32>(gb, (fresh ? 0 : load<f32>(gb)) + sumOfLanes(shift));
      gb += 4;
    }
    x += bytes;
    dy += bytes;
  }
}
