// Pooling over [channels][height][width][examples]. A row of the work is one row of output pixels of one channel, or (backward)
// one channel.
import {
  MAX_POOL_BACKWARD_DX, MAX_POOL_BACKWARD_DY, MAX_POOL_BACKWARD_X, MAX_POOL_BACKWARD_Y, MAX_POOL_FORWARD_CHANNELS,
  MAX_POOL_FORWARD_X, MAX_POOL_FORWARD_Y,
} from '../build/records';
import { rowBytes } from './context';
import {
  dilationHeight, dilationWidth, enterWindow, inHeight, inWidth, isPlain, kernelHeight, kernelWidth, outHeight, outWidth,
  paddingHeight, paddingWidth, strideHeight, strideWidth,
} from './window';

/** The larger value, a NaN where either is one. */
// @ts-ignore: decorator
@inline
function larger(a: v128, b: v128): v128 {
  return f32x4.max(a, b);
}

function plainForward(x: usize, y: usize, inRow: usize, bytes: usize): void {
  for (let pixel = outWidth; pixel > 0; pixel--) {
    for (let i: usize = 0; i < bytes; i += 16) {
      const at = x + i;
      const top = larger(v128.load(at), v128.load(at + bytes));
      const bottom = larger(v128.load(at + inRow), v128.load(at + inRow + bytes));
      v128.store(y + i, larger(top, bottom));
    }
    x += 2 * bytes;
    y += bytes;
  }
}

function anyForward(x: usize, y: usize, row: i32, inRow: usize, bytes: usize): void {
  const top = row * strideHeight - paddingHeight;
  for (let pixel = 0; pixel < outWidth; pixel++) {
    const left = pixel * strideWidth - paddingWidth;
    for (let i: usize = 0; i < bytes; i += 16) {
      let most = f32x4.splat(-Infinity);
      for (let kh = 0; kh < kernelHeight; kh++) {
        const py = top + kh * dilationHeight;
        if (py < 0 || py >= inHeight) continue;
        for (let kw = 0; kw < kernelWidth; kw++) {
          const px = left + kw * dilationWidth;
          if (px < 0 || px >= inWidth) continue;
          most = larger(most, v128.load(x + <usize>py * inRow + <usize>px * bytes + i));
        }
      }
      v128.store(y + <usize>pixel * bytes + i, most);
    }
  }
}

export function maxPoolForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  enterWindow(record);
  const bytes = rowBytes();
  const inRow = <usize>inWidth * bytes;
  const outRow = <usize>outWidth * bytes;
  const channels = load<i32>(record, MAX_POOL_FORWARD_CHANNELS);
  const plain = isPlain();
  for (let block = from; block < to; block++) {
    const x = load<usize>(record, MAX_POOL_FORWARD_X) + <usize>(block * channels * inHeight) * inRow;
    const y = load<usize>(record, MAX_POOL_FORWARD_Y) + <usize>(block * channels * outHeight) * outRow;
    for (let unit = first; unit < last; unit++) {
      const row = unit % outHeight;
      const channel = x + <usize>((unit / outHeight) * inHeight) * inRow;
      if (plain) plainForward(channel + <usize>(2 * row) * inRow, y + <usize>unit * outRow, inRow, bytes);
      else anyForward(channel, y + <usize>unit * outRow, row, inRow, bytes);
    }
  }
}

/** The gradient of one window: dy to the first pixel that equals y. */
function plainBackward(x: usize, y: usize, dy: usize, dx: usize, inRow: usize, bytes: usize): void {
  for (let pixel = outWidth; pixel > 0; pixel--) {
    for (let i: usize = 0; i < bytes; i += 16) {
      const most = v128.load(y + i);
      const at = x + i;
      const to = dx + i;
      let left = v128.load(dy + i);
      let here = f32x4.eq(v128.load(at), most);
      v128.store(to, v128.and(left, here));
      left = v128.andnot(left, here);
      here = f32x4.eq(v128.load(at + bytes), most);
      v128.store(to + bytes, v128.and(left, here));
      left = v128.andnot(left, here);
      here = f32x4.eq(v128.load(at + inRow), most);
      v128.store(to + inRow, v128.and(left, here));
      left = v128.andnot(left, here);
      here = f32x4.eq(v128.load(at + inRow + bytes), most);
      v128.store(to + inRow + bytes, v128.and(left, here));
    }
    x += 2 * bytes;
    dx += 2 * bytes;
    y += bytes;
    dy += bytes;
  }
}

/** Adds to dx, which is zero before. */
function anyBackward(x: usize, y: usize, dy: usize, dx: usize, row: i32, inRow: usize, bytes: usize): void {
  const top = row * strideHeight - paddingHeight;
  for (let pixel = 0; pixel < outWidth; pixel++) {
    const left = pixel * strideWidth - paddingWidth;
    for (let i: usize = 0; i < bytes; i += 16) {
      const at = <usize>pixel * bytes + i;
      const most = v128.load(y + at);
      let rest = v128.load(dy + at);
      for (let kh = 0; kh < kernelHeight; kh++) {
        const py = top + kh * dilationHeight;
        if (py < 0 || py >= inHeight) continue;
        for (let kw = 0; kw < kernelWidth; kw++) {
          const px = left + kw * dilationWidth;
          if (px < 0 || px >= inWidth) continue;
          const place = <usize>py * inRow + <usize>px * bytes + i;
          const here = f32x4.eq(v128.load(x + place), most);
          v128.store(dx + place, f32x4.add(v128.load(dx + place), v128.and(rest, here)));
          rest = v128.andnot(rest, here);
        }
      }
    }
  }
}

/** Channels [first, last). */
export function maxPoolBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  enterWindow(record);
  const bytes = rowBytes();
  const inRow = <usize>inWidth * bytes;
  const outRow = <usize>outWidth * bytes;
  const inChannel = <usize>inHeight * inRow;
  const outChannel = <usize>outHeight * outRow;
  const channels = load<i32>(record, MAX_POOL_FORWARD_CHANNELS);
  const plain = isPlain();
  const covered = plain && 2 * outHeight == inHeight && 2 * outWidth == inWidth;
  for (let block = from; block < to; block++) {
    for (let channel = first; channel < last; channel++) {
      const at = <usize>(block * channels + channel);
      const x = load<usize>(record, MAX_POOL_BACKWARD_X) + at * inChannel;
      const dx = load<usize>(record, MAX_POOL_BACKWARD_DX) + at * inChannel;
      const y = load<usize>(record, MAX_POOL_BACKWARD_Y) + at * outChannel;
      const dy = load<usize>(record, MAX_POOL_BACKWARD_DY) + at * outChannel;
      if (!covered) memory.fill(dx, 0, inChannel);
      for (let row = 0; row < outHeight; row++) {
        const out = <usize>row * outRow;
        const input = <usize>(2 * row) * inRow;
        if (plain) plainBackward(x + input, y + out, dy + out, dx + input, inRow, bytes);
        else anyBackward(x, y + out, dy + out, dx, row, inRow, bytes);
      }
    }
  }
}
