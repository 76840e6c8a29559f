// Whatever is done to a live run in whatever order (steps, changes, steps back, a full disk, a killed engine, going on): what is
// shown and what is stored are one record, without gaps, in which every step has the learning rate that the changes before it set.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import type { RunRecord } from '../../main/contract/shapes.ts';
import { EXPERIMENT } from '../fixtures/project-in-memory.ts';
import { runServiceOf } from '../fixtures/run-service.ts';

const LR = 'recipe.optimizer.lr';
const signal = new AbortController().signal;

async function startPaused() {
  const { clock, engine, store, service } = await runServiceOf({
    experiment: { ...regression, recipe: { ...regression.recipe, evaluate_every: 3, checkpoint_every: 5 } },
    pace: 20,
  });
  await service.start({ experimentId: EXPERIMENT, variants: ['overfitting'], seed: null, paused: true }, signal);
  await clock.settle();
  return { clock, engine, store, service };
}

const operation = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('step' as const), n: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('change' as const), n: fc.integer({ min: 1, max: 99 }) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('back' as const), n: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('train' as const), n: fc.integer({ min: 1, max: 400 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), n: fc.integer({ min: 1, max: 400 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('disk' as const), n: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('kill' as const), n: fc.nat(0) }) },
);

function expectSound({ steps, evaluations, events }: RunRecord): void {
  const last = steps.step.length;
  expect([...steps.step]).toEqual(Array.from({ length: last }, (_, i) => i + 1));
  const rate = (step: number) => events.findLast((x) => x.step < step)?.value ?? 0.01;
  expect([...steps.lr]).toEqual([...steps.step].map(rate));
  const due = Array.from({ length: Math.floor(last / 3) + 1 }, (_, i) => 3 * i);
  expect(evaluations.map((x) => x.step).filter((x) => x % 3 === 0)).toEqual(due);
  expect(evaluations.map((x) => x.step)).toEqual([...new Set(evaluations.map((x) => x.step))].sort((a, b) => a - b));
}

test('shown and stored stay one sound record', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 20 }), async (operations) => {
      const x = await startPaused();
      for (const { type, n } of operations) {
        const status = x.service.list()[0]?.status;
        const live = status === 'paused' || status === 'running' || status === 'queued';
        if (type === 'disk') x.store.full = n === 1;
        else if (type === 'wait') await x.clock.advance(n);
        else if (type === 'kill') {
          x.engine.kill();
          await x.clock.advance(10_000);
        } else if (!live) {
          x.store.full = false;
          await x.service.continue('run-1', signal);
          await x.clock.settle();
        } else if (type === 'change') await x.service.change({ runId: 'run-1', path: LR, value: n / 1000 }, signal);
        else if (type === 'back') await x.service.stepBack('run-1', n, signal);
        else {
          x.store.full = false;
          await x.clock.advance(0);
          if (type === 'step') for (let i = 0; i < n; i += 1) await x.service.control('run-1', 'step', signal);
          else {
            await x.service.control('run-1', 'resume', signal);
            await x.clock.advance(n);
            await x.service.control('run-1', 'pause', signal);
          }
        }
        expectSound(x.service.read('run-1', -1));
      }
      x.store.full = false;
      const shown = x.service.read('run-1', -1);
      const [summary] = x.service.list();
      expect(x.service.flush()).toBeNull();
      expect(x.store.read('run-1', -1)).toEqual(shown);
      expect(x.store.summary('run-1')).toEqual(summary);
      expect(summary).toMatchObject({ step: shown.steps.step.length, eventCount: shown.events.length });
      expect(summary?.final?.step).toBe(shown.evaluations.at(-1)?.step);
    }),
    { numRuns: 40 },
  );
}, 120_000);
