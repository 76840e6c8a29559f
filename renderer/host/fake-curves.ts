// Plausible training for the fake lab: closed-form curves that look like the regression example's, without an engine.
import { fitGrid, type DataPoints, type ExperimentSpec } from '../../engine/spec/index.ts';
import type { RunRecord } from '../../main/contract/shapes.ts';

/** A small deterministic generator of N(0,1), so that pictures are the same every time. */
function normals(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

export function fakePoints({ data, seed }: ExperimentSpec): DataPoints {
  const normal = normals(seed);
  const x = Float32Array.from(
    { length: data.points },
    (_, i) => data.x_min + ((data.x_max - data.x_min) * i) / (data.points - 1),
  );
  const y = () => x.map((v) => data.slope * v + data.noise * normal());
  return { train: { x, y: y() }, test: { x, y: y() } };
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

/** Everything recorded after `afterStep` and up to `step`. */
export function fakeRecord(
  runId: string,
  experiment: ExperimentSpec,
  variant: string,
  afterStep: number,
  step: number,
): RunRecord {
  const points = fakePoints(experiment);
  const { steps: total, evaluate_every: every } = experiment.recipe;
  const its = character(variant);
  const wobble = normals(variant.length * 31 + experiment.seed);
  const progress = (s: number) => s / 500;
  const train = (s: number) => its.trainFloor + 0.4 * Math.exp(-28 * progress(s)) + 0.05 * Math.exp(-5 * progress(s));
  const test = (s: number) =>
    its.testFloor + 0.4 * Math.exp(-28 * progress(s)) + its.testRise * (1 - Math.exp(-2.2 * progress(s)));

  const first = Math.max(1, afterStep + 1);
  const rows = Math.max(0, step - first + 1);
  const column = (of: (s: number) => number) => Float64Array.from({ length: rows }, (_, i) => of(first + i));
  const noise = /dropout|combined/i.test(variant) ? 0.25 : 0.05;

  const due = new Set<number>([0]);
  for (let s = every; s <= total; s += every) due.add(s);
  due.add(total);
  const evaluations = [...due]
    .filter((s) => s > afterStep && s <= step)
    .map((s) => ({ step: s, train_eval_loss: train(s), test_loss: test(s), fit: fakeFit(points, experiment, its, s) }));

  return {
    runId,
    points,
    steps: {
      step: Int32Array.from({ length: rows }, (_, i) => first + i),
      train_loss: column((s) => train(s) * (1 + noise * Math.abs(wobble()))),
      penalty_l1: column(() => 0),
      penalty_l2: column(() => 0),
    },
    evaluations,
  };
}

/** The line, bent towards the points' own noise as training goes on. */
function fakeFit(points: DataPoints, { data }: ExperimentSpec, its: Character, step: number): Float32Array {
  const line = 1 - Math.exp(-step / 12);
  const bend = its.bend * (1 - Math.exp(-step / 110));
  const { x, y } = points.train;
  const residual = Array.from(y, (v, i) => v - data.slope * (x[i] ?? 0));
  return fitGrid(data.x_min, data.x_max).map((at) => {
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
