// Tables of one and two features for the fake lab and the gallery: experiments on them, and made-up answers over their range that go from
// smooth to bent around every point. Never part of the product.
import {
  fitAxes,
  fitInputs,
  fitPlaces,
  type DataPreview,
  type DataSpec,
  type Fit,
  type FitAxis,
  type PointSet,
} from '../../engine/spec/index.ts';

type Table = Extract<DataSpec, { type: 'table' }>;

/** A small deterministic generator of numbers from 0 to 1. */
function uniforms(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
}

/** The features of a row, and what it should give. */
type Draw = (uniform: () => number, row: number) => { readonly x: readonly number[]; readonly y: number };

/** Two interleaved half circles. */
const moon: Draw = (uniform, row) => {
  const angle = Math.PI * uniform();
  const upper = row % 2 === 0;
  const noise = () => 0.55 * (uniform() - 0.5);
  const x = upper ? Math.cos(angle) : 1 - Math.cos(angle);
  const y = upper ? Math.sin(angle) : 0.5 - Math.sin(angle);
  return { x: [x + noise(), y + noise()], y: upper ? 0 : 1 };
};

/** Ten classes around a circle, each a small cloud. */
const blob: Draw = (uniform, row) => {
  const k = row % 10;
  const near = () => 1.7 * (uniform() + uniform() - 1);
  return { x: [4 * Math.cos((k * Math.PI) / 5) + near(), 3 * Math.sin((k * Math.PI) / 5) + near()], y: k };
};

const hill: Draw = (uniform) => {
  const [a, b] = [4 * uniform() - 2, 40 * uniform()];
  return { x: [a, b], y: Math.sin(1.6 * a) * Math.cos(0.12 * b) + 0.5 * (uniform() - 0.5) };
};

const wave: Draw = (uniform) => {
  const a = 12 * uniform();
  return { x: [a], y: Math.sin(a) + 0.8 * (uniform() - 0.5) };
};

function table(draw: Draw, classes: number | null): object {
  const uniform = uniforms(7);
  const rows = (count: number) => Array.from({ length: count }, (_, row) => draw(uniform, row));
  const [train, validation, test] = [rows(70), rows(20), rows(40)];
  const x = (of: ReturnType<typeof rows>) => of.map((row) => row.x);
  const y = (of: ReturnType<typeof rows>) => of.map((row) => [row.y]);
  return {
    type: 'table',
    x: x(train),
    y: y(train),
    validation_x: x(validation),
    validation_y: y(validation),
    test_x: x(test),
    test_y: y(test),
    classes,
  };
}

function experimentOn(name: string, draw: Draw, classes: number | null): object {
  return {
    format: 'overfit-experiment',
    version: 1,
    name,
    seed: 1,
    data: table(draw, classes),
    model: {
      layers: [
        { type: 'Linear', name: 'fc1', out_features: 300 },
        { type: 'ReLU', name: 'relu1' },
        { type: 'Dropout', name: 'dropout1', p: 0 },
        { type: 'Linear', name: 'fc2', out_features: classes ?? 1 },
      ],
    },
    recipe: {
      steps: 500,
      loss: { type: classes === null ? 'MSELoss' : 'CrossEntropyLoss' },
      optimizer: { type: 'Adam', lr: 0.01 },
      evaluate_every: 100,
    },
    variants: [
      { name: 'overfitting', changes: {} },
      { name: 'dropout', changes: { 'model.layers.dropout1.p': 0.5 } },
      { name: 'L1', changes: { 'recipe.regularization.l1': 0.001 } },
      { name: 'L2', changes: { 'recipe.regularization.l2': 0.001 } },
      { name: 'combined', changes: { 'model.layers.dropout1.p': 0.5, 'recipe.regularization.l2': 0.001 } },
    ],
  };
}

/** By name; `waves` has one feature, the others have two. */
export const PLANE_EXPERIMENTS: Readonly<Record<string, object>> = {
  moons: experimentOn('moons', moon, 2),
  blobs: experimentOn('blobs', blob, 10),
  hills: experimentOn('hills', hill, null),
  waves: experimentOn('waves', wave, null),
};

/** The points of a table, as the engine shows them. */
export function tablePoints(data: Table): Extract<DataPreview, { kind: 'points' }> {
  const set = (x: readonly (readonly number[])[], y: readonly (readonly number[])[]): PointSet => ({
    x: Float32Array.from(x.flat()),
    y: Float32Array.from(y.flat()),
  });
  return {
    kind: 'points',
    train: set(data.x, data.y),
    validation: data.validation_x.length > 0 ? set(data.validation_x, data.validation_y) : null,
    test: data.test_x.length > 0 ? set(data.test_x, data.test_y) : null,
  };
}

/** Fits that were made before: the fake lab tells each run's several times. */
const made = new WeakMap<Table, Map<number, Fit | null>>();

/** @returns null where no fit is recorded. @see answersOver */
export function tableFit(data: Table, sharpness: number): Fit | null {
  const known = made.get(data) ?? new Map<number, Fit | null>();
  made.set(data, known);
  const found = known.get(sharpness);
  if (found !== undefined) return found;
  const { train, validation, test } = tablePoints(data);
  const inputs = [train, validation, test].flatMap((x) => x?.x ?? []);
  const axes = fitAxes(data, inputs);
  const fit = axes && answersOver(axes, train, data.classes, sharpness);
  known.set(sharpness, fit);
  return fit;
}

/**
 * Answers of the train points, each weighted by how near it is, with axes of one length.
 * @param sharpness from 0, the mean of all, to 1, every point for itself.
 */
function answersOver(axes: readonly FitAxis[], { x, y }: PointSet, classes: number | null, sharpness: number): Fit {
  const [inputs, places, features] = [fitInputs(axes), fitPlaces(axes), axes.length];
  const width = 0.5 - 0.46 * sharpness;
  const lengths = axes.map(({ low, high }) => (high - low) * width);
  const fit = { axes, values: new Float32Array(places), classes: classes === null ? null : new Uint8Array(places) };
  const shares = new Float64Array(classes ?? 1);
  for (let place = 0; place < places; place++) {
    shares.fill(1e-9 / shares.length);
    let all = 1e-9;
    for (const [row, answer] of y.entries()) {
      let squared = 0;
      for (let f = 0; f < features; f++)
        squared += (((x[row * features + f] ?? 0) - (inputs[place * features + f] ?? 0)) / (lengths[f] ?? 1)) ** 2;
      const near = Math.exp(-squared);
      const k = classes === null ? 0 : answer;
      shares[k] = (shares[k] ?? 0) + near * (classes === null ? answer : 1);
      all += near;
    }
    const most = shares.reduce((best, share, k) => (share > (shares[best] ?? 0) ? k : best), 0);
    if (fit.classes) fit.classes[place] = most;
    fit.values[place] = (shares[most] ?? 0) / all;
  }
  return fit;
}
