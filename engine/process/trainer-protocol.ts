// What passes between the engine server and one of its trainers. Inside the process: typed, not validated again.
import type { DeviceInfo, ExperimentSpec } from '../spec/index.ts';
import type { Ask, EngineCommand, EngineEvent, StartCommand } from './protocol.ts';

/** A start command whose document has been parsed. */
export interface TrainerStart extends Omit<StartCommand, 'experiment'> {
  readonly experiment: ExperimentSpec;
  /** Updates to take at once when it starts paused (single steps asked for while it waited in the queue). */
  readonly pendingSteps: number;
  /** Asked for while it waited in the queue. */
  readonly asks: readonly Ask[];
  /** Number of the first journal entry (entries before it were written while the run waited in the queue). */
  readonly firstSeq: number;
  /** Highest entry number that has been acknowledged so far. */
  readonly acknowledged: number;
}

export type TrainerCommand = TrainerStart | Exclude<EngineCommand, { type: 'start' | 'shutdown' }>;

export type TrainerEvent =
  | Exclude<EngineEvent, { type: 'ready' }>
  /** Kernels are compiled; a start will be fast. */
  | { readonly type: 'warm'; readonly simd: DeviceInfo['simd'] }
  /** The run is over and its memory is free; the trainer can take another. */
  | { readonly type: 'idle' };
