// Gathers what a run produced into numbered entries: lossless, at most 20 a second, held back when too many are unstored.
import { joinSteps, type Checkpoint, type Evaluation, type StepColumns } from '../spec/index.ts';
import type { Advance } from '../train/session.ts';
import type { JournalEntry, StatusChange } from './protocol.ts';

/** 20 entries a second. */
export const FLUSH_INTERVAL_MS = 50;
/** Entries that may be unstored before training waits: one second's worth. */
export const OPEN_ENTRIES = 20;

export interface Journal {
  add(advance: Advance): void;
  /** A newer checkpoint replaces one that has not left yet: only the newest is ever resumed from. */
  setCheckpoint(checkpoint: Checkpoint): void;
  /** Sends everything gathered as one entry. */
  flush(now: number, computeMs: number, change: StatusChange | null): void;
  /** Milliseconds until gathered rows are due; Infinity when nothing waits. */
  dueInMs(now: number): number;
  acknowledge(seq: number): void;
  readonly heldBack: boolean;
}

export function createJournal(options: {
  readonly runId: string;
  readonly firstSeq: number;
  readonly acknowledged: number;
  readonly post: (entry: JournalEntry) => void;
}): Journal {
  let seq = options.firstSeq;
  let acknowledged = options.acknowledged;
  let lastFlush = -Infinity;
  let steps: StepColumns[] = [];
  let evaluations: Evaluation[] = [];
  let checkpoint: Checkpoint | null = null;

  return {
    add(advance) {
      if (advance.steps !== null) steps.push(advance.steps);
      evaluations.push(...advance.evaluations);
    },
    setCheckpoint(next) {
      checkpoint = next;
    },
    flush(now, computeMs, change) {
      options.post({
        type: 'journal',
        runId: options.runId,
        seq,
        steps: joinSteps(steps),
        evaluations,
        checkpoint,
        change,
        computeMs,
      });
      seq += 1;
      lastFlush = now;
      steps = [];
      evaluations = [];
      checkpoint = null;
    },
    dueInMs(now) {
      const waiting = steps.length > 0 || evaluations.length > 0 || checkpoint !== null;
      return waiting ? Math.max(0, lastFlush + FLUSH_INTERVAL_MS - now) : Infinity;
    },
    acknowledge(upTo) {
      acknowledged = Math.max(acknowledged, Math.min(upTo, seq - 1));
    },
    get heldBack() {
      return seq - 1 - acknowledged >= OPEN_ENTRIES;
    },
  };
}
