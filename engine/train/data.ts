// The points of a run, drawn from its generator as the tutorial's script draws them.
import { linspace, normalOf, type Generator } from '../random/index.ts';
import type { DataPoints, DataSpec, PointSet } from '../spec/index.ts';

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
