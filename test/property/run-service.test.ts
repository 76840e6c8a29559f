// Whatever is done to a live run in whatever order (steps, changes, steps back, a full disk, a killed engine, going on): what is
// shown and what is stored are one record, without gaps, in which every step has the learning rate that the changes before it set.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import type { RunRecord } from '../../main/contract/shapes.ts';
import { createEngineSupervisor } from '../../main/services/engine-supervisor.ts';
import { createRunService } from '../../main/services/run-service.ts';
import { inProcessEngine } from '../fixtures/in-process-engine.ts';
import { manualClock } from '../fixtures/manual-clock.ts';
import { EXPERIMENT, fragileStore, projectInMemory } from '../fixtures/project-in-memory.ts';

const LR = 'recipe.optimizer.lr';
const signal = new AbortController().signal;

async function startPaused() {
  const clock = manualClock();
  const engine = inProcessEngine(clock);
  const project = projectInMemory({
    ...regression,
    recipe: { ...regression.recipe, evaluate_every: 3, checkpoint_every: 5 },
  });
  const store = fragileStore(project.runs);
  const supervisor = createEngineSupervisor({
    launcher: engine,
    clock,
    onState: () => undefined,
    onEvent: (event) => {
      if (event.type !== 'ready') service.onEngineEvent(event);
    },
    onLost: (error) => service.onEngineLost(error),
  });
  const service = createRunService({
    engine: supervisor,
    store: () => store,
    project: () => ({
      handle: 'h',
      name: '',
      location: '',
      untitled: true,
      readOnly: null,
      damage: [],
      experiments: project.experiments(),
    }),
    settings: () => ({ locale: 'en', theme: 'light', pace: 20, threads: 1 }),
    clock,
    publisher: { publish: () => undefined },
    newId: () => 'run',
    files: null,
    weights: null,
  });
  await clock.settle();
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
          await x.service.continue('run', signal);
          await x.clock.settle();
        } else if (type === 'change') await x.service.change({ runId: 'run', path: LR, value: n / 1000 }, signal);
        else if (type === 'back') await x.service.stepBack('run', n, signal);
        else {
          x.store.full = false;
          await x.clock.advance(0);
          if (type === 'step') for (let i = 0; i < n; i += 1) await x.service.control('run', 'step', signal);
          else {
            await x.service.control('run', 'resume', signal);
            await x.clock.advance(n);
            await x.service.control('run', 'pause', signal);
          }
        }
        expectSound(x.service.read('run', -1));
      }
      x.store.full = false;
      const shown = x.service.read('run', -1);
      const [summary] = x.service.list();
      expect(x.service.flush()).toBeNull();
      expect(x.store.read('run', -1)).toEqual(shown);
      expect(x.store.summary('run')).toEqual(summary);
      expect(summary).toMatchObject({ step: shown.steps.step.length, eventCount: shown.events.length });
      expect(summary?.final?.step).toBe(shown.evaluations.at(-1)?.step);
    }),
    { numRuns: 40 },
  );
}, 120_000);
