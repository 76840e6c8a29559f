// A run's record as several parts tell it (what is stored, then what came since, each cut where the run went back), and what its
// summary says of it. Pure.
import { emptySteps, joinSteps, stepsAfter, stepsUpTo, type RunEvent } from '../../engine/spec/index.ts';
import type { JournalEntry } from '../../engine/process/protocol.ts';
import type { EvaluationScores, RunRecord, RunSummary } from '../contract/shapes.ts';
import type { Unstored } from './run-recorder.ts';

/** Every change in order: those of one step in the order in which they were made. */
export function joinEvents(stored: readonly RunEvent[], { voidAfter, events }: Unstored): RunEvent[] {
  const kept = voidAfter === null ? stored : stored.filter((x) => x.step < voidAfter);
  return [...kept, ...events].sort((a, b) => a.step - b.step);
}

/** @param afterStep both parts are wanted from there on. */
export function joinRecord(stored: RunRecord, unstored: Unstored, afterStep: number, rewinds: number): RunRecord {
  const { voidAfter, steps, evaluations, data } = unstored;
  const last = voidAfter ?? Infinity;
  return {
    runId: stored.runId,
    rewinds,
    steps: joinSteps([stepsUpTo(stored.steps, last), steps && stepsAfter(steps, afterStep)]) ?? emptySteps(),
    evaluations: [
      ...stored.evaluations.filter((x) => x.step <= last),
      ...evaluations.filter((x) => x.step > afterStep),
    ],
    events: joinEvents(stored.events, unstored).filter((x) => x.step >= afterStep),
    data: stored.data ?? data,
  };
}

export const scoresOnly = ({ step, train, validation, test }: EvaluationScores): EvaluationScores => ({
  step,
  train,
  validation,
  test,
});

const reached = (step: number, { change, steps }: JournalEntry): number =>
  Math.max(step, change?.step ?? 0, steps?.step.at(-1) ?? 0);

/**
 * What a summary says once an entry has come.
 * @param scoresAt of an evaluation that came earlier.
 */
export function afterEntry(
  summary: RunSummary,
  entry: JournalEntry,
  scoresAt: (step: number) => EvaluationScores | null,
): Partial<RunSummary> {
  const latest = entry.evaluations.at(-1);
  const { bestStep } = entry;
  const found = entry.evaluations.find((x) => x.step === bestStep);
  const isNews = bestStep !== null && bestStep !== summary.best?.step;
  return {
    step: reached(summary.step, entry),
    eventCount: summary.eventCount + entry.events.length,
    ...(latest && { final: scoresOnly(latest) }),
    ...(isNews && { best: found ? scoresOnly(found) : scoresAt(bestStep) }),
  };
}

/** What a summary says of a record that has lost what came after `step`. */
export function afterRewind(record: RunRecord, entry: JournalEntry, step: number): Partial<RunSummary> {
  const { evaluations, events } = record;
  const final = evaluations.at(-1);
  const best = evaluations.find((x) => x.step === entry.bestStep);
  return {
    step: reached(step, entry),
    final: final ? scoresOnly(final) : null,
    best: best ? scoresOnly(best) : null,
    eventCount: events.length,
  };
}
