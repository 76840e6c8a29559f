// Means over windows of [channels][height][width][examples], or over torch's adaptive bins. A row of the work is one row of
// output pixels of one channel, or (backward) one channel.
import {
  AVG_POOL_BACKWARD_DX, AVG_POOL_BACKWARD_DY, AVG_POOL_FORWARD_ADAPTIVE, AVG_POOL_FORWARD_CHANNELS,
  AVG_POOL_FORWARD_COUNTPADDING, AVG_POOL_FORWARD_X, AVG_POOL_FORWARD_Y,
} from '../build/records';
import { rowBytes } from './context';
import {
  enterWindow, inHeight, inWidth, isPlain, kernelHeight, kernelWidth, outHeight, outWidth, paddingHeight, paddingWidth,
  strideHeight, strideWidth,
} from './window';

let countPadding: bool = false;
let adaptive: bool = false;

// What one output covers along one axis: inputs [reachFrom, reachTo), and how many values it counts.
let reachFrom: i32 = 0;
let reachTo: i32 = 0;
let reachCount: i32 = 0;

function enter(record: usize): void {
  enterWindow(record);
  countPadding = load<i32>(record, AVG_POOL_FORWARD_COUNTPADDING) != 0;
  adaptive = load<i32>(record, AVG_POOL_FORWARD_ADAPTIVE) != 0;
}

/** Padding counts as far as it goes; what a last window of ceil_mode has beyond it never does. */
function reach(index: i32, size: i32, outputs: i32, kernel: i32, stride: i32, padding: i32): void {
  if (adaptive) {
    reachFrom = (index * size) / outputs;
    reachTo = ((index + 1) * size + outputs - 1) / outputs;
    reachCount = reachTo - reachFrom;
    return;
  }
  const begin = index * stride - padding;
  const end = min(begin + kernel, size + padding);
  reachFrom = max(begin, 0);
  reachTo = min(end, size);
  reachCount = countPadding ? end - begin : reachTo - reachFrom;
}

function plainForward(x: usize, y: usize, inRow: usize, bytes: usize): void {
  const quarter = f32x4.splat(0.25);
  for (let pixel = outWidth; pixel > 0; pixel--) {
    for (let i: usize = 0; i < bytes; i += 16) {
      const at = x + i;
      const top = f32x4.add(v128.load(at), v128.load(at + bytes));
      const bottom = f32x4.add(v128.load(at + inRow), v128.load(at + inRow + bytes));
      v128.store(y + i, f32x4.mul(f32x4.add(top, bottom), quarter));
    }
    x += 2 * bytes;
    y += bytes;
  }
}

/** One row of outputs; each row of a window is summed by itself, so that large windows stay accurate. */
function anyForward(channel: usize, y: usize, row: i32, inRow: usize, bytes: usize): void {
  reach(row, inHeight, outHeight, kernelHeight, strideHeight, paddingHeight);
  const rows = reachTo - reachFrom;
  const rowCount = reachCount;
  const x = channel + <usize>reachFrom * inRow;
  for (let pixel = 0; pixel < outWidth; pixel++) {
    reach(pixel, inWidth, outWidth, kernelWidth, strideWidth, paddingWidth);
    const width = <usize>(reachTo - reachFrom) * bytes;
    const divisor = f32x4.splat(<f32>(rowCount * reachCount));
    for (let i: usize = 0; i < bytes; i += 16) {
      let at = x + <usize>reachFrom * bytes + i;
      let sum = f32x4.splat(0);
      for (let r = rows; r > 0; r--) {
        let rowSum = v128.load(at);
        for (let k = bytes; k < width; k += bytes) rowSum = f32x4.add(rowSum, v128.load(at + k));
        sum = f32x4.add(sum, rowSum);
        at += inRow;
      }
      v128.store(y + i, f32x4.div(sum, divisor));
    }
    y += bytes;
  }
}

export function avgPoolForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  enter(record);
  const bytes = rowBytes();
  const inRow = <usize>inWidth * bytes;
  const outRow = <usize>outWidth * bytes;
  const channels = load<i32>(record, AVG_POOL_FORWARD_CHANNELS);
  const plain = !adaptive && isPlain();
  for (let block = from; block < to; block++) {
    const x = load<usize>(record, AVG_POOL_FORWARD_X) + <usize>(block * channels * inHeight) * inRow;
    const y = load<usize>(record, AVG_POOL_FORWARD_Y) + <usize>(block * channels * outHeight) * outRow;
    for (let unit = first; unit < last; unit++) {
      const row = unit % outHeight;
      const channel = x + <usize>((unit / outHeight) * inHeight) * inRow;
      if (plain) plainForward(channel + <usize>(2 * row) * inRow, y + <usize>unit * outRow, inRow, bytes);
      else anyForward(channel, y + <usize>unit * outRow, row, inRow, bytes);
    }
  }
}

function plainBackward(dy: usize, dx: usize, inRow: usize, bytes: usize): void {
  const quarter = f32x4.splat(0.25);
  for (let pixel = outWidth; pixel > 0; pixel--) {
    for (let i: usize = 0; i < bytes; i += 16) {
      const share = f32x4.mul(v128.load(dy + i), quarter);
      const to = dx + i;
      v128.store(to, share);
      v128.store(to + bytes, share);
      v128.store(to + inRow, share);
      v128.store(to + inRow + bytes, share);
    }
    dx += 2 * bytes;
    dy += bytes;
  }
}

/** One row of outputs hands its gradient to the inputs that it covers. `alone`: nobody else covers them. */
function anyBackward(dy: usize, channel: usize, row: i32, inRow: usize, bytes: usize, alone: bool): void {
  reach(row, inHeight, outHeight, kernelHeight, strideHeight, paddingHeight);
  const rows = reachTo - reachFrom;
  const rowCount = reachCount;
  const dx = channel + <usize>reachFrom * inRow;
  for (let pixel = 0; pixel < outWidth; pixel++) {
    reach(pixel, inWidth, outWidth, kernelWidth, strideWidth, paddingWidth);
    const width = <usize>(reachTo - reachFrom) * bytes;
    const divisor = f32x4.splat(<f32>(rowCount * reachCount));
    for (let i: usize = 0; i < bytes; i += 16) {
      const share = f32x4.div(v128.load(dy + i), divisor);
      let at = dx + <usize>reachFrom * bytes + i;
      for (let r = rows; r > 0; r--) {
        if (alone) for (let k: usize = 0; k < width; k += bytes) v128.store(at + k, share);
        else for (let k: usize = 0; k < width; k += bytes) v128.store(at + k, f32x4.add(v128.load(at + k), share));
        at += inRow;
      }
    }
    dy += bytes;
  }
}

/** Channels [first, last). */
export function avgPoolBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  enter(record);
  const bytes = rowBytes();
  const inRow = <usize>inWidth * bytes;
  const outRow = <usize>outWidth * bytes;
  const inChannel = <usize>inHeight * inRow;
  const outChannel = <usize>outHeight * outRow;
  const channels = load<i32>(record, AVG_POOL_FORWARD_CHANNELS);
  const plain = !adaptive && isPlain();
  // Windows side by side that cover everything write each input once.
  const tiled = !adaptive && paddingHeight == 0 && paddingWidth == 0 && strideHeight == kernelHeight
    && strideWidth == kernelWidth && outHeight * kernelHeight == inHeight && outWidth * kernelWidth == inWidth;
  for (let block = from; block < to; block++) {
    for (let channel = first; channel < last; channel++) {
      const at = <usize>(block * channels + channel);
      const dx = load<usize>(record, AVG_POOL_BACKWARD_DX) + at * inChannel;
      const dy = load<usize>(record, AVG_POOL_BACKWARD_DY) + at * outChannel;
      if (!tiled) memory.fill(dx, 0, inChannel);
      for (let row = 0; row < outHeight; row++) {
        const out = dy + <usize>row * outRow;
        if (plain) plainBackward(out, dx + <usize>(2 * row) * inRow, inRow, bytes);
        else anyBackward(out, dx, row, inRow, bytes, tiled);
      }
    }
  }
}
