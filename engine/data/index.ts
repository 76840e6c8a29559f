// Provisional, until the data folder lands.
import { linspace, normalOf, type Generator } from '../random/index.ts';
import type { DataPreview, DataSpec, PointSet, Shape, Split, TargetShape } from '../spec/index.ts';
import { dataShape } from '../spec/index.ts';

export interface Examples {
  readonly rows: number;
  readonly x: Float32Array | Uint8Array;
  readonly y: Float32Array | Int32Array;
}
export interface DataSet {
  readonly input: Shape;
  readonly target: TargetShape;
  readonly normalization: { readonly mean: readonly number[]; readonly std: readonly number[] } | null;
  readonly splits: Readonly<Record<Split, Examples | null>>;
}
function noisyLine(generator: Generator, x: Float32Array, slope: number, noise: number): PointSet {
  const normals = normalOf(generator, new Float32Array(x.length), new Float32Array(x.length).fill(1));
  const [slope32, noise32] = [Math.fround(slope), Math.fround(noise)];
  const y = x.map((value, i) => Math.fround(slope32 * value) + Math.fround(noise32 * (normals[i] as number)));
  return { x, y };
}
export async function loadData(data: DataSpec, generator: Generator): Promise<DataSet> {
  const { input, target } = dataShape(data);
  const base = { input, target, normalization: null };
  switch (data.type) {
    case 'linear_noise': {
      const x = linspace(data.x_min, data.x_max, data.points);
      const train = noisyLine(generator, x, data.slope, data.noise);
      const test = noisyLine(generator, x.slice(), data.slope, data.noise);
      return { ...base, splits: { train: { rows: x.length, ...train }, validation: null, test: { rows: x.length, ...test } } };
    }
    case 'table': {
      const part = (x: readonly (readonly number[])[], y: readonly (readonly number[])[]): Examples | null =>
        x.length === 0
          ? null
          : {
              rows: x.length,
              x: Float32Array.from(x.flat()),
              y: data.classes === null ? Float32Array.from(y.flat()) : Int32Array.from(y.flat()),
            };
      return {
        ...base,
        splits: {
          train: part(data.x, data.y),
          validation: part(data.validation_x, data.validation_y),
          test: part(data.test_x, data.test_y),
        },
      };
    }
    case 'shapes32':
    case 'cifar10': {
      const count = data.train ?? 100;
      const pixels = (rows: number): Examples | null => rows === 0 ? null : ({ rows, x: Uint8Array.from({ length: rows * 3072 }, () => Math.random() * 256), y: Int32Array.from({ length: rows }, () => Math.random() * 10) });
      return { ...base, normalization: { mean: data.mean, std: data.std }, splits: { train: pixels(count), validation: pixels(data.validation), test: pixels(data.test ?? 10) } };
    }
    default:
      return data satisfies never;
  }
}
export function previewOf(set: DataSet): DataPreview {
  const points = (x: Examples | null): PointSet | null => x && { x: x.x as Float32Array, y: x.y as Float32Array };
  return { kind: 'points', train: points(set.splits.train) as PointSet, validation: points(set.splits.validation), test: points(set.splits.test) };
}
export const digestOf = async (_: DataSet): Promise<string> => '';
export const pixelTable = (mean: readonly number[], std: readonly number[]): Float32Array =>
  Float32Array.from({ length: 768 }, (_, i) => Math.fround((Math.fround(Math.fround((i % 256) / 255) - Math.fround(mean[i >> 8] as number))) / Math.fround(std[i >> 8] as number)));

export const sizesOf = ({ splits }: DataSet): { readonly rows: Record<Split, number> } => ({
  rows: { train: splits.train?.rows ?? 0, validation: splits.validation?.rows ?? 0, test: splits.test?.rows ?? 0 },
});

/** Rows of the train data as all the data there is. */
export function batchOf(set: DataSet, rows: Int32Array): DataSet {
  const train = set.splits.train as Examples;
  const pick = <T extends Float32Array | Uint8Array | Int32Array>(values: T): T => {
    const width = values.length / train.rows;
    const out = new (values.constructor as new (length: number) => T)(rows.length * width);
    for (const [i, row] of rows.entries()) out.set(values.subarray(row * width, (row + 1) * width), i * width);
    return out;
  };
  const examples = { rows: rows.length, x: pick(train.x), y: pick(train.y) };
  return { ...set, splits: { train: examples, validation: null, test: null } };
}
