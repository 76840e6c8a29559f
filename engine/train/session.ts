// The engine's one entry: a description goes in, a session that can be advanced step by step comes out. Host-free.
import type {
  Checkpoint,
  DataPoints,
  DeviceInfo,
  Evaluation,
  ExperimentSpec,
  RunFailure,
  StepColumns,
} from '../spec/index.ts';

/** Starts the helper threads that share the session's memory; given by the host, because only hosts can start threads. */
export interface ThreadLauncher {
  /**
   * @param module compiled kernels, to be instantiated by each helper over `memory`.
   * @param memory shared; a helper runs the exported `helperLoop(threadIndex)` until told to leave.
   * @param count helpers to start (threads - 1).
   * @returns once every helper is inside its loop; `release` waits until all have left it.
   */
  launch(module: WebAssembly.Module, memory: WebAssembly.Memory, count: number): Promise<{ release(): Promise<void> }>;
}

export interface SessionOptions {
  readonly experiment: ExperimentSpec;
  /** Name of the variant to train. */
  readonly variant: string;
  readonly seed: number;
  /** Threads that share each step, 1 … 64. Results are bit-equal for every value. */
  readonly threads: number;
  /** Needed when threads > 1. */
  readonly launcher?: ThreadLauncher;
  /** State to continue from; it must come from the same experiment, variant and seed. */
  readonly resume?: Checkpoint;
}

/** What one call of `advance` did. */
export interface Advance {
  /** One row per step taken; null when none was. */
  readonly steps: StepColumns | null;
  /** Evaluations that fell due, in order; a fresh session's first advance starts with step 0's. */
  readonly evaluations: readonly Evaluation[];
  /** Set when a quantity became NaN or infinite; the rows before it are valid, the session is over. */
  readonly failure: RunFailure | null;
  /** True when the last step has been taken (and evaluated). */
  readonly done: boolean;
}

export interface TrainingSession {
  readonly device: DeviceInfo;
  readonly points: DataPoints;
  readonly totalSteps: number;
  readonly parameterCount: number;
  /** Updates taken so far. */
  readonly step: number;
  /**
   * Takes up to `maxSteps` updates in one call into the kernels per evaluation interval.
   * @throws nothing for diverging numbers (see `failure`).
   */
  advance(maxSteps: number): Advance;
  checkpoint(): Checkpoint;
  /** Copies of the trained values by torch's names (`fc1.weight` f32 [out, in], `fc1.bias` f32 [out]). */
  parameters(): ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
  /** Ends the helper threads and frees the memory. */
  dispose(): Promise<void>;
}
