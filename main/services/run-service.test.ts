import { describe, expect, test } from 'vitest';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import { OPEN_ENTRIES } from '../../engine/process/journal.ts';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { EXPERIMENT, projectInMemory } from '../../test/fixtures/project-in-memory.ts';
import { runServiceOf, type RunServiceOptions } from '../../test/fixtures/run-service.ts';
import type { Publisher, StreamEvent, StreamName } from '../contract/methods.ts';
import type { RunRecord, RunSummary } from '../contract/shapes.ts';
import { RETRY_AFTER_MS, STORE_AFTER_MS } from './run-recorder.ts';
import { STOP_LIMIT_MS } from './run-service.ts';

const signal = new AbortController().signal;
const document = (steps: number, checkpointEvery = 100) => ({
  ...regression,
  recipe: { ...regression.recipe, steps, checkpoint_every: checkpointEvery },
});
const start = { experimentId: EXPERIMENT, variants: ['overfitting'], seed: null, paused: false };

async function bench(options: Partial<RunServiceOptions> = {}) {
  const clock = manualClock();
  const published: { stream: StreamName; at: number; event: unknown }[] = [];
  const publisher: Publisher = {
    publish: (stream, event) => void published.push({ stream, at: clock.now(), event: structuredClone(event) }),
  };
  const { engine, store, supervisor, service } = await runServiceOf({
    experiment: regression,
    ...options,
    clock,
    publisher,
  });
  const heard = <S extends StreamName>(stream: S) =>
    published.filter((x) => x.stream === stream).map((x) => x.event as StreamEvent<S>);
  return {
    clock,
    engine,
    store,
    published,
    supervisor,
    service,
    heard,
    statuses: (runId: string) => [
      ...new Set(
        heard('run.changed')
          .filter((x) => x.id === runId)
          .map((x) => x.status),
      ),
    ],
    summary: (runId = 'run-1'): RunSummary | undefined => service.list().find((x) => x.id === runId),
    async pass(milliseconds: number) {
      for (let i = 0; i < milliseconds; i += 50) await clock.advance(50);
    },
  };
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const stepsOf = (record: RunRecord | null) => [...(record?.steps.step ?? [])];

describe('a run from start to end', () => {
  test('is recorded wholly, in few transactions, and shown live', async () => {
    const x = await bench();
    const begun = x.clock.now();
    const [run] = await x.service.start(start, signal);
    expect(run).toMatchObject({ id: 'run-1', number: 1, status: 'queued', seed: 1, totalSteps: 500 });
    await x.pass(1000);
    expect(x.statuses('run-1')).toEqual(['queued', 'running', 'done']);
    const stored = x.store.read('run-1', -1);
    expect(stepsOf(stored)).toEqual(upTo(500));
    expect(stored?.evaluations.map((e) => e.step)).toEqual(Array.from({ length: 51 }, (_, i) => i * 10));
    expect(stored?.data?.kind === 'points' && stored.data.train.x).toEqual(Float32Array.of(0, 1));
    expect(x.summary()).toEqual(x.store.summary('run-1'));
    expect(x.summary()).toMatchObject({
      status: 'done',
      step: 500,
      computeMs: 250,
      resumable: false,
      device: { kind: 'cpu', simd: 'plain', threads: 1 },
      final: { step: 500, train: { loss: 2 / 501 }, validation: null, test: { loss: 3 / 501 } },
      best: null,
      dataDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    const appends = x.store.writes.filter((w) => w === 'append').length;
    expect(appends).toBeLessThanOrEqual(Math.ceil((x.clock.now() - begun) / STORE_AFTER_MS));
    const live = x.heard('run.progressed');
    expect(live.flatMap((p) => [...(p.steps?.step ?? [])])).toEqual(upTo(500));
    expect(live.flatMap((p) => p.evaluations.map((e) => e.step))).toEqual(Array.from({ length: 51 }, (_, i) => i * 10));
  });

  test('the same values are read before and after they are stored', async () => {
    const x = await bench({ pace: 100 });
    await x.service.start(start, signal);
    await x.clock.advance(150);
    expect(stepsOf(x.store.read('run-1', -1))).toEqual([]);
    const early = x.service.read('run-1', -1);
    expect(stepsOf(early).length).toBeGreaterThan(5);
    expect(early.data).not.toBeNull();
    await x.clock.advance(20);
    await x.pass(2000);
    const late = x.service.read('run-1', -1);
    expect(stepsOf(late)).toEqual(upTo(stepsOf(late).length));
    expect(stepsOf(x.service.read('run-1', 10))).toEqual(stepsOf(late).slice(10));
    expect(x.service.read('run-1', 10).evaluations.map((e) => e.step)).toEqual(
      late.evaluations.map((e) => e.step).filter((s) => s > 10),
    );
    expect(late.steps.train_loss[2]).toBe(1 / 3);
  });

  test('progress comes at most 20 times a second and does not wait for the disk', async () => {
    const x = await bench({ experiment: document(5000) });
    await x.service.start(start, signal);
    x.store.full = true;
    await x.pass(1000);
    const times = x.published.filter((p) => p.stream === 'run.progressed').map((p) => p.at);
    expect(times.length).toBeGreaterThan(3);
    for (let i = 1; i < times.length - 1; i += 1)
      expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(50);
  });

  test('several variants are runs of their own, with one transaction for all', async () => {
    const x = await bench({ cores: 4 });
    await x.service.start({ ...start, variants: ['overfitting', 'dropout', 'L1', 'L2'], seed: 7 }, signal);
    await x.pass(2000);
    expect(x.service.list().map((r) => [r.number, r.variant, r.seed, r.status])).toEqual([
      [1, 'overfitting', 7, 'done'],
      [2, 'dropout', 7, 'done'],
      [3, 'L1', 7, 'done'],
      [4, 'L2', 7, 'done'],
    ]);
    expect(x.store.writes.filter((w) => w === 'append').length).toBeLessThanOrEqual(11);
  });

  test('an unfinished document is not started', async () => {
    const whole = document(500);
    const x = await bench({
      experiment: { ...whole, model: { layers: whole.model.layers.slice(0, 2) }, variants: [{ name: 'overfitting' }] },
    });
    await expect(x.service.start(start, signal)).rejects.toMatchObject({
      code: 'INVALID_DOCUMENT',
      problems: [{ path: 'model.layers.dropout1', code: 'shape_mismatch' }],
    });
    expect(x.service.list()).toEqual([]);
  });

  test('what cannot be started is refused by name, before anything is made', async () => {
    const x = await bench();
    const refusals: [object, object][] = [
      [{ experimentId: 'none' }, { code: 'NOT_FOUND', details: { what: 'experiment', id: 'none' } }],
      [{ variants: ['overfitting', 'none'] }, { code: 'NOT_FOUND', details: { what: 'variant', id: 'none' } }],
      [{ seed: -1 }, { code: 'BAD_INPUT' }],
      [{ seed: 0.5 }, { code: 'BAD_INPUT' }],
    ];
    for (const [change, error] of refusals)
      await expect(x.service.start({ ...start, ...change }, signal)).rejects.toMatchObject(error);
    expect(x.service.list()).toEqual([]);
  });
});

describe('control', () => {
  test('pause, step, resume, stop take effect before their calls answer', async () => {
    const x = await bench({ pace: 100 });
    await x.service.start(start, signal);
    await x.pass(300);
    await x.service.control('run-1', 'pause', signal);
    expect(x.summary()?.status).toBe('paused');
    const before = x.summary()?.step ?? 0;
    await x.service.control('run-1', 'step', signal);
    expect(x.summary()?.step).toBe(before + 1);
    await x.service.control('run-1', 'pause', signal);
    await x.service.control('run-1', 'resume', signal);
    expect(x.summary()?.status).toBe('running');
    await x.service.control('run-1', 'stop', signal);
    expect(x.summary()).toMatchObject({ status: 'stopped', resumable: true });
    await expect(x.service.control('run-1', 'pause', signal)).rejects.toMatchObject({ code: 'RUN_NOT_LIVE' });
    await expect(x.service.control('none', 'pause', signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a run that starts paused shows its first evaluation and waits', async () => {
    const x = await bench();
    await x.service.start({ ...start, paused: true }, signal);
    await x.pass(500);
    expect(x.summary()).toMatchObject({ status: 'paused', step: 0, final: { step: 0 } });
  });

  test('a call that waits can be cancelled', async () => {
    const x = await bench({ deaf: false, pace: 100 });
    await x.service.start(start, signal);
    await x.pass(100);
    const controller = new AbortController();
    const stopping = x.service.control('run-1', 'stop', controller.signal);
    controller.abort();
    await expect(stopping).rejects.toMatchObject({ code: 'CANCELLED' });
    await x.pass(100);
    expect(x.summary()?.status).toBe('stopped');
  });

  test('the pace goes to every live run', async () => {
    const x = await bench({ pace: 1 });
    await x.service.start({ ...start, variants: ['overfitting', 'dropout'] }, signal);
    x.service.pace(null);
    await x.pass(2000);
    expect(x.service.list().map((r) => r.status)).toEqual(['done', 'done']);
  });

  test('deleting: not while it is live, then for good', async () => {
    const x = await bench({ pace: 100 });
    await x.service.start(start, signal);
    await x.pass(100);
    expect(() => x.service.delete('run-1')).toThrow(expect.objectContaining({ code: 'RUN_LIVE' }));
    await x.service.control('run-1', 'stop', signal);
    x.service.delete('run-1');
    expect(x.heard('run.deleted')).toEqual([{ runId: 'run-1' }]);
    expect(x.service.list()).toEqual([]);
    expect(() => x.service.read('run-1', -1)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    await x.pass(500);
    expect(x.service.list()).toEqual([]);
  });
});

describe('what is asked of a live run', () => {
  const lr = 'recipe.optimizer.lr';
  const held = async (steps: number, options: Partial<RunServiceOptions> = {}) => {
    const x = await bench(options);
    await x.service.start({ ...start, paused: true }, signal);
    for (let i = 0; i < steps; i += 1) await x.service.control('run-1', 'step', signal);
    return x;
  };

  test('a change is recorded when its call answers, shown live, stored, and counted', async () => {
    const x = await held(5);
    const event = await x.service.change({ runId: 'run-1', path: lr, value: 0.5 }, signal);
    expect(event).toEqual({ step: 5, path: lr, value: 0.5 });
    expect(x.service.events('run-1')).toEqual([event]);
    expect(x.store.events('run-1')).toEqual([]);
    expect(x.heard('run.progressed').at(-1)).toMatchObject({ events: [event] });
    expect(x.heard('run.changed').at(-1)).toMatchObject({ eventCount: 1 });
    await x.service.control('run-1', 'step', signal);
    await x.pass(STORE_AFTER_MS);
    expect(x.store.read('run-1', -1)).toMatchObject({ events: [event] });
    expect([...(x.store.read('run-1', 4)?.steps.lr ?? [])]).toEqual([0.01, 0.5]);
    expect(x.store.summary('run-1')).toEqual(x.summary());
  });

  test('what cannot be changed is refused in the contract’s words, and leaves no trace', async () => {
    const x = await held(2);
    const refusals: [string, unknown, object][] = [
      [lr, -1, { code: 'INVALID_DOCUMENT', details: { problems: [{ path: lr }] } }],
      ['data.points', 7, { code: 'FIELD_FIXED', details: { path: 'data.points' } }],
      ['recipe.nothing', 7, { code: 'FIELD_FIXED' }],
    ];
    for (const [path, value, error] of refusals)
      await expect(x.service.change({ runId: 'run-1', path, value }, signal)).rejects.toMatchObject(error);
    expect(x.service.events('run-1')).toEqual([]);
    const nobody = { runId: 'none', path: lr, value: 1 };
    await expect(x.service.change(nobody, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a step back takes everything after it away, from what is stored and what is not', async () => {
    const x = await held(15);
    await x.service.change({ runId: 'run-1', path: lr, value: 0.5 }, signal);
    await x.pass(STORE_AFTER_MS);
    for (let i = 0; i < 10; i += 1) await x.service.control('run-1', 'step', signal);
    await x.service.change({ runId: 'run-1', path: lr, value: 0.25 }, signal);
    expect(x.store.summary('run-1')?.step).toBe(24);
    expect(await x.service.stepBack('run-1', 13, signal)).toBe(12);

    const read = x.service.read('run-1', -1);
    expect(stepsOf(read)).toEqual(upTo(12));
    expect(read).toMatchObject({ rewinds: 1, events: [], evaluations: [{ step: 0 }, { step: 10 }] });
    expect(x.summary()).toMatchObject({ status: 'paused', step: 12, rewinds: 1, eventCount: 0, final: { step: 10 } });
    await x.pass(STORE_AFTER_MS);
    expect(x.store.read('run-1', -1)).toEqual(read);
    expect(x.store.summary('run-1')).toEqual(x.summary());
    expect(x.store.checkpoint('run-1')?.step).toBe(12);

    await x.service.control('run-1', 'step', signal);
    expect(x.service.read('run-1', 11).steps.lr).toEqual(Float64Array.of(0.01, 0.01));
  });

  test('windows hear of a step back before anything that comes after it, and can tell what is void', async () => {
    const x = await bench({ pace: 100 });
    await x.service.start(start, signal);
    await x.pass(400);
    const step = await x.service.stepBack('run-1', 10, signal);
    await x.service.control('run-1', 'resume', signal);
    await x.pass(200);
    type Told = Pick<RunSummary, 'step' | 'rewinds'> & { status?: string; steps?: RunRecord['steps'] | null };
    const told = x.published.flatMap(({ stream, event }) =>
      stream === 'run.changed' || stream === 'run.progressed' ? [event as Told] : [],
    );
    const turn = told.findIndex((e) => e.rewinds === 1);
    expect(told[turn]).toMatchObject({ step, status: 'paused' });
    expect(told.slice(turn).every((e) => e.rewinds === 1)).toBe(true);
    // A window that cuts there and goes on adding holds what the service holds.
    const rows: number[] = [];
    for (const e of told) {
      if (e === told[turn]) rows.length = step;
      if (e.steps) rows.push(...e.steps.step);
    }
    expect(rows).toEqual(stepsOf(x.service.read('run-1', -1)));
  });

  test('the next update can be looked into; a large model cannot', async () => {
    const x = await held(3);
    expect(await x.service.inspect('run-1', signal)).toMatchObject({ step: 4, tensors: [{ name: 'loss' }] });
    expect(x.summary()?.step).toBe(3);
    const y = await held(3, { opaque: true });
    await expect(y.service.inspect('run-1', signal)).rejects.toMatchObject({
      code: 'MODEL_TOO_LARGE',
      details: { runId: 'run-1' },
    });
  });

  test('nothing is asked of a run that is over; what is on its way when it ends is answered', async () => {
    const x = await held(3);
    const stopping = x.service.control('run-1', 'stop', signal);
    const asked = x.service.stepBack('run-1', 1, signal);
    await stopping;
    expect(await Promise.allSettled([asked])).toHaveLength(1);
    const calls = [
      x.service.stepBack('run-1', 1, signal),
      x.service.inspect('run-1', signal),
      x.service.change({ runId: 'run-1', path: lr, value: 1 }, signal),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'RUN_NOT_LIVE' });
  });

  test('questions end when the engine, or the run’s thread, does', async () => {
    for (const [end, code] of [
      [(x: Awaited<ReturnType<typeof held>>) => x.engine.kill(), 'ENGINE_LOST'],
      [(x: Awaited<ReturnType<typeof held>>) => x.engine.threads[0]?.die('out of memory'), 'RUN_NOT_LIVE'],
    ] as const) {
      const x = await held(3);
      const asked = x.service.inspect('run-1', signal);
      end(x);
      await expect(asked).rejects.toMatchObject({ code });
    }
    const x = await held(3);
    const controller = new AbortController();
    const asked = x.service.inspect('run-1', controller.signal);
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('a run that was changed and interrupted makes its changes again at their steps', async () => {
    const experiment = document(60, 20);
    const x = await bench({ experiment, pace: 100 });
    await x.service.start(start, signal);
    await x.pass(250);
    const event = await x.service.change({ runId: 'run-1', path: lr, value: 0.5 }, signal);
    await x.pass(50);
    const checkpointed = x.store.checkpoint('run-1')?.step ?? 0;
    x.engine.kill();
    await x.pass(1000);
    expect(checkpointed).toBeLessThan(event.step);
    await x.service.continue('run-1', signal);
    await x.pass(2000);
    const { steps, events } = x.service.read('run-1', -1);
    expect(events).toEqual([event]);
    expect(stepsOf(x.service.read('run-1', -1))).toEqual(upTo(60));
    expect([...steps.lr]).toEqual(upTo(60).map((s) => (s > event.step ? 0.5 : 0.01)));
    expect(x.summary()).toMatchObject({ status: 'done', eventCount: 1 });
  });

  test('on a full disk a step back waits in memory, and nothing that it voided comes back', async () => {
    const x = await held(15);
    await x.pass(STORE_AFTER_MS);
    x.store.full = true;
    await x.service.stepBack('run-1', 5, signal);
    await x.pass(2000);
    expect(x.store.summary('run-1')?.step).toBe(15);
    expect(stepsOf(x.service.read('run-1', -1))).toEqual(upTo(10));
    x.store.full = false;
    await x.pass(RETRY_AFTER_MS);
    expect(stepsOf(x.store.read('run-1', -1))).toEqual(upTo(10));
    expect(x.store.summary('run-1')).toEqual(x.summary());
  });
});

describe('validation data', () => {
  const validated = {
    ...regression,
    data: { ...regression.data, validation_points: 5 },
    recipe: { ...regression.recipe, early_stopping: { patience: 3 } },
  };

  test('the best step is told with its scores, kept with its weights, and ends the run early', async () => {
    const x = await bench({ experiment: validated, bestAt: 70 });
    await x.service.start(start, signal);
    await x.pass(1000);
    expect(x.summary()).toMatchObject({
      status: 'done',
      step: 100,
      totalSteps: 500,
      final: { step: 100, validation: { loss: 31 } },
      best: { step: 70, validation: { loss: 1 } },
    });
    expect(x.store.summary('run-1')).toEqual(x.summary());
    expect(x.store.checkpoint('run-1', 'best')?.step).toBe(70);
    expect(x.store.checkpoint('run-1')?.step).toBe(100);
  });

  test('a continued run does not forget it', async () => {
    const x = await bench({ experiment: validated, bestAt: 70, pace: 100 });
    await x.service.start(start, signal);
    await x.pass(800);
    await x.service.control('run-1', 'stop', signal);
    await x.service.continue('run-1', signal);
    await x.pass(1000);
    expect(x.summary()).toMatchObject({ status: 'done', step: 100, best: { step: 70 } });
    expect(x.store.checkpoint('run-1', 'best')?.step).toBe(70);
  });
});

describe('what runs are made from', () => {
  test('the runs of one press share its id', async () => {
    const x = await bench({ cores: 4 });
    const first = await x.service.start({ ...start, variants: ['overfitting', 'dropout'] }, signal);
    const second = await x.service.start(start, signal);
    const ids = [...first, ...second].map((r) => r.pressId);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  const cifar = {
    ...regression,
    data: { type: 'cifar10' },
    model: {
      layers: [
        { type: 'Flatten', name: 'flatten' },
        { type: 'Linear', name: 'fc', out_features: 10 },
      ],
    },
    recipe: { epochs: 2, batch_size: 10, loss: { type: 'CrossEntropyLoss' }, optimizer: { type: 'SGD', lr: 0.1 } },
    variants: [{ name: 'overfitting' }],
  };

  test('data that lies in files is refused by name when nobody has said where they are', async () => {
    const x = await bench({ experiment: cifar });
    await expect(x.service.start(start, signal)).rejects.toMatchObject({
      code: 'DATA_MISSING',
      details: { dataset: 'cifar10' },
    });
    expect(x.service.list()).toEqual([]);
  });

  test('where it was said, the length is known once the data is read', async () => {
    const x = await bench({ experiment: cifar, files: '/data/cifar' });
    const [run] = await x.service.start(start, signal);
    expect(run?.totalSteps).toBeNull();
    await x.pass(1000);
    expect(x.summary()).toMatchObject({ status: 'done', totalSteps: 20, step: 20, final: { test: { top5: 1 } } });
    expect(x.engine.commands.find((c) => c.type === 'start')).toMatchObject({ files: '/data/cifar' });
    const { data } = x.service.read('run-1', -1);
    expect(data).toMatchObject({ kind: 'images', rows: { train: 100, validation: 0, test: 20 } });
  });

  const values = [{ name: 'fc1.weight', shape: [1], values: Float32Array.of(3) }];
  const weights = { source: { name: 'net.safetensors', digest: 'abc' }, arrays: () => values };

  test('given weights reach the engine, are named in the record, and outlive a crash before the first checkpoint', async () => {
    const x = await bench({ weights, pace: 10 });
    const [run] = await x.service.start(start, signal);
    expect(run?.weights).toEqual(weights.source);
    await x.pass(500);
    x.engine.kill();
    await x.pass(1000);
    await x.service.continue('run-1', signal);
    const starts = x.engine.commands.flatMap((c) => (c.type === 'start' ? [c] : []));
    expect(starts.map((c) => [c.weights, c.resume?.step ?? null])).toEqual([
      [values, null],
      [null, 0],
    ]);
  });

  test('a run whose given weights are nowhere any more is not begun with others', async () => {
    const x = await bench();
    const [document] = projectInMemory().experiments();
    if (document === undefined) throw new Error('no experiment');
    const { source } = weights;
    x.store.create({
      id: 'run-1',
      experimentId: EXPERIMENT,
      pressId: 'run-1',
      variant: 'dropout',
      seed: 1,
      totalSteps: 500,
      createdAt: 1,
      experiment: document.document,
      weights: source,
    });
    x.store.setStatus('run-1', 'interrupted');
    await expect(x.service.continue('run-1', signal)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { what: 'weights', id: 'net.safetensors' },
    });
    expect(x.summary()?.status).toBe('interrupted');
  });
});

describe('continuing', () => {
  test('goes on from the checkpoint to the same end as a run that was never stopped', async () => {
    const whole = await bench();
    await whole.service.start(start, signal);
    await whole.pass(1000);
    const x = await bench({ pace: 200 });
    await x.service.start(start, signal);
    await x.pass(700);
    await x.service.control('run-1', 'stop', signal);
    const compute = x.summary()?.computeMs ?? 0;
    const stoppedAt = x.summary()?.step ?? 0;
    expect(x.summary()?.final?.step).toBe(stoppedAt);
    await expect(x.service.continue('none', signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await x.service.continue('run-1', signal)).toMatchObject({ status: 'queued' });
    await expect(x.service.continue('run-1', signal)).rejects.toMatchObject({ code: 'RUN_LIVE' });
    x.service.pace(null);
    await x.pass(3000);
    expect(x.summary()).toMatchObject({ status: 'done', step: 500 });
    expect(x.summary()?.computeMs).toBeGreaterThan(compute);
    // All the same, and where it was stopped there is one evaluation more.
    const { evaluations, ...record } = x.service.read('run-1', -1);
    const { evaluations: expected, ...rest } = whole.service.read('run-1', -1);
    expect(record).toEqual(rest);
    const added = evaluations.filter((e) => e.step % 10 !== 0);
    expect(added.map((e) => e.step)).toEqual([stoppedAt].filter((step) => step % 10 !== 0));
    expect(evaluations.filter((e) => !added.includes(e))).toEqual(expected);
    await expect(x.service.continue('run-1', signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a finished run opens again, paused, to be looked into, and ends as before', async () => {
    const x = await bench();
    await x.service.start(start, signal);
    await x.pass(1000);
    const before = x.service.read('run-1', -1);
    expect(x.summary()?.status).toBe('done');
    await expect(x.service.continue('run-1', signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await x.service.reopen('run-1', signal)).toMatchObject({ status: 'queued', step: 500 });
    await x.pass(100);
    expect(x.summary()).toMatchObject({ status: 'paused', step: 500, final: { step: 500 } });
    expect((await x.service.inspect('run-1', signal)).step).toBe(501);
    await x.service.control('run-1', 'resume', signal);
    await x.pass(1000);
    expect(x.summary()).toMatchObject({ status: 'done', step: 500 });
    expect(x.service.read('run-1', -1)).toEqual(before);
    await expect(x.service.reopen('none', signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a run that died before its first checkpoint starts over', async () => {
    const x = await bench({ pace: 20 });
    await x.service.start(start, signal);
    await x.pass(600);
    x.engine.kill();
    await x.pass(1000);
    expect(x.summary()).toMatchObject({ status: 'interrupted', resumable: true });
    await x.service.continue('run-1', signal);
    x.service.pace(null);
    await x.pass(3000);
    expect(stepsOf(x.service.read('run-1', -1))).toEqual(upTo(500));
  });
});

describe('the engine dies', () => {
  test('pending calls are rejected, runs are interrupted, everything heard is kept', async () => {
    const x = await bench({ pace: 100 });
    await x.service.start({ ...start, variants: ['overfitting', 'dropout'] }, signal);
    await x.pass(1000);
    const stopping = x.service.control('run-1', 'stop', signal);
    x.engine.kill();
    await expect(stopping).rejects.toMatchObject({ code: 'ENGINE_LOST' });
    expect(x.service.list().map((r) => r.status)).toEqual(['interrupted', 'interrupted']);
    await expect(x.service.start(start, signal)).rejects.toMatchObject({ code: 'ENGINE_LOST' });
    const seen = stepsOf(x.service.read('run-2', -1));
    expect(seen.length).toBeGreaterThan(80);
    await x.clock.advance(STORE_AFTER_MS);
    expect(x.store.summary('run-1')?.status).toBe('interrupted');
    expect(stepsOf(x.store.read('run-2', -1))).toEqual(seen);
    await x.clock.advance(250 - STORE_AFTER_MS);
    expect(x.engine.launches).toBe(2);
  });

  test('wherever it dies, continuing ends in the same record', { timeout: 60_000 }, async () => {
    const experiment = document(60, 20);
    const whole = await bench({ experiment, pace: 100 });
    await whole.service.start(start, signal);
    await whole.pass(1500);
    const expected = whole.service.read('run-1', -1);
    const messages = whole.engine.events.length;
    expect(messages).toBeGreaterThan(10);
    for (let n = 2; n <= messages; n += 1) {
      const x = await bench({ experiment, pace: 100, diesAt: (launch, said) => launch === 1 && said === n });
      await x.service.start(start, signal);
      await x.pass(1500);
      expect(x.summary()?.status, `died at message ${n}`).toBe('interrupted');
      await x.service.continue('run-1', signal);
      await x.pass(1500);
      expect(x.summary(), `died at message ${n}`).toMatchObject({ status: 'done', step: 60 });
      expect(x.service.read('run-1', -1), `died at message ${n}`).toEqual(expected);
    }
  });

  test('a thread that dies interrupts its run only, and says so', async () => {
    const x = await bench({ pace: 100 });
    await x.service.start({ ...start, variants: ['overfitting', 'dropout'] }, signal);
    await x.pass(300);
    x.engine.threads[0]?.die('out of memory');
    await x.pass(300);
    expect(x.service.list().map((r) => r.status)).toEqual(['interrupted', 'running']);
    expect(x.heard('app.failed')).toMatchObject([
      { code: 'ENGINE_REJECTED', details: { runId: 'run-1', code: 'TRAINER_LOST' } },
    ]);
  });
});

describe('a full disk', () => {
  test('runs are paused, it is said once, nothing is lost, and resume works when there is room', async () => {
    const x = await bench({ experiment: document(20_000) });
    await x.service.start(start, signal);
    await x.pass(300);
    x.store.full = true;
    await x.pass(5000);
    expect(x.summary()?.status).toBe('paused');
    expect(x.heard('app.failed')).toMatchObject([{ code: 'DISK_FULL' }]);
    const held = x.summary()?.step ?? 0;
    expect(stepsOf(x.service.read('run-1', -1))).toEqual(upTo(held));
    await expect(x.service.control('run-1', 'resume', signal)).rejects.toMatchObject({ code: 'DISK_FULL' });
    await expect(x.service.start(start, signal)).rejects.toMatchObject({ code: 'DISK_FULL' });
    x.store.full = false;
    await x.service.control('run-1', 'resume', signal);
    expect(stepsOf(x.store.read('run-1', -1)).length).toBe(held);
    await x.pass(4000);
    expect(x.summary()).toMatchObject({ status: 'done', step: 20_000 });
    expect(stepsOf(x.store.read('run-1', -1))).toEqual(upTo(20_000));
    expect(x.heard('app.failed')).toHaveLength(1);
  });

  test('room that comes back is used without being asked', async () => {
    const x = await bench({ pace: 100 });
    await x.service.start(start, signal);
    x.store.full = true;
    await x.pass(2000);
    const step = x.summary()?.step ?? 0;
    expect(step).toBeGreaterThan(10);
    x.store.full = false;
    await x.pass(RETRY_AFTER_MS);
    expect(x.store.summary('run-1')).toMatchObject({ step, status: 'paused' });
  });

  test('the engine holds back while nothing is stored, even when it is not paused', async () => {
    const x = await bench({ experiment: document(100_000) });
    await x.service.start(start, signal);
    x.store.full = true;
    await x.pass(300);
    const seqs = () => x.engine.events.flatMap((e) => (e.type === 'journal' ? [e.seq] : []));
    await x.pass(10_000);
    expect(Math.max(...seqs())).toBeLessThanOrEqual(OPEN_ENTRIES + 2);
  });

  test('an engine that dies meanwhile is recorded as soon as there is room', async () => {
    const x = await bench({ pace: 100 });
    await x.service.start(start, signal);
    await x.pass(300);
    x.store.full = true;
    await x.pass(500);
    x.engine.kill();
    await x.pass(3000);
    const step = x.summary()?.step ?? 0;
    expect(x.summary()?.status).toBe('interrupted');
    await expect(x.service.continue('run-1', signal)).rejects.toMatchObject({ code: 'DISK_FULL' });
    x.store.full = false;
    await x.pass(RETRY_AFTER_MS);
    expect(x.store.summary('run-1')).toMatchObject({ status: 'interrupted', step });
  });
});

describe('stopping everything', () => {
  test('leaves every run with a checkpoint and wholly stored', async () => {
    const x = await bench({ pace: 100, cores: 1 });
    const variants = ['overfitting', 'dropout', 'L1', 'L2', 'combined', 'overfitting'];
    await x.service.start({ ...start, variants }, signal);
    await x.pass(500);
    await x.service.stopAll();
    expect(x.store.list().map((r) => r.status)).toEqual(variants.map(() => 'stopped'));
    expect(x.store.list().map((r) => r.step)).toEqual(x.service.list().map((r) => r.step));
    expect(x.store.checkpoint('run-1')?.step).toBe(x.summary()?.step);
  });

  test('an engine that does not answer is ended; the runs are interrupted', async () => {
    const x = await bench({ pace: 100 });
    await x.service.start(start, signal);
    await x.pass(500);
    for (const thread of x.engine.threads) Object.assign(thread.connection, { post: () => undefined });
    const stopping = x.service.stopAll();
    await x.pass(STOP_LIMIT_MS + 100);
    await stopping;
    expect(x.store.summary('run-1')).toMatchObject({ status: 'interrupted', resumable: true });
  });
});
