// What crosses the engine process's boundary: commands in, events out. Structured-clone data only; validated on arrival.
import * as v from 'valibot';
import type {
  Checkpoint,
  DataPoints,
  DeviceInfo,
  Evaluation,
  Problem,
  RunFailure,
  RunStatus,
  StepColumns,
} from '../spec/index.ts';

const runId = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
/** Steps per second at most; null is full speed. */
const Pace = v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0.1)));

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
  }),
  v.strictObject({ type: v.literal('control'), runId, action: v.picklist(['pause', 'resume', 'step', 'stop']) }),
  v.strictObject({ type: v.literal('pace'), runId, stepsPerSecond: Pace }),
  /** The receiver has stored journal entries up to `seq`. The engine holds back when too many are open. */
  v.strictObject({ type: v.literal('acknowledge'), runId, seq: v.number() }),
  v.strictObject({ type: v.literal('shutdown') }),
]);
export type EngineCommand = v.InferOutput<typeof EngineCommand>;
export type ControlAction = 'pause' | 'resume' | 'step' | 'stop';

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
  readonly steps: StepColumns | null;
  readonly evaluations: readonly Evaluation[];
  readonly checkpoint: Checkpoint | null;
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
      readonly points: DataPoints;
      readonly totalSteps: number;
      readonly parameterCount: number;
    }
  | JournalEntry
  /** The run could not start (document refused, out of memory, bad checkpoint). */
  | {
      readonly type: 'rejected';
      readonly runId: string;
      readonly code: string;
      readonly message: string;
      readonly problems: readonly Problem[];
    };
