// What windows see while a run goes on: `run.progressed`, at most 20 times a second per run, never waiting for the disk.
import { joinSteps, stepsUpTo, type Evaluation, type RunEvent, type StepColumns } from '../../engine/spec/index.ts';
import type { RunProgress } from '../contract/shapes.ts';
import type { Clock } from './ports.ts';

export const PROGRESS_INTERVAL_MS = 50;

/** What a journal entry brings. */
export interface LivePiece {
  readonly steps: StepColumns | null;
  readonly evaluations: readonly Evaluation[];
  readonly events: readonly RunEvent[];
}

export interface LiveStream {
  add(piece: LivePiece): void;
  /** The run went back to `step`: what still waits after it is dropped, and what comes from now on counts as `rewinds`. */
  rewind(step: number, rewinds: number): void;
  /** Publishes what waits, at once: before a status change, so that the two arrive in order. */
  flush(): void;
}

export function createLiveStream(options: {
  readonly runId: string;
  readonly rewinds: number;
  readonly clock: Clock;
  readonly publish: (progress: RunProgress) => void;
}): LiveStream {
  const { runId, clock } = options;
  let rewinds = options.rewinds;
  let steps: StepColumns[] = [];
  let evaluations: Evaluation[] = [];
  let events: RunEvent[] = [];
  let lastAt = -Infinity;
  let timer: { cancel(): void } | null = null;

  function flush(): void {
    timer?.cancel();
    timer = null;
    const joined = joinSteps(steps);
    const step = Math.max(joined?.step.at(-1) ?? 0, evaluations.at(-1)?.step ?? 0, events.at(-1)?.step ?? 0);
    const progress = { runId, rewinds, step, steps: joined, evaluations, events };
    if (joined === null && evaluations.length + events.length === 0) return;
    steps = [];
    evaluations = [];
    events = [];
    lastAt = clock.now();
    options.publish(progress);
  }

  return {
    add(piece) {
      if (piece.steps !== null) steps.push(piece.steps);
      evaluations.push(...piece.evaluations);
      events.push(...piece.events);
      const wait = lastAt + PROGRESS_INTERVAL_MS - clock.now();
      if (wait <= 0) flush();
      else timer ??= clock.setTimeout(flush, wait);
    },
    rewind(step, next) {
      steps = steps.map((x) => stepsUpTo(x, step));
      evaluations = evaluations.filter((x) => x.step <= step);
      events = events.filter((x) => x.step < step);
      // What was before it belongs to the earlier count; it is still true.
      flush();
      rewinds = next;
    },
    flush,
  };
}
