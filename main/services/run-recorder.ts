// Between the engine's journal and the project file: gathers what runs produced and stores it in few transactions.
// Nothing is given up: what cannot be stored (a full disk) is kept, unacknowledged, and tried again.
import {
  joinSteps,
  type Checkpoint,
  type DataPoints,
  type DeviceInfo,
  type Evaluation,
  type RunStatus,
  type StepColumns,
} from '../../engine/spec/index.ts';
import type { JournalEntry, StatusChange } from '../../engine/process/protocol.ts';
import { LabError } from '../contract/errors.ts';
import type { Clock } from './ports.ts';
import type { RunBatch, RunStore } from './run-store.ts';

/** From the first unstored entry to the transaction that stores it and all that came meanwhile. */
export const STORE_AFTER_MS = 200;
/** Between two attempts while storing fails. */
export const RETRY_AFTER_MS = 1000;

export interface StartedFacts {
  readonly device: DeviceInfo;
  readonly points: DataPoints;
  readonly totalSteps: number;
}

export interface Unstored {
  readonly steps: StepColumns | null;
  readonly evaluations: readonly Evaluation[];
  readonly points: DataPoints | null;
}

export interface RunRecorder {
  started(runId: string, facts: StartedFacts): void;
  /** @param computeMs computing time of the whole run so far. */
  entry(entry: JournalEntry, computeMs: number): void;
  /** A status that the engine did not report (it died, it refused). */
  status(runId: string, status: RunStatus): void;
  unstored(runId: string): Unstored;
  /** Nothing of the run waits to be stored. */
  isStored(runId: string): boolean;
  /** Stores everything now. @returns why it could not (DISK_FULL, FILE_ACCESS …); all of it is kept and tried again. */
  flush(): LabError | null;
}

export interface RunRecorderPorts {
  readonly store: () => RunStore;
  readonly clock: Clock;
  readonly acknowledge: (runId: string, seq: number) => void;
  readonly stored: (runIds: readonly string[]) => void;
  /** Storing began to fail. Called once until it has worked again. */
  readonly failed: (error: LabError) => void;
}

interface Pending {
  facts: StartedFacts | null;
  steps: StepColumns[];
  evaluations: Evaluation[];
  checkpoint: Checkpoint | null;
  change: StatusChange | null;
  computeMs: number;
  /** Newest journal entry among these; null when there is none. */
  seq: number | null;
  status: RunStatus | null;
}

const nothing = (): Pending => ({
  facts: null,
  steps: [],
  evaluations: [],
  checkpoint: null,
  change: null,
  computeMs: 0,
  seq: null,
  status: null,
});

function asLabError(error: unknown): LabError {
  if (error instanceof LabError) return error;
  return new LabError('INTERNAL', error instanceof Error ? error.message : String(error));
}

export function createRunRecorder(ports: RunRecorderPorts): RunRecorder {
  const pending = new Map<string, Pending>();
  let timer: { cancel(): void } | null = null;
  let failing = false;

  const of = (runId: string): Pending => {
    let one = pending.get(runId);
    if (one === undefined) pending.set(runId, (one = nothing()));
    timer ??= ports.clock.setTimeout(attempt, STORE_AFTER_MS);
    return one;
  };

  function store(): void {
    const runs = ports.store();
    for (const [runId, one] of pending) {
      if (one.facts === null) continue;
      runs.started(runId, one.facts);
      one.facts = null;
    }
    const batches: RunBatch[] = [...pending]
      .filter(([, one]) => one.seq !== null)
      .map(([runId, { steps, evaluations, checkpoint, change, computeMs }]) => ({
        runId,
        steps: joinSteps(steps),
        evaluations,
        checkpoint,
        change,
        computeMs,
      }));
    if (batches.length > 0) runs.append(batches);
    // Rows that are stored must not be stored again when a status after them fails.
    for (const [runId, { seq, status }] of [...pending]) {
      pending.set(runId, { ...nothing(), status });
      if (seq !== null) ports.acknowledge(runId, seq);
    }
    const stored: string[] = [];
    for (const [runId, { status }] of [...pending]) {
      if (status !== null) runs.setStatus(runId, status);
      pending.delete(runId);
      stored.push(runId);
    }
    ports.stored(stored);
  }

  function attempt(): LabError | null {
    timer?.cancel();
    timer = null;
    if (pending.size === 0) return null;
    try {
      store();
      failing = false;
      return null;
    } catch (error) {
      timer = ports.clock.setTimeout(attempt, RETRY_AFTER_MS);
      const failure = asLabError(error);
      if (!failing) ports.failed(failure);
      failing = true;
      return failure;
    }
  }

  return {
    started(runId, facts) {
      of(runId).facts = facts;
    },
    entry(entry, computeMs) {
      const one = of(entry.runId);
      if (entry.steps !== null) one.steps.push(entry.steps);
      one.evaluations.push(...entry.evaluations);
      one.checkpoint = entry.checkpoint ?? one.checkpoint;
      one.change = entry.change ?? one.change;
      one.computeMs = computeMs;
      one.seq = entry.seq;
    },
    status(runId, status) {
      of(runId).status = status;
    },
    unstored(runId) {
      const one = pending.get(runId) ?? nothing();
      return { steps: joinSteps(one.steps), evaluations: one.evaluations, points: one.facts?.points ?? null };
    },
    isStored: (runId) => !pending.has(runId),
    flush: attempt,
  };
}
