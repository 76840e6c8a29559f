// What crosses the engine process's boundary: commands in, events out. Structured-clone data only; validated on arrival.
import * as v from 'valibot';
import type {
  Checkpoint,
  DataDigest,
  DataPreview,
  DeviceInfo,
  Evaluation,
  Problem,
  RunEvent,
  RunFailure,
  RunStatus,
  StepArithmetic,
  StepColumns,
} from '../spec/index.ts';

const runId = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const count = () => v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Steps per second at most; null is full speed. */
const Pace = v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0.1)));
/** Told apart by the sender; the answer carries it back. */
const askId = count();

export const EngineCommand = v.variant('type', [
  v.strictObject({
    type: v.literal('start'),
    runId,
    /** Parsed again by the engine with `parseExperiment`. */
    experiment: v.unknown(),
    variant: v.string(),
    seed: v.number(),
    threads: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
    pace: Pace,
    /** Begin in state `paused` (for stepping from the start). */
    paused: v.boolean(),
    resume: v.nullable(v.strictObject({ step: v.number(), bytes: v.instance<new () => Uint8Array>(Uint8Array) })),
    /** Changes to be made again when their step is reached. */
    events: v.array(v.strictObject({ step: count(), path: v.string(), value: v.unknown() })),
    /**
     * Absolute path of what the document only names: a folder or an archive, or the container of a stored data set; hosts give
     * it, never a window.
     */
    files: v.nullable(v.string()),
    /** Values to start from instead of drawn ones. */
    weights: v.nullable(
      v.array(
        v.strictObject({
          name: v.string(),
          shape: v.array(count()),
          values: v.instance<new () => Float32Array>(Float32Array),
        }),
      ),
    ),
  }),
  v.strictObject({ type: v.literal('control'), runId, action: v.picklist(['pause', 'resume', 'step', 'stop']) }),
  v.strictObject({ type: v.literal('pace'), runId, stepsPerSecond: Pace }),
  /** The receiver has stored journal entries up to `seq`. The engine holds back when too many are open. */
  v.strictObject({ type: v.literal('acknowledge'), runId, seq: v.number() }),

  // The three that are answered, always: by `answer` with the same id.
  /** Changes a field from the next update on. */
  v.strictObject({ type: v.literal('change'), id: askId, runId, path: v.string(), value: v.unknown() }),
  /** Undoes updates and pauses the run. */
  v.strictObject({ type: v.literal('stepBack'), id: askId, runId, steps: v.pipe(count(), v.minValue(1)) }),
  /** Takes the next update apart without taking it. */
  v.strictObject({ type: v.literal('inspect'), id: askId, runId }),

  v.strictObject({ type: v.literal('shutdown') }),
]);
export type EngineCommand = v.InferOutput<typeof EngineCommand>;
export type StartCommand = Extract<EngineCommand, { type: 'start' }>;
export type ControlAction = 'pause' | 'resume' | 'step' | 'stop';
/** A command that waits for its answer. */
export type Ask = Extract<EngineCommand, { type: 'change' | 'stepBack' | 'inspect' }>;

export type Answer =
  /** Recorded in the journal before this is said. */
  | { readonly type: 'changed'; readonly event: RunEvent }
  /** `step`: where the run is now, paused. */
  | { readonly type: 'steppedBack'; readonly step: number }
  | { readonly type: 'inspected'; readonly arithmetic: StepArithmetic }
  /** Nothing has changed. `code`: INVALID_DOCUMENT (with problems), an EngineErrorCode, or RUN_OVER. */
  | {
      readonly type: 'refused';
      readonly code: string;
      readonly message: string;
      readonly problems: readonly Problem[];
    };

export interface StatusChange {
  readonly status: Exclude<RunStatus, 'interrupted'>;
  readonly step: number;
  readonly failure: RunFailure | null;
}

/** One numbered, lossless piece of a run's record; at most 20 a second per run. */
export interface JournalEntry {
  readonly type: 'journal';
  readonly runId: string;
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  /**
   * The run went back to this step: rows and checkpoints after it, and changes made at it or later, are void in everything
   * that was said before. What this entry holds itself comes after that. null: it did not go back.
   */
  readonly voidAfter: number | null;
  readonly steps: StepColumns | null;
  readonly evaluations: readonly Evaluation[];
  readonly events: readonly RunEvent[];
  readonly checkpoint: Checkpoint | null;
  /** Where the best validation score so far was; null while there is none. */
  readonly bestStep: number | null;
  /** The state at a best step; only the newest is worth keeping. null: no newer one than was said. */
  readonly bestCheckpoint: Checkpoint | null;
  readonly change: StatusChange | null;
  /** Time spent computing so far (without pauses and pacing). */
  readonly computeMs: number;
}

export type EngineEvent =
  | { readonly type: 'ready'; readonly simd: DeviceInfo['simd']; readonly cores: number }
  | {
      readonly type: 'started';
      readonly runId: string;
      readonly device: DeviceInfo;
      readonly data: DataPreview;
      readonly dataDigest: DataDigest;
      readonly totalSteps: number;
      readonly parameterCount: number;
    }
  | JournalEntry
  | { readonly type: 'answer'; readonly runId: string; readonly id: number; readonly answer: Answer }
  /** The run could not start (document refused, data missing, out of memory, bad checkpoint), or its thread died. */
  | {
      readonly type: 'rejected';
      readonly runId: string;
      readonly code: string;
      readonly message: string;
      readonly problems: readonly Problem[];
    };
