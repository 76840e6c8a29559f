// Parameter updates in torch's order of operations, and what is done to a parameter besides: penalties in the gradient,
// clipping, decay, proximal steps, limits. Works on a few rows at a time, which stay in the first-level cache.
import {
  CLIP_TOTAL_COUNT, CLIP_TOTAL_MAXNORM, CLIP_TOTAL_NORMS, GRADIENT_FINISH_G, GRADIENT_FINISH_L1, GRADIENT_FINISH_L2,
  GRADIENT_FINISH_NORMS, GRADIENT_FINISH_W, GRADIENT_FINISH_WIDTH, UPDATE_CLIPPING, UPDATE_DECAY, UPDATE_DECOUPLED, UPDATE_DECOUPLEDTOO, UPDATE_G, UPDATE_L1, UPDATE_L2, UPDATE_MAXNORM, UPDATE_NORMS, UPDATE_PROXIMAL,
  UPDATE_STATE1, UPDATE_STATE2, UPDATE_STATE3, UPDATE_W, UPDATE_WIDTH,
} from '../build/records';
import { madd } from './arithmetic';
import { mayDiffer, torchRoot, writeRootConstants } from './square-root';
import {
  C_CLIP, C_FROZEN, C_MOMENTA, C_OPTIMIZER, C_RATES, O_BETA1, O_BETA2, O_BETA2_F, O_CENTERED, O_CLIP_VALUE, O_EPS, O_EXPONENT, O_FIRST,
  O_FLUSH, O_KIND, O_LR, O_LR_DECAY, O_MEASURE, O_MOMENTUM, O_NESTEROV, O_POWER1, O_POWER2, O_RATE, O_REST1, O_ROOT2,
  O_STEP_SIZE, O_TIE, O_UNDAMPED, O_WEIGHT1, O_WEIGHT2, O_WIDE, OPTIMIZER_ADAGRAD, OPTIMIZER_ADAM, OPTIMIZER_RMSPROP,
} from './layout';

/** Rows whose squared gradients are measured together. */
export const MEASURED_ROWS = 12;

/** What `clipping` in an update's record may say. */
const CLIP_NORM = 1;
const CLIP_VALUE = 2;

/**
 * Called once a step, before any update: derives this step's scalars in double precision.
 * @param step updates made before this one, since the run's start. @param row its place in this command.
 */
export function beginOptimizerStep(step: i32, row: i32, measure: bool): void {
  const o = load<usize>(C_OPTIMIZER);
  const lr = load<f64>(load<usize>(C_RATES) + (<usize>row << 3));
  const momentum = load<f64>(load<usize>(C_MOMENTA) + (<usize>row << 3));
  store<f64>(o, lr, O_LR);
  store<f32>(o, <f32>-lr, O_RATE);
  store<i32>(o, (step & 15) == 0 ? 1 : 0, O_FLUSH);
  store<i32>(o, measure ? 1 : 0, O_MEASURE);
  store<i32>(o, step == 0 ? 1 : 0, O_FIRST);
  writeRootConstants(o);
  switch (load<i32>(o, O_KIND)) {
    case OPTIMIZER_ADAM: {
      const power1 = load<f64>(o, O_POWER1) * momentum;
      const power2 = load<f64>(o, O_POWER2) * load<f64>(o, O_BETA2);
      store<f64>(o, power1, O_POWER1);
      store<f64>(o, power2, O_POWER2);
      // torch raises the present beta to the step's power: the same number while beta stays what it is.
      const bias1 = momentum == load<f64>(o, O_BETA1) ? power1 : power(momentum, step + 1);
      store<f32>(o, <f32>-(lr / (1 - bias1)), O_STEP_SIZE);
      store<f32>(o, <f32>Math.sqrt(1 - power2), O_ROOT2);
      store<f32>(o, <f32>(1 - momentum), O_WEIGHT1);
      store<f32>(o, <f32>(1 - <f32>(1 - momentum)), O_REST1);
      store<i32>(o, 1 - momentum >= 0.5 ? 1 : 0, O_WIDE);
      break;
    }
    case OPTIMIZER_ADAGRAD:
      store<f32>(o, <f32>-(lr / (1 + <f64>step * load<f64>(o, O_LR_DECAY))), O_RATE);
      break;
    default:
      store<f32>(o, <f32>momentum, O_MOMENTUM);
  }
}

/** x^n by squaring. (Math.pow would bring tables, and the arena leaves no room for static data.) */
function power(x: f64, n: i32): f64 {
  let result: f64 = 1;
  for (; n > 0; n >>= 1) {
    if (n & 1) result *= x;
    x *= x;
  }
  return result;
}

/**
 * WASM cannot flush denormals, and moments of units that died decay into them, which halves the speed of every later
 * step: every 16th step does it instead. The limits are so small that no parameter changes by it: first moments below 1e-30 move none, and the root of
 * a second moment below 1e-36 is lost in any eps from 1e-10 on.
 */
// @ts-ignore: decorator
@inline
function flush(x: v128, limit: f32): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(limit)));
}

/** g + l1*sign(w) + l2*w, skipping what is zero, as torch does. */
// @ts-ignore: decorator
@inline
function penalized(g: v128, w: v128, l1: f32, l2: f32): v128 {
  if (l1 != 0) {
    const one = v128.or(v128.and(w, i32x4.splat(0x80000000)), f32x4.splat(l1)); // l1 with w's sign
    g = f32x4.add(g, v128.andnot(one, f32x4.eq(w, f32x4.splat(0))));
  }
  return l2 != 0 ? f32x4.add(g, f32x4.mul(f32x4.splat(l2), w)) : g;
}

/** The gradient that the optimizer sees: penalties and coupled weight decay included. */
// @ts-ignore: decorator
@inline
function complete(g: v128, w: v128, l1: f32, l2: f32, decay: f32): v128 {
  g = penalized(g, w, l1, l2);
  return decay != 0 ? madd(f32x4.splat(decay), w, g) : g;
}

/** Rows [first, last) of a gradient with their penalties; their squares. */
export function gradientFinish(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const width = load<i32>(record, GRADIENT_FINISH_WIDTH);
  const l1 = load<f32>(record, GRADIENT_FINISH_L1);
  const l2 = load<f32>(record, GRADIENT_FINISH_L2);
  for (let row = first; row < last; row += MEASURED_ROWS) {
    const at = <usize>(row * width) << 2;
    const bytes = <usize>((min(row + MEASURED_ROWS, last) - row) * width) << 2;
    const w = load<usize>(record, GRADIENT_FINISH_W) + at;
    const g = load<usize>(record, GRADIENT_FINISH_G) + at;
    penalize(w, g, bytes, l1, l2);
    store<f64>(load<usize>(record, GRADIENT_FINISH_NORMS) + (<usize>(row / MEASURED_ROWS) << 3), squares(w, g, bytes, 0, 0));
  }
}

/** torch.nn.utils.clip_grad_norm_'s factor: at most 1. */
export function clipTotal(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const norms = load<usize>(record, CLIP_TOTAL_NORMS);
  const count = load<i32>(record, CLIP_TOTAL_COUNT);
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += load<f64>(norms + (<usize>i << 3));
  const factor = load<f64>(record, CLIP_TOTAL_MAXNORM) / (Math.sqrt(sum) + 1e-6);
  store<f32>(C_CLIP, <f32>min(1, factor));
}

/** Rows [first, last) of a parameter, as a kernel of its own. */
export function update(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const width = <usize>load<i32>(record, UPDATE_WIDTH) << 2;
  for (let row = first; row < last; row += MEASURED_ROWS)
    updateRows(record, row, min(row + MEASURED_ROWS, last), load<usize>(record, UPDATE_G) + row * width);
}

/** Rows [row, end), at most MEASURED_ROWS of them from a multiple of it on; their gradient is at g, and is used up. */
export function updateRows(record: usize, row: i32, end: i32, g: usize): void {
  if (load<i32>(C_FROZEN)) return;
  const o = load<usize>(C_OPTIMIZER);
  const width = load<i32>(record, UPDATE_WIDTH);
  const at = <usize>(row * width) << 2;
  const bytes = <usize>((end - row) * width) << 2;
  const w = load<usize>(record, UPDATE_W) + at;
  let l1 = load<f32>(record, UPDATE_L1);
  let l2 = load<f32>(record, UPDATE_L2);
  const clip = load<i32>(record, UPDATE_CLIPPING);
  if (clip == CLIP_NORM) scale(g, bytes, load<f32>(C_CLIP));
  else {
    if (load<i32>(o, O_MEASURE))
      store<f64>(load<usize>(record, UPDATE_NORMS) + (<usize>(row / MEASURED_ROWS) << 3), squares(w, g, bytes, l1, l2));
    if (clip == CLIP_VALUE) {
      clamp(w, g, bytes, l1, l2, load<f32>(o, O_CLIP_VALUE));
      l1 = 0;
      l2 = 0;
    }
  }
  const lr = load<f64>(o, O_LR);
  // The lab's own, then AdamW's; penalties are of the weights before.
  const decoupled = load<f64>(record, UPDATE_DECOUPLED);
  const decoupledToo = load<f64>(record, UPDATE_DECOUPLEDTOO);
  if (decoupled != 0 || decoupledToo != 0) {
    penalize(w, g, bytes, l1, l2);
    l1 = 0;
    l2 = 0;
  }
  if (decoupled != 0) scale(w, bytes, <f32>(1 - lr * decoupled));
  if (decoupledToo != 0) scale(w, bytes, <f32>(1 - lr * decoupledToo));
  optimize(o, record, w, g, at, bytes, l1, l2);
  const proximal = load<f64>(record, UPDATE_PROXIMAL);
  if (proximal != 0) softThreshold(w, bytes, <f32>(lr * proximal));
  const maxNorm = load<f64>(record, UPDATE_MAXNORM);
  if (maxNorm != 0) limitRows(w, <usize>width << 2, bytes, maxNorm);
}

function optimize(o: usize, record: usize, w: usize, g: usize, at: usize, bytes: usize, l1: f32, l2: f32): void {
  const decay = load<f32>(record, UPDATE_DECAY);
  const s1 = load<usize>(record, UPDATE_STATE1) + at;
  const s2 = load<usize>(record, UPDATE_STATE2) + at;
  switch (load<i32>(o, O_KIND)) {
    case OPTIMIZER_ADAM:
      for (let i: usize = 0; i < bytes; i += PIECE) adam(o, w + i, g + i, s1 + i, s2 + i, min(PIECE, bytes - i), l1, l2, decay);
      break;
    case OPTIMIZER_RMSPROP:
      rmsprop(o, w, g, s1, s2, load<usize>(record, UPDATE_STATE3) + at, bytes, l1, l2, decay);
      break;
    case OPTIMIZER_ADAGRAD:
      adagrad(o, w, g, s1, bytes, l1, l2, decay);
      break;
    default:
      sgd(o, w, g, s1, bytes, l1, l2, decay);
  }
}

/** Bytes that adam() takes at most: 64 vectors, one bit each for those whose root must be computed again. */
const PIECE: usize = 1024;

/**
 * One vector of torch.optim.Adam at w, g, m, v; the old value stays where the gradient was. The flags are constants where the loop is
 * hot. @returns whether its root must be computed again.
 */
// @ts-ignore: decorator
@inline
function adamVector(
  o: usize, w: usize, g: usize, m: usize, v: usize, stepSize: v128, root2: v128, eps: v128, weight1: v128, beta2: v128,
  weight2: v128, exponent: v128, tie: v128, l1: f32, l2: f32, decay: f32, penalties: bool, wide: bool, flushes: bool,
): bool {
  const w0 = v128.load(w);
  let g0 = v128.load(g);
  if (penalties) g0 = complete(g0, w0, l1, l2, decay);
  const m0 = v128.load(m);
  const toward = f32x4.sub(g0, m0);
  // Where 1 - beta1 is one half or more, torch's lerp keeps the other end point exact.
  let m1 = wide ? f32x4.sub(g0, f32x4.mul(toward, v128.load32_splat(o, O_REST1))) : madd(weight1, toward, m0);
  let v1 = madd(f32x4.mul(weight2, g0), g0, f32x4.mul(v128.load(v), beta2));
  if (flushes) {
    m1 = flush(m1, 1e-30);
    v1 = flush(v1, 1e-36);
  }
  const root = f32x4.sqrt(v1);
  const denominator = f32x4.add(f32x4.div(root, root2), eps);
  v128.store(m, m1);
  v128.store(v, v1);
  v128.store(w, f32x4.add(w0, f32x4.div(f32x4.mul(stepSize, m1), denominator)));
  if (!ASC_FEATURE_RELAXED_SIMD) return false;
  v128.store(g, w0);
  return mayDiffer(v1, root, exponent, tie) != 0;
}

/** torch.optim.Adam, _single_tensor_adam. */
function adam(o: usize, w: usize, g: usize, m: usize, v: usize, bytes: usize, l1: f32, l2: f32, decay: f32): void {
  const stepSize = v128.load32_splat(o, O_STEP_SIZE);
  const root2 = v128.load32_splat(o, O_ROOT2);
  const eps = v128.load32_splat(o, O_EPS);
  const weight1 = v128.load32_splat(o, O_WEIGHT1);
  const beta2 = v128.load32_splat(o, O_BETA2_F);
  const weight2 = v128.load32_splat(o, O_WEIGHT2);
  const exponent = v128.load32_splat(o, O_EXPONENT);
  const tie = v128.load32_splat(o, O_TIE);
  const wide = load<i32>(o, O_WIDE) != 0;
  const flushes = load<i32>(o, O_FLUSH) != 0;
  const penalties = l1 != 0 || l2 != 0 || decay != 0;
  let again: u64 = 0;
  if (penalties || wide || flushes) {
    for (let i: usize = 0; i < bytes; i += 16) {
      const differs = adamVector(
        o, w + i, g + i, m + i, v + i, stepSize, root2, eps, weight1, beta2, weight2, exponent, tie, l1, l2, decay, penalties, wide, flushes,
      );
      again |= <u64>differs << <u64>(i >> 4);
    }
  } else {
    for (let i: usize = 0; i < bytes; i += 16) {
      const differs = adamVector(
        o, w + i, g + i, m + i, v + i, stepSize, root2, eps, weight1, beta2, weight2, exponent, tie, 0, 0, 0, false, false, false,
      );
      again |= <u64>differs << <u64>(i >> 4);
    }
  }
  for (; again != 0; again &= again - 1) {
    const i = <usize>ctz(again) << 4;
    const denominator = f32x4.add(f32x4.div(torchRoot(v128.load(v + i)), root2), eps);
    const step = f32x4.div(f32x4.mul(stepSize, v128.load(m + i)), denominator);
    v128.store(w + i, f32x4.add(v128.load(g + i), step));
  }
}

/**
 * One vector of torch.optim.SGD at w, its gradient at g, its momentum buffer at m. The flags are constants where the loop is hot, so
 * that nothing is left of what does not apply.
 */
// @ts-ignore: decorator
@inline
function sgdVector(
  w: usize, g: usize, m: usize, rate: v128, undamped: v128, momenta: v128, decays: v128, l1: f32, l2: f32,
  penalties: bool, decayed: bool, moves: bool, nesterov: bool, flushes: bool,
): void {
  const w0 = v128.load(w);
  let g0 = v128.load(g);
  if (penalties) g0 = penalized(g0, w0, l1, l2);
  if (decayed) g0 = madd(decays, w0, g0);
  if (moves) {
    let buffer = madd(g0, undamped, f32x4.mul(v128.load(m), momenta));
    if (flushes) buffer = flush(buffer, 1e-30);
    v128.store(m, buffer);
    g0 = nesterov ? madd(momenta, buffer, g0) : buffer;
  }
  v128.store(w, madd(rate, g0, w0));
}

/** torch.optim.SGD; the first update leaves the gradient in the momentum buffer, undamped. */
function sgd(o: usize, w: usize, g: usize, m: usize, bytes: usize, l1: f32, l2: f32, decay: f32): void {
  const rate = v128.load32_splat(o, O_RATE);
  const momenta = v128.load32_splat(o, O_MOMENTUM);
  const undamped = f32x4.splat(load<i32>(o, O_FIRST) ? 1 : load<f32>(o, O_UNDAMPED));
  const decays = f32x4.splat(decay);
  const moves = load<f32>(o, O_MOMENTUM) != 0;
  const nesterov = load<i32>(o, O_NESTEROV) != 0;
  const flushes = load<i32>(o, O_FLUSH) != 0;
  const penalties = l1 != 0 || l2 != 0;
  const end = w + bytes;
  if (penalties || nesterov || flushes || !moves) {
    const decayed = decay != 0;
    for (; w < end; w += 16, g += 16, m += 16)
      sgdVector(w, g, m, rate, undamped, momenta, decays, l1, l2, penalties, decayed, moves, nesterov, flushes);
  } else if (decay != 0) {
    for (; w < end; w += 16, g += 16, m += 16)
      sgdVector(w, g, m, rate, undamped, momenta, decays, 0, 0, false, true, true, false, false);
  } else {
    for (; w < end; w += 16, g += 16, m += 16)
      sgdVector(w, g, m, rate, undamped, momenta, decays, 0, 0, false, false, true, false, false);
  }
}

/** The square root as torch computes it (square-root.ts). */
// @ts-ignore: decorator
@inline
function rootOf(x: v128, exponent: v128, tie: v128): v128 {
  const root = f32x4.sqrt(x);
  if (ASC_FEATURE_RELAXED_SIMD) return mayDiffer(x, root, exponent, tie) != 0 ? torchRoot(x) : root;
  return root;
}

/** torch.optim.RMSprop: s average of squares, a average of gradients (centered), m momentum buffer. */
function rmsprop(
  o: usize, w: usize, g: usize, s: usize, m: usize, a: usize, bytes: usize, l1: f32, l2: f32, decay: f32,
): void {
  const rate = v128.load32_splat(o, O_RATE);
  const eps = v128.load32_splat(o, O_EPS);
  const alpha = v128.load32_splat(o, O_BETA2_F);
  const weight = v128.load32_splat(o, O_WEIGHT2);
  const exponent = v128.load32_splat(o, O_EXPONENT);
  const tie = v128.load32_splat(o, O_TIE);
  const momentum = load<f32>(o, O_MOMENTUM);
  const centered = load<i32>(o, O_CENTERED) != 0;
  const flushes = load<i32>(o, O_FLUSH) != 0;
  for (let i: usize = 0; i < bytes; i += 16) {
    const w0 = v128.load(w + i);
    const g0 = complete(v128.load(g + i), w0, l1, l2, decay);
    let square = madd(f32x4.mul(weight, g0), g0, f32x4.mul(v128.load(s + i), alpha));
    if (flushes) square = flush(square, 1e-36);
    v128.store(s + i, square);
    if (centered) {
      const before = v128.load(a + i);
      let mean = madd(weight, f32x4.sub(g0, before), before);
      if (flushes) mean = flush(mean, 1e-30);
      v128.store(a + i, mean);
      square = madd(f32x4.neg(mean), mean, square);
    }
    const denominator = f32x4.add(rootOf(square, exponent, tie), eps);
    if (momentum != 0) {
      let buffer = f32x4.add(f32x4.mul(v128.load(m + i), f32x4.splat(momentum)), f32x4.div(g0, denominator));
      if (flushes) buffer = flush(buffer, 1e-30);
      v128.store(m + i, buffer);
      v128.store(w + i, madd(rate, buffer, w0));
    } else v128.store(w + i, f32x4.add(w0, f32x4.div(f32x4.mul(rate, g0), denominator)));
  }
}

/** torch.optim.Adagrad: s sum of squares; the rate has this step's lr_decay in it. */
function adagrad(o: usize, w: usize, g: usize, s: usize, bytes: usize, l1: f32, l2: f32, decay: f32): void {
  const rate = v128.load32_splat(o, O_RATE);
  const eps = v128.load32_splat(o, O_EPS);
  const exponent = v128.load32_splat(o, O_EXPONENT);
  const tie = v128.load32_splat(o, O_TIE);
  for (let i: usize = 0; i < bytes; i += 16) {
    const w0 = v128.load(w + i);
    const g0 = complete(v128.load(g + i), w0, l1, l2, decay);
    const square = madd(g0, g0, v128.load(s + i));
    v128.store(s + i, square);
    const denominator = f32x4.add(rootOf(square, exponent, tie), eps);
    v128.store(w + i, f32x4.add(w0, f32x4.div(f32x4.mul(rate, g0), denominator)));
  }
}

function scale(x: usize, bytes: usize, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(x + i, f32x4.mul(v128.load(x + i), factors));
}

/** Puts the penalties into g. */
function penalize(w: usize, g: usize, bytes: usize, l1: f32, l2: f32): void {
  if (l1 == 0 && l2 == 0) return;
  for (let i: usize = 0; i < bytes; i += 16)
    v128.store(g + i, penalized(v128.load(g + i), v128.load(w + i), l1, l2));
}

/** g with penalties, limited to +-limit. */
function clamp(w: usize, g: usize, bytes: usize, l1: f32, l2: f32, limit: f32): void {
  const high = f32x4.splat(limit);
  const low = f32x4.splat(-limit);
  for (let i: usize = 0; i < bytes; i += 16)
    v128.store(g + i, f32x4.max(f32x4.min(penalized(v128.load(g + i), v128.load(w + i), l1, l2), high), low));
}

/** Sum of squares in double precision of the gradient with its penalties. */
export function squares(w: usize, g: usize, bytes: usize, l1: f32, l2: f32): f64 {
  let sum = f64x2.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = penalized(v128.load(g + i), v128.load(w + i), l1, l2);
    const low = f64x2.promote_low_f32x4(x);
    const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1));
    sum = f64x2.add(sum, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** The proximal step of L1: toward zero by the threshold, and exactly zero within it. */
function softThreshold(w: usize, bytes: usize, threshold: f32): void {
  const limit = f32x4.splat(threshold);
  const zero = f32x4.splat(0);
  const signs = i32x4.splat(0x80000000);
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(w + i);
    const left = f32x4.max(f32x4.sub(f32x4.abs(x), limit), zero);
    // No negative zeros: zero is zero.
    const signed = v128.or(left, v128.and(x, signs));
    v128.store(w + i, v128.andnot(signed, f32x4.eq(left, zero)));
  }
}

/** Scales each row down to the norm when it is longer. */
function limitRows(w: usize, rowBytes: usize, bytes: usize, maxNorm: f64): void {
  for (let at = w; at < w + bytes; at += rowBytes) {
    const norm = Math.sqrt(squares(at, at, rowBytes, 0, 0));
    if (norm > maxNorm) scale(at, rowBytes, <f32>(maxNorm / norm));
  }
}
