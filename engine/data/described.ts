// Data that the document holds or describes by itself: the tutorial's noisy line, and tables.
import { linspace, normalOf, type Generator } from '../random/index.ts';
import type { LinearNoiseSpec, TableSpec } from '../spec/index.ts';
import type { Examples, Splits } from './data-set.ts';

/** `slope * x + noise * torch.normal(zeros, ones)`, each operation rounded to f32. x and y f32 [points, 1]. */
function noisyLine(generator: Generator, { x_min, x_max, slope, noise }: LinearNoiseSpec, points: number): Examples {
  const x = linspace(x_min, x_max, points);
  const normals = normalOf(generator, new Float32Array(points), new Float32Array(points).fill(1));
  const [slope32, noise32] = [Math.fround(slope), Math.fround(noise)];
  const y = x.map((value, i) => Math.fround(slope32 * value) + Math.fround(noise32 * (normals[i] as number)));
  return { rows: points, x, y };
}

/** Train targets first, then test, then validation targets, all from the run's generator, which moves on. */
export function drawLines(data: LinearNoiseSpec, generator: Generator): Splits {
  const train = noisyLine(generator, data, data.points);
  const test = noisyLine(generator, data, data.points);
  const validation = data.validation_points > 0 ? noisyLine(generator, data, data.validation_points) : null;
  return { train, validation, test };
}

type Rows = readonly (readonly number[])[];

function examplesOf(x: Rows, y: Rows, { classes }: TableSpec): Examples {
  return {
    rows: x.length,
    x: Float32Array.from(x.flat()),
    y: classes === null ? Float32Array.from(y.flat()) : Int32Array.from(y.flat()),
  };
}

/** The written-out examples, rounded to f32; draws nothing. */
export function tableExamples(data: TableSpec): Splits {
  const { x, y, validation_x, validation_y, test_x, test_y } = data;
  return {
    train: examplesOf(x, y, data),
    validation: validation_x.length > 0 ? examplesOf(validation_x, validation_y, data) : null,
    test: test_x.length > 0 ? examplesOf(test_x, test_y, data) : null,
  };
}
