// What passes between the engine server and one of its trainers. Inside the process: typed, not validated again.
import type { DeviceInfo, ExperimentSpec } from '../spec/index.ts';
import type { EngineCommand, EngineEvent } from './protocol.ts';

type StartCommand = Extract<EngineCommand, { type: 'start' }>;

/** A start command whose document has been parsed. */
export interface TrainerStart extends Omit<StartCommand, 'experiment'> {
  readonly experiment: ExperimentSpec;
  /** Updates to take at once when it starts paused (single steps asked for while it waited in the queue). */
  readonly pendingSteps: number;
  /** Number of the first journal entry (entries before it were written while the run waited in the queue). */
  readonly firstSeq: number;
  /** Highest entry number that has been acknowledged so far. */
  readonly acknowledged: number;
}

export type TrainerCommand = TrainerStart | Extract<EngineCommand, { type: 'control' | 'pace' | 'acknowledge' }>;

export type TrainerEvent =
  | Exclude<EngineEvent, { type: 'ready' }>
  /** Kernels are compiled; a start will be fast. */
  | { readonly type: 'warm'; readonly simd: DeviceInfo['simd'] }
  /** The run is over and its memory is free; the trainer can take another. */
  | { readonly type: 'idle' };
