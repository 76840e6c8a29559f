// Dropout in its forms. Masks are bit-equal to torch's: two mt19937 words per element, in row-major order of the whole batch.
import {
  ALPHA_DROPOUT_FORWARD_DROPPED, ALPHA_DROPOUT_FORWARD_SHIFT, CHANNEL_DROPOUT_BACKWARD_DX, CHANNEL_DROPOUT_BACKWARD_DY,
  CHANNEL_DROPOUT_BACKWARD_MASK, CHANNEL_DROPOUT_BACKWARD_PIXELS, CHANNEL_DROPOUT_FORWARD_KEPT, CHANNEL_DROPOUT_FORWARD_MASK,
  CHANNEL_DROPOUT_FORWARD_PIXELS, CHANNEL_DROPOUT_FORWARD_SCALE, CHANNEL_DROPOUT_FORWARD_X, CHANNEL_DROPOUT_FORWARD_Y,
  DRAW_KEPT_FEATURES, DRAW_KEPT_KEEPHIGH, DRAW_KEPT_KEEPLOW, DRAW_KEPT_KEPT, DRAW_KEPT_ONCE, DROPOUT_BACKWARD_DX,
  DROPOUT_BACKWARD_DY, DROPOUT_BACKWARD_MASK, DROPOUT_FORWARD_FEATURES, DROPOUT_FORWARD_KEPT, DROPOUT_FORWARD_MASK,
  DROPOUT_FORWARD_SCALE, DROPOUT_FORWARD_X, DROPOUT_FORWARD_Y, GAUSSIAN_DROPOUT_FORWARD_FEATURES, GAUSSIAN_DROPOUT_FORWARD_MASK,
  GAUSSIAN_DROPOUT_FORWARD_NORMALS, GAUSSIAN_DROPOUT_FORWARD_STD, GAUSSIAN_DROPOUT_FORWARD_X, GAUSSIAN_DROPOUT_FORWARD_Y,
  MASK_WEIGHT_COLUMNS, MASK_WEIGHT_KEPT, MASK_WEIGHT_SCALE, MASK_WEIGHT_STRIDE, MASK_WEIGHT_W, MASK_WEIGHT_Y,
} from '../build/records';
import { batchSize, chunkStart, columnsOf, examplesOf, rowBytes, stride } from './context';
import { G_INDEX, R_ROWS } from './layout';
import { draw, generatorState, LOW_21_BITS, temperFour, WORDS } from './mt19937';

function drawOne(mt: usize, high: u32, low: u32): u8 {
  const a = draw(mt) & LOW_21_BITS;
  const b = draw(mt);
  return a < high || (a == high && b < low) ? 255 : 0;
}

/** The low 21 bits of the first word of each of four pairs. */
// @ts-ignore: decorator
@inline
function firstWords(at: usize): v128 {
  const words = v128.shuffle<i32>(v128.load(at), v128.load(at, 16), 0, 2, 4, 6);
  return v128.and(temperFour(words), i32x4.splat(LOW_21_BITS));
}

/**
 * Elements in eights straight from the state words of one block; stops where a twist falls due, or where the second
 * word of a pair decides (once in 2^21 draws).
 * @returns elements written.
 */
function drawBlock(mt: usize, out: usize, count: i32, high: u32): i32 {
  let index = load<i32>(mt, G_INDEX);
  const threshold = i32x4.splat(high);
  let done = 0;
  while (count - done >= 8 && index + 16 <= WORDS) {
    const at = mt + (<usize>index << 2);
    const a = firstWords(at);
    const b = firstWords(at + 32);
    if (v128.any_true(v128.or(i32x4.eq(a, threshold), i32x4.eq(b, threshold)))) break;
    const halves = i16x8.narrow_i32x4_s(i32x4.lt_s(a, threshold), i32x4.lt_s(b, threshold));
    v128.store64_lane(out + done, i8x16.narrow_i16x8_s(halves, halves), 0);
    index += 16;
    done += 8;
  }
  store<i32>(mt, index, G_INDEX);
  return done;
}

/** Draws one layer's decisions for the whole batch (or, `once`, for all examples together), and moves the generator on. */
export function drawKept(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const mt = generatorState();
  const high = load<u32>(record, DRAW_KEPT_KEEPHIGH);
  const low = load<u32>(record, DRAW_KEPT_KEEPLOW);
  const out = load<usize>(record, DRAW_KEPT_KEPT);
  const count = load<i32>(record, DRAW_KEPT_FEATURES) * (load<i32>(record, DRAW_KEPT_ONCE) ? 1 : batchSize);
  let done = 0;
  while (done < count) {
    done += drawBlock(mt, out + done, count - done, high);
    if (done < count) store<u8>(out + done++, drawOne(mt, high, low));
  }
}

/** Row f of the mask, and of y, for four examples. A byte of all ones, four times over, is a lane of all ones. */
// @ts-ignore: decorator
@inline
function maskRow<Alpha>(bytes: v128, scale: v128, mask: usize, x: usize, y: usize, shift: v128, dropped: v128): void {
  const factor = v128.and(bytes, scale);
  v128.store(mask, factor);
  let value = f32x4.mul(v128.load(x), factor);
  if (isFloat<Alpha>()) value = f32x4.add(value, v128.bitselect(shift, dropped, bytes));
  v128.store(y, value);
}

/** Rows [first, last) of the mask and of y = x * mask; of AlphaDropout also the shift of kept and dropped units. */
function spread<Alpha>(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const features = load<i32>(record, DROPOUT_FORWARD_FEATURES);
  const scale = v128.load32_splat(record, DROPOUT_FORWARD_SCALE);
  let shift = scale;
  let dropped = scale;
  if (isFloat<Alpha>()) {
    shift = v128.load32_splat(record, ALPHA_DROPOUT_FORWARD_SHIFT);
    dropped = v128.load32_splat(record, ALPHA_DROPOUT_FORWARD_DROPPED);
  }
  const bytes = rowBytes();
  // AlphaDropout has more numbers, so its operands lie further on.
  const operands = isFloat<Alpha>() ? record + (ALPHA_DROPOUT_FORWARD_DROPPED - DROPOUT_FORWARD_SCALE) : record;
  for (let block = from; block < to; block++) {
    const place = <usize>block * (features * bytes);
    const x = load<usize>(operands, DROPOUT_FORWARD_X) + place;
    const y = load<usize>(operands, DROPOUT_FORWARD_Y) + place;
    const mask = load<usize>(operands, DROPOUT_FORWARD_MASK) + place;
    const kept = load<usize>(operands, DROPOUT_FORWARD_KEPT) + (chunkStart + block * stride) * features;
    const columns = columnsOf(block);
    const most = examplesOf(block) - 1;
    for (let f = first; f < last; f += 4) {
      for (let c = 0; c < columns; c += 4) {
        // Padding columns repeat the last example; padding rows read on into the next, or the buffer's end, and are dropped.
        let drawn = v128.load32_zero(kept + min(c, most) * features + f);
        drawn = v128.load32_lane(kept + min(c + 1, most) * features + f, drawn, 1);
        drawn = v128.load32_lane(kept + min(c + 2, most) * features + f, drawn, 2);
        drawn = v128.load32_lane(kept + min(c + 3, most) * features + f, drawn, 3);
        let at = <usize>(f * stride + c) << 2;
        maskRow<Alpha>(i8x16.shuffle(drawn, drawn, 0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12), scale, mask + at, x + at, y + at, shift, dropped);
        if (f + 1 == last) continue;
        at += bytes;
        maskRow<Alpha>(i8x16.shuffle(drawn, drawn, 1, 1, 1, 1, 5, 5, 5, 5, 9, 9, 9, 9, 13, 13, 13, 13), scale, mask + at, x + at, y + at, shift, dropped);
        if (f + 2 == last) continue;
        at += bytes;
        maskRow<Alpha>(i8x16.shuffle(drawn, drawn, 2, 2, 2, 2, 6, 6, 6, 6, 10, 10, 10, 10, 14, 14, 14, 14), scale, mask + at, x + at, y + at, shift, dropped);
        if (f + 3 == last) continue;
        at += bytes;
        maskRow<Alpha>(i8x16.shuffle(drawn, drawn, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15), scale, mask + at, x + at, y + at, shift, dropped);
      }
    }
  }
}

export function dropoutForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  spread<i32>(record, first, last, from, to);
}

/** y = x * mask + shift, both as torch's alpha_dropout has them. */
export function alphaDropoutForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  spread<f32>(record, first, last, from, to);
}

/** dx = dy * mask. */
export function dropoutBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = <usize>(block * load<i32>(record, R_ROWS) + first) * rowBytes();
    const dy = load<usize>(record, DROPOUT_BACKWARD_DY) + at;
    const mask = load<usize>(record, DROPOUT_BACKWARD_MASK) + at;
    const dx = load<usize>(record, DROPOUT_BACKWARD_DX) + at;
    for (let i: usize = 0; i < bytes; i += 16) v128.store(dx + i, f32x4.mul(v128.load(dy + i), v128.load(mask + i)));
  }
}

/** Channels [first, last): one decision per channel and example, for all its pixels. */
export function channelDropoutForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const channels = load<i32>(record, R_ROWS);
  const pixels = load<i32>(record, CHANNEL_DROPOUT_FORWARD_PIXELS);
  const scale = load<f32>(record, CHANNEL_DROPOUT_FORWARD_SCALE);
  const bytes = rowBytes();
  for (let block = from; block < to; block++) {
    const kept = load<usize>(record, CHANNEL_DROPOUT_FORWARD_KEPT) + (chunkStart + block * stride) * channels;
    const most = examplesOf(block) - 1;
    for (let channel = first; channel < last; channel++) {
      const row = <usize>(block * channels + channel);
      const mask = load<usize>(record, CHANNEL_DROPOUT_FORWARD_MASK) + row * bytes;
      for (let c = 0; c < stride; c++)
        store<f32>(mask + (<usize>c << 2), load<u8>(kept + min(c, most) * channels + channel) ? scale : 0);
      const place = row * (pixels * bytes);
      multiplyPixels(
        load<usize>(record, CHANNEL_DROPOUT_FORWARD_X) + place, mask, load<usize>(record, CHANNEL_DROPOUT_FORWARD_Y) + place,
        pixels, bytes,
      );
    }
  }
}

export function channelDropoutBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const channels = load<i32>(record, R_ROWS);
  const pixels = load<i32>(record, CHANNEL_DROPOUT_BACKWARD_PIXELS);
  const bytes = rowBytes();
  for (let block = from; block < to; block++) {
    for (let channel = first; channel < last; channel++) {
      const row = <usize>(block * channels + channel);
      const place = row * (pixels * bytes);
      multiplyPixels(
        load<usize>(record, CHANNEL_DROPOUT_BACKWARD_DY) + place, load<usize>(record, CHANNEL_DROPOUT_BACKWARD_MASK) + row * bytes,
        load<usize>(record, CHANNEL_DROPOUT_BACKWARD_DX) + place, pixels, bytes,
      );
    }
  }
}

/** Every pixel of a channel times its examples' factors. */
function multiplyPixels(x: usize, mask: usize, y: usize, pixels: i32, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const factor = v128.load(mask + i);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const at = <usize>pixel * bytes + i;
      v128.store(y + at, f32x4.mul(v128.load(x + at), factor));
    }
  }
}

/** Rows [first, last): y = x * (1 + std * normal), the normals drawn for the whole batch, f32 [examples][features]. */
export function gaussianDropoutForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const features = load<i32>(record, GAUSSIAN_DROPOUT_FORWARD_FEATURES);
  const std = v128.load32_splat(record, GAUSSIAN_DROPOUT_FORWARD_STD);
  const one = f32x4.splat(1);
  const bytes = rowBytes();
  const width = <usize>features << 2;
  for (let block = from; block < to; block++) {
    const place = <usize>block * (features * bytes);
    const normals = load<usize>(record, GAUSSIAN_DROPOUT_FORWARD_NORMALS) + <usize>(chunkStart + block * stride) * width;
    const columns = columnsOf(block);
    const most = examplesOf(block) - 1;
    for (let f = first; f < last; f++) {
      for (let c = 0; c < columns; c += 4) {
        const at = normals + (<usize>f << 2);
        let z = v128.load32_zero(at + <usize>min(c, most) * width);
        z = v128.load32_lane(at + <usize>min(c + 1, most) * width, z, 1);
        z = v128.load32_lane(at + <usize>min(c + 2, most) * width, z, 2);
        z = v128.load32_lane(at + <usize>min(c + 3, most) * width, z, 3);
        const factor = f32x4.add(f32x4.mul(z, std), one);
        const offset = place + (<usize>(f * stride + c) << 2);
        v128.store(load<usize>(record, GAUSSIAN_DROPOUT_FORWARD_MASK) + offset, factor);
        const x = v128.load(load<usize>(record, GAUSSIAN_DROPOUT_FORWARD_X) + offset);
        v128.store(load<usize>(record, GAUSSIAN_DROPOUT_FORWARD_Y) + offset, f32x4.mul(x, factor));
      }
    }
  }
}

/** Rows [first, last) of a matrix times its decisions, u8 [rows][columns]: DropConnect's weight, and its gradient. */
export function maskWeight(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const columns = load<i32>(record, MASK_WEIGHT_COLUMNS);
  const scale = load<f32>(record, MASK_WEIGHT_SCALE);
  const width = <usize>load<i32>(record, MASK_WEIGHT_STRIDE) << 2;
  for (let row = first; row < last; row++) {
    const w = load<usize>(record, MASK_WEIGHT_W) + row * width;
    const y = load<usize>(record, MASK_WEIGHT_Y) + row * width;
    const kept = load<usize>(record, MASK_WEIGHT_KEPT) + row * columns;
    for (let c = 0; c < columns; c++) {
      const at = <usize>c << 2;
      store<f32>(y + at, load<u8>(kept + c) ? load<f32>(w + at) * scale : 0);
    }
  }
}
