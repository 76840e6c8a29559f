// Generated data whose targets are numbers: curves over one x, and linear data of many inputs.
import { randint, randn, uniform, type Generator } from '../../random/index.ts';
import type { GeneratedOf, GeneratedValuesSpec, Split } from '../../spec/index.ts';
import type { DrawnExamples, DrawnSplits } from './drawn-examples.ts';
import { drawSome } from './shares.ts';
import type { Streams } from './streams.ts';

const f = Math.fround;

type CurveSpec = GeneratedOf<'polynomial' | 'sine'>;

/** y of a curve without noise, in f64. */
export function curveAt(data: CurveSpec, x: number): number {
  switch (data.type) {
    case 'polynomial':
      return data.coefficients.reduceRight((sum, c) => sum * x + c, 0);
    case 'sine':
      return data.amplitude * Math.sin(2 * Math.PI * data.frequency * x + data.phase);
    default:
      return data satisfies never;
  }
}

/**
 * The true weights, f32 [features]: the first `informative` are +coefficient or -coefficient, the others 0. Every feature draws
 * its sign, so that another `informative` changes no sign.
 */
export function trueWeights(
  { features, informative, coefficient }: GeneratedOf<'linear'>,
  common: Generator,
): Float32Array {
  const signs = randint(common, 0, 2, features);
  return Float32Array.from(signs, (sign, j) => (j < informative ? (sign === 1 ? coefficient : -coefficient) : 0));
}

/**
 * Normals with corr(xᵢ, xⱼ) = ρ^|i-j| and variance 1, by x₀ = z₀, xⱼ = ρ·xⱼ₋₁ + √(1-ρ²)·zⱼ; products and sums rounded to f32.
 * @returns f32 [rows, features].
 */
function correlatedNormals(
  generator: Generator,
  rows: number,
  { features, correlation }: GeneratedOf<'linear'>,
): Float32Array {
  const x = randn(generator, rows * features);
  const [rho, rest] = [f(correlation), f(Math.sqrt(1 - correlation * correlation))];
  for (let at = 0; at < x.length; at++)
    if (at % features > 0) x[at] = f(rho * (x[at - 1] as number)) + f(rest * (x[at] as number));
  return x;
}

/** Inputs, and targets without noise rounded to f32. */
function clean(
  data: GeneratedValuesSpec,
  rows: number,
  generator: Generator,
  weights: Float32Array,
): { readonly x: Float32Array; readonly y: Float32Array } {
  if (data.type !== 'linear') {
    const x = uniform(generator, new Float32Array(rows), data.x_min, data.x_max);
    return { x, y: x.map((at) => curveAt(data, at)) };
  }
  const x = correlatedNormals(generator, rows, data);
  const y = Float32Array.from({ length: rows }, (_, i) => {
    const inputs = x.subarray(i * data.features, (i + 1) * data.features);
    return inputs.reduce((sum, value, j) => sum + value * (weights[j] as number), data.intercept);
  });
  return { x, y };
}

/**
 * One split: x; then the noise, y ← y + noise·N(0,1), product and sum rounded to f32; then, of train targets, the outliers,
 * y ± outlier_size. Everything is drawn whatever its size is, so that another noise moves the same points.
 */
function split(
  data: GeneratedValuesSpec,
  of: Split,
  generator: Generator,
  weights: Float32Array,
): DrawnExamples | null {
  const rows = data[of];
  if (rows === 0) return null;
  const { x, y } = clean(data, rows, generator, weights);
  const [noise, normals] = [f(data.noise), randn(generator, rows)];
  for (const [i, value] of y.entries()) y[i] = value + f(noise * (normals[i] as number));
  if (of === 'train') {
    const moved = drawSome(generator, rows, data.outliers);
    const signs = randint(generator, 0, 2, rows);
    for (const i of moved) y[i] = (y[i] as number) + f(signs[i] === 1 ? data.outlier_size : -data.outlier_size);
  }
  return { rows, x, y };
}

export function drawValues(data: GeneratedValuesSpec, streams: Streams): DrawnSplits {
  const weights = data.type === 'linear' ? trueWeights(data, streams.common) : new Float32Array();
  const draw = (of: Split): DrawnExamples | null => split(data, of, streams[of], weights);
  return { train: draw('train'), validation: draw('validation'), test: draw('test') };
}
