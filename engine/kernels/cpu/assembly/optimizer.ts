// Parameter updates in torch's order of operations, and the penalties whose gradients enter them.
import { madd } from './arithmetic';
import {
  C_OPTIMIZER, O_BETA1, O_BETA2, O_EPS, O_KIND, O_LR, O_MOMENTUM, O_NESTEROV, O_POWER1, O_POWER2, O_ROOT2,
  O_STEP_SIZE, O_WEIGHT_DECAY, OPTIMIZER_ADAM,
} from './layout';

/** Called once a step, before any update: advances the powers and derives this step's scalars in double precision. */
export function beginOptimizerStep(): void {
  const o = load<usize>(C_OPTIMIZER);
  if (load<i32>(o, O_KIND) != OPTIMIZER_ADAM) return;
  const power1 = load<f64>(o, O_POWER1) * load<f64>(o, O_BETA1);
  const power2 = load<f64>(o, O_POWER2) * load<f64>(o, O_BETA2);
  store<f64>(o, power1, O_POWER1);
  store<f64>(o, power2, O_POWER2);
  store<f32>(o, <f32>(-(load<f64>(o, O_LR) / (1 - power1))), O_STEP_SIZE);
  store<f32>(o, <f32>Math.sqrt(1 - power2), O_ROOT2);
}

/**
 * WASM cannot flush denormals, and moments of units that died decay into them, which halves the speed of every
 * later step. Magnitudes below 1e-30 change no parameter by as much as one rounding (eps and lr*m/eps dwarf them).
 */
// @ts-ignore: decorator
@inline
function flush(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(1e-30)));
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

/** `rows` x `columns` values (columns a multiple of 4) of a parameter w, with gradient g and optimizer state m, v. */
export function updateValues(
  w: usize, g: usize, m: usize, v: usize, rows: i32, columns: i32, stride: i32, l1: f32, l2: f32,
): void {
  const o = load<usize>(C_OPTIMIZER);
  const bytes = <usize>columns << 2;
  const step = <usize>stride << 2;
  const decay = <f32>load<f64>(o, O_WEIGHT_DECAY);
  if (load<i32>(o, O_KIND) == OPTIMIZER_ADAM) adam(o, w, g, m, v, rows, bytes, step, l1, l2, decay);
  else sgd(o, w, g, m, rows, bytes, step, l1, l2, decay);
}

/** torch.optim.Adam, _single_tensor_adam. */
function adam(
  o: usize, w: usize, g: usize, m: usize, v: usize, rows: i32, bytes: usize, step: usize, l1: f32, l2: f32, decay: f32,
): void {
  const stepSize = v128.load32_splat(o, O_STEP_SIZE);
  const root2 = v128.load32_splat(o, O_ROOT2);
  const eps = f32x4.splat(<f32>load<f64>(o, O_EPS));
  const weight1 = f32x4.splat(<f32>(1 - load<f64>(o, O_BETA1)));
  const beta2 = f32x4.splat(<f32>load<f64>(o, O_BETA2));
  const weight2 = f32x4.splat(<f32>(1 - load<f64>(o, O_BETA2)));
  // lerp's other form, which torch takes for weights of one half and more, keeps the end point exact.
  const wide = 1 - load<f64>(o, O_BETA1) >= 0.5;
  const rest1 = f32x4.splat(<f32>(1 - <f32>(1 - load<f64>(o, O_BETA1))));
  for (; rows > 0; rows--) {
    for (let i: usize = 0; i < bytes; i += 16) {
      const w0 = v128.load(w + i);
      const g0 = penalized(v128.load(g + i), w0, l1, l2, decay);
      const m0 = v128.load(m + i);
      const toward = f32x4.sub(g0, m0);
      const m1 = flush(wide ? f32x4.sub(g0, f32x4.mul(toward, rest1)) : madd(weight1, toward, m0));
      const v1 = flush(madd(f32x4.mul(weight2, g0), g0, f32x4.mul(v128.load(v + i), beta2)));
      const denominator = f32x4.add(f32x4.div(f32x4.sqrt(v1), root2), eps);
      v128.store(m + i, m1);
      v128.store(v + i, v1);
      v128.store(w + i, f32x4.add(w0, f32x4.div(f32x4.mul(stepSize, m1), denominator)));
    }
    w += step;
    g += step;
    m += step;
    v += step;
  }
}

/** torch.optim.SGD; the buffer starts at zero, so that the first step leaves the gradient in it, as torch does. */
function sgd(
  o: usize, w: usize, g: usize, m: usize, rows: i32, bytes: usize, step: usize, l1: f32, l2: f32, decay: f32,
): void {
  const rate = f32x4.splat(<f32>(-load<f64>(o, O_LR)));
  const momentum = <f32>load<f64>(o, O_MOMENTUM);
  const momenta = f32x4.splat(momentum);
  const nesterov = load<i32>(o, O_NESTEROV) != 0;
  for (; rows > 0; rows--) {
    for (let i: usize = 0; i < bytes; i += 16) {
      const w0 = v128.load(w + i);
      let g0 = penalized(v128.load(g + i), w0, l1, l2, decay);
      if (momentum != 0) {
        const buffer = flush(f32x4.add(f32x4.mul(v128.load(m + i), momenta), g0));
        v128.store(m + i, buffer);
        g0 = nesterov ? madd(momenta, buffer, g0) : buffer;
      }
      v128.store(w + i, madd(rate, g0, w0));
    }
    w += step;
    g += step;
    m += step;
  }
}

/** Sums of |w| and w^2 in double precision over `count` values (a multiple of 4; padding is zero). */
export function sumMagnitudes(w: usize, count: i32, out: usize): void {
  let l1 = f64x2.splat(0);
  let l2 = f64x2.splat(0);
  const end = w + (<usize>count << 2);
  for (let at = w; at < end; at += 8) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(at));
    l1 = f64x2.add(l1, f64x2.abs(x));
    l2 = f64x2.add(l2, f64x2.mul(x, x));
  }
  store<f64>(out, f64x2.extract_lane(l1, 0) + f64x2.extract_lane(l1, 1));
  store<f64>(out + 8, f64x2.extract_lane(l2, 0) + f64x2.extract_lane(l2, 1));
}
