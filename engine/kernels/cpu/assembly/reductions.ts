// Sums over the examples in torch's order (measured on its AVX2 and AVX512 builds), so that gradients and losses are
// equal to the last bit where a batch fits one chunk; larger batches add up chunk by chunk, in order.
import { madd } from './arithmetic';

/** Results that torch's vector code takes together, in bias and in weight gradients; the rest goes one by one. */
const BIAS_GROUP = 32;
const WEIGHT_GROUP = 16;

// @ts-ignore: decorator
@inline
function at(base: usize, i: i32): f32 {
  return load<f32>(base + (<usize>i << 2));
}

/** The i-th term: a value, or a squared difference when there is a target. */
// @ts-ignore: decorator
@inline
function term(y: usize, t: usize, i: i32): f32 {
  if (t == 0) return at(y, i);
  const difference = at(y, i) - at(t, i);
  return difference * difference;
}

/** Lane `lane` of torch's vectors of 8: four partial sums over the vectors, what is left over joins the first. */
function laneSum(y: usize, t: usize, vectors: i32, lane: i32): f32 {
  if (vectors < 4) {
    let sum = term(y, t, lane);
    for (let v = 1; v < vectors; v++) sum += term(y, t, 8 * v + lane);
    return sum;
  }
  let p0 = term(y, t, lane);
  let p1 = term(y, t, 8 + lane);
  let p2 = term(y, t, 16 + lane);
  let p3 = term(y, t, 24 + lane);
  let v = 4;
  for (; v + 4 <= vectors; v += 4) {
    p0 += term(y, t, 8 * v + lane);
    p1 += term(y, t, 8 * v + 8 + lane);
    p2 += term(y, t, 8 * v + 16 + lane);
    p3 += term(y, t, 8 * v + 24 + lane);
  }
  for (; v < vectors; v++) p0 += term(y, t, 8 * v + lane);
  return p0 + p1 + p2 + p3;
}

/** Sum of `count` adjacent values y, or of (y - t)^2 when t is given: torch's sum over a contiguous row. */
export function sumOf(y: usize, t: usize, count: i32): f32 {
  const vectors = count / 8;
  let sum: f32 = 0;
  for (let i = 8 * vectors; i < count; i++) sum += term(y, t, i);
  if (vectors > 0) for (let lane = 0; lane < 8; lane++) sum += laneSum(y, t, vectors, lane);
  return sum;
}

/** Sum of a bias gradient's row among the first 32*floor(out/32): blocks of 16 examples first, then the rest. */
// @ts-ignore: decorator
@inline
function cascadeSum(dy: usize, examples: i32, before: f32): f32 {
  let blocks = before;
  let i = 0;
  for (; i + 16 <= examples; i += 16) {
    let block = at(dy, i);
    for (let k = 1; k < 16; k++) block += at(dy, i + k);
    blocks += block;
  }
  let rest: f32 = 0;
  for (; i < examples; i++) rest += at(dy, i);
  return rest + blocks;
}

/** The same for the remaining rows: four interleaved sums. */
function interleavedSum(dy: usize, examples: i32): f32 {
  let p0: f32 = 0;
  let p1: f32 = 0;
  let p2: f32 = 0;
  let p3: f32 = 0;
  let i = 0;
  for (; i + 4 <= examples; i += 4) {
    p0 += at(dy, i);
    p1 += at(dy, i + 1);
    p2 += at(dy, i + 2);
    p3 += at(dy, i + 3);
  }
  for (; i < examples; i++) p0 += at(dy, i);
  return p0 + p1 + p2 + p3;
}

/** Rows [first, last) of a bias gradient over all examples of the chunk. */
export function gradBias(
  dy: usize, bytes: usize, grad: usize, first: i32, last: i32, outputs: i32, examples: i32, firstChunk: bool,
): void {
  const wide = outputs - (outputs % BIAS_GROUP);
  for (let row = first; row < last; row++) {
    const to = grad + (<usize>row << 2);
    const from = dy + row * bytes;
    const before: f32 = firstChunk ? 0 : load<f32>(to);
    if (outputs == 1) store<f32>(to, before + sumOf(from, 0, examples));
    else if (row < wide) store<f32>(to, cascadeSum(from, examples, before));
    else store<f32>(to, before + interleavedSum(from, examples));
  }
}

/** Eight examples of a matrix-vector product as torch's code groups them. x0 to x7: four results each. */
// @ts-ignore: decorator
@inline
function addEight(
  sum: v128, d: usize, dStep: usize, x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, x5: v128, x6: v128, x7: v128,
): v128 {
  const p57 = madd(v128.load32_splat(d + 5 * dStep), x5, f32x4.mul(v128.load32_splat(d + 7 * dStep), x7));
  const p02 = madd(v128.load32_splat(d), x0, f32x4.mul(v128.load32_splat(d + 2 * dStep), x2));
  const p13 = madd(v128.load32_splat(d + dStep), x1, f32x4.mul(v128.load32_splat(d + 3 * dStep), x3));
  sum = madd(v128.load32_splat(d + 6 * dStep), x6, sum);
  sum = madd(v128.load32_splat(d + 4 * dStep), x4, sum);
  return f32x4.add(f32x4.add(sum, p57), f32x4.add(p02, p13));
}

/** Weight gradient of a layer with one output: gw[c] = sum over examples of dy[n] * xT[n][c]. */
export function gradWeightOfRow(
  dy: usize, xt: usize, rowBytes: usize, gw: usize, inputs: i32, examples: i32, firstChunk: bool,
): void {
  const wide = inputs - (inputs % WEIGHT_GROUP);
  for (let c = 0; c < inputs; c += 4) {
    const to = gw + (<usize>c << 2);
    let x = xt + (<usize>c << 2);
    let sum = firstChunk ? f32x4.splat(0) : v128.load(to);
    let n = 0;
    if (c < wide)
      for (; n + 8 <= examples; n += 8) {
        sum = addEight(
          sum, dy + (<usize>n << 2), 4, v128.load(x), v128.load(x + rowBytes), v128.load(x + 2 * rowBytes),
          v128.load(x + 3 * rowBytes), v128.load(x + 4 * rowBytes), v128.load(x + 5 * rowBytes),
          v128.load(x + 6 * rowBytes), v128.load(x + 7 * rowBytes),
        );
        x += 8 * rowBytes;
      }
    for (; n < examples; n++) {
      sum = madd(v128.load32_splat(dy + (<usize>n << 2)), v128.load(x), sum);
      x += rowBytes;
    }
    v128.store(to, sum);
  }
}

/** Example n of four rows of dy; rows beyond the last repeat it. */
// @ts-ignore: decorator
@inline
function gather(r0: usize, r1: usize, r2: usize, r3: usize, n: i32): v128 {
  const at = <usize>n << 2;
  let x = v128.load32_zero(r0 + at);
  x = v128.load32_lane(r1 + at, x, 1);
  x = v128.load32_lane(r2 + at, x, 2);
  return v128.load32_lane(r3 + at, x, 3);
}

/** Weight gradient of a layer with one input: gw[o] = sum over examples of x[n] * dy[o][n], rows [first, last). */
export function gradWeightOfColumn(
  dy: usize, bytes: usize, xt: usize, rowBytes: usize, gw: usize, first: i32, last: i32, outputs: i32, examples: i32,
  firstChunk: bool,
): void {
  const wide = outputs - (outputs % WEIGHT_GROUP);
  for (let o = first; o < last; o += 4) {
    const r0 = dy + o * bytes;
    const r1 = dy + min(o + 1, last - 1) * bytes;
    const r2 = dy + min(o + 2, last - 1) * bytes;
    const r3 = dy + min(o + 3, last - 1) * bytes;
    const to = gw + o * rowBytes;
    const count = last - o;
    let sum = f32x4.splat(0);
    if (!firstChunk) {
      sum = v128.load32_zero(to);
      if (count > 1) sum = v128.load32_lane(to + rowBytes, sum, 1);
      if (count > 2) sum = v128.load32_lane(to + 2 * rowBytes, sum, 2);
      if (count > 3) sum = v128.load32_lane(to + 3 * rowBytes, sum, 3);
    }
    let n = 0;
    if (o < wide)
      for (; n + 8 <= examples; n += 8)
        sum = addEight(
          sum, xt + n * rowBytes, rowBytes, gather(r0, r1, r2, r3, n), gather(r0, r1, r2, r3, n + 1),
          gather(r0, r1, r2, r3, n + 2), gather(r0, r1, r2, r3, n + 3), gather(r0, r1, r2, r3, n + 4),
          gather(r0, r1, r2, r3, n + 5), gather(r0, r1, r2, r3, n + 6), gather(r0, r1, r2, r3, n + 7),
        );
    for (; n < examples; n++) sum = madd(v128.load32_splat(xt + n * rowBytes), gather(r0, r1, r2, r3, n), sum);
    // Whole vectors: the padding of a row is zero.
    const zero = f32x4.splat(0);
    v128.store(to, v128.shuffle<i32>(sum, zero, 0, 4, 4, 4));
    if (count > 1) v128.store(to + rowBytes, v128.shuffle<i32>(sum, zero, 1, 4, 4, 4));
    if (count > 2) v128.store(to + 2 * rowBytes, v128.shuffle<i32>(sum, zero, 2, 4, 4, 4));
    if (count > 3) v128.store(to + 3 * rowBytes, v128.shuffle<i32>(sum, zero, 3, 4, 4, 4));
  }
}
