// What windows see while a run goes on: `run.progressed`, at most 20 times a second per run, never waiting for the disk.
import { joinSteps, type Evaluation, type StepColumns } from '../../engine/spec/index.ts';
import type { RunProgress } from '../contract/shapes.ts';
import type * as v from 'valibot';
import type { Clock } from './ports.ts';

export const PROGRESS_INTERVAL_MS = 50;

export interface LiveStream {
  add(steps: StepColumns | null, evaluations: readonly Evaluation[]): void;
  /** Publishes what waits, at once: before a status change, so that the two arrive in order. */
  flush(): void;
}

export function createLiveStream(options: {
  readonly runId: string;
  readonly clock: Clock;
  readonly publish: (progress: v.InferOutput<typeof RunProgress>) => void;
}): LiveStream {
  const { runId, clock } = options;
  let steps: StepColumns[] = [];
  let evaluations: Evaluation[] = [];
  let lastAt = -Infinity;
  let timer: { cancel(): void } | null = null;

  function flush(): void {
    timer?.cancel();
    timer = null;
    const joined = joinSteps(steps);
    const step = Math.max(joined?.step.at(-1) ?? 0, evaluations.at(-1)?.step ?? 0);
    const progress = { runId, step, steps: joined, evaluations };
    if (joined === null && evaluations.length === 0) return;
    steps = [];
    evaluations = [];
    lastAt = clock.now();
    options.publish(progress);
  }

  return {
    add(newSteps, newEvaluations) {
      if (newSteps !== null) steps.push(newSteps);
      evaluations.push(...newEvaluations);
      const wait = lastAt + PROGRESS_INTERVAL_MS - clock.now();
      if (wait <= 0) flush();
      else timer ??= clock.setTimeout(flush, wait);
    },
    flush,
  };
}
