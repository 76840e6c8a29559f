// The journal loses nothing and invents nothing: whoever takes its entries in order, each time voiding first what it says is
// void, holds what the run holds, whatever was taken, changed, undone and flushed in whatever order.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createJournal } from '../../engine/process/journal.ts';
import type { JournalEntry } from '../../engine/process/protocol.ts';
import type { Evaluation, RunEvent } from '../../engine/spec/index.ts';
import { evaluation, steps } from '../project/rows.ts';

/** What a run holds, as plainly as it can be said. */
interface Held {
  steps: number[];
  evaluations: Evaluation[];
  events: RunEvent[];
}

const cut = ({ steps: rows, evaluations, events }: Held, step: number): Held => ({
  steps: rows.filter((x) => x <= step),
  evaluations: evaluations.filter((x) => x.step <= step),
  events: events.filter((x) => x.step < step),
});

const take = (held: Held, entry: JournalEntry): Held => {
  const { steps: rows, evaluations, events } = entry.voidAfter === null ? held : cut(held, entry.voidAfter);
  return {
    steps: [...rows, ...(entry.steps?.step ?? [])],
    evaluations: [...evaluations, ...entry.evaluations],
    events: [...events, ...entry.events],
  };
};

const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('advance' as const), n: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('change' as const), n: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('rewind' as const), n: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('flush' as const), n: fc.nat() }) },
);

test('entries in order rebuild the run', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const entries: JournalEntry[] = [];
      const journal = createJournal({ runId: 'a', firstSeq: 1, acknowledged: 0, post: (x) => entries.push(x) });
      let held: Held = { steps: [], evaluations: [], events: [] };
      let step = 0;
      for (const { type, n } of operations) {
        if (type === 'advance') {
          const evaluations = [evaluation(step + n)];
          journal.add({ steps: steps(step + 1, step + n), evaluations, failure: null, done: false });
          held.steps.push(...Array.from({ length: n }, (_, i) => step + i + 1));
          held.evaluations.push(...evaluations);
          step += n;
        } else if (type === 'change') {
          const event = { step, path: 'recipe.optimizer.lr', value: n };
          journal.addEvent(event);
          held.events.push(event);
        } else if (type === 'rewind') {
          step = Math.max(0, step - n);
          journal.rewind(step);
          held = cut(held, step);
        } else journal.flush(0, { computeMs: 0, bestStep: null }, null);
      }
      journal.flush(0, { computeMs: 0, bestStep: null }, null);
      expect(entries.map((x) => x.seq)).toEqual(entries.map((_, i) => i + 1));
      expect(entries.reduce(take, { steps: [], evaluations: [], events: [] })).toEqual(held);
    }),
    { numRuns: 200 },
  );
});
