// Handlers for tests of the contract: each method does what the test says, and refuses when it says nothing.
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import { parseExperiment } from '../../engine/spec/index.ts';
import { LabError } from '../../main/contract/errors.ts';
import { methods, type Handlers } from '../../main/contract/methods.ts';
import { dataset } from '../project/datasets.ts';
import type {
  AppInfo,
  ImportPreview,
  OtherProject,
  RunProgress,
  RunRecord,
  Settings,
} from '../../main/contract/shapes.ts';

export function sampleHandlers(given: Partial<Handlers>): Handlers {
  const refuse = () => Promise.reject(new LabError('FORBIDDEN', 'not part of this test'));
  const all = Object.fromEntries(Object.keys(methods).map((name) => [name, refuse])) as unknown as Handlers;
  return { ...all, ...given };
}

export const appInfo: AppInfo = {
  version: '0.0.0',
  host: 'browser',
  hostReason: null,
  fileDialogs: 'in-page',
  platform: 'test',
};

export const settings: Settings = { locale: 'system', theme: 'system', pace: null, threads: 1 };

export const progress = (runId: string, step: number): RunProgress => ({
  runId,
  rewinds: 0,
  step,
  steps: {
    step: Int32Array.of(step),
    train_loss: Float64Array.of(1 / step),
    penalty_l1: Float64Array.of(0),
    penalty_l2: Float64Array.of(0),
    lr: Float64Array.of(0.01),
  },
  evaluations: [],
  events: [],
});

const scores = (loss: number) => ({ loss, accuracy: 0.5, top5: 1, mae: null, r2: null });

/** A record with `rows` steps: 36 bytes each. */
export const record = (rows: number): RunRecord => ({
  runId: 'r1',
  rewinds: 2,
  steps: {
    step: Int32Array.from({ length: rows }, (_, i) => i + 1),
    train_loss: Float64Array.from({ length: rows }, (_, i) => (i === 7 ? Number.NaN : Math.sin(i))),
    penalty_l1: Float64Array.from({ length: rows }, (_, i) => (i === 8 ? -Infinity : -i / 3)),
    penalty_l2: new Float64Array(rows),
    lr: new Float64Array(rows).fill(0.01),
  },
  evaluations: [
    {
      step: 0,
      train: scores(1),
      validation: null,
      test: scores(Number.POSITIVE_INFINITY),
      fit: {
        axes: [{ low: -1, high: 0.5, points: 2 }],
        values: Float32Array.of(1.5, -0),
        classes: Uint8Array.of(1, 0),
      },
      confusion: Int32Array.of(1, 2, 3, 4),
      predicted: Int32Array.of(-1),
      parameters: [{ name: 'fc1.weight', norm: 1.5, gradientNorm: null, zeros: 0 }],
    },
  ],
  events: [{ step: 3, path: 'recipe.regularization.l1', value: 0.5 }],
  data: {
    kind: 'images',
    shape: [1, 1, 2],
    rows: { train: 3, validation: 0, test: 0 },
    train: { pixels: Uint8Array.of(0, 255), labels: Int32Array.of(7) },
    test: null,
  },
});

/** Another project's file, one of whose runs can be taken from, too. */
export const other: OtherProject = {
  name: '花',
  location: '/home/a/花.overfit',
  newer: true,
  damage: ['runs: 1 rows were left out'],
  sources: [
    { kind: 'experiment', id: 'e', name: 'flowers' },
    { kind: 'runs', id: 'run-3', name: 'flowers', numbers: [3, 4], createdAt: 1.5e12 },
  ],
  source: 'e',
  document: parseExperiment(regression),
  datasets: [dataset.entry],
};

/** A file that was looked at, with something wrong in it, and pictures. */
export const preview: ImportPreview = {
  source: 'digits',
  format: 'pictures',
  sizeBytes: 2 ** 40,
  rows: null,
  approximate: false,
  delimiter: null,
  header: null,
  decimal: null,
  columns: [],
  first: [['', '1,5']],
  pictures: {
    shape: [1, 1, 2],
    classes: ['zero', '一'],
    sample: { pixels: Uint8Array.of(1, 2), labels: Int32Array.of(1) },
  },
  problems: [
    {
      code: 'SIZE_DIFFERS',
      message: 'm',
      file: 'a/b.png',
      row: 2,
      column: null,
      params: { expected: 28, received: '30' },
    },
  ],
};
