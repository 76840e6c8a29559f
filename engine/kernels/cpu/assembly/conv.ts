// Conv2d over [channels][height][width][examples]: forward, and the gradients of input, weight and bias.
// Edges are not padded: a pixel near the border adds up the taps that lie inside. All other pixels of a row share theirs.
// The three kernels share the numbers of the forward record.
import {
  CONV_FORWARD_B, CONV_FORWARD_DILATIONHEIGHT, CONV_FORWARD_DILATIONWIDTH, CONV_FORWARD_GROUPS, CONV_FORWARD_INCHANNELS,
  CONV_FORWARD_INHEIGHT, CONV_FORWARD_INWIDTH, CONV_FORWARD_KERNELHEIGHT, CONV_FORWARD_KERNELWIDTH, CONV_FORWARD_OUTCHANNELS,
  CONV_FORWARD_OUTHEIGHT, CONV_FORWARD_OUTWIDTH, CONV_FORWARD_PACKED, CONV_FORWARD_PADDINGHEIGHT, CONV_FORWARD_PADDINGWIDTH,
  CONV_FORWARD_STRIDEHEIGHT, CONV_FORWARD_STRIDEWIDTH, CONV_FORWARD_X, CONV_FORWARD_Y, CONV_GRAD_BIAS_CHANNELS,
  CONV_GRAD_BIAS_DY, CONV_GRAD_BIAS_GB, CONV_GRAD_BIAS_PIXELS, CONV_GRAD_INPUT_DX, CONV_GRAD_INPUT_DY, CONV_GRAD_INPUT_PACKED,
  CONV_GRAD_WEIGHT_DY, CONV_GRAD_WEIGHT_GW, CONV_GRAD_WEIGHT_WEIGHTSTRIDE, CONV_GRAD_WEIGHT_X, CONV_PACK_GROUPS,
  CONV_PACK_INCHANNELS, CONV_PACK_KERNEL, CONV_PACK_OUTCHANNELS, CONV_PACK_PACKED, CONV_PACK_TRANSPOSED, CONV_PACK_W,
  CONV_PACK_WEIGHTSTRIDE,
} from '../build/records';
import { gradient1, gradient2, gradient3, productColumns } from '../build/conv-tiles';
import { blocks, isFirstChunk, rowBytes } from './context';

/** Channels that a tile takes at most; see conv-tiles.mjs. */
const TILE: i32 = 6;

/** First channel of part `part`: the channels of a group in as few tiles as possible, as even as possible. */
// @ts-ignore: decorator
@inline
function partStart(channels: i32, part: i32): i32 {
  const parts = (channels + TILE - 1) / TILE;
  return (channels * part) / parts;
}

/**
 * Weights in the order in which tiles read them. Forward: [group][part][in][tap][channels of the part], channels are outputs.
 * Transposed: [group][part][out][tap][channels of the part], channels are inputs. A row of the work is one group's part.
 */
export function convPack(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const groups = load<i32>(record, CONV_PACK_GROUPS);
  const transposed = load<i32>(record, CONV_PACK_TRANSPOSED) != 0;
  const outputs = load<i32>(record, CONV_PACK_OUTCHANNELS) / groups;
  const inputs = load<i32>(record, CONV_PACK_INCHANNELS) / groups;
  const kernel = load<i32>(record, CONV_PACK_KERNEL);
  const weightBytes = <usize>load<i32>(record, CONV_PACK_WEIGHTSTRIDE) << 2;
  const channels = transposed ? inputs : outputs;
  const depth = transposed ? outputs : inputs;
  const parts = (channels + TILE - 1) / TILE;
  for (let unit = first; unit < last; unit++) {
    const group = unit / parts;
    const start = partStart(channels, unit % parts);
    const count = partStart(channels, unit % parts + 1) - start;
    let packed = load<usize>(record, CONV_PACK_PACKED) + (<usize>((group * channels + start) * depth * kernel) << 2);
    const w = load<usize>(record, CONV_PACK_W) + <usize>(group * outputs) * weightBytes;
    for (let d = 0; d < depth; d++)
      for (let k = 0; k < kernel; k++)
        for (let c = start; c < start + count; c++) {
          const output = transposed ? d : c;
          const input = transposed ? c : d;
          store<f32>(packed, load<f32>(w + output * weightBytes + (<usize>(input * kernel + k) << 2)));
          packed += 4;
        }
  }
}

// Taps of one position along one axis: an arithmetic progression. Filled by the functions below.
let tapFirst: i32 = 0;
let tapCount: i32 = 0;
let tapStep: i32 = 0;
/** Position at the first tap, and its change per tap. */
let tapAt: i32 = 0;
let tapMove: i32 = 0;

/** Forward: taps k with 0 <= at*stride - padding + k*dilation < size. */
function tapsOf(at: i32, stride: i32, padding: i32, dilation: i32, kernel: i32, size: i32): void {
  const start = at * stride - padding;
  tapFirst = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
  const end = start >= size ? 0 : min(kernel, (size - 1 - start) / dilation + 1);
  tapCount = max(0, end - tapFirst);
  tapStep = 1;
  tapAt = start + tapFirst * dilation;
  tapMove = dilation;
}

/** Backward: taps k for which (at + padding - k*dilation) / stride is whole and an output, 0 <= it < size. */
function tapsOnto(at: i32, stride: i32, padding: i32, dilation: i32, kernel: i32, size: i32): void {
  let divisor = stride;
  for (let rest = dilation; rest != 0; ) {
    const next = divisor % rest;
    divisor = rest;
    rest = next;
  }
  tapStep = stride / divisor;
  tapMove = -(dilation / divisor);
  tapCount = 0;
  tapFirst = 0;
  for (let k = 0; k < kernel; k++) {
    const reach = at + padding - k * dilation;
    if (reach < 0) break;
    if (reach % stride != 0) continue;
    if (reach / stride < size) {
      if (tapCount == 0) {
        tapFirst = k;
        tapAt = reach / stride;
      }
      tapCount += 1;
    }
    k += tapStep - 1;
  }
}

/** One row of pixels of a product, for one group's part. `onto`: the backward kind. */
function productRow(
  onto: bool, channels: i32, packed: usize, source: usize, sourceChannel: usize, sourceWidth: i32, target: usize,
  targetChannel: usize, targetWidth: i32, bias: usize, depth: i32, kernelHeight: i32, kernelWidth: i32, stride: i32,
  padding: i32, dilation: i32,
): void {
  // The rows of taps, left by the caller in the tap variables.
  const rows = tapCount;
  const rowStep = tapStep;
  const rowFirst = tapFirst;
  const pixel = rowBytes();
  const sourceRow = <usize>sourceWidth * pixel;
  const bH = <usize>(tapMove) * sourceRow;
  const b0 = source + <usize>tapAt * sourceRow;
  const tap = <usize>channels << 2;
  const outerBytes = <usize>(kernelHeight * kernelWidth) * tap;
  for (let x = 0; x < targetWidth; ) {
    if (onto) tapsOnto(x, stride, padding, dilation, kernelWidth, sourceWidth);
    else tapsOf(x, stride, padding, dilation, kernelWidth, sourceWidth);
    const taps = rows == 0 ? 0 : tapCount;
    let run = 1;
    if (stride == 1 && taps == kernelWidth) {
      // Pixels up to the last one that has all taps inside. The outermost tap is the last one forward, the first one backward.
      const lastInside = onto ? sourceWidth - 1 - padding : sourceWidth - 1 + padding - (kernelWidth - 1) * dilation;
      run = max(1, min(targetWidth - 1, lastInside) - x + 1);
    }
    if (kernelHeight * kernelWidth == 1 && taps == 1) {
      // One tap: the channels take its place in the innermost loop.
      productColumns(
        channels, <usize>run * pixel, packed, b0 + <usize>tapAt * pixel, target + <usize>x * pixel, targetChannel, bias, 1, 0, 0,
        1, 0, 0, depth, tap, sourceChannel,
      );
      x += run;
      continue;
    }
    const aW = <usize>tapStep * tap;
    const bW = <usize>tapMove * pixel;
    const aRow = <usize>(rowStep * kernelWidth) * tap;
    const a = packed + <usize>(rowFirst * kernelWidth + tapFirst) * tap;
    const b = b0 + <usize>tapAt * pixel;
    const c = target + <usize>x * pixel;
    const bytes = <usize>run * pixel;
    const edgeTaps = <usize>taps * aW;
    if (taps < kernelWidth && depth > taps)
      // Few taps at an edge: the channels go innermost, because short loops cost more than they compute.
      productColumns(
        channels, bytes, a, b, c, targetChannel, bias, taps == 0 ? 0 : rows, aRow - edgeTaps, bH, taps,
        aW - <usize>depth * outerBytes, bW, depth, outerBytes, sourceChannel,
      );
    else
      productColumns(
        channels, bytes, a, b, c, targetChannel, bias, taps == 0 ? 0 : depth, outerBytes - <usize>rows * aRow, sourceChannel,
        rows, aRow - edgeTaps, bH, taps, aW, bW,
      );
    x += run;
  }
}

/** Rows of output pixels [first, last). */
export function convForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const pixel = rowBytes();
  const inWidth = load<i32>(record, CONV_FORWARD_INWIDTH);
  const inHeight = load<i32>(record, CONV_FORWARD_INHEIGHT);
  const outWidth = load<i32>(record, CONV_FORWARD_OUTWIDTH);
  const outHeight = load<i32>(record, CONV_FORWARD_OUTHEIGHT);
  const groups = load<i32>(record, CONV_FORWARD_GROUPS);
  const inputs = load<i32>(record, CONV_FORWARD_INCHANNELS) / groups;
  const outputs = load<i32>(record, CONV_FORWARD_OUTCHANNELS) / groups;
  const kernelHeight = load<i32>(record, CONV_FORWARD_KERNELHEIGHT);
  const kernelWidth = load<i32>(record, CONV_FORWARD_KERNELWIDTH);
  const bias = load<usize>(record, CONV_FORWARD_B);
  const inChannel = <usize>(inHeight * inWidth) * pixel;
  const outChannel = <usize>(outHeight * outWidth) * pixel;
  const parts = (outputs + TILE - 1) / TILE;
  for (let block = from; block < to; block++) {
    const x = load<usize>(record, CONV_FORWARD_X) + <usize>(block * groups * inputs) * inChannel;
    const y = load<usize>(record, CONV_FORWARD_Y) + <usize>(block * groups * outputs) * outChannel;
    for (let row = first; row < last; row++) {
      for (let group = 0; group < groups; group++) {
        for (let part = 0; part < parts; part++) {
          const start = partStart(outputs, part);
          const channel = group * outputs + start;
          tapsOf(
            row, load<i32>(record, CONV_FORWARD_STRIDEHEIGHT), load<i32>(record, CONV_FORWARD_PADDINGHEIGHT),
            load<i32>(record, CONV_FORWARD_DILATIONHEIGHT), kernelHeight, inHeight,
          );
          productRow(
            false, partStart(outputs, part + 1) - start,
            load<usize>(record, CONV_FORWARD_PACKED) + (<usize>(channel * inputs * kernelHeight * kernelWidth) << 2),
            x + <usize>(group * inputs) * inChannel, inChannel, inWidth,
            y + <usize>channel * outChannel + <usize>(row * outWidth) * pixel, outChannel, outWidth,
            bias == 0 ? 0 : bias + (<usize>channel << 2), inputs, kernelHeight, kernelWidth,
            load<i32>(record, CONV_FORWARD_STRIDEWIDTH), load<i32>(record, CONV_FORWARD_PADDINGWIDTH),
            load<i32>(record, CONV_FORWARD_DILATIONWIDTH),
          );
        }
      }
    }
  }
}

/** Rows of input pixels [first, last). */
export function convGradInput(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const pixel = rowBytes();
  const inWidth = load<i32>(record, CONV_FORWARD_INWIDTH);
  const inHeight = load<i32>(record, CONV_FORWARD_INHEIGHT);
  const outWidth = load<i32>(record, CONV_FORWARD_OUTWIDTH);
  const outHeight = load<i32>(record, CONV_FORWARD_OUTHEIGHT);
  const groups = load<i32>(record, CONV_FORWARD_GROUPS);
  const inputs = load<i32>(record, CONV_FORWARD_INCHANNELS) / groups;
  const outputs = load<i32>(record, CONV_FORWARD_OUTCHANNELS) / groups;
  const kernelHeight = load<i32>(record, CONV_FORWARD_KERNELHEIGHT);
  const kernelWidth = load<i32>(record, CONV_FORWARD_KERNELWIDTH);
  const inChannel = <usize>(inHeight * inWidth) * pixel;
  const outChannel = <usize>(outHeight * outWidth) * pixel;
  const parts = (inputs + TILE - 1) / TILE;
  for (let block = from; block < to; block++) {
    const dx = load<usize>(record, CONV_GRAD_INPUT_DX) + <usize>(block * groups * inputs) * inChannel;
    const dy = load<usize>(record, CONV_GRAD_INPUT_DY) + <usize>(block * groups * outputs) * outChannel;
    for (let row = first; row < last; row++) {
      for (let group = 0; group < groups; group++) {
        for (let part = 0; part < parts; part++) {
          const start = partStart(inputs, part);
          const channel = group * inputs + start;
          tapsOnto(
            row, load<i32>(record, CONV_FORWARD_STRIDEHEIGHT), load<i32>(record, CONV_FORWARD_PADDINGHEIGHT),
            load<i32>(record, CONV_FORWARD_DILATIONHEIGHT), kernelHeight, outHeight,
          );
          productRow(
            true, partStart(inputs, part + 1) - start,
            load<usize>(record, CONV_GRAD_INPUT_PACKED) + (<usize>(channel * outputs * kernelHeight * kernelWidth) << 2),
            dy + <usize>(group * outputs) * outChannel, outChannel, outWidth,
            dx + <usize>channel * inChannel + <usize>(row * inWidth) * pixel, inChannel, inWidth,
            0, outputs, kernelHeight, kernelWidth,
            load<i32>(record, CONV_FORWARD_STRIDEWIDTH), load<i32>(record, CONV_FORWARD_PADDINGWIDTH),
            load<i32>(record, CONV_FORWARD_DILATIONWIDTH),
          );
        }
      }
    }
  }
}

/** First output x of which the tap lies inside, and the one after the last. */
// @ts-ignore: decorator
@inline
function firstInside(tap: i32, stride: i32, padding: i32, dilation: i32): i32 {
  const start = padding - tap * dilation;
  return start <= 0 ? 0 : (start + stride - 1) / stride;
}

// @ts-ignore: decorator
@inline
function endInside(tap: i32, stride: i32, padding: i32, dilation: i32, inputs: i32, outputs: i32): i32 {
  const last = inputs - 1 + padding - tap * dilation;
  return last < 0 ? 0 : min(outputs, last / stride + 1);
}

/** Output pixels [low, high) of all rows for `taps` adjacent taps. */
function tapColumns(
  taps: i32, channels: i32, dy: usize, dChannel: usize, x: usize, xTap: usize, rows: i32, dRow: usize, xRow: usize, low: i32,
  high: i32, stride: i32, out: usize, outChannel: usize, fresh: bool,
): void {
  const pixel = rowBytes();
  const count = max(0, high - low);
  const d = dy + <usize>low * pixel;
  const from = x + <usize>(low * stride) * pixel;
  // Without a stride the pixels of a row are one.
  const pixels = stride == 1 ? 1 : count;
  const bytes = stride == 1 ? <usize>count * pixel : pixel;
  const xPixel = <usize>stride * pixel;
  if (taps == 3) gradient3(channels, d, dChannel, from, xTap, rows, dRow, xRow, pixels, pixel, xPixel, bytes, out, outChannel, fresh);
  else if (taps == 2) gradient2(channels, d, dChannel, from, xTap, rows, dRow, xRow, pixels, pixel, xPixel, bytes, out, outChannel, fresh);
  else gradient1(channels, d, dChannel, from, xTap, rows, dRow, xRow, pixels, pixel, xPixel, bytes, out, outChannel, fresh);
}

/**
 * Gradient of the weight, summed over blocks in order. A row of the work [first, last) is one part of a group's outputs with
 * one input channel and one row of taps (with a kernel of 1 x 1: with all input channels, which then are the taps).
 */
export function convGradWeight(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const pixel = rowBytes();
  const inWidth = load<i32>(record, CONV_FORWARD_INWIDTH);
  const inHeight = load<i32>(record, CONV_FORWARD_INHEIGHT);
  const outWidth = load<i32>(record, CONV_FORWARD_OUTWIDTH);
  const outHeight = load<i32>(record, CONV_FORWARD_OUTHEIGHT);
  const groups = load<i32>(record, CONV_FORWARD_GROUPS);
  const inputs = load<i32>(record, CONV_FORWARD_INCHANNELS) / groups;
  const outputs = load<i32>(record, CONV_FORWARD_OUTCHANNELS) / groups;
  const kernelHeight = load<i32>(record, CONV_FORWARD_KERNELHEIGHT);
  const kernelWidth = load<i32>(record, CONV_FORWARD_KERNELWIDTH);
  const strideHeight = load<i32>(record, CONV_FORWARD_STRIDEHEIGHT);
  const strideWidth = load<i32>(record, CONV_FORWARD_STRIDEWIDTH);
  const paddingHeight = load<i32>(record, CONV_FORWARD_PADDINGHEIGHT);
  const paddingWidth = load<i32>(record, CONV_FORWARD_PADDINGWIDTH);
  const dilationHeight = load<i32>(record, CONV_FORWARD_DILATIONHEIGHT);
  const dilationWidth = load<i32>(record, CONV_FORWARD_DILATIONWIDTH);
  const weightBytes = <usize>load<i32>(record, CONV_GRAD_WEIGHT_WEIGHTSTRIDE) << 2;
  const inChannel = <usize>(inHeight * inWidth) * pixel;
  const outChannel = <usize>(outHeight * outWidth) * pixel;
  const dRow = <usize>outWidth * pixel;
  const xRow = <usize>(strideHeight * inWidth) * pixel;
  const parts = (outputs + TILE - 1) / TILE;
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
          some, channels, dy, outChannel, source, xTap, rows, dRow, xRow, inside, high, strideWidth, out, weightBytes, fresh,
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
                1, channels, dy, outChannel, own, xTap, rows, dRow, xRow, ownLow, min(inside, ownHigh), strideWidth, ownOut,
                weightBytes, false,
              );
            if (max(high, ownLow) < ownHigh)
              tapColumns(
                1, channels, dy, outChannel, own, xTap, rows, dRow, xRow, max(high, ownLow), ownHigh, strideWidth, ownOut,
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
