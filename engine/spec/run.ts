// What a training run reports: the one vocabulary between engine, project file, command line and charts.
import type { Shape } from './data.ts';
import type { Fit } from './fit.ts';

export const RUN_STATUSES = ['queued', 'running', 'paused', 'done', 'stopped', 'failed', 'interrupted'] as const;
/**
 * `done`: all steps taken, or ended by early stopping. `stopped`: ended by the person, resumable. `failed`: diverged (see
 * RunFailure). `interrupted`: the engine, the app or the machine died; resumable from the last checkpoint.
 */
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Statuses in which the engine still works on the run. */
export const LIVE_STATUSES: ReadonlySet<RunStatus> = new Set(['queued', 'running', 'paused']);

/**
 * Recorded at every step s (1 … steps): the objective that update s descends, before it, in training mode, part by part,
 * and the learning rate of the update.
 */
export const STEP_METRICS = ['train_loss', 'penalty_l1', 'penalty_l2', 'lr'] as const;
export type StepMetric = (typeof STEP_METRICS)[number];

/** Columns of consecutive steps; all arrays have the same length. `train_loss` is the data loss without penalties. */
export interface StepColumns {
  readonly step: Int32Array;
  readonly train_loss: Float64Array;
  readonly penalty_l1: Float64Array;
  readonly penalty_l2: Float64Array;
  readonly lr: Float64Array;
}

export const SPLITS = ['train', 'validation', 'test'] as const;
/** Which examples a number is from. They never overlap; only train is learned from, only validation is chosen by. */
export type Split = (typeof SPLITS)[number];

export const SCORES = ['loss', 'accuracy', 'top5', 'mae', 'r2'] as const;
export type Score = (typeof SCORES)[number];

/**
 * A split's scores in evaluation mode. `loss`: data loss per the recipe, without penalties. Of classes: `accuracy` and `top5`
 * (right class among the five best; null below six classes), shares from 0 to 1. Of numbers: `mae` and `r2` (null where the
 * targets do not vary).
 */
export type Scores = { readonly [S in Score]: S extends 'loss' ? number : number | null };

/** One trained array (`fc1.weight`) at an evaluation. */
export interface ParameterStatistics {
  readonly name: string;
  /** Euclidean. */
  readonly norm: number;
  /** Euclidean, of the gradient that the last update used (penalties in the loss included, before clipping); null at step 0. */
  readonly gradientNorm: number | null;
  /** Share of exact zeros. */
  readonly zeros: number;
}

/** Recorded at step 0, every `evaluate_every` and the last: after `step` updates, in evaluation mode. */
export interface Evaluation {
  readonly step: number;
  readonly train: Scores;
  readonly validation: Scores | null;
  readonly test: Scores | null;
  /** What the model answers over one or two features (`fitSides`); null for other data. */
  readonly fit: Fit | null;
  /** Counts of the test split (validation where there is no test), i32 [true class][predicted class]; null without classes. */
  readonly confusion: Int32Array | null;
  /** Classes predicted for the test pictures of the preview, in its order; null where there are none. */
  readonly predicted: Int32Array | null;
  readonly parameters: readonly ParameterStatistics[];
}

/** Names of an evaluation's scores where they stand in one list with others (charts, CSV): `test_loss`, `validation_accuracy`. */
export type EvaluationMetric = `${Split}_${Score}`;
export const EVALUATION_METRICS: readonly EvaluationMetric[] = SPLITS.flatMap((split) =>
  SCORES.map((score) => `${split}_${score}` as const),
);

/** @returns null where the evaluation has no such score. */
export function scoreOf(evaluation: Evaluation, metric: EvaluationMetric): number | null {
  const [split, score] = metric.split('_') as [Split, Score];
  return evaluation[split]?.[score] ?? null;
}

/** Why a run failed: the first non-finite quantity. */
export interface RunFailure {
  readonly code: 'DIVERGED';
  readonly step: number;
  /** `train_loss`, `penalty_l1`, `penalty_l2`, `train_eval_loss`, `validation_loss`, `test_loss`, `output`, `gradient` or `parameter`. */
  readonly quantity: string;
  /** Layer parameter where it was seen (`fc1.weight`), when it belongs to one. */
  readonly parameter: string | null;
  /** Layer whose output or parameter is the first that is not finite, when one is. */
  readonly layer: string | null;
}

/**
 * A change that was made while the run went on: from update `step` + 1 on, the field at `path` (`recipe.optimizer.lr`,
 * `model.layers.dropout1.p`) has `value`. A run is its document and its events; both replayed give the same numbers.
 */
export interface RunEvent {
  readonly step: number;
  readonly path: string;
  readonly value: unknown;
}

/**
 * The whole training state after `step` updates; resuming from it continues bit-equal.
 * `bytes`: versioned container written and read by engine/train/checkpoint.ts (parameters, optimizer state, generator, order).
 */
export interface Checkpoint {
  readonly step: number;
  readonly bytes: Uint8Array;
}

/** x and y of the points, f32 [rows, features] row-major. */
export interface PointSet {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Some pictures of a split: u8 [count, channels, height, width], and their classes, i32 [count]. */
export interface ImageSample {
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
}

/** Pictures of each split that a preview holds at most, the first ones. */
export const PREVIEW_IMAGES = 100;

/** Points of a split that are kept to show at most, and numbers that they may have together. */
export const PREVIEW_POINTS = 3000;
export const PREVIEW_NUMBERS = 500_000;

/** What a run is trained and tested on, as far as it is shown: the points, or some of many points or pictures. */
export type DataPreview =
  | {
      readonly kind: 'points';
      readonly train: PointSet;
      readonly validation: PointSet | null;
      readonly test: PointSet | null;
      /** How many there are in all, when only some are here, taken evenly; absent: these are all. */
      readonly rows?: Readonly<Record<Split, number>>;
    }
  | {
      readonly kind: 'images';
      readonly shape: Shape;
      readonly rows: Readonly<Record<Split, number>>;
      readonly train: ImageSample;
      readonly test: ImageSample | null;
    };

/** Hex SHA-256 over every example of every split: two runs with one digest saw the same data. */
export type DataDigest = string;

/** What actually computed a run. */
export interface DeviceInfo {
  readonly kind: 'cpu';
  readonly simd: 'relaxed' | 'plain';
  readonly threads: number;
}

/** The arithmetic of one update of a small model, array by array in the order of computation. */
export interface StepArithmetic {
  /** The update that was taken apart: 1, 2, … */
  readonly step: number;
  readonly tensors: readonly NamedTensor[];
}
export interface NamedTensor {
  /** `fc1.output`, `dropout1.mask`, `fc1.output.gradient`, `fc1.weight`, `fc1.weight.gradient`, `fc1.weight.updated`, `loss`. */
  readonly name: string;
  /** Batch first for outputs, masks and their gradients. */
  readonly shape: Shape;
  readonly values: Float32Array;
}
