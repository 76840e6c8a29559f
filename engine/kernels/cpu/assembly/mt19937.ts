// torch's generator in the arena: the twister's state, one word at a time and several at once.
import { C_GENERATOR, G_INDEX } from './layout';

export const WORDS = 624;
const SHIFT = 397;
export const LOW_21_BITS = 0x1fffff;

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

/** The next word. */
export function draw(mt: usize): u32 {
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
export function temperFour(x: v128): v128 {
  let y = v128.xor(x, i32x4.shr_u(x, 11));
  y = v128.xor(y, v128.and(i32x4.shl(y, 7), i32x4.splat(0x9d2c5680)));
  y = v128.xor(y, v128.and(i32x4.shl(y, 15), i32x4.splat(0xefc60000)));
  return v128.xor(y, i32x4.shr_u(y, 18));
}

/** f32 in [0, 1) with 24 random bits. */
export function uniform24(mt: usize): f32 {
  return <f32>(draw(mt) & 0xffffff) * <f32>(1.0 / 16777216);
}

/** f64 in [0, 1) with 53 random bits: two words, the first one high. */
export function uniform53(mt: usize): f64 {
  const high = <f64>(draw(mt) & LOW_21_BITS);
  return (high * 4294967296 + <f64>draw(mt)) * (1.0 / 9007199254740992);
}

/** `count` uniforms in [0, 1), f32, in order. */
export function fillUniform(mt: usize, out: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<f32>(out + (<usize>i << 2), uniform24(mt));
}

export function generatorState(): usize {
  return load<usize>(C_GENERATOR);
}
