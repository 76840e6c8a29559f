// Plausible training for the fake lab: closed-form curves that look like the regression example's, without an engine.
import {
  dataShape,
  emptySteps,
  fitAxes,
  fitInputs,
  hasPixels,
  isGenerated,
  resolveVariant,
  totalSteps,
  type DataPreview,
  type ExperimentSpec,
  type Fit,
  type ImageSample,
  type LinearNoiseSpec,
  type ParameterStatistics,
  type PointSet,
  type Scores,
} from '../../engine/spec/index.ts';
import type { RunRecord } from '../../main/contract/shapes.ts';
import { fakePoints, normals } from './fake-points.ts';
import { tableFit, tablePoints } from './fake-planes.ts';

function linePoints(data: LinearNoiseSpec, seed: number): { train: PointSet; test: PointSet } {
  const normal = normals(seed);
  const x = Float32Array.from(
    { length: data.points },
    (_, i) => data.x_min + ((data.x_max - data.x_min) * i) / (data.points - 1),
  );
  const y = () => x.map((v) => data.slope * v + data.noise * normal());
  return { train: { x, y: y() }, test: { x, y: y() } };
}

/** Stands for any table that was imported. */
const FLAT: LinearNoiseSpec = {
  type: 'linear_noise',
  points: 30,
  x_min: -1,
  x_max: 1,
  slope: 1,
  noise: 0.3,
  validation_points: 0,
};

/** Coloured bands in the place of pictures; the label is the number of bands. */
function fakePictures(count: number): ImageSample {
  const labels = Int32Array.from({ length: count }, (_, i) => (i * 7) % 10);
  const pixels = Uint8Array.from({ length: count * 3072 }, (_, at) => {
    const [picture, plane, pixel] = [Math.floor(at / 3072), Math.floor((at % 3072) / 1024), at % 1024];
    const band = Math.floor(((pixel >> 5) * ((labels[picture] ?? 0) + 1)) / 32);
    return (40 + 60 * plane + band * 47 + (pixel % 32) * 2) % 256;
  });
  return { pixels, labels };
}

const FAKE_PICTURES = 40;
export const pictures = fakePictures(FAKE_PICTURES);

/** Classes predicted with an error that falls to a fifth. */
function fakePredictions(step: number): Int32Array {
  const wrong = Math.max(5, 10 - Math.floor(step / 50));
  return pictures.labels.map((truth, i) => ((i * 3) % 25 < wrong ? (truth + 1 + (i % 3)) % 10 : truth));
}

/** Counts whose diagonal grows. */
const fakeConfusion = (classes: number, step: number): Int32Array =>
  Int32Array.from({ length: classes ** 2 }, (_, at) => {
    const [truth, predicted] = [Math.floor(at / classes), at % classes];
    if (truth === predicted) return 100 + Math.min(70, Math.floor(step / 5));
    return (truth * 5 + predicted * 3) % 7 === 0 ? 24 : (truth + predicted) % 4;
  });

function fakeParameters({ model }: ExperimentSpec, its: Character, step: number): ParameterStatistics[] {
  return model.layers
    .filter((x) => x.type === 'Linear' || x.type === 'Conv2d')
    .map(({ name }, i) => ({
      name: `${name}.weight`,
      norm: 3 + i + its.bend * 4 * (1 - Math.exp(-step / 200)),
      gradientNorm: step === 0 ? null : 0.8 * Math.exp(-step / 150) + 0.02,
      zeros: its.bend > 0.3 && its.bend < 0.5 ? 0.3 * (1 - Math.exp(-step / 300)) : 0,
    }));
}

export function fakePreview({ data, seed }: ExperimentSpec): DataPreview {
  if (data.type === 'linear_noise') return { kind: 'points', validation: null, ...linePoints(data, seed) };
  if (isGenerated(data)) return fakePoints(data);
  if (data.type === 'dataset' && data.pictures === null)
    return { kind: 'points', validation: null, ...linePoints(FLAT, seed) };
  const { input, trainRows, validationRows, testRows } = dataShape(data);
  if (data.type === 'table' && data.shape === null) return tablePoints(data);
  return {
    kind: 'images',
    shape: input,
    rows: { train: trainRows ?? 50_000, validation: validationRows, test: testRows ?? 10_000 },
    train: pictures,
    test: testRows === 0 ? null : pictures,
  };
}

interface Character {
  /** How far the fit bends towards each point at the end, 0 … 1. */
  readonly bend: number;
  readonly trainFloor: number;
  readonly testFloor: number;
  readonly testRise: number;
}

function character(variant: string): Character {
  if (/dropout/i.test(variant)) return { bend: 0.2, trainFloor: 0.09, testFloor: 0.112, testRise: 0.004 };
  if (/L1/i.test(variant)) return { bend: 0.38, trainFloor: 0.062, testFloor: 0.121, testRise: 0.01 };
  if (/L2/i.test(variant)) return { bend: 0.3, trainFloor: 0.075, testFloor: 0.118, testRise: 0.008 };
  if (/combined/i.test(variant)) return { bend: 0.08, trainFloor: 0.104, testFloor: 0.11, testRise: 0 };
  return { bend: 0.97, trainFloor: 0.0006, testFloor: 0.125, testRise: 0.09 };
}

/** Updates of the whole run, as if files had what CIFAR-10's have. */
export function fakeTotal(experiment: ExperimentSpec, variant: string): number {
  const { data, recipe } = resolveVariant(experiment, variant);
  return totalSteps(recipe, dataShape(data).trainRows ?? 50_000) ?? 0;
}

/** Everything recorded after `afterStep` and up to `step`. */
export function fakeRecord(
  runId: string,
  experiment: ExperimentSpec,
  variant: string,
  afterStep: number,
  step: number,
): RunRecord {
  const { data } = experiment;
  const { evaluate_every: every, optimizer, regularization } = resolveVariant(experiment, variant).recipe;
  const total = fakeTotal(experiment, variant);
  const { target, validationRows, testRows } = dataShape(data);
  const its = character(variant);
  const wobble = normals(variant.length * 31 + experiment.seed);
  const progress = (s: number) => s / 500;
  const train = (s: number) => its.trainFloor + 0.4 * Math.exp(-28 * progress(s)) + 0.05 * Math.exp(-5 * progress(s));
  const test = (s: number) =>
    its.testFloor + 0.4 * Math.exp(-28 * progress(s)) + its.testRise * (1 - Math.exp(-2.2 * progress(s)));
  const scores = (loss: number): Scores =>
    target.kind === 'classes'
      ? { loss, accuracy: 1 / (1 + loss), top5: 1, mae: null, r2: null }
      : { loss, accuracy: null, top5: null, mae: Math.sqrt(loss), r2: 1 - loss };

  const first = Math.max(1, afterStep + 1);
  const steps = emptySteps(Math.max(0, step - first + 1));
  const noise = /dropout|combined/i.test(variant) ? 0.25 : 0.05;
  for (const i of steps.step.keys()) {
    steps.step[i] = first + i;
    steps.train_loss[i] = train(first + i) * (1 + noise * Math.abs(wobble()));
    steps.penalty_l1[i] = regularization.l1 * 40;
    steps.lr[i] = optimizer.lr;
  }

  const due = new Set<number>([0]);
  for (let s = every; s <= total; s += every) due.add(s);
  due.add(total);
  const evaluations = [...due]
    .filter((s) => s > afterStep && s <= step)
    .map((s) => ({
      step: s,
      train: scores(train(s)),
      validation: validationRows > 0 ? scores(test(s)) : null,
      test: testRows === 0 ? null : scores(test(s)),
      fit: fakeFit(experiment, its, s),
      confusion: target.kind === 'classes' ? fakeConfusion(target.classes, s) : null,
      predicted: hasPixels(data) && testRows !== 0 ? fakePredictions(s) : null,
      parameters: fakeParameters(experiment, its, s),
    }));
  return { runId, rewinds: 0, data: fakePreview(experiment), steps, evaluations, events: [] };
}

function fakeFit({ data, seed }: ExperimentSpec, its: Character, step: number): Fit | null {
  if (data.type === 'table') return tableFit(data, (0.2 + 0.8 * its.bend) * (1 - Math.exp(-step / 110)));
  const axes = data.type === 'linear_noise' ? fitAxes(data, []) : null;
  if (!axes || data.type !== 'linear_noise') return null;
  return { axes, values: bentLine(data, seed, fitInputs(axes), its, step), classes: null };
}

/** The line, bent towards the points' own noise as training goes on. */
function bentLine(data: LinearNoiseSpec, seed: number, grid: Float32Array, its: Character, step: number): Float32Array {
  const line = 1 - Math.exp(-step / 12);
  const bend = its.bend * (1 - Math.exp(-step / 110));
  const { x, y } = linePoints(data, seed).train;
  const residual = Array.from(y, (v, i) => v - data.slope * (x[i] ?? 0));
  return grid.map((at) => {
    const position = Math.min(
      Math.max(((at - data.x_min) / (data.x_max - data.x_min)) * (x.length - 1), 0),
      x.length - 1,
    );
    const i = Math.min(Math.floor(position), x.length - 2);
    const t = position - i;
    const smooth = t * t * (3 - 2 * t);
    return line * data.slope * at + bend * ((residual[i] ?? 0) * (1 - smooth) + (residual[i + 1] ?? 0) * smooth);
  });
}
