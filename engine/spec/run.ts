// What a training run reports: the one vocabulary between engine, project file, command line and charts.

export const RUN_STATUSES = ['queued', 'running', 'paused', 'done', 'stopped', 'failed', 'interrupted'] as const;
/**
 * `done`: all steps taken. `stopped`: ended by the person, resumable. `failed`: diverged (see RunFailure).
 * `interrupted`: the engine, the app or the machine died; resumable from the last checkpoint.
 */
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Statuses in which the engine still works on the run. */
export const LIVE_STATUSES: ReadonlySet<RunStatus> = new Set(['queued', 'running', 'paused']);

/** Recorded at every step s (1 … steps): the objective that update s descends, before it, in training mode. */
export const STEP_METRICS = ['train_loss', 'penalty_l1', 'penalty_l2'] as const;
/** Recorded at evaluations (step 0, every `evaluate_every`, the last): after s updates, in eval mode, data loss only. */
export const EVALUATION_METRICS = ['train_eval_loss', 'test_loss'] as const;
export const METRICS = [...STEP_METRICS, ...EVALUATION_METRICS] as const;
export type StepMetric = (typeof STEP_METRICS)[number];
export type EvaluationMetric = (typeof EVALUATION_METRICS)[number];
export type MetricName = (typeof METRICS)[number];

/** Columns of consecutive steps; all arrays have the same length. `train_loss` is the data loss without penalties. */
export interface StepColumns {
  readonly step: Int32Array;
  readonly train_loss: Float64Array;
  readonly penalty_l1: Float64Array;
  readonly penalty_l2: Float64Array;
}

export interface Evaluation {
  readonly step: number;
  readonly train_eval_loss: number;
  readonly test_loss: number;
  /** Model output over the fit grid (`fitGrid`), f32 [FIT_GRID_POINTS]; null when the input is not one-dimensional. */
  readonly fit: Float32Array | null;
}

/** Points of the grid on which 1-D fits are drawn, evenly over the data's x range widened by 5 % on both sides. */
export const FIT_GRID_POINTS = 201;

export function fitGrid(xMin: number, xMax: number): Float32Array {
  const margin = (xMax - xMin) * 0.05;
  const [low, high] = [xMin - margin, xMax + margin];
  return Float32Array.from({ length: FIT_GRID_POINTS }, (_, i) => low + ((high - low) * i) / (FIT_GRID_POINTS - 1));
}

/** Why a run failed: the first non-finite quantity. */
export interface RunFailure {
  readonly code: 'DIVERGED';
  readonly step: number;
  /** `train_loss`, `penalty_l1`, `penalty_l2`, `train_eval_loss`, `test_loss`, `gradient` or `parameter`. */
  readonly quantity: string;
  /** Layer parameter where it was seen (`fc1.weight`), when it belongs to one. */
  readonly parameter: string | null;
}

/**
 * The whole training state after `step` updates; resuming from it continues bit-equal.
 * `bytes`: versioned container written and read by engine/train/checkpoint.ts (parameters, optimizer state, generator).
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
export interface DataPoints {
  readonly train: PointSet;
  readonly test: PointSet;
}

/** What actually computed a run. */
export interface DeviceInfo {
  readonly kind: 'cpu';
  readonly simd: 'relaxed' | 'plain';
  readonly threads: number;
}
