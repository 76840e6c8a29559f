// Parameter updates in torch's order of operations, and the penalties whose gradients enter them.
import { madd } from './arithmetic';
import { mayDiffer, torchRoot } from './square-root';
import {
  C_OPTIMIZER, O_BETA1, O_BETA2, O_EPS, O_FLUSH, O_KIND, O_LR, O_MOMENTUM, O_NESTEROV, O_POWER1, O_POWER2, O_ROOT2,
  O_STEP_SIZE, O_WEIGHT_DECAY, OPTIMIZER_ADAM,
} from './layout';

/**
 * Called once a step, before any update: advances the powers and derives this step's scalars in double precision.
 * @param step updates made before this one, since the run's start.
 */
export function beginOptimizerStep(step: i32): void {
  const o = load<usize>(C_OPTIMIZER);
  store<i32>(o, (step & 15) == 0 ? 1 : 0, O_FLUSH);
  if (load<i32>(o, O_KIND) != OPTIMIZER_ADAM) return;
  const power1 = load<f64>(o, O_POWER1) * load<f64>(o, O_BETA1);
  const power2 = load<f64>(o, O_POWER2) * load<f64>(o, O_BETA2);
  store<f64>(o, power1, O_POWER1);
  store<f64>(o, power2, O_POWER2);
  store<f32>(o, <f32>(-(load<f64>(o, O_LR) / (1 - power1))), O_STEP_SIZE);
  store<f32>(o, <f32>Math.sqrt(1 - power2), O_ROOT2);
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

/** g + l1*sign(w) + l2*w + weight_decay*w, skipping what is zero, as torch does. */
// @ts-ignore: decorator
@inline
function penalized(g: v128, w: v128, l1: f32, l2: f32, decay: f32): v128 {
  if (l1 != 0) {
    const one = v128.or(v128.and(w, i32x4.splat(0x80000000)), f32x4.splat(l1)); // l1 with w's sign
    g = f32x4.add(g, v128.andnot(one, f32x4.eq(w, f32x4.splat(0))));
  }
  if (l2 != 0) g = f32x4.add(g, f32x4.mul(f32x4.splat(l2), w));
  if (decay != 0) g = madd(f32x4.splat(decay), w, g);
  return g;
}

/** `count` values (a multiple of 4) of a parameter w, with gradient g and optimizer state m, v. g is used up. */
export function updateValues(w: usize, g: usize, m: usize, v: usize, count: i32, l1: f32, l2: f32): void {
  const o = load<usize>(C_OPTIMIZER);
  const decay = <f32>load<f64>(o, O_WEIGHT_DECAY);
  const end = <usize>count << 2;
  if (load<i32>(o, O_KIND) != OPTIMIZER_ADAM) sgd(o, w, g, m, end, l1, l2, decay);
  else {
    const wide = 1 - load<f64>(o, O_BETA1) >= 0.5;
    for (let i: usize = 0; i < end; i += PIECE)
      adam(o, w + i, g + i, m + i, v + i, min(PIECE, end - i), l1, l2, decay, wide);
  }
}

/** Bytes that adam() takes at most: 64 vectors, one bit each for those whose root must be computed again. */
const PIECE: usize = 1024;

/**
 * torch.optim.Adam, _single_tensor_adam.
 * @param wide 1 - beta1 is one half or more: torch's lerp then takes its other form, which keeps the end point exact.
 */
function adam(
  o: usize, w: usize, g: usize, m: usize, v: usize, bytes: usize, l1: f32, l2: f32, decay: f32, wide: bool,
): void {
  const stepSize = v128.load32_splat(o, O_STEP_SIZE);
  const root2 = v128.load32_splat(o, O_ROOT2);
  const eps = f32x4.splat(<f32>load<f64>(o, O_EPS));
  const weight1 = f32x4.splat(<f32>(1 - load<f64>(o, O_BETA1)));
  const beta2 = f32x4.splat(<f32>load<f64>(o, O_BETA2));
  const weight2 = f32x4.splat(<f32>(1 - load<f64>(o, O_BETA2)));
  const rest1 = f32x4.splat(<f32>(1 - <f32>(1 - load<f64>(o, O_BETA1))));
  let again: u64 = 0;
  const penalties = l1 != 0 || l2 != 0 || decay != 0;
  const rare = wide || load<i32>(o, O_FLUSH) != 0;
  for (let i: usize = 0; i < bytes; i += 16) {
    const w0 = v128.load(w + i);
    let g0 = v128.load(g + i);
    if (penalties) g0 = penalized(g0, w0, l1, l2, decay);
    const m0 = v128.load(m + i);
    const toward = f32x4.sub(g0, m0);
    let m1 = madd(weight1, toward, m0);
    let v1 = madd(f32x4.mul(weight2, g0), g0, f32x4.mul(v128.load(v + i), beta2));
    if (rare) {
      if (wide) m1 = f32x4.sub(g0, f32x4.mul(toward, rest1));
      m1 = flush(m1, 1e-30);
      v1 = flush(v1, 1e-36);
    }
    const root = f32x4.sqrt(v1);
    const denominator = f32x4.add(f32x4.div(root, root2), eps);
    v128.store(m + i, m1);
    v128.store(v + i, v1);
    if (ASC_FEATURE_RELAXED_SIMD) {
      v128.store(g + i, w0);
      again |= <u64>(mayDiffer(v1, root) != 0) << <u64>(i >> 4);
    }
    v128.store(w + i, f32x4.add(w0, f32x4.div(f32x4.mul(stepSize, m1), denominator)));
  }
  for (; again != 0; again &= again - 1) {
    const i = <usize>ctz(again) << 4;
    const denominator = f32x4.add(f32x4.div(torchRoot(v128.load(v + i)), root2), eps);
    const step = f32x4.div(f32x4.mul(stepSize, v128.load(m + i)), denominator);
    v128.store(w + i, f32x4.add(v128.load(g + i), step));
  }
}

/** torch.optim.SGD; the buffer starts at zero, so that the first step leaves the gradient in it, as torch does. */
function sgd(o: usize, w: usize, g: usize, m: usize, bytes: usize, l1: f32, l2: f32, decay: f32): void {
  const rate = f32x4.splat(<f32>(-load<f64>(o, O_LR)));
  const momentum = <f32>load<f64>(o, O_MOMENTUM);
  const momenta = f32x4.splat(momentum);
  const nesterov = load<i32>(o, O_NESTEROV) != 0;
  const flushes = load<i32>(o, O_FLUSH) != 0;
  for (let i: usize = 0; i < bytes; i += 16) {
    const w0 = v128.load(w + i);
    let g0 = penalized(v128.load(g + i), w0, l1, l2, decay);
    if (momentum != 0) {
      let buffer = f32x4.add(f32x4.mul(v128.load(m + i), momenta), g0);
      if (flushes) buffer = flush(buffer, 1e-30);
      v128.store(m + i, buffer);
      g0 = nesterov ? madd(momenta, buffer, g0) : buffer;
    }
    v128.store(w + i, madd(rate, g0, w0));
  }
}

/** Sums of |w| and w^2 in double precision over `count` values (a multiple of 4; padding is zero). */
export function sumMagnitudes(w: usize, count: i32, out: usize): void {
  let l1 = f64x2.splat(0);
  let l2 = f64x2.splat(0);
  let l1High = f64x2.splat(0);
  let l2High = f64x2.splat(0);
  const end = w + (<usize>count << 2);
  for (let at = w; at < end; at += 16) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(at));
    const xHigh = f64x2.promote_low_f32x4(v128.load64_zero(at + 8));
    l1 = f64x2.add(l1, f64x2.abs(x));
    l2 = f64x2.add(l2, f64x2.mul(x, x));
    l1High = f64x2.add(l1High, f64x2.abs(xHigh));
    l2High = f64x2.add(l2High, f64x2.mul(xHigh, xHigh));
  }
  l1 = f64x2.add(l1, l1High);
  l2 = f64x2.add(l2, l2High);
  store<f64>(out, f64x2.extract_lane(l1, 0) + f64x2.extract_lane(l1, 1));
  store<f64>(out + 8, f64x2.extract_lane(l2, 0) + f64x2.extract_lane(l2, 1));
}
