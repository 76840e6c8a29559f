// Plausible points of generated data for the fake lab: the right figures, drawn without the engine and always the same.
import {
  generatedClasses,
  generatedFeatures,
  hasClasses,
  type DataPreview,
  type GeneratedClassesSpec,
  type GeneratedSpec,
  type GeneratedValuesSpec,
  type PointSet,
} from '../../engine/spec/index.ts';

/** A small deterministic generator of N(0,1), so that pictures are the same every time. */
export function normals(seed: number): () => number {
  const uniform = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function uniforms(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
}

const polar = (radius: number, turns: number): readonly number[] => [
  radius * Math.cos(2 * Math.PI * turns),
  radius * Math.sin(2 * Math.PI * turns),
];

/** Where a point of a class lies, `along` its figure from 0 to 1. */
function figure(data: GeneratedClassesSpec, label: number, along: number, across: number): readonly number[] {
  switch (data.type) {
    case 'moons': {
      const [x = 0, y = 0] = polar(1, along / 2);
      return label === 0 ? [x, y] : [1 - x, 0.5 - y];
    }
    case 'circles':
      return polar(label === 0 ? 1 : data.factor, along);
    case 'spirals':
      return polar(0.1 + 0.9 * along, data.turns * along + label / data.arms);
    case 'xor': {
      const x = 2 * along - 1;
      return [x, (label === 0 ? 1 : -1) * Math.sign(x) * across];
    }
    case 'blobs': {
      const [x = 0, y = 0] = polar(0.7, label / data.centers);
      return Array.from({ length: data.features }, (_, i) => (i % 2 === 0 ? x : y));
    }
    default:
      return data satisfies never;
  }
}

function classPoints(data: GeneratedClassesSpec, rows: number, seed: number): PointSet {
  const [uniform, normal] = [uniforms(seed), normals(seed + 1)];
  const spread = data.type === 'blobs' ? data.cluster_std : data.noise;
  const classes = generatedClasses(data);
  const y = Float32Array.from({ length: rows }, (_, i) => i % classes);
  const x = [...y].flatMap((label) => figure(data, label, uniform(), uniform()).map((at) => at + spread * normal()));
  return { x: Float32Array.from(x), y };
}

function curve(data: GeneratedValuesSpec, x: readonly number[]): number {
  const [first = 0] = x;
  switch (data.type) {
    case 'polynomial':
      return data.coefficients.reduce((sum, c, power) => sum + c * first ** power, 0);
    case 'sine':
      return data.amplitude * Math.sin(2 * Math.PI * data.frequency * first + data.phase);
    case 'linear':
      return x.reduce((sum, value, j) => sum + (j < data.informative ? data.coefficient * value : 0), data.intercept);
    default:
      return data satisfies never;
  }
}

function valuePoints(data: GeneratedValuesSpec, rows: number, seed: number): PointSet {
  const [uniform, normal] = [uniforms(seed), normals(seed + 1)];
  const features = generatedFeatures(data);
  const place = (): number => ('x_min' in data ? data.x_min + (data.x_max - data.x_min) * uniform() : normal());
  const x = Array.from({ length: rows }, () => Array.from({ length: features }, place));
  const y = x.map((row) => curve(data, row) + data.noise * normal());
  return { x: Float32Array.from(x.flat()), y: Float32Array.from(y) };
}

export function fakePoints(data: GeneratedSpec): DataPreview {
  const draw = (rows: number, stream: number): PointSet =>
    hasClasses(data) ? classPoints(data, rows, data.seed + stream) : valuePoints(data, rows, data.seed + stream);
  return {
    kind: 'points',
    train: draw(data.train, 1),
    validation: data.validation > 0 ? draw(data.validation, 3) : null,
    test: data.test > 0 ? draw(data.test, 5) : null,
  };
}
