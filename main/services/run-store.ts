// Where runs are kept, as the run service sees it. Implemented by the project file (main/project); synchronous and durable.
import type {
  Checkpoint,
  DataPoints,
  DeviceInfo,
  Evaluation,
  ExperimentSpec,
  RunStatus,
  StepColumns,
} from '../../engine/spec/index.ts';
import type { StatusChange } from '../../engine/process/protocol.ts';
import type { RunRecord, RunSummary } from '../contract/shapes.ts';

export interface NewRun {
  readonly id: string;
  readonly experimentId: string;
  readonly variant: string;
  readonly seed: number;
  readonly totalSteps: number;
  readonly createdAt: number;
  readonly experiment: ExperimentSpec;
}

/** What one stored batch may hold; applied in one transaction, all or nothing. */
export interface RunBatch {
  readonly runId: string;
  readonly steps: StepColumns | null;
  readonly evaluations: readonly Evaluation[];
  readonly checkpoint: Checkpoint | null;
  readonly change: StatusChange | null;
  readonly computeMs: number;
}

/** Every write throws LabError DISK_FULL, READ_ONLY or FILE_ACCESS and leaves the file as it was. */
export interface RunStore {
  /** Status `queued`; takes the next number. */
  create(run: NewRun): RunSummary;
  started(
    runId: string,
    facts: { readonly device: DeviceInfo; readonly points: DataPoints; readonly totalSteps: number },
  ): void;
  append(batches: readonly RunBatch[]): void;
  setStatus(runId: string, status: RunStatus): void;
  /** Forgets every row after `step`, because the run goes on from there. */
  truncate(runId: string, step: number): void;
  /** The newest checkpoint, or null. */
  checkpoint(runId: string): Checkpoint | null;
  summary(runId: string): RunSummary | null;
  list(): RunSummary[];
  read(runId: string, afterStep: number): RunRecord | null;
  delete(runId: string): void;
}
