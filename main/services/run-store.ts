// Where runs are kept, as the run service sees it. Implemented by the project file (main/project); synchronous and durable.
import type {
  Checkpoint,
  DataDigest,
  DataPreview,
  DeviceInfo,
  Evaluation,
  ExperimentSpec,
  RunEvent,
  RunStatus,
  StepColumns,
} from '../../engine/spec/index.ts';
import type { StatusChange } from '../../engine/process/protocol.ts';
import type { RunRecord, RunSummary } from '../contract/shapes.ts';

export interface NewRun {
  readonly id: string;
  readonly experimentId: string;
  readonly pressId: string;
  readonly variant: string;
  readonly seed: number;
  /** null: only known once the data is read. */
  readonly totalSteps: number | null;
  readonly createdAt: number;
  readonly experiment: ExperimentSpec;
  readonly weights: RunSummary['weights'];
}

/** What is known of a run once it has started. */
export interface StartedFacts {
  readonly device: DeviceInfo;
  readonly data: DataPreview;
  readonly dataDigest: DataDigest;
  readonly totalSteps: number;
}

/** What one stored batch may hold; applied in one transaction, all or nothing. */
export interface RunBatch {
  readonly runId: string;
  /** The run went back: first every row and checkpoint after this step goes, and every change made at it or later. */
  readonly voidAfter: number | null;
  readonly steps: StepColumns | null;
  readonly evaluations: readonly Evaluation[];
  readonly events: readonly RunEvent[];
  readonly checkpoint: Checkpoint | null;
  /** null: nothing new. */
  readonly bestStep: number | null;
  readonly bestCheckpoint: Checkpoint | null;
  readonly change: StatusChange | null;
  readonly computeMs: number;
  /** How often the run has gone back by then. */
  readonly rewinds: number;
}

/** `latest`: to go on from. `best`: with the best validation score. */
export type CheckpointKind = 'latest' | 'best';

/** Every write throws LabError DISK_FULL, READ_ONLY or FILE_ACCESS and leaves the file as it was. */
export interface RunStore {
  /** Status `queued`; takes the next number. */
  create(run: NewRun): RunSummary;
  started(runId: string, facts: StartedFacts): void;
  append(batches: readonly RunBatch[]): void;
  setStatus(runId: string, status: RunStatus): void;
  /** Forgets every row after `step`, because the run goes on from there. Changes stay: they are made again in their turn. */
  truncate(runId: string, step: number): void;
  /** The newest one of its kind, or null. */
  checkpoint(runId: string, kind?: CheckpointKind): Checkpoint | null;
  /** Every change, in order. */
  events(runId: string): RunEvent[];
  summary(runId: string): RunSummary | null;
  list(): RunSummary[];
  read(runId: string, afterStep: number): RunRecord | null;
  delete(runId: string): void;
}
