// Conv2d over [channels][height][width][examples]: forward, and the gradient of the input, which is the same product the other
// way round. Edges are not padded: a pixel near the border adds up the taps that lie inside; all others of a row share theirs.
import {
  CONV_FORWARD_B, CONV_FORWARD_PACKED, CONV_FORWARD_X, CONV_FORWARD_Y, CONV_GRAD_INPUT_DX, CONV_GRAD_INPUT_DY,
  CONV_GRAD_INPUT_PACKED, CONV_PACK_GROUPS, CONV_PACK_INCHANNELS, CONV_PACK_KERNEL, CONV_PACK_OUTCHANNELS, CONV_PACK_PACKED,
  CONV_PACK_TRANSPOSED, CONV_PACK_W, CONV_PACK_WEIGHTSTRIDE,
} from '../build/records';
import { productColumns } from '../build/conv-tiles';
import { rowBytes } from './context';
import { enterConvolution, groups, inChannel, inputs, outChannel, outputs, partsOf, partStart } from './conv-channels';
import { tapAt, tapCount, tapFirst, tapMove, tapsOf, tapsOnto, tapStep } from './conv-taps';
import {
  dilationHeight, dilationWidth, inHeight, inWidth, kernelHeight, kernelWidth, outHeight, outWidth, paddingHeight,
  paddingWidth, strideHeight, strideWidth,
} from './window';

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
  const parts = partsOf(channels);
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

/** One row of pixels of a product, for one group's part, with the rows of taps that the tap variables hold. */
function productRow(
  onto: bool, channels: i32, packed: usize, source: usize, sourceChannel: usize, sourceWidth: i32, target: usize,
  targetChannel: usize, targetWidth: i32, bias: usize, depth: i32,
): void {
  const stride = strideWidth;
  const padding = paddingWidth;
  const dilation = dilationWidth;
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

/** Rows [first, last) of output pixels, or (`onto`) of input pixels from the gradients of the outputs that they reach. */
function products(
  onto: bool, packed: usize, source: usize, target: usize, bias: usize, first: i32, last: i32, from: i32, to: i32,
): void {
  const pixel = rowBytes();
  const depth = onto ? outputs : inputs;
  const channels = onto ? inputs : outputs;
  const sourceChannel = onto ? outChannel : inChannel;
  const targetChannel = onto ? inChannel : outChannel;
  const sourceHeight = onto ? outHeight : inHeight;
  const sourceWidth = onto ? outWidth : inWidth;
  const targetWidth = onto ? inWidth : outWidth;
  const parts = partsOf(channels);
  for (let block = from; block < to; block++) {
    for (let row = first; row < last; row++) {
      for (let group = 0; group < groups; group++) {
        for (let part = 0; part < parts; part++) {
          const start = partStart(channels, part);
          const channel = group * channels + start;
          if (onto) tapsOnto(row, strideHeight, paddingHeight, dilationHeight, kernelHeight, sourceHeight);
          else tapsOf(row, strideHeight, paddingHeight, dilationHeight, kernelHeight, sourceHeight);
          productRow(
            onto, partStart(channels, part + 1) - start,
            packed + (<usize>(channel * depth * kernelHeight * kernelWidth) << 2),
            source + <usize>((block * groups + group) * depth) * sourceChannel, sourceChannel, sourceWidth,
            target + <usize>(block * groups * channels + channel) * targetChannel + <usize>(row * targetWidth) * pixel,
            targetChannel, targetWidth, bias == 0 ? 0 : bias + (<usize>channel << 2), depth,
          );
        }
      }
    }
  }
}

export function convForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  enterConvolution(record);
  products(
    false, load<usize>(record, CONV_FORWARD_PACKED), load<usize>(record, CONV_FORWARD_X), load<usize>(record, CONV_FORWARD_Y),
    load<usize>(record, CONV_FORWARD_B), first, last, from, to,
  );
}

export function convGradInput(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  enterConvolution(record);
  products(
    true, load<usize>(record, CONV_GRAD_INPUT_PACKED), load<usize>(record, CONV_GRAD_INPUT_DY),
    load<usize>(record, CONV_GRAD_INPUT_DX), 0, first, last, from, to,
  );
}
