// Data of two features for the fake lab and the gallery: experiments on them, and made-up answers over their plane that go from
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

type Draw = (uniform: () => number, row: number) => readonly [number, number, number];

/** Two interleaved half circles. */
const moon: Draw = (uniform, row) => {
  const angle = Math.PI * uniform();
  const upper = row % 2 === 0;
  const noise = () => 0.55 * (uniform() - 0.5);
  const x = upper ? Math.cos(angle) : 1 - Math.cos(angle);
  const y = upper ? Math.sin(angle) : 0.5 - Math.sin(angle);
  return [x + noise(), y + noise(), upper ? 0 : 1];
};

/** Ten classes around a circle, each a small cloud. */
const blob: Draw = (uniform, row) => {
  const k = row % 10;
  const near = () => 1.7 * (uniform() + uniform() - 1);
  return [4 * Math.cos((k * Math.PI) / 5) + near(), 3 * Math.sin((k * Math.PI) / 5) + near(), k];
};

const hill: Draw = (uniform) => {
  const [x, y] = [4 * uniform() - 2, 40 * uniform()];
  return [x, y, Math.sin(1.6 * x) * Math.cos(0.12 * y) + 0.5 * (uniform() - 0.5)];
};

function table(draw: Draw, classes: number | null): object {
  const uniform = uniforms(7);
  const rows = (count: number) => Array.from({ length: count }, (_, row) => draw(uniform, row));
  const [train, validation, test] = [rows(70), rows(20), rows(40)];
  const x = (of: ReturnType<typeof rows>) => of.map(([a, b]) => [a, b]);
  const y = (of: ReturnType<typeof rows>) => of.map(([, , answer]) => [answer]);
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

/** Experiments on two features, by name. */
export const PLANE_EXPERIMENTS: Readonly<Record<string, object>> = {
  moons: experimentOn('moons', moon, 2),
  blobs: experimentOn('blobs', blob, 10),
  hills: experimentOn('hills', hill, null),
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

/** How near each train point is to a place, from 0 to 1, with axes of one length. */
function nearness(data: Table, axes: readonly FitAxis[], place: Float32Array, width: number): readonly number[] {
  return data.x.map((row) => {
    const squared = axes.reduce(
      (sum, { low, high }, f) => sum + (((row[f] as number) - (place[f] as number)) / (high - low)) ** 2,
      0,
    );
    return Math.exp(-squared / width ** 2);
  });
}

/**
 * Answers of the train points, each weighted by how near it is.
 * @param sharpness from 0, the mean of all, to 1, every point for itself.
 * @returns null where no fit is recorded.
 */
export function tableFit(data: Table, sharpness: number): Fit | null {
  const { train, validation, test } = tablePoints(data);
  const axes = fitAxes(
    data,
    [train, validation, test].flatMap((x) => x?.x ?? []),
  );
  if (!axes) return null;
  const [inputs, places] = [fitInputs(axes), fitPlaces(axes)];
  const width = 0.5 - 0.46 * sharpness;
  const values = new Float32Array(places);
  const classes = data.classes === null ? null : new Uint8Array(places);
  for (let place = 0; place < places; place++) {
    const at = inputs.subarray(place * axes.length, (place + 1) * axes.length);
    const near = nearness(data, axes, at, width);
    const all = near.reduce((sum, x) => sum + x, 1e-9);
    if (!classes || data.classes === null) {
      values[place] = near.reduce((sum, x, i) => sum + x * (data.y[i]?.[0] ?? 0), 0) / all;
      continue;
    }
    const shares = new Array<number>(data.classes).fill(1e-9 / data.classes);
    for (const [i, x] of near.entries()) {
      const k = data.y[i]?.[0] ?? 0;
      shares[k] = (shares[k] as number) + x;
    }
    const most = Math.max(...shares);
    classes[place] = shares.indexOf(most);
    values[place] = most / all;
  }
  return { axes, values, classes };
}
