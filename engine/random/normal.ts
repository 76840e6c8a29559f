// Normal draws: torch's normal_, randn and torch.normal in f32.
import { requireCount } from './arguments.ts';
import { boxMullerBlock } from './box-muller.ts';
import { fmaf } from './float32.ts';
import type { Generator } from './generator.ts';

const BLOCK = 16;

/** One standard normal in f64; makes a pair, hands out the cosine and keeps the sine. */
function single(generator: Generator): number {
  const waiting = generator.takeCachedNormal();
  if (waiting !== null) return waiting;
  const u1 = generator.uniform53();
  const u2 = generator.uniform53();
  const radius = Math.sqrt(-2 * Math.log1p(-u2));
  const theta = 2 * Math.PI * u1;
  generator.keepCachedNormal(radius * Math.sin(theta));
  return radius * Math.cos(theta);
}

function fillUniform(generator: Generator, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = generator.uniform24();
}

function toNormal(block: Float32Array, mean: number, std: number): void {
  boxMullerBlock(block);
  for (let i = 0; i < BLOCK; i++) block[i] = fmaf(block[i] as number, std, mean);
}

/**
 * `Tensor.normal_(mean, std)` in f32, n elements.
 *
 * n < 16: one at a time in f64. A pair takes u1 and u2 (53 bits each, u1 first); r = sqrt(-2·log1p(-u2)); the element gets
 * r·cos(2π·u1)·std + mean, rounded to f32 at the end; r·sin(2π·u1) waits in the generator for the next single draw, whichever
 * call makes it.
 *
 * n ≥ 16: u[i] = (random() & 0xffffff)·2^-24 for all n in order; then each whole block of 16 from the front becomes normals
 * (`boxMullerBlock`), z ← fma(z, f32(std), f32(mean)). When n is no multiple of 16, the last 16 elements are drawn again (16
 * draws more) and become normals as one block, over what stood there. The waiting value is neither used nor changed.
 * @param out filled in order.
 * @throws RangeError when `mean` is not finite or `std` is negative or not finite.
 */
export function normal(generator: Generator, out: Float32Array, mean = 0, std = 1): Float32Array {
  if (!Number.isFinite(mean)) throw new RangeError(`mean must be finite, but is ${mean}`);
  if (!(std >= 0 && std < Infinity)) throw new RangeError(`std must be finite and at least 0, but is ${std}`);
  if (out.length < BLOCK) {
    for (let i = 0; i < out.length; i++) out[i] = single(generator) * std + mean;
    return out;
  }
  const [mean32, std32] = [Math.fround(mean), Math.fround(std)];
  fillUniform(generator, out);
  for (let start = 0; start + BLOCK <= out.length; start += BLOCK)
    toNormal(out.subarray(start, start + BLOCK), mean32, std32);
  if (out.length % BLOCK !== 0) {
    const last = out.subarray(out.length - BLOCK);
    fillUniform(generator, last);
    toNormal(last, mean32, std32);
  }
  return out;
}

/**
 * `torch.randn([size])`, f32.
 * @throws RangeError naming `size`.
 */
export const randn = (generator: Generator, size: number): Float32Array =>
  normal(generator, new Float32Array(requireCount('size', size)));

/**
 * `torch.normal(mean, std)` with tensors, f32: standard normals, times std, plus mean, each rounded.
 * @param mean f32 [n]; `std` f32 [n], each ≥ 0.
 * @throws RangeError when the lengths differ or a std is negative.
 */
export function normalOf(generator: Generator, mean: Float32Array, std: Float32Array): Float32Array {
  if (mean.length !== std.length)
    throw new RangeError(`std must have mean's length ${mean.length}, but has ${std.length}`);
  const negative = std.findIndex((x) => !(x >= 0));
  if (negative >= 0) throw new RangeError(`std must be at least 0, but std[${negative}] is ${std[negative]}`);
  const out = randn(generator, mean.length);
  for (let i = 0; i < out.length; i++)
    out[i] = Math.fround((out[i] as number) * (std[i] as number)) + (mean[i] as number);
  return out;
}
