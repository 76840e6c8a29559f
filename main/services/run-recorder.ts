// Between the engine's journal and the project file: gathers what runs produced and stores it in few transactions.
// Nothing is given up: what cannot be stored (a full disk) is kept, unacknowledged, and tried again.
import {
  joinSteps,
  stepsUpTo,
  type Checkpoint,
  type DataPreview,
  type Evaluation,
  type RunEvent,
  type RunStatus,
  type StepColumns,
} from '../../engine/spec/index.ts';
import type { JournalEntry, StatusChange } from '../../engine/process/protocol.ts';
import { LabError } from '../contract/errors.ts';
import type { Clock } from './ports.ts';
import type { RunBatch, RunStore, StartedFacts } from './run-store.ts';

/** From the first unstored entry to the transaction that stores it and all that came meanwhile. */
export const STORE_AFTER_MS = 200;
/** Between two attempts while storing fails. */
export const RETRY_AFTER_MS = 1000;

/** What was heard of a run and is not stored yet. */
export interface Unstored {
  /** What is stored after this step is void, and changes at it or later. */
  readonly voidAfter: number | null;
  readonly steps: StepColumns | null;
  readonly evaluations: readonly Evaluation[];
  readonly events: readonly RunEvent[];
  readonly data: DataPreview | null;
}

export interface RunRecorder {
  started(runId: string, facts: StartedFacts): void;
  /** @param facts of the whole run so far: computing time, how often it went back. */
  entry(entry: JournalEntry, facts: Pick<RunBatch, 'computeMs' | 'rewinds'>): void;
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
  voidAfter: number | null;
  steps: StepColumns[];
  evaluations: Evaluation[];
  events: RunEvent[];
  checkpoint: Checkpoint | null;
  bestStep: number | null;
  bestCheckpoint: Checkpoint | null;
  change: StatusChange | null;
  computeMs: number;
  rewinds: number;
  /** Newest journal entry among these; null when there is none. */
  seq: number | null;
  status: RunStatus | null;
}

const nothing = (): Pending => ({
  facts: null,
  voidAfter: null,
  steps: [],
  evaluations: [],
  events: [],
  checkpoint: null,
  bestStep: null,
  bestCheckpoint: null,
  change: null,
  computeMs: 0,
  rewinds: 0,
  seq: null,
  status: null,
});

function asLabError(error: unknown): LabError {
  if (error instanceof LabError) return error;
  return new LabError('INTERNAL', error instanceof Error ? error.message : String(error));
}

const upTo = (checkpoint: Checkpoint | null, step: number): Checkpoint | null =>
  checkpoint !== null && checkpoint.step > step ? null : checkpoint;

/** The run went back: what waits of the time after `step` is never stored. */
function rewind(one: Pending, step: number): void {
  one.voidAfter = Math.min(one.voidAfter ?? step, step);
  one.steps = one.steps.map((x) => stepsUpTo(x, step));
  one.evaluations = one.evaluations.filter((x) => x.step <= step);
  one.events = one.events.filter((x) => x.step < step);
  one.checkpoint = upTo(one.checkpoint, step);
  one.bestCheckpoint = upTo(one.bestCheckpoint, step);
  if (one.bestStep !== null && one.bestStep > step) one.bestStep = null;
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
      .map(([runId, { facts: _, steps, seq: __, status: ___, ...rest }]) => ({
        ...rest,
        runId,
        steps: joinSteps(steps),
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
    entry(entry, { computeMs, rewinds }) {
      const one = of(entry.runId);
      if (entry.voidAfter !== null) rewind(one, entry.voidAfter);
      if (entry.steps !== null) one.steps.push(entry.steps);
      one.evaluations.push(...entry.evaluations);
      one.events.push(...entry.events);
      one.checkpoint = entry.checkpoint ?? one.checkpoint;
      one.bestStep = entry.bestStep ?? one.bestStep;
      one.bestCheckpoint = entry.bestCheckpoint ?? one.bestCheckpoint;
      one.change = entry.change ?? one.change;
      one.computeMs = computeMs;
      one.rewinds = rewinds;
      one.seq = entry.seq;
    },
    status(runId, status) {
      of(runId).status = status;
    },
    unstored(runId) {
      const { voidAfter, steps, evaluations, events, facts } = pending.get(runId) ?? nothing();
      return { voidAfter, steps: joinSteps(steps), evaluations, events, data: facts?.data ?? null };
    },
    isStored: (runId) => !pending.has(runId),
    flush: attempt,
  };
}
