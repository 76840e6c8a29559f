// Sample project files: a document, and rows as the engine reports them. For tests and for the programs that they start.
import { readFileSync } from 'node:fs';
import { EXAMPLES } from '../../assets/examples/index.ts';
import {
  fitAxes,
  FIT_GRID_POINTS,
  parseExperiment,
  type DataPreview,
  type Evaluation,
  type ExperimentSpec,
  type Fit,
  type Scores,
  type StepColumns,
} from '../../engine/spec/index.ts';
import { nodeProjectDisk } from '../../main/node/project-disk.ts';
import { createProject } from '../../main/project/open.ts';
import type { ProjectFile } from '../../main/project/project-file.ts';
import type { RunBatch } from '../../main/services/run-store.ts';

export const disk = nodeProjectDisk;
export const document = parseExperiment(EXAMPLES.regression);

const ramp = (length: number, scale: number) => Float32Array.from({ length }, (_, i) => (i + 1) * scale);

export function points(scale = 1): Extract<DataPreview, { kind: 'points' }> {
  return {
    kind: 'points',
    train: { x: ramp(20, scale), y: ramp(20, scale * 2) },
    validation: null,
    test: { x: ramp(20, scale), y: ramp(20, scale * 3) },
  };
}

/** Two train pictures and one test picture of many. */
export const pictures: DataPreview = {
  kind: 'images',
  shape: [3, 32, 32],
  rows: { train: 5000, validation: 0, test: 1000 },
  train: { pixels: Uint8Array.from({ length: 2 * 3072 }, (_, i) => i % 251), labels: Int32Array.of(3, 9) },
  test: { pixels: new Uint8Array(3072).fill(7), labels: Int32Array.of(0) },
};

/** Steps first … last, with values that tell the step. */
export function steps(first: number, last: number): StepColumns {
  const step = Int32Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return {
    step,
    train_loss: Float64Array.from(step, (s) => 1 / s),
    penalty_l1: Float64Array.from(step, (s) => s / 1000),
    penalty_l2: Float64Array.from(step, (s) => s * 1e-6),
    lr: Float64Array.from(step, (s) => 0.01 / s),
  };
}

/** Of the document's data. */
const fit: Fit = { axes: fitAxes(document.data, []) ?? [], values: ramp(FIT_GRID_POINTS, 0.01), classes: null };

export const scores = (loss: number): Scores => ({ loss, accuracy: null, top5: null, mae: loss / 2, r2: 1 - loss });

export const evaluation = (step: number): Evaluation => ({
  step,
  train: scores(0.5 / (step + 1)),
  validation: null,
  test: scores(0.75 / (step + 1)),
  fit,
  confusion: null,
  predicted: null,
  parameters: [
    { name: 'fc1.weight', norm: 1 + step, gradientNorm: step === 0 ? null : 0.5, zeros: 0 },
    { name: 'fc1.bias', norm: 2, gradientNorm: null, zeros: 0.25 },
  ],
});

/** Of classes, with validation data. */
export const classified = (step: number): Evaluation => {
  const of = (loss: number): Scores => ({ loss, accuracy: 1 / (1 + loss), top5: 1, mae: null, r2: null });
  return {
    step,
    train: of(1 / (step + 1)),
    validation: of(2 / (step + 1)),
    test: of(3 / (step + 1)),
    fit: null,
    confusion: Int32Array.from({ length: 100 }, (_, i) => i + step),
    predicted: Int32Array.of(step % 10),
    parameters: [],
  };
};

export const checkpoint = (step: number, sizeBytes = 1000) => ({
  step,
  bytes: new Uint8Array(sizeBytes).fill(step % 251),
});

export const batch = (runId: string, content: Partial<RunBatch>): RunBatch => ({
  runId,
  voidAfter: null,
  steps: null,
  evaluations: [],
  events: [],
  checkpoint: null,
  bestStep: null,
  bestCheckpoint: null,
  change: null,
  computeMs: 1,
  rewinds: 0,
  ...content,
});

export function createSample(path: string): ProjectFile {
  return createProject(disk, path, {
    experiments: [{ id: 'experiment-1', document }],
    meta: {},
    now: 1_700_000_000_000,
  });
}

export function createRun(project: ProjectFile, id: string, experiment: ExperimentSpec = document): void {
  project.runs.create({
    id,
    experimentId: 'experiment-1',
    pressId: 'press-1',
    variant: 'dropout',
    seed: 1,
    totalSteps: 500,
    createdAt: 1_700_000_000_000,
    experiment,
    weights: null,
  });
  project.runs.started(id, {
    device: { kind: 'cpu', simd: 'relaxed', threads: 1 },
    data: points(),
    dataDigest: '0123456789abcdef'.repeat(4),
    totalSteps: 500,
  });
}

/** A project with one finished run of 500 steps and one that is stopped at step 120. */
export function fillSample(project: ProjectFile): void {
  createRun(project, 'run-a');
  const { runs } = project;
  runs.append([batch('run-a', { evaluations: [evaluation(0)], change: change('running', 0) })]);
  for (let from = 1; from <= 500; from += 100)
    runs.append([
      batch('run-a', {
        steps: steps(from, from + 99),
        evaluations: Array.from({ length: 10 }, (_, i) => evaluation(from + 9 + i * 10)),
        checkpoint: checkpoint(from + 99),
        change: from === 401 ? change('done', 500) : null,
      }),
    ]);
  createRun(project, 'run-b');
  runs.append([batch('run-b', { steps: steps(1, 120), checkpoint: checkpoint(100), change: change('stopped', 120) })]);
}

export const change = (status: 'running' | 'paused' | 'done' | 'stopped', step: number) => ({
  status,
  step,
  failure: null,
});

export const contentsOf = (path: string): string => readFileSync(path).toString('base64');
