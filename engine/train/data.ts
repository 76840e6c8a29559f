// The points of a run, drawn from its generator as the tutorial's script draws them.
import { normalOf, type Generator } from '../random/index.ts';
import type { DataPoints, DataSpec, PointSet } from '../spec/index.ts';

/**
 * `torch.linspace(start, end, steps)` in f32: counted from the start in the first half and from the end in the second,
 * each with one rounding (torch fuses the multiply-add; a product of two f32 is exact in f64).
 * @param steps at least 2.
 */
export function linspace(start: number, end: number, steps: number): Float32Array {
  const [low, high] = [Math.fround(start), Math.fround(end)];
  const step = Math.fround(Math.fround(high - low) / (steps - 1));
  const half = Math.floor(steps / 2);
  return Float32Array.from({ length: steps }, (_, i) => (i < half ? low + step * i : high - step * (steps - i - 1)));
}

/** `slope * x + noise * torch.normal(zeros, ones)`, each operation rounded to f32. */
function noisyLine(generator: Generator, x: Float32Array, slope: number, noise: number): PointSet {
  const normals = normalOf(generator, new Float32Array(x.length), new Float32Array(x.length).fill(1));
  const [slope32, noise32] = [Math.fround(slope), Math.fround(noise)];
  const y = x.map((value, i) => Math.fround(slope32 * value) + Math.fround(noise32 * (normals[i] as number)));
  return { x, y };
}

/**
 * Train targets first, then test targets, both from `generator`, which moves on.
 * @returns x and y f32 [points, 1].
 */
export function drawData(data: DataSpec, generator: Generator): DataPoints {
  switch (data.type) {
    case 'linear_noise': {
      const x = linspace(data.x_min, data.x_max, data.points);
      const train = noisyLine(generator, x, data.slope, data.noise);
      return { train, test: noisyLine(generator, x.slice(), data.slope, data.noise) };
    }
    default:
      return data.type satisfies never;
  }
}
