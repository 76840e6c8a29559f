// The gradients of a convolution's weight and bias: sums over all pixels and examples.
import {
  CONV_GRAD_BIAS_CHANNELS, CONV_GRAD_BIAS_DY, CONV_GRAD_BIAS_GB, CONV_GRAD_BIAS_PIXELS, CONV_GRAD_WEIGHT_DY,
  CONV_GRAD_WEIGHT_GW, CONV_GRAD_WEIGHT_WEIGHTSTRIDE, CONV_GRAD_WEIGHT_X,
} from '../build/records';
import { gradient1, gradient2, gradient3 } from '../build/conv-tiles';
import { blocks, isFirstChunk, rowBytes } from './context';
import { enterConvolution, groups, inChannel, inputs, outChannel, outputs, partsOf, partStart } from './conv-channels';
import { endInside, firstInside } from './conv-taps';
import {
  dilationHeight, dilationWidth, inHeight, inWidth, kernelHeight, kernelWidth, outHeight, outWidth, paddingHeight,
  paddingWidth, strideHeight, strideWidth,
} from './window';

/** Output pixels [low, high) of all rows for `taps` adjacent taps. */
function tapColumns(
  taps: i32, channels: i32, dy: usize, dChannel: usize, x: usize, xTap: usize, rows: i32, dRow: usize, xRow: usize, low: i32,
  high: i32, out: usize, outRow: usize, fresh: bool,
): void {
  const pixel = rowBytes();
  const stride = strideWidth;
  const count = max(0, high - low);
  const d = dy + <usize>low * pixel;
  const from = x + <usize>(low * stride) * pixel;
  // Without a stride the pixels of a row are one.
  const pixels = stride == 1 ? 1 : count;
  const bytes = stride == 1 ? <usize>count * pixel : pixel;
  const xPixel = <usize>stride * pixel;
  if (taps == 3) gradient3(channels, d, dChannel, from, xTap, rows, dRow, xRow, pixels, pixel, xPixel, bytes, out, outRow, fresh);
  else if (taps == 2) gradient2(channels, d, dChannel, from, xTap, rows, dRow, xRow, pixels, pixel, xPixel, bytes, out, outRow, fresh);
  else gradient1(channels, d, dChannel, from, xTap, rows, dRow, xRow, pixels, pixel, xPixel, bytes, out, outRow, fresh);
}

/**
 * Gradient of the weight, summed over blocks in order. A row of the work [first, last) is one part of a group's outputs with
 * one input channel and one row of taps (with a kernel of 1 x 1: with all input channels, which then are the taps).
 */
export function convGradWeight(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const pixel = rowBytes();
  enterConvolution(record);
  const weightBytes = <usize>load<i32>(record, CONV_GRAD_WEIGHT_WEIGHTSTRIDE) << 2;
  const dRow = <usize>outWidth * pixel;
  const xRow = <usize>(strideHeight * inWidth) * pixel;
  const parts = partsOf(outputs);
  const single = kernelHeight * kernelWidth == 1;
  const units = single ? 1 : inputs * kernelHeight;
  const taps = single ? inputs : kernelWidth;
  const xTap = single ? inChannel : <usize>dilationWidth * pixel;
  for (let unit = first; unit < last; unit++) {
    const kh = single ? 0 : unit % kernelHeight;
    const input = single ? 0 : (unit / kernelHeight) % inputs;
    const part = (unit / units) % parts;
    const group = unit / (units * parts);
    const start = partStart(outputs, part);
    const channels = partStart(outputs, part + 1) - start;
    const channel = group * outputs + start;
    const low = firstInside(kh, strideHeight, paddingHeight, dilationHeight);
    const rows = endInside(kh, strideHeight, paddingHeight, dilationHeight, inHeight, outHeight) - low;
    const gw = load<usize>(record, CONV_GRAD_WEIGHT_GW) + <usize>channel * weightBytes
      + (<usize>((input * kernelHeight + kh) * kernelWidth) << 2);
    for (let block = from; block < to; block++) {
      const fresh = isFirstChunk && block == 0;
      const dy = load<usize>(record, CONV_GRAD_WEIGHT_DY)
        + <usize>(block * groups * outputs + channel) * outChannel + <usize>low * dRow;
      // The input pixel under output x = 0 and tap 0; may lie before the row, where no pixel is read.
      const x = load<usize>(record, CONV_GRAD_WEIGHT_X) + <usize>(block * groups * inputs + group * inputs + input) * inChannel
        + <usize>((low * strideHeight - paddingHeight + kh * dilationHeight) * inWidth - paddingWidth) * pixel;
      for (let tap = 0; tap < taps; ) {
        // Threes and twos: 4 is 2 + 2.
        const left = taps - tap;
        const some = left == 1 ? 1 : left == 2 || left == 4 ? 2 : 3;
        const k = single ? 0 : tap;
        const lastTap = single ? 0 : tap + some - 1;
        const high = endInside(lastTap, strideWidth, paddingWidth, dilationWidth, inWidth, outWidth);
        const inside = min(high, firstInside(k, strideWidth, paddingWidth, dilationWidth));
        const source = x + <usize>tap * xTap;
        const out = gw + (<usize>tap << 2);
        tapColumns(
          some, channels, dy, outChannel, source, xTap, rows, dRow, xRow, inside, high, out, weightBytes, fresh,
        );
        if (!single) {
          // What single taps see beyond what they see together.
          for (let t = tap; t <= lastTap; t++) {
            const ownLow = firstInside(t, strideWidth, paddingWidth, dilationWidth);
            const ownHigh = endInside(t, strideWidth, paddingWidth, dilationWidth, inWidth, outWidth);
            const own = x + <usize>t * xTap;
            const ownOut = gw + (<usize>t << 2);
            if (ownLow < min(inside, ownHigh))
              tapColumns(
                1, channels, dy, outChannel, own, xTap, rows, dRow, xRow, ownLow, min(inside, ownHigh), ownOut,
                weightBytes, false,
              );
            if (max(high, ownLow) < ownHigh)
              tapColumns(
                1, channels, dy, outChannel, own, xTap, rows, dRow, xRow, max(high, ownLow), ownHigh, ownOut,
                weightBytes, false,
              );
          }
        }
        tap += some;
      }
    }
  }
}

/** Sums over blocks, pixels and examples of channels [first, last). Beyond the last example the gradient is zero. */
export function convGradBias(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const channels = load<i32>(record, CONV_GRAD_BIAS_CHANNELS);
  const bytes = <usize>load<i32>(record, CONV_GRAD_BIAS_PIXELS) * rowBytes();
  const dy = load<usize>(record, CONV_GRAD_BIAS_DY);
  const gb = load<usize>(record, CONV_GRAD_BIAS_GB);
  for (let channel = first; channel < last; channel++) {
    const to4 = gb + (<usize>channel << 2);
    let sum: f32 = isFirstChunk ? 0 : load<f32>(to4);
    for (let block = 0; block < blocks; block++) {
      const base = dy + <usize>(block * channels + channel) * bytes;
      let a = f32x4.splat(0);
      let b = f32x4.splat(0);
      let i: usize = 0;
      for (; i + 32 <= bytes; i += 32) {
        a = f32x4.add(a, v128.load(base + i));
        b = f32x4.add(b, v128.load(base + i, 16));
      }
      if (i < bytes) a = f32x4.add(a, v128.load(base + i));
      a = f32x4.add(a, b);
      sum += f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3);
    }
    store<f32>(to4, sum);
  }
}
