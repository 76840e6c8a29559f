// Generated data whose targets are classes: figures in the plane, and clouds about centers.
import { randint, randn, uniform, type Generator } from '../../random/index.ts';
import {
  generatedClasses,
  generatedFeatures,
  type GeneratedClassesSpec,
  type GeneratedOf,
  type Split,
} from '../../spec/index.ts';
import type { DrawnExamples, DrawnSplits } from './drawn-examples.ts';
import { drawLabels, drawSome } from './shares.ts';
import type { Streams } from './streams.ts';

const f = Math.fround;

/** Where a point without noise lies, in f64. @param u uniforms in [0, 1) of this point. */
type Place = (label: number, u: Float32Array) => readonly number[];
type PlaneSpec = Exclude<GeneratedClassesSpec, GeneratedOf<'blobs'>>;

const polar = (radius: number, angle: number): readonly [number, number] => [
  radius * Math.cos(angle),
  radius * Math.sin(angle),
];
const [INNERMOST, INNER_GAP] = [0.1, 0.1];
const from = (low: number, share: number): number => low + (1 - low) * share;

function placeOf(data: PlaneSpec): Place {
  switch (data.type) {
    case 'moons':
      return (label, u) => {
        const [x, y] = polar(1, Math.PI * (u[0] as number));
        return label === 0 ? [x, y] : [1 - x, 0.5 - y];
      };
    case 'circles':
      return (label, u) => polar(label === 0 ? 1 : data.factor, 2 * Math.PI * (u[0] as number));
    case 'spirals':
      return (label, u) => {
        const along = u[0] as number;
        return polar(from(INNERMOST, along), 2 * Math.PI * (data.turns * along + label / data.arms));
      };
    case 'xor':
      return (label, u) => {
        const sign = (u[2] as number) < 0.5 ? -1 : 1;
        const [x, y] = [from(INNER_GAP, u[0] as number), from(INNER_GAP, u[1] as number)];
        return [sign * x, label === 0 ? sign * y : -sign * y];
      };
    default:
      return data satisfies never;
  }
}

/** Uniforms that every point takes, whatever it needs of them. */
const UNIFORMS = 3;
/** Of so many uniform places, a center gets the one farthest from those before it. */
const CANDIDATES = 20;

const distance = (a: Float32Array, b: Float32Array): number => Math.hypot(...a.map((x, i) => x - (b[i] as number)));

/** Centers of the clouds, f32 [features] each, in [-1, 1]; a further center moves none of those before it. */
export function drawCenters({ centers, features }: GeneratedOf<'blobs'>, common: Generator): readonly Float32Array[] {
  const found: Float32Array[] = [];
  for (let k = 0; k < centers; k++) {
    const candidates = Array.from({ length: CANDIDATES }, () => uniform(common, new Float32Array(features), -1, 1));
    const room = candidates.map((x) => Math.min(...found.map((other) => distance(x, other)), Infinity));
    found.push(candidates[room.indexOf(Math.max(...room))] as Float32Array);
  }
  return found;
}

/**
 * One split: labels; then places, rounded to f32; then the noise, x ← x + noise·N(0,1), product and sum rounded to f32; then, of
 * train labels, the wrong ones. Everything is drawn whatever its size is, so that another noise moves the same points.
 */
function split(data: GeneratedClassesSpec, of: Split, generator: Generator, place: Place): DrawnExamples | null {
  const rows = data[of];
  if (rows === 0) return null;
  const [classes, features] = [generatedClasses(data), generatedFeatures(data)];
  const weights = data.balance ?? Array.from({ length: classes }, () => 1);
  const y = drawLabels(generator, rows, weights);
  const uniforms = uniform(generator, new Float32Array(rows * UNIFORMS));
  const x = new Float32Array(rows * features);
  for (const [i, label] of y.entries())
    x.set(place(label, uniforms.subarray(i * UNIFORMS, (i + 1) * UNIFORMS)), i * features);
  const noise = f(data.type === 'blobs' ? data.cluster_std : data.noise);
  const normals = randn(generator, x.length);
  for (const [at, value] of x.entries()) x[at] = value + f(noise * (normals[at] as number));
  if (of === 'train') {
    const wrong = drawSome(generator, rows, data.label_noise);
    const other = randint(generator, 1, classes, rows);
    for (const i of wrong) y[i] = ((y[i] as number) + (other[i] as number)) % classes;
  }
  return { rows, x, y };
}

export function drawClasses(data: GeneratedClassesSpec, streams: Streams): DrawnSplits {
  const centers = data.type === 'blobs' ? drawCenters(data, streams.common) : [];
  const place: Place = data.type === 'blobs' ? (label) => [...(centers[label] as Float32Array)] : placeOf(data);
  const draw = (of: Split): DrawnExamples | null => split(data, of, streams[of], place);
  return { train: draw('train'), validation: draw('validation'), test: draw('test') };
}
