import { describe, expect, test } from 'vitest';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import {
  countingCheckpoint,
  countingSession,
  type CountingBehaviour,
  type CountingSession,
} from '../../test/fixtures/counting-session.ts';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { joinSteps, parseExperiment } from '../spec/index.ts';
import { OPEN_ENTRIES } from './journal.ts';
import type { ControlAction, JournalEntry } from './protocol.ts';
import type { TrainerEvent, TrainerStart } from './trainer-protocol.ts';
import { createTrainer } from './trainer.ts';

const base: TrainerStart = {
  type: 'start',
  runId: 'a',
  experiment: parseExperiment(regression),
  variant: 'overfitting',
  seed: 1,
  threads: 1,
  pace: null,
  paused: false,
  resume: null,
  events: [],
  files: null,
  weights: null,
  pendingSteps: 0,
  asks: [],
  firstSeq: 1,
  acknowledged: 0,
};

const withSteps = (steps: number, checkpointEvery = 100): TrainerStart => ({
  ...base,
  experiment: parseExperiment({
    ...regression,
    recipe: { ...regression.recipe, steps, checkpoint_every: checkpointEvery },
  }),
});

function bench(options: Omit<CountingBehaviour, 'clock'> & { readonly acknowledging?: boolean } = {}) {
  const { acknowledging = true, ...behaviour } = options;
  const clock = manualClock();
  const events: TrainerEvent[] = [];
  const times: number[] = [];
  const sessions: CountingSession[] = [];
  const trainer = createTrainer({
    clock,
    post: (event) => {
      events.push(structuredClone(event));
      if (event.type !== 'journal') return;
      times.push(clock.now());
      if (acknowledging)
        setImmediate(() => trainer.receive({ type: 'acknowledge', runId: event.runId, seq: event.seq }));
    },
    open: async (options) => {
      const session = countingSession(options, { clock, msPerStep: 0.5, ...behaviour });
      sessions.push(session);
      return session;
    },
  });
  const entries = () => events.filter((x): x is JournalEntry => x.type === 'journal');
  return {
    clock,
    events,
    times,
    sessions,
    trainer,
    entries,
    statuses: () => entries().flatMap((x) => (x.change === null ? [] : [x.change.status])),
    steps: () => [...(joinSteps(entries().map((x) => x.steps))?.step ?? [])],
    control: (action: ControlAction) => trainer.receive({ type: 'control', runId: 'a', action }),
    /** Time passes in small pieces, so that computing gets its turns. */
    async pass(milliseconds: number) {
      for (let i = 0; i < milliseconds; i += 50) await clock.advance(50);
    },
    /** Runs until the trainer is idle again. */
    async finish() {
      for (let i = 0; i < 2000 && !events.some((x) => x.type === 'idle'); i += 1) await clock.advance(5);
      expect(events.at(-1)).toEqual({ type: 'idle' });
    },
  };
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('a whole run', () => {
  test('reports every step once, numbered entries without gaps, and ends done with a checkpoint', async () => {
    const x = bench();
    x.trainer.receive(base);
    await x.finish();
    expect(x.events[0]).toMatchObject({ type: 'started', runId: 'a', totalSteps: 500 });
    expect(x.steps()).toEqual(upTo(500));
    expect(x.entries().map((e) => e.seq)).toEqual(upTo(x.entries().length));
    expect(x.entries().flatMap((e) => e.evaluations.map((v) => v.step))).toEqual(
      Array.from({ length: 51 }, (_, i) => i * 10),
    );
    expect(x.statuses()).toEqual(['running', 'done']);
    expect(x.entries().at(-1)?.checkpoint?.step).toBe(500);
    expect(x.sessions[0]?.disposed).toBe(true);
  });

  test("the first entry leaves before any update, with step 0's evaluation", async () => {
    const x = bench();
    x.trainer.receive(base);
    await x.finish();
    expect(x.entries()[0]).toMatchObject({ steps: null, evaluations: [{ step: 0 }], change: { status: 'running' } });
  });

  test('entries come at most every 50 ms and chunks stay within 20 ms', async () => {
    const x = bench();
    x.trainer.receive(base);
    await x.finish();
    const gaps = x.times.slice(1, -1).map((t, i) => t - (x.times[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...(x.sessions[0]?.calls ?? [])) * 0.5).toBeLessThanOrEqual(20);
  });

  test('computing time counts without waiting', async () => {
    const x = bench();
    x.trainer.receive({ ...withSteps(20), pace: 10 });
    await x.finish();
    expect(x.entries().at(-1)?.computeMs).toBeCloseTo(10, 6);
    expect((x.times.at(-1) ?? 0) - (x.times[0] ?? 0)).toBeGreaterThanOrEqual(1900);
  });

  test('checkpoints fall on multiples of checkpoint_every', async () => {
    const x = bench({ msPerStep: 4 });
    x.trainer.receive(withSteps(110, 30));
    await x.finish();
    expect(x.entries().flatMap((e) => (e.checkpoint ? [e.checkpoint.step] : []))).toEqual([30, 60, 90, 110]);
  });

  test('checkpoints that take long are made less often, never in place of the last', async () => {
    const x = bench({ msPerStep: 4, checkpointMs: 12 });
    x.trainer.receive(withSteps(210, 20));
    await x.finish();
    expect(x.entries().flatMap((e) => (e.checkpoint ? [e.checkpoint.step] : []))).toEqual([20, 80, 140, 200, 210]);
  });

  test('divergence ends it as failed and keeps the rows before it', async () => {
    const x = bench({ divergesAt: 37 });
    x.trainer.receive(base);
    await x.finish();
    expect(x.steps()).toEqual(upTo(36));
    expect(x.entries().at(-1)?.change).toEqual({
      status: 'failed',
      step: 36,
      failure: { code: 'DIVERGED', step: 37, quantity: 'train_loss', parameter: null, layer: null },
    });
  });

  test('the trainer takes the next run after idle', async () => {
    const x = bench();
    x.trainer.receive(withSteps(10));
    await x.finish();
    x.events.length = 0;
    x.trainer.receive({ ...withSteps(10), runId: 'b' });
    await x.finish();
    expect(x.steps()).toEqual(upTo(10));
    expect(x.events[0]).toMatchObject({ type: 'started', runId: 'b' });
  });
});

describe('control', () => {
  test('pause stops with a checkpoint, resume goes on where it was', async () => {
    const x = bench();
    x.trainer.receive({ ...base, pace: 100 });
    await x.clock.advance(1000);
    x.control('pause');
    await x.clock.advance(1000);
    const paused = x.entries().at(-1);
    expect(paused?.change?.status).toBe('paused');
    expect(paused?.checkpoint?.step).toBe(paused?.change?.step);
    const seen = x.steps().length;
    expect(seen).toBeGreaterThanOrEqual(99);
    expect(seen).toBeLessThanOrEqual(102);
    x.control('resume');
    x.trainer.receive({ type: 'pace', runId: 'a', stepsPerSecond: null });
    await x.finish();
    expect(x.steps()).toEqual(upTo(500));
    expect(x.statuses()).toEqual(['running', 'paused', 'running', 'done']);
  });

  test('a step from paused is exactly one update and one entry at once', async () => {
    const x = bench();
    x.trainer.receive({ ...base, paused: true });
    await x.clock.settle();
    expect(x.entries()).toHaveLength(1);
    expect(x.entries()[0]).toMatchObject({ evaluations: [{ step: 0 }], change: { status: 'paused', step: 0 } });
    for (const n of [1, 2, 3]) {
      x.control('step');
      await x.clock.settle();
      expect(x.entries()).toHaveLength(1 + n);
      expect([...(x.entries().at(-1)?.steps?.step ?? [])]).toEqual([n]);
    }
    await x.clock.advance(10_000);
    expect(x.steps()).toEqual([1, 2, 3]);
  });

  test('two steps asked for at once are two updates', async () => {
    const x = bench();
    x.trainer.receive({ ...base, paused: true });
    x.control('step');
    x.control('step');
    await x.clock.settle();
    expect(x.steps()).toEqual([1, 2]);
  });

  test('a step while running pauses after that update', async () => {
    const x = bench();
    x.trainer.receive({ ...base, pace: 10 });
    await x.clock.advance(950);
    x.control('step');
    await x.clock.advance(5000);
    expect(x.steps()).toEqual(upTo(11));
    expect(x.statuses()).toEqual(['running', 'paused']);
  });

  test('stepping over the last update ends the run', async () => {
    const x = bench();
    x.trainer.receive({ ...withSteps(2), paused: true });
    x.control('step');
    x.control('step');
    await x.finish();
    expect(x.statuses()).toEqual(['paused', 'done']);
  });

  test('stop leaves a checkpoint, also from paused and before the session is open', async () => {
    for (const paused of [true, false]) {
      const x = bench();
      x.trainer.receive({ ...base, paused, pace: 50 });
      if (paused) await x.clock.advance(300);
      x.control('stop');
      await x.finish();
      const [before, last] = x.entries().slice(-2);
      expect(last?.change?.status).toBe('stopped');
      // What is needed to go on leaves before anything that may take long.
      expect(before?.checkpoint?.step).toBe(last?.change?.step);
    }
  });

  test('a stopped run is evaluated where it stopped, once', async () => {
    const x = bench({ evaluationMs: 3 });
    x.trainer.receive({ ...base, paused: true });
    for (let i = 0; i < 13; i += 1) x.control('step');
    await x.clock.settle();
    x.control('stop');
    await x.finish();
    expect(x.entries().flatMap((e) => e.evaluations.map((v) => v.step))).toEqual([0, 10, 13]);
    expect(x.entries().at(-1)).toMatchObject({ change: { status: 'stopped', step: 13 }, computeMs: 13 * 0.5 + 3 * 3 });

    const y = bench();
    y.trainer.receive({ ...base, paused: true });
    for (let i = 0; i < 10; i += 1) y.control('step');
    await y.clock.settle();
    y.control('stop');
    await y.finish();
    expect(y.entries().flatMap((e) => e.evaluations.map((v) => v.step))).toEqual([0, 10]);
  });

  test('commands for another run do nothing', async () => {
    const x = bench();
    x.trainer.receive(base);
    x.trainer.receive({ type: 'control', runId: 'b', action: 'stop' });
    await x.finish();
    expect(x.statuses()).toEqual(['running', 'done']);
  });
});

describe('what is asked of a live run', () => {
  const lr = 'recipe.optimizer.lr';
  const answers = (x: ReturnType<typeof bench>) => x.events.flatMap((e) => (e.type === 'answer' ? [e] : []));
  const paused = async (steps: number, options: Parameters<typeof bench>[0] = {}, start: TrainerStart = base) => {
    const x = bench(options);
    x.trainer.receive({ ...start, paused: true });
    for (let i = 0; i < steps; i += 1) x.control('step');
    await x.clock.settle();
    return x;
  };

  test('a change acts from the next update on, is recorded before it is answered, and leaves its mark on every row', async () => {
    const x = await paused(5);
    x.trainer.receive({ type: 'change', id: 7, runId: 'a', path: lr, value: 0.5 });
    await x.clock.settle();
    const event = { step: 5, path: lr, value: 0.5 };
    expect(answers(x)).toEqual([{ type: 'answer', runId: 'a', id: 7, answer: { type: 'changed', event } }]);
    const said = x.events.slice(-2);
    expect(said).toMatchObject([{ type: 'journal', events: [event], change: null }, { type: 'answer' }]);
    x.control('step');
    await x.clock.settle();
    const rows = joinSteps(x.entries().map((e) => e.steps));
    expect([...(rows?.lr ?? [])]).toEqual([0.01, 0.01, 0.01, 0.01, 0.01, 0.5]);
  });

  test('a change while it runs takes effect within a chunk, and the run goes on', async () => {
    const x = bench();
    x.trainer.receive({ ...base, pace: 200 });
    await x.clock.advance(300);
    x.trainer.receive({ type: 'change', id: 1, runId: 'a', path: 'model.layers.dropout1.p', value: 0.25 });
    await x.finish();
    const [answer] = answers(x);
    const made = answer?.answer.type === 'changed' ? answer.answer.event : null;
    expect(made?.step).toBeGreaterThanOrEqual(55);
    expect(made?.step).toBeLessThanOrEqual(65);
    expect(x.entries().flatMap((e) => e.events)).toEqual([made]);
    expect(x.statuses()).toEqual(['running', 'done']);
    expect(x.steps()).toEqual(upTo(500));
  });

  test.each([
    ['a wrong value', lr, -1, 'INVALID_DOCUMENT', 1],
    ['a field that a run keeps', 'data.noise', 0, 'BAD_OPTION', 0],
    ['a field that is none', 'recipe.nothing', 0, 'BAD_OPTION', 0],
  ])('%s is refused with its reason, and nothing changes', async (_, path, value, code, problems) => {
    const x = await paused(3);
    const before = x.entries().length;
    x.trainer.receive({ type: 'change', id: 2, runId: 'a', path, value });
    await x.clock.settle();
    const [answer] = answers(x);
    expect(answer).toMatchObject({ id: 2, answer: { type: 'refused', code } });
    expect(answer?.answer.type === 'refused' && answer.answer.problems).toHaveLength(problems);
    expect(x.entries()).toHaveLength(before);
  });

  test('a step back undoes, pauses, voids what was said, and leaves a checkpoint', async () => {
    const x = bench();
    x.trainer.receive({ ...base, pace: 100 });
    await x.clock.advance(1000);
    x.trainer.receive({ type: 'change', id: 1, runId: 'a', path: lr, value: 0.5 });
    await x.clock.advance(200);
    const reached = x.sessions[0]?.step ?? 0;
    x.trainer.receive({ type: 'stepBack', id: 2, runId: 'a', steps: 50 });
    await x.clock.advance(500);
    const step = reached - 50;
    expect(answers(x).at(-1)).toMatchObject({ id: 2, answer: { type: 'steppedBack', step } });
    const entry = x.entries().at(-1);
    expect(entry).toMatchObject({ voidAfter: step, change: { status: 'paused', step }, checkpoint: { step } });
    expect(x.sessions[0]?.step).toBe(step);
    x.control('step');
    await x.clock.settle();
    expect([...(x.entries().at(-1)?.steps?.step ?? [])]).toEqual([step + 1]);
    // The change was made later than where it went back to.
    expect(x.entries().at(-1)?.steps?.lr[0]).toBe(0.01);
  });

  test('it goes back as far as it can, and says where it is', async () => {
    const x = await paused(5);
    x.trainer.receive({ type: 'stepBack', id: 1, runId: 'a', steps: 1000 });
    await x.clock.settle();
    expect(answers(x)).toMatchObject([{ answer: { type: 'steppedBack', step: 0 } }]);
    expect(x.statuses()).toEqual(['paused', 'paused']);
  });

  test('the next update can be looked into, unless the model is too large', async () => {
    const x = await paused(3);
    x.trainer.receive({ type: 'inspect', id: 9, runId: 'a' });
    await x.clock.settle();
    const tensors = [{ name: 'loss', shape: [], values: Float32Array.of(1 / 4) }];
    expect(answers(x)).toEqual([
      { type: 'answer', runId: 'a', id: 9, answer: { type: 'inspected', arithmetic: { step: 4, tensors } } },
    ]);
    const y = await paused(3, { opaque: true });
    y.trainer.receive({ type: 'inspect', id: 10, runId: 'a' });
    await y.clock.settle();
    expect(answers(y)).toMatchObject([{ id: 10, answer: { type: 'refused', code: 'BAD_OPTION' } }]);
  });

  test('what was asked before the run is stopped is answered before it is', async () => {
    const x = await paused(1);
    x.control('stop');
    x.trainer.receive({ type: 'inspect', id: 1, runId: 'a' });
    await x.finish();
    expect(answers(x)).toMatchObject([{ id: 1, answer: { type: 'inspected' } }]);
  });

  test('what was asked for in the queue, and changes of an earlier life, are made in their turn', async () => {
    const x = await paused(
      5,
      {},
      {
        ...base,
        asks: [{ type: 'change', id: 1, runId: 'a', path: lr, value: 0.5 }],
        events: [{ step: 3, path: lr, value: 0.25 }],
      },
    );
    expect(answers(x)).toMatchObject([{ id: 1, answer: { type: 'changed', event: { step: 0 } } }]);
    expect([...(joinSteps(x.entries().map((e) => e.steps))?.lr ?? [])]).toEqual([0.5, 0.5, 0.5, 0.25, 0.25]);
    // A change that is made again is recorded already.
    expect(x.entries().flatMap((e) => e.events)).toHaveLength(1);
  });
});

describe('the best step on validation data', () => {
  const validated = (steps: number, more: object = {}): TrainerStart => ({
    ...base,
    experiment: parseExperiment({
      ...regression,
      data: { ...regression.data, validation_points: 5 },
      recipe: { ...regression.recipe, steps, checkpoint_every: 40, ...more },
    }),
  });
  const bestOf = (entries: readonly JournalEntry[]) =>
    entries.flatMap((e) => (e.bestCheckpoint ? [e.bestCheckpoint.step] : []));

  test('its checkpoint leaves with others, once each; the step is said as soon as it is known', async () => {
    const x = bench({ bestAt: 70, msPerStep: 4 });
    x.trainer.receive(validated(200));
    await x.finish();
    expect(bestOf(x.entries())).toEqual([40, 70]);
    expect(new Set(x.entries().map((e) => e.bestStep))).toContain(60);
    expect(x.entries().at(-1)?.bestStep).toBe(70);
  });

  test('early stopping ends the run as done, short of its length', async () => {
    const x = bench({ bestAt: 70 });
    x.trainer.receive(validated(500, { early_stopping: { patience: 3 } }));
    await x.finish();
    expect(x.entries().at(-1)).toMatchObject({ change: { status: 'done', step: 100 }, bestStep: 70 });
    expect(bestOf(x.entries()).at(-1)).toBe(70);
  });

  test('going back forgets a best step that was later, and tells the earlier one again', async () => {
    const x = bench({ bestAt: 70 });
    x.trainer.receive({ ...validated(500), paused: true });
    for (let i = 0; i < 80; i += 1) x.control('step');
    for (let i = 0; i < 4; i += 1) await x.clock.settle();
    x.trainer.receive({ type: 'stepBack', id: 1, runId: 'a', steps: 15 });
    await x.clock.settle();
    expect(x.entries().at(-1)).toMatchObject({ voidAfter: 65, bestStep: 60 });
    for (let i = 0; i < 15; i += 1) x.control('step');
    await x.clock.settle();
    x.control('stop');
    await x.finish();
    expect(bestOf(x.entries()).at(-1)).toBe(70);
  });

  test('without validation data there is none', async () => {
    const x = bench();
    x.trainer.receive(withSteps(50));
    await x.finish();
    expect(x.entries().every((e) => e.bestStep === null && e.bestCheckpoint === null)).toBe(true);
  });
});

test('a run that starts from given values leaves them as a checkpoint before it takes a step', async () => {
  const values = { name: 'fc1.weight', shape: [1, 1], values: Float32Array.of(2) };
  const x = bench();
  x.trainer.receive({ ...base, weights: [values] });
  await x.finish();
  expect(x.entries()[0]).toMatchObject({ steps: null, checkpoint: { step: 0 }, change: { status: 'running' } });
});

describe('pace', () => {
  test('changes mid-run, both ways', async () => {
    const x = bench({ msPerStep: 0.01 });
    const taken = () => x.sessions[0]?.step ?? 0;
    x.trainer.receive({ ...base, pace: 0.1 });
    await x.clock.advance(1000);
    expect(x.steps()).toEqual([1]);
    x.trainer.receive({ type: 'pace', runId: 'a', stepsPerSecond: 100 });
    await x.clock.advance(1060);
    expect(taken()).toBeGreaterThanOrEqual(100);
    expect(taken()).toBeLessThanOrEqual(108);
    x.trainer.receive({ type: 'pace', runId: 'a', stepsPerSecond: 1 });
    const before = taken();
    await x.clock.advance(3100);
    expect(taken() - before).toBeLessThanOrEqual(5);
    expect(taken() - before).toBeGreaterThanOrEqual(2);
    x.trainer.receive({ type: 'pace', runId: 'a', stepsPerSecond: null });
    await x.finish();
    expect(x.steps()).toEqual(upTo(500));
  });

  test('a long pause is not caught up', async () => {
    const x = bench({ msPerStep: 0.01 });
    x.trainer.receive({ ...base, pace: 10 });
    await x.clock.advance(500);
    x.control('pause');
    await x.clock.advance(60_000);
    x.control('resume');
    const before = x.steps().length;
    await x.clock.advance(1000);
    expect(x.steps().length - before).toBeLessThanOrEqual(12);
  });
});

describe('back-pressure', () => {
  test('training waits for acknowledgements, obeys meanwhile, and loses nothing', async () => {
    const x = bench({ acknowledging: false });
    x.trainer.receive(withSteps(100_000));
    await x.pass(3000);
    expect(x.entries()).toHaveLength(OPEN_ENTRIES);
    const held = x.sessions[0]?.step;
    await x.clock.advance(60_000);
    expect(x.sessions[0]?.step).toBe(held);
    x.control('pause');
    await x.clock.advance(1);
    expect(x.entries().at(-1)?.change?.status).toBe('paused');
    expect(x.steps()).toEqual(upTo(held ?? 0));
    x.control('resume');
    x.trainer.receive({ type: 'acknowledge', runId: 'a', seq: OPEN_ENTRIES });
    await x.clock.advance(200);
    expect(x.sessions[0]?.step).toBeGreaterThan(held ?? 0);
    x.control('stop');
    await x.clock.settle();
    expect(x.steps()).toEqual(upTo(x.sessions[0]?.step ?? 0));
  });

  test('an acknowledgement of entries that were never written opens nothing', async () => {
    const x = bench({ acknowledging: false });
    x.trainer.receive(withSteps(100_000));
    x.trainer.receive({ type: 'acknowledge', runId: 'a', seq: 1_000_000 });
    await x.pass(3000);
    expect(x.entries()).toHaveLength(OPEN_ENTRIES);
  });
});

describe('starting', () => {
  test('resumes from a checkpoint and continues the entry numbers of the queue', async () => {
    const x = bench();
    x.trainer.receive({ ...base, resume: countingCheckpoint(490), firstSeq: 3, acknowledged: 2 });
    await x.finish();
    expect(x.steps()).toEqual(upTo(500).slice(490));
    expect(x.entries()[0]?.seq).toBe(3);
  });

  test('an unusable document or checkpoint is a rejection, and the trainer lives on', async () => {
    const clock = manualClock();
    const events: TrainerEvent[] = [];
    const errors = [
      Object.assign(new Error('not a checkpoint'), { code: 'BAD_CHECKPOINT' }),
      new RangeError('Array buffer allocation failed'),
      new Error('something else'),
    ];
    const trainer = createTrainer({
      clock,
      post: (event) => events.push(event),
      open: async () => {
        throw errors.shift() ?? new Error('none left');
      },
    });
    for (const code of ['BAD_CHECKPOINT', 'OUT_OF_MEMORY', 'INTERNAL']) {
      events.length = 0;
      trainer.receive(base);
      await clock.settle();
      expect(events).toMatchObject([{ type: 'rejected', runId: 'a', code, problems: [] }, { type: 'idle' }]);
    }
  });
});
