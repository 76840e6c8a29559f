// Gathers what a run produced into numbered entries: lossless, at most 20 a second, held back when too many are unstored.
import {
  joinSteps,
  stepsUpTo,
  type Checkpoint,
  type Evaluation,
  type RunEvent,
  type StepColumns,
} from '../spec/index.ts';
import type { Advance } from '../train/session.ts';
import type { JournalEntry, StatusChange } from './protocol.ts';

/** 20 entries a second. */
export const FLUSH_INTERVAL_MS = 50;
/** Entries that may be unstored before training waits: one second's worth. */
export const OPEN_ENTRIES = 20;

export interface Journal {
  add(advance: Advance): void;
  addEvent(event: RunEvent): void;
  /** A newer checkpoint replaces one that has not left yet: only the newest is ever resumed from. */
  setCheckpoint(checkpoint: Checkpoint): void;
  setBestCheckpoint(checkpoint: Checkpoint): void;
  /** The run went back to `step`: what was gathered after it, or said after it, is void. */
  rewind(step: number): void;
  /** Sends everything gathered as one entry. */
  flush(now: number, facts: Pick<JournalEntry, 'computeMs' | 'bestStep'>, change: StatusChange | null): void;
  /** Milliseconds until gathered rows are due; Infinity when nothing waits. */
  dueInMs(now: number): number;
  acknowledge(seq: number): void;
  readonly heldBack: boolean;
}

/** An entry that says nothing. */
export const blankEntry = (runId: string, seq: number): JournalEntry => ({
  type: 'journal',
  runId,
  seq,
  voidAfter: null,
  steps: null,
  evaluations: [],
  events: [],
  checkpoint: null,
  bestStep: null,
  bestCheckpoint: null,
  change: null,
  computeMs: 0,
});

interface Gathered {
  voidAfter: number | null;
  steps: StepColumns[];
  evaluations: Evaluation[];
  events: RunEvent[];
  checkpoint: Checkpoint | null;
  bestCheckpoint: Checkpoint | null;
}

const nothing = (): Gathered => ({
  voidAfter: null,
  steps: [],
  evaluations: [],
  events: [],
  checkpoint: null,
  bestCheckpoint: null,
});

const upTo = (checkpoint: Checkpoint | null, step: number): Checkpoint | null =>
  checkpoint !== null && checkpoint.step > step ? null : checkpoint;

export function createJournal(options: {
  readonly runId: string;
  readonly firstSeq: number;
  readonly acknowledged: number;
  readonly post: (entry: JournalEntry) => void;
}): Journal {
  let seq = options.firstSeq;
  let acknowledged = options.acknowledged;
  let lastFlush = -Infinity;
  let gathered = nothing();

  return {
    add(advance) {
      if (advance.steps !== null) gathered.steps.push(advance.steps);
      gathered.evaluations.push(...advance.evaluations);
    },
    addEvent(event) {
      gathered.events.push(event);
    },
    setCheckpoint(next) {
      gathered.checkpoint = next;
    },
    setBestCheckpoint(next) {
      gathered.bestCheckpoint = next;
    },
    rewind(step) {
      const { voidAfter, steps, evaluations, events, checkpoint, bestCheckpoint } = gathered;
      gathered = {
        voidAfter: Math.min(voidAfter ?? step, step),
        steps: steps.map((x) => stepsUpTo(x, step)),
        evaluations: evaluations.filter((x) => x.step <= step),
        events: events.filter((x) => x.step < step),
        checkpoint: upTo(checkpoint, step),
        bestCheckpoint: upTo(bestCheckpoint, step),
      };
    },
    flush(now, facts, change) {
      const { steps, ...rest } = gathered;
      options.post({ ...blankEntry(options.runId, seq), ...rest, steps: joinSteps(steps), ...facts, change });
      seq += 1;
      lastFlush = now;
      gathered = nothing();
    },
    dueInMs(now) {
      const { voidAfter, steps, evaluations, events, checkpoint, bestCheckpoint } = gathered;
      const waiting =
        steps.length + evaluations.length + events.length > 0 ||
        voidAfter !== null ||
        checkpoint !== null ||
        bestCheckpoint !== null;
      return waiting ? Math.max(0, lastFlush + FLUSH_INTERVAL_MS - now) : Infinity;
    },
    acknowledge(upToSeq) {
      acknowledged = Math.max(acknowledged, Math.min(upToSeq, seq - 1));
    },
    get heldBack() {
      return seq - 1 - acknowledged >= OPEN_ENTRIES;
    },
  };
}
