// The engine's one entry: a description goes in, a session that can be advanced step by step comes out. Host-free.
import type { FileSource } from '../data/index.ts';
import type {
  Checkpoint,
  DataDigest,
  DataPreview,
  DeviceInfo,
  Evaluation,
  ExperimentSpec,
  RunEvent,
  RunFailure,
  Split,
  StepArithmetic,
  StepColumns,
} from '../spec/index.ts';

export type { FileSource, NamedBytes } from '../data/index.ts';

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

/** Trained values and running statistics by torch's names (`fc1.weight` f32 [out, in], `bn1.running_mean` f32 [channels]). */
export type NamedArrays = ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;

export interface SessionOptions {
  readonly experiment: ExperimentSpec;
  /** Name of the variant to train. */
  readonly variant: string;
  readonly seed: number;
  /** Threads that share each step, 1 … 64. Results are bit-equal for every value. */
  readonly threads: number;
  /** Needed when threads > 1. */
  readonly launcher?: ThreadLauncher;
  /** Needed for data that lies in files. */
  readonly files?: FileSource;
  /** State to continue from; it must come from the same experiment, variant and seed. */
  readonly resume?: Checkpoint;
  /** Changes to be made again when their step is reached (those before a resumed checkpoint are in it already). */
  readonly events?: readonly RunEvent[];
  /** Starts from these values instead of drawn ones (the draws are made all the same, so that masks stay in place). */
  readonly weights?: NamedArrays;
}

/** What one call of `advance` did. */
export interface Advance {
  /** One row per step taken; null when none was. */
  readonly steps: StepColumns | null;
  /** Evaluations that fell due, in order; a fresh session's first advance starts with step 0's. */
  readonly evaluations: readonly Evaluation[];
  /** Set when a quantity became NaN or infinite; the rows before it are valid, the session is over. */
  readonly failure: RunFailure | null;
  /** True when the last step has been taken (and evaluated), or early stopping has ended the run. */
  readonly done: boolean;
}

/** The best validation score so far; null without validation data. */
export interface BestStep {
  readonly step: number;
  readonly loss: number;
  /** State at that step; null when the run was continued after it (it has been stored then). */
  readonly checkpoint: Checkpoint | null;
}

export interface TrainingSession {
  readonly device: DeviceInfo;
  readonly data: DataPreview;
  readonly dataDigest: DataDigest;
  readonly totalSteps: number;
  readonly parameterCount: number;
  /** Updates taken so far. */
  readonly step: number;
  readonly best: BestStep | null;
  /**
   * Takes up to `maxSteps` updates, many in one call into the kernels.
   * @throws nothing for diverging numbers (see `failure`).
   */
  advance(maxSteps: number): Advance;
  /**
   * Changes a field of the recipe, or a dropout probability or penalty of a layer, from the next update on.
   * @throws DocumentError when the document would be wrong with it; EngineError BAD_OPTION when the field cannot change
   * during a run (the data, the layers, the loss). The session is as before then.
   */
  change(path: string, value: unknown): RunEvent;
  /**
   * Undoes up to `steps` updates: the state is bit-equal to the one before them. Changes made at the step it goes back to,
   * or later, are undone too, and are not made again.
   * @returns the step it is at now; how far back it can go is limited by what is kept (at least 100 updates).
   */
  stepBack(steps: number): number;
  /**
   * Evaluates the present step, as an advance that takes no step: with no evaluation when it has been evaluated already. It
   * counts for nothing that is decided by evaluations (schedule, early stopping, best step), so the steps to come stay the same.
   */
  evaluate(): Advance;
  checkpoint(): Checkpoint;
  /** Copies of the trained values and running statistics. */
  parameters(): NamedArrays;
  /** Model output in evaluation mode, f32 [rows, targets] row-major; null where the split has no examples. */
  outputs(split: Split): Float32Array | null;
  /**
   * Takes the next update apart without taking it.
   * @throws EngineError BAD_OPTION when the model is too large to be looked at.
   */
  inspect(): StepArithmetic;
  /** Ends the helper threads and frees the memory. */
  dispose(): Promise<void>;
}
