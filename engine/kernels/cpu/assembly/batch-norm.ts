// Batch normalisation: each channel by its own statistics over examples and pixels. A row of the work is a channel, over all
// blocks in order, so that its sums are the same whoever makes them. A channel is summed and normalised in one go: what the
// first pass reads, the second finds in the cache.
import {
  BATCH_NORM_BACKWARD_CHANNELS, BATCH_NORM_BACKWARD_DX, BATCH_NORM_BACKWARD_DY, BATCH_NORM_BACKWARD_GB, BATCH_NORM_BACKWARD_GW,
  BATCH_NORM_BACKWARD_PIXELS, BATCH_NORM_BACKWARD_STATISTICS, BATCH_NORM_BACKWARD_W, BATCH_NORM_BACKWARD_X,
  BATCH_NORM_EVALUATE_B, BATCH_NORM_EVALUATE_CHANNELS, BATCH_NORM_EVALUATE_EPS, BATCH_NORM_EVALUATE_MEAN,
  BATCH_NORM_EVALUATE_PIXELS, BATCH_NORM_EVALUATE_VARIANCE, BATCH_NORM_EVALUATE_W, BATCH_NORM_EVALUATE_X, BATCH_NORM_EVALUATE_Y,
  BATCH_NORM_FORWARD_B, BATCH_NORM_FORWARD_CHANNELS, BATCH_NORM_FORWARD_EPS, BATCH_NORM_FORWARD_PIXELS,
  BATCH_NORM_FORWARD_STATISTICS, BATCH_NORM_FORWARD_W, BATCH_NORM_FORWARD_X, BATCH_NORM_FORWARD_Y, RUNNING_STATISTICS_CHANNELS,
  RUNNING_STATISTICS_MEAN, RUNNING_STATISTICS_MOMENTUM, RUNNING_STATISTICS_PIXELS, RUNNING_STATISTICS_STATISTICS,
  RUNNING_STATISTICS_VARIANCE,
} from '../build/records';
import { highHalf, lowHalf, madd, sumOfHalves } from './arithmetic';
import { batchSize, columnsOf, examples, examplesOf, laneMask, rowBytes, stride } from './context';
import { C_FROZEN } from './layout';

// What a batch leaves of each channel: f64 mean, biased variance, 1/sqrt(variance + eps).
const S_VARIANCE = 8;
const S_FACTOR = 16;
const S_BYTES = 24;

/** Of a channel; without the parameter, what stands for it. */
// @ts-ignore: decorator
@inline
function parameterOf(values: usize, channel: i32, absent: f64): f64 {
  return values == 0 ? absent : <f64>load<f32>(values + (<usize>channel << 2));
}

// The two sums that are being made, in double precision: of x - shift and its square, or of dy and dy * (x - shift).
let first64: f64 = 0;
let second64: f64 = 0;

/**
 * Adds over contiguous bytes. Four vectors are added in f32 before they become double: their rounding is no larger than that of
 * the values themselves, and it takes half the time.
 */
function addDeviations(x: usize, bytes: usize, shift: v128): void {
  let firstLow = f64x2.splat(0);
  let firstHigh = f64x2.splat(0);
  let secondLow = f64x2.splat(0);
  let secondHigh = f64x2.splat(0);
  const end = x + bytes;
  for (; x + 64 <= end; x += 64) {
    const a = f32x4.sub(v128.load(x), shift);
    const b = f32x4.sub(v128.load(x, 16), shift);
    const c = f32x4.sub(v128.load(x, 32), shift);
    const d = f32x4.sub(v128.load(x, 48), shift);
    const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    const squares = f32x4.add(madd(a, a, f32x4.mul(b, b)), madd(c, c, f32x4.mul(d, d)));
    firstLow = f64x2.add(firstLow, lowHalf(sum));
    firstHigh = f64x2.add(firstHigh, highHalf(sum));
    secondLow = f64x2.add(secondLow, lowHalf(squares));
    secondHigh = f64x2.add(secondHigh, highHalf(squares));
  }
  for (; x < end; x += 16) {
    const a = f32x4.sub(v128.load(x), shift);
    const square = f32x4.mul(a, a);
    firstLow = f64x2.add(firstLow, lowHalf(a));
    firstHigh = f64x2.add(firstHigh, highHalf(a));
    secondLow = f64x2.add(secondLow, lowHalf(square));
    secondHigh = f64x2.add(secondHigh, highHalf(square));
  }
  first64 += sumOfHalves(firstLow, firstHigh);
  second64 += sumOfHalves(secondLow, secondHigh);
}

/** The same over the first `count` columns of rows of pixels. */
function addColumnDeviations(x: usize, pixels: i32, count: i32, shift: v128): void {
  const bytes = rowBytes();
  let c = 0;
  if (pixels == 1) {
    c = count & ~3;
    addDeviations(x, <usize>c << 2, shift);
  }
  for (; c < count; c += 4) {
    const mask = laneMask(c, count);
    let at = x + (<usize>c << 2);
    let firstLow = f64x2.splat(0);
    let firstHigh = f64x2.splat(0);
    let secondLow = f64x2.splat(0);
    let secondHigh = f64x2.splat(0);
    for (let pixel = pixels; pixel > 0; pixel--) {
      const a = v128.and(f32x4.sub(v128.load(at), shift), mask);
      const square = f32x4.mul(a, a);
      firstLow = f64x2.add(firstLow, lowHalf(a));
      firstHigh = f64x2.add(firstHigh, highHalf(a));
      secondLow = f64x2.add(secondLow, lowHalf(square));
      secondHigh = f64x2.add(secondHigh, highHalf(square));
      at += bytes;
    }
    first64 += sumOfHalves(firstLow, firstHigh);
    second64 += sumOfHalves(secondLow, secondHigh);
  }
}

/** dy and dy * (x - shift) over contiguous bytes. */
function addProducts(x: usize, dy: usize, bytes: usize, shift: v128): void {
  let firstLow = f64x2.splat(0);
  let firstHigh = f64x2.splat(0);
  let secondLow = f64x2.splat(0);
  let secondHigh = f64x2.splat(0);
  const end = x + bytes;
  for (; x + 64 <= end; x += 64) {
    const a = v128.load(dy);
    const b = v128.load(dy, 16);
    const c = v128.load(dy, 32);
    const d = v128.load(dy, 48);
    const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    const left = madd(a, f32x4.sub(v128.load(x), shift), f32x4.mul(b, f32x4.sub(v128.load(x, 16), shift)));
    const right = madd(c, f32x4.sub(v128.load(x, 32), shift), f32x4.mul(d, f32x4.sub(v128.load(x, 48), shift)));
    const products = f32x4.add(left, right);
    firstLow = f64x2.add(firstLow, lowHalf(sum));
    firstHigh = f64x2.add(firstHigh, highHalf(sum));
    secondLow = f64x2.add(secondLow, lowHalf(products));
    secondHigh = f64x2.add(secondHigh, highHalf(products));
    dy += 64;
  }
  for (; x < end; x += 16) {
    const a = v128.load(dy);
    const product = f32x4.mul(a, f32x4.sub(v128.load(x), shift));
    firstLow = f64x2.add(firstLow, lowHalf(a));
    firstHigh = f64x2.add(firstHigh, highHalf(a));
    secondLow = f64x2.add(secondLow, lowHalf(product));
    secondHigh = f64x2.add(secondHigh, highHalf(product));
    dy += 16;
  }
  first64 += sumOfHalves(firstLow, firstHigh);
  second64 += sumOfHalves(secondLow, secondHigh);
}

/** y = (x - shift) * scale + offset over contiguous bytes. */
function normalize(x: usize, y: usize, bytes: usize, shift: v128, scale: v128, offset: v128): void {
  for (let i: usize = 0; i < bytes; i += 16)
    v128.store(y + i, madd(f32x4.sub(v128.load(x + i), shift), scale, offset));
}

/** Channels [first, last) by the batch's own statistics, which stay for the way back. */
export function batchNormForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const channels = load<i32>(record, BATCH_NORM_FORWARD_CHANNELS);
  const pixels = load<i32>(record, BATCH_NORM_FORWARD_PIXELS);
  const bytes = <usize>pixels * rowBytes();
  const count = <f64>examples * <f64>pixels;
  for (let channel = first; channel < last; channel++) {
    const at = <usize>channel * bytes;
    const x = load<usize>(record, BATCH_NORM_FORWARD_X) + at;
    const y = load<usize>(record, BATCH_NORM_FORWARD_Y) + at;
    const next = <usize>channels * bytes;
    // Any value of the channel lies near enough to its mean: sums of differences from it lose nothing that counts.
    const shift = load<f32>(x);
    first64 = 0;
    second64 = 0;
    for (let block = from; block < to; block++) {
      const source = x + <usize>block * next;
      if (examplesOf(block) == stride) addDeviations(source, bytes, f32x4.splat(shift));
      else addColumnDeviations(source, pixels, examplesOf(block), f32x4.splat(shift));
    }
    const apart = first64 / count;
    const mean = <f64>shift + apart;
    const variance = max(0, second64 / count - apart * apart);
    const factor = 1 / Math.sqrt(variance + load<f64>(record, BATCH_NORM_FORWARD_EPS));
    const statistics = load<usize>(record, BATCH_NORM_FORWARD_STATISTICS) + <usize>channel * S_BYTES;
    store<f64>(statistics, mean);
    store<f64>(statistics, variance, S_VARIANCE);
    store<f64>(statistics, factor, S_FACTOR);
    const scale = factor * parameterOf(load<usize>(record, BATCH_NORM_FORWARD_W), channel, 1);
    const near = <f32>mean;
    const offset = parameterOf(load<usize>(record, BATCH_NORM_FORWARD_B), channel, 0) - (mean - <f64>near) * scale;
    for (let block = from; block < to; block++) {
      const place = <usize>block * next;
      normalize(x + place, y + place, bytes, f32x4.splat(near), f32x4.splat(<f32>scale), f32x4.splat(<f32>offset));
    }
  }
}

/**
 * Channels [first, last): dx = w * factor * (dy - mean(dy) - n * mean(dy * n)) with n the normalised input, and the gradients of
 * scale and shift, sum(dy * n) and sum(dy). Beyond the last example dy is zero, and dx is made so.
 */
export function batchNormBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const channels = load<i32>(record, BATCH_NORM_BACKWARD_CHANNELS);
  const pixels = load<i32>(record, BATCH_NORM_BACKWARD_PIXELS);
  const row = rowBytes();
  const bytes = <usize>pixels * row;
  const next = <usize>channels * bytes;
  const count = <f64>examples * <f64>pixels;
  const gw = load<usize>(record, BATCH_NORM_BACKWARD_GW);
  const gb = load<usize>(record, BATCH_NORM_BACKWARD_GB);
  const target = load<usize>(record, BATCH_NORM_BACKWARD_DX);
  for (let channel = first; channel < last; channel++) {
    const at = <usize>channel * bytes;
    const x = load<usize>(record, BATCH_NORM_BACKWARD_X) + at;
    const dy = load<usize>(record, BATCH_NORM_BACKWARD_DY) + at;
    const statistics = load<usize>(record, BATCH_NORM_BACKWARD_STATISTICS) + <usize>channel * S_BYTES;
    const mean = load<f64>(statistics);
    const factor = load<f64>(statistics, S_FACTOR);
    const near = <f32>mean;
    const rest = mean - <f64>near;
    first64 = 0;
    second64 = 0;
    for (let block = from; block < to; block++) {
      const columns = columnsOf(block);
      const place = <usize>block * next;
      if (columns == stride) addProducts(x + place, dy + place, bytes, f32x4.splat(near));
      else
        for (let pixel = 0; pixel < pixels; pixel++)
          addProducts(
            x + place + pixel * row, dy + place + pixel * row, <usize>columns << 2, f32x4.splat(near),
          );
    }
    const along = (second64 - rest * first64) * factor;
    if (gw != 0) store<f32>(gw + (<usize>channel << 2), <f32>along);
    if (gb != 0) store<f32>(gb + (<usize>channel << 2), <f32>first64);
    if (target == 0) continue;
    const scale = factor * parameterOf(load<usize>(record, BATCH_NORM_BACKWARD_W), channel, 1);
    const slope = (-scale * factor * along) / count;
    const offset = (-scale * first64) / count - slope * rest;
    for (let block = from; block < to; block++) {
      const place = <usize>block * next;
      gradient(
        x + place, dy + place, target + at + place, bytes, examplesOf(block), f32x4.splat(near), f32x4.splat(<f32>scale),
        f32x4.splat(<f32>slope), f32x4.splat(<f32>offset),
      );
    }
  }
}

/** dx = dy * scale + (x - shift) * slope + offset over pixels of which `count` columns are examples. */
function gradient(
  x: usize, dy: usize, dx: usize, bytes: usize, count: i32, shift: v128, scale: v128, slope: v128, offset: v128,
): void {
  if (count == stride) {
    for (let i: usize = 0; i < bytes; i += 16) {
      const along = madd(f32x4.sub(v128.load(x + i), shift), slope, offset);
      v128.store(dx + i, madd(v128.load(dy + i), scale, along));
    }
    return;
  }
  for (let c = 0; c < stride; c += 4) {
    const mask = laneMask(c, count);
    for (let i = <usize>c << 2; i < bytes; i += rowBytes()) {
      const along = madd(f32x4.sub(v128.load(x + i), shift), slope, offset);
      v128.store(dx + i, v128.and(madd(v128.load(dy + i), scale, along), mask));
    }
  }
}

/** running = momentum * this batch's + (1 - momentum) * running, with the unbiased variance. */
export function runningStatistics(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  if (load<i32>(C_FROZEN)) return;
  const channels = load<i32>(record, RUNNING_STATISTICS_CHANNELS);
  const momentum = load<f64>(record, RUNNING_STATISTICS_MOMENTUM);
  const count = <f64>batchSize * <f64>load<i32>(record, RUNNING_STATISTICS_PIXELS);
  for (let channel = 0; channel < channels; channel++) {
    const statistics = load<usize>(record, RUNNING_STATISTICS_STATISTICS) + <usize>channel * S_BYTES;
    const mean = load<usize>(record, RUNNING_STATISTICS_MEAN) + (<usize>channel << 2);
    const variance = load<usize>(record, RUNNING_STATISTICS_VARIANCE) + (<usize>channel << 2);
    const unbiased = (load<f64>(statistics, S_VARIANCE) * count) / (count - 1);
    store<f32>(mean, <f32>(momentum * load<f64>(statistics) + (1 - momentum) * <f64>load<f32>(mean)));
    store<f32>(variance, <f32>(momentum * unbiased + (1 - momentum) * <f64>load<f32>(variance)));
  }
}

/** Rows of pixels [first, last) of all channels, by the running statistics. */
export function batchNormEvaluate(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const channels = load<i32>(record, BATCH_NORM_EVALUATE_CHANNELS);
  const pixels = load<i32>(record, BATCH_NORM_EVALUATE_PIXELS);
  const next = <usize>(channels * pixels) * rowBytes();
  for (let row = first; row < last; ) {
    const channel = row / pixels;
    const end = min(last, (channel + 1) * pixels);
    const at = <usize>row * rowBytes();
    const variance = <f64>load<f32>(load<usize>(record, BATCH_NORM_EVALUATE_VARIANCE) + (<usize>channel << 2));
    const factor = 1 / Math.sqrt(variance + load<f64>(record, BATCH_NORM_EVALUATE_EPS));
    const scale = factor * parameterOf(load<usize>(record, BATCH_NORM_EVALUATE_W), channel, 1);
    const shift = v128.load32_splat(load<usize>(record, BATCH_NORM_EVALUATE_MEAN) + (<usize>channel << 2));
    const offset = parameterOf(load<usize>(record, BATCH_NORM_EVALUATE_B), channel, 0);
    for (let block = from; block < to; block++) {
      const place = at + <usize>block * next;
      normalize(
        load<usize>(record, BATCH_NORM_EVALUATE_X) + place, load<usize>(record, BATCH_NORM_EVALUATE_Y) + place,
        <usize>(end - row) * rowBytes(), shift, f32x4.splat(<f32>scale), f32x4.splat(<f32>offset),
      );
    }
    row = end;
  }
}
