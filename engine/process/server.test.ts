import { describe, expect, test } from 'vitest';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { startThread, type Thread } from '../../test/fixtures/in-process-engine.ts';
import type { EngineEvent, JournalEntry } from './protocol.ts';
import { createEngineServer } from './server.ts';

/** The server over real trainers and counting sessions; threads are in-process and can be made to die. */
function bench(options: { cores?: number; cold?: boolean } = {}) {
  const clock = manualClock();
  const events: EngineEvent[] = [];
  const problems: string[] = [];
  const failures: string[] = [];
  const threads: Thread[] = [];
  const server = createEngineServer({
    cores: options.cores ?? 1,
    post: (event) => {
      events.push(event);
      if (event.type === 'journal')
        setImmediate(() => server.receive({ type: 'acknowledge', runId: event.runId, seq: event.seq }));
    },
    report: (problem) => problems.push(problem),
    fail: (reason) => failures.push(reason),
    finished: () => failures.push('finished'),
    startTrainer() {
      const thread = startThread(clock, { cold: options.cold ?? false });
      threads.push(thread);
      return thread.connection;
    },
  });
  return {
    clock,
    events,
    problems,
    failures,
    threads,
    server,
    start: (runId: string, change: Record<string, unknown> = {}) =>
      server.receive({
        type: 'start',
        runId,
        experiment: regression,
        variant: 'overfitting',
        seed: 1,
        threads: 1,
        pace: null,
        paused: false,
        resume: null,
        events: [],
        files: null,
        weights: null,
        ...change,
      }),
    control: (runId: string, action: string) => server.receive({ type: 'control', runId, action }),
    entries: (runId: string) => events.filter((x): x is JournalEntry => x.type === 'journal' && x.runId === runId),
    statuses: (runId: string) =>
      events.flatMap((x) => (x.type === 'journal' && x.runId === runId && x.change ? [x.change.status] : [])),
    async pass(milliseconds: number) {
      for (let i = 0; i < milliseconds; i += 50) await clock.advance(50);
    },
  };
}

const ids = (n: number) => Array.from({ length: n }, (_, i) => `run${i}`);

describe('commands are checked', () => {
  const refused: [string, Record<string, unknown>, string][] = [
    ['no document', { experiment: null }, 'INVALID_DOCUMENT'],
    ['a document that does not validate', { experiment: { ...regression, variants: [] } }, 'INVALID_DOCUMENT'],
    ['an unknown variant', { variant: 'none' }, 'INVALID_DOCUMENT'],
    ['a negative seed', { seed: -1 }, 'INVALID_DOCUMENT'],
    ['no threads', { threads: 0 }, 'INVALID_DOCUMENT'],
    ['a key that is not known', { extra: 1 }, 'INVALID_DOCUMENT'],
    ['a checkpoint that is no bytes', { resume: { step: 1, bytes: 'x' } }, 'INVALID_DOCUMENT'],
    ['an endless pace', { pace: Number.NaN }, 'INVALID_DOCUMENT'],
  ];
  test.each(refused)('a start with %s is rejected by name', async (_, change, code) => {
    const x = bench();
    await x.clock.settle();
    x.start('a', change);
    expect(x.events.slice(1)).toEqual([
      { type: 'rejected', runId: 'a', code, message: expect.any(String), problems: expect.any(Array) },
    ]);
    expect((x.events[1]?.type === 'rejected' ? x.events[1].problems : []).length).toBeGreaterThan(0);
  });

  const nonsense: unknown[] = [
    null,
    'start',
    42,
    [],
    {},
    { type: 'launch' },
    { type: 'start' },
    { type: 'start', runId: 7 },
    { type: 'control', runId: 'a', action: 'explode' },
    { type: 'control', runId: 'a' },
    { type: 'pace', runId: 'a', stepsPerSecond: 0 },
    { type: 'acknowledge', runId: 'a', seq: '1' },
  ];
  test.each(nonsense.map((x) => [JSON.stringify(x), x] as const))(
    'nonsense is reported, not fatal: %s',
    async (_, message) => {
      const x = bench();
      x.server.receive(message);
      expect(x.problems).toHaveLength(1);
      x.start('a');
      await x.pass(600);
      expect(x.statuses('a')).toEqual(['running', 'done']);
    },
  );

  test('a second start of a live run is reported and does not disturb it', async () => {
    const x = bench();
    x.start('a');
    x.start('a');
    x.start('a', { threads: 0 });
    await x.pass(600);
    expect(x.problems).toHaveLength(2);
    expect(x.statuses('a')).toEqual(['running', 'done']);
  });

  test('commands for a run that is over do nothing', async () => {
    const x = bench();
    x.control('gone', 'pause');
    x.server.receive({ type: 'acknowledge', runId: 'gone', seq: 3 });
    await x.clock.settle();
    expect(x.problems).toEqual([]);
    expect(x.events.map((e) => e.type)).toEqual(['ready']);
  });
});

describe('runs share the engine', () => {
  test('ready is said once, when trainers are warm', async () => {
    const x = bench({ cores: 2 });
    expect(x.events).toEqual([]);
    await x.clock.settle();
    expect(x.events).toEqual([{ type: 'ready', simd: 'plain', cores: 2 }]);
    expect(x.threads).toHaveLength(2);
  });

  test('more runs than fit wait their turn, first come first served, and all finish', async () => {
    const x = bench({ cores: 1 });
    for (const id of ids(12)) x.start(id, { pace: 200 });
    await x.clock.settle();
    const started = () => x.events.flatMap((e) => (e.type === 'started' ? [e.runId] : []));
    expect(started()).toEqual(ids(5));
    await x.pass(9000);
    expect(started()).toEqual(ids(12));
    for (const id of ids(12)) expect(x.statuses(id).at(-1)).toBe('done');
    expect(x.threads.length).toBeLessThanOrEqual(6);
  });

  test('a paused run makes room for a waiting one', async () => {
    const x = bench({ cores: 1 });
    for (const id of ids(6)) x.start(id, { pace: 1 });
    await x.clock.settle();
    expect(x.statuses('run5')).toEqual([]);
    x.control('run0', 'pause');
    await x.clock.settle();
    expect(x.statuses('run5')).toEqual(['running']);
  });

  test('control of a waiting run is remembered and shown, entry numbers stay gapless', async () => {
    const x = bench({ cores: 1 });
    for (const id of ids(5)) x.start(id, { pace: 1 });
    x.start('late', { pace: 1 });
    x.start('dropped');
    x.control('late', 'pause');
    x.control('late', 'pause');
    x.control('late', 'step');
    x.server.receive({ type: 'pace', runId: 'late', stepsPerSecond: 50 });
    x.control('dropped', 'stop');
    await x.clock.settle();
    expect(x.statuses('late')).toEqual(['paused']);
    expect(x.statuses('dropped')).toEqual(['stopped']);
    x.control('run0', 'stop');
    await x.clock.settle();
    expect(x.statuses('late')).toEqual(['paused', 'paused']);
    expect(x.entries('late').at(-1)?.steps?.step).toEqual(Int32Array.of(1));
    expect(x.entries('late').map((e) => e.seq)).toEqual([1, 2, 3]);
    x.control('late', 'resume');
    await x.pass(500);
    expect(x.statuses('late')).toEqual(['paused', 'paused', 'running']);
  });

  test('a run that ended can be started again', async () => {
    const x = bench();
    x.start('a', { pace: 100 });
    await x.pass(300);
    x.control('a', 'stop');
    await x.clock.settle();
    const checkpoint = x.entries('a').at(-1)?.checkpoint;
    x.start('a', { resume: checkpoint });
    await x.pass(600);
    expect(x.statuses('a')).toEqual(['running', 'stopped', 'running', 'done']);
  });
});

describe('what is asked is answered, once', () => {
  const answers = (x: ReturnType<typeof bench>) =>
    x.events.flatMap((e) =>
      e.type === 'answer' ? [[e.id, e.answer.type, 'code' in e.answer ? e.answer.code : '']] : [],
    );
  const ask = (x: ReturnType<typeof bench>, id: number, runId: string) =>
    x.server.receive({ type: 'inspect', id, runId });

  test('of a run that is not there, is over, or ends while it is asked', async () => {
    const x = bench();
    ask(x, 1, 'nobody');
    x.start('a', { paused: true });
    await x.clock.settle();
    x.control('a', 'stop');
    ask(x, 2, 'a');
    await x.clock.settle();
    ask(x, 3, 'a');
    expect(answers(x)).toEqual([
      [1, 'refused', 'RUN_OVER'],
      [2, 'refused', 'RUN_OVER'],
      [3, 'refused', 'RUN_OVER'],
    ]);
    expect(x.problems).toEqual([]);
  });

  test('of a run in the queue: when its turn has come, or when it never will', async () => {
    const x = bench({ cores: 1 });
    for (const id of ids(5)) x.start(id, { pace: 1 });
    x.start('late', { paused: true });
    x.start('dropped');
    await x.clock.settle();
    ask(x, 1, 'late');
    ask(x, 2, 'dropped');
    x.control('dropped', 'stop');
    await x.clock.settle();
    expect(answers(x)).toEqual([[2, 'refused', 'RUN_OVER']]);
    x.control('run0', 'stop');
    await x.clock.settle();
    expect(answers(x).slice(1)).toEqual([[1, 'inspected', '']]);
  });

  test('of a run whose thread dies, or that cannot begin', async () => {
    const x = bench();
    x.start('a', { paused: true });
    await x.clock.settle();
    ask(x, 1, 'a');
    x.threads[0]?.die('out of memory');
    expect(answers(x)).toEqual([[1, 'refused', 'RUN_OVER']]);
    x.start('b', { resume: { step: 1, bytes: Uint8Array.of(7) } });
    ask(x, 2, 'b');
    await x.clock.settle();
    expect(x.events.some((e) => e.type === 'rejected' && e.runId === 'b')).toBe(true);
    expect(answers(x).at(-1)).toEqual([2, 'refused', 'RUN_OVER']);
  });

  test.each([
    [{ type: 'change', id: 1, runId: 'a' }],
    [{ type: 'change', runId: 'a', path: 'x', value: 1 }],
    [{ type: 'stepBack', id: 1, runId: 'a', steps: 0 }],
    [{ type: 'stepBack', id: 1, runId: 'a', steps: 1.5 }],
    [{ type: 'inspect', id: '1', runId: 'a' }],
  ])('nonsense is reported: %j', (message) => {
    const x = bench();
    x.server.receive(message);
    expect(x.problems).toHaveLength(1);
  });
});

describe('threads that die', () => {
  test('the run is rejected by name, the others go on, the thread is replaced', async () => {
    const x = bench({ cores: 1 });
    x.start('a', { pace: 100 });
    x.start('b', { pace: 100 });
    await x.pass(100);
    x.threads[0]?.die('out of memory');
    await x.pass(6000);
    expect(x.events.filter((e) => e.type === 'rejected')).toEqual([
      { type: 'rejected', runId: 'a', code: 'TRAINER_LOST', message: 'the thread ended: out of memory', problems: [] },
    ]);
    expect(x.statuses('b').at(-1)).toBe('done');
    x.start('c');
    await x.pass(600);
    expect(x.statuses('c').at(-1)).toBe('done');
  });

  test('an engine whose threads never get warm says so instead of trying for ever', async () => {
    const x = bench({ cold: true });
    await x.clock.settle();
    expect(x.failures).toEqual(['no kernels']);
    expect(x.threads).toHaveLength(3);
    expect(x.events).toEqual([]);
  });

  test('shutdown ends every thread and nothing is said afterwards', async () => {
    const x = bench({ cores: 2 });
    x.start('a', { pace: 100 });
    await x.pass(100);
    const said = x.events.length;
    x.server.receive({ type: 'shutdown' });
    await x.pass(500);
    expect(x.threads.every((t) => !t.alive)).toBe(true);
    expect(x.events).toHaveLength(said);
    expect(x.failures).toEqual(['finished']);
  });
});
