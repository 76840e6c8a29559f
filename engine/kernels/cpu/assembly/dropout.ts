// Dropout masks bit-equal to torch's: two mt19937 words per element, in row-major order of the whole batch.
import {
  DRAW_KEPT_FEATURES, DRAW_KEPT_KEEPHIGH, DRAW_KEPT_KEEPLOW, DRAW_KEPT_KEPT, DROPOUT_BACKWARD_DX, DROPOUT_BACKWARD_DY,
  DROPOUT_BACKWARD_MASK, DROPOUT_FORWARD_FEATURES, DROPOUT_FORWARD_KEPT, DROPOUT_FORWARD_MASK, DROPOUT_FORWARD_SCALE,
  DROPOUT_FORWARD_X, DROPOUT_FORWARD_Y,
} from '../build/records';
import { batchSize, chunkStart, columnsOf, examplesOf, rowBytes, stride } from './context';
import { C_GENERATOR, G_INDEX, R_ROWS } from './layout';

const WORDS = 624;
const SHIFT = 397;
const LOW_21_BITS = 0x1fffff;

// @ts-ignore: decorator
@inline
function word(mt: usize, k: i32): u32 {
  return load<u32>(mt + (<usize>k << 2));
}

function twistOne(mt: usize, k: i32, next: i32, far: i32): void {
  const mixed = (word(mt, k) & 0x80000000) | (word(mt, next) & 0x7fffffff);
  store<u32>(mt + (<usize>k << 2), word(mt, far) ^ (mixed >> 1) ^ (mixed & 1 ? 0x9908b0df : 0));
}

/** Four words at once: k, k+1, k+2, k+3. Right as long as none of them reads what another writes (227 apart). */
// @ts-ignore: decorator
@inline
function twistFour(at: usize, far: usize): void {
  const mixed = v128.bitselect(v128.load(at), v128.load(at, 4), i32x4.splat(0x80000000));
  const odd = i32x4.shr_s(i32x4.shl(v128.load(at, 4), 31), 31);
  const added = v128.and(odd, i32x4.splat(0x9908b0df));
  v128.store(at, v128.xor(v128.xor(v128.load(far), i32x4.shr_u(mixed, 1)), added));
}

function twist(mt: usize): void {
  for (let k = 0; k < 224; k += 4) twistFour(mt + (<usize>k << 2), mt + (<usize>(k + SHIFT) << 2));
  for (let k = 224; k < 227; k++) twistOne(mt, k, k + 1, k + SHIFT);
  for (let k = 227; k < 623; k += 4) twistFour(mt + (<usize>k << 2), mt + (<usize>(k + SHIFT - WORDS) << 2));
  twistOne(mt, 623, 0, SHIFT - 1);
}

function draw(mt: usize): u32 {
  let index = load<i32>(mt, G_INDEX);
  if (index == WORDS) {
    twist(mt);
    index = 0;
  }
  store<i32>(mt, index + 1, G_INDEX);
  let y = word(mt, index);
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >> 18);
}

// @ts-ignore: decorator
@inline
function temperFour(x: v128): v128 {
  let y = v128.xor(x, i32x4.shr_u(x, 11));
  y = v128.xor(y, v128.and(i32x4.shl(y, 7), i32x4.splat(0x9d2c5680)));
  y = v128.xor(y, v128.and(i32x4.shl(y, 15), i32x4.splat(0xefc60000)));
  return v128.xor(y, i32x4.shr_u(y, 18));
}

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

/** Draws one layer's decisions for the whole batch, and moves the generator on. */
export function drawKept(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const mt = load<usize>(C_GENERATOR);
  const high = load<u32>(record, DRAW_KEPT_KEEPHIGH);
  const low = load<u32>(record, DRAW_KEPT_KEEPLOW);
  const out = load<usize>(record, DRAW_KEPT_KEPT);
  const count = load<i32>(record, DRAW_KEPT_FEATURES) * batchSize;
  let done = 0;
  while (done < count) {
    done += drawBlock(mt, out + done, count - done, high);
    if (done < count) store<u8>(out + done++, drawOne(mt, high, low));
  }
}

/** Row f of the mask, and of y, for four examples. */
// @ts-ignore: decorator
@inline
function maskRow(bytes: v128, scale: v128, mask: usize, x: usize, y: usize): void {
  const factor = v128.and(bytes, scale);
  v128.store(mask, factor);
  v128.store(y, f32x4.mul(v128.load(x), factor));
}

/** Rows [first, last) of the mask (0 or 1/(1-p)) and of y = x * mask. */
export function dropoutForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const features = load<i32>(record, DROPOUT_FORWARD_FEATURES);
  const scale = v128.load32_splat(record, DROPOUT_FORWARD_SCALE);
  const bytes = rowBytes();
  for (let block = from; block < to; block++) {
    const place = <usize>block * (features * bytes);
    const x = load<usize>(record, DROPOUT_FORWARD_X) + place;
    const y = load<usize>(record, DROPOUT_FORWARD_Y) + place;
    const mask = load<usize>(record, DROPOUT_FORWARD_MASK) + place;
    const kept = load<usize>(record, DROPOUT_FORWARD_KEPT) + (chunkStart + block * stride) * features;
    const columns = columnsOf(block);
    const most = examplesOf(block) - 1;
    for (let f = first; f < last; f += 4) {
      for (let c = 0; c < columns; c += 4) {
        // Padding columns repeat the last example; padding rows read on into the next, or the buffer's end, and are dropped.
        let drawn = v128.load32_zero(kept + min(c, most) * features + f);
        drawn = v128.load32_lane(kept + min(c + 1, most) * features + f, drawn, 1);
        drawn = v128.load32_lane(kept + min(c + 2, most) * features + f, drawn, 2);
        drawn = v128.load32_lane(kept + min(c + 3, most) * features + f, drawn, 3);
        // A byte of all ones, four times over, is a lane of all ones.
        let at = <usize>(f * stride + c) << 2;
        maskRow(i8x16.shuffle(drawn, drawn, 0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12), scale, mask + at, x + at, y + at);
        if (f + 1 == last) continue;
        at += bytes;
        maskRow(i8x16.shuffle(drawn, drawn, 1, 1, 1, 1, 5, 5, 5, 5, 9, 9, 9, 9, 13, 13, 13, 13), scale, mask + at, x + at, y + at);
        if (f + 2 == last) continue;
        at += bytes;
        maskRow(i8x16.shuffle(drawn, drawn, 2, 2, 2, 2, 6, 6, 6, 6, 10, 10, 10, 10, 14, 14, 14, 14), scale, mask + at, x + at, y + at);
        if (f + 3 == last) continue;
        at += bytes;
        maskRow(i8x16.shuffle(drawn, drawn, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15), scale, mask + at, x + at, y + at);
      }
    }
  }
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
