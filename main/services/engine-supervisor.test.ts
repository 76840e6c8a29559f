import { describe, expect, test } from 'vitest';
import type { EngineCommand, EngineEvent } from '../../engine/process/protocol.ts';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import type { LabError } from '../contract/errors.ts';
import type { EngineState } from '../contract/shapes.ts';
import { createEngineSupervisor, HEALTHY_MS, SHUTDOWN_LIMIT_MS, START_LIMIT_MS } from './engine-supervisor.ts';

/** An engine that is nothing but its channel. */
function bench(options: { launchFails?: boolean } = {}) {
  const clock = manualClock();
  const states: EngineState[] = [];
  const events: EngineEvent[] = [];
  const lost: LabError[] = [];
  const engines: { say(event: EngineEvent): void; exit(code: number): void; posted: EngineCommand[]; kills: number }[] =
    [];
  const supervisor = createEngineSupervisor({
    clock,
    onState: (state) => states.push(state),
    onEvent: (event) => events.push(event),
    onLost: (error) => lost.push(error),
    launcher: {
      launch() {
        if (options.launchFails === true) throw new Error('no such program');
        let listener: (event: EngineEvent) => void = () => undefined;
        let exited: (reason: { code: number | null; signal: string | null; lastWords?: string }) => void = () =>
          undefined;
        const engine = {
          say: (event: EngineEvent) => listener(event),
          exit: (code: number) => exited({ code, signal: null, lastWords: 'out of luck' }),
          posted: [] as EngineCommand[],
          kills: 0,
        };
        engines.push(engine);
        return {
          post: (command) => void engine.posted.push(command),
          onEvent: (x) => void (listener = x),
          onExit: (x) => void (exited = x),
          kill() {
            engine.kills += 1;
            exited({ code: null, signal: 'SIGKILL' });
          },
        };
      },
    },
  });
  const ready = () => engines.at(-1)?.say({ type: 'ready', simd: 'plain', cores: 2 });
  return { clock, states, events, lost, engines, supervisor, ready, last: () => engines.at(-1) };
}

const rejected: EngineEvent = { type: 'rejected', runId: 'a', code: 'X', message: '', problems: [] };

describe('the engine is kept running', () => {
  test('it is ready when it says so; commands before that are refused, calls wait', async () => {
    const x = bench();
    expect(x.supervisor.state).toEqual({ status: 'starting' });
    expect(() => x.supervisor.post({ type: 'shutdown' })).toThrow(expect.objectContaining({ code: 'ENGINE_LOST' }));
    const waiting = x.supervisor.ready();
    x.ready();
    await waiting;
    await x.supervisor.ready();
    x.supervisor.post({ type: 'control', runId: 'a', action: 'pause' });
    expect(x.last()?.posted).toEqual([{ type: 'control', runId: 'a', action: 'pause' }]);
    expect(x.states).toEqual([{ status: 'ready', simd: 'plain', cores: 2 }]);
  });

  test('each death doubles the wait, up to 8 s; the reason is told', async () => {
    const x = bench();
    const waits: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      x.last()?.exit(3);
      const state = x.supervisor.state;
      if (state.status !== 'lost') throw new Error(`expected lost, not ${state.status}`);
      expect(state.reason).toBe('exit code 3: out of luck');
      waits.push(state.retryInMs);
      const before = x.engines.length;
      await x.clock.advance(state.retryInMs - 1);
      expect(x.engines).toHaveLength(before);
      await x.clock.advance(1);
      expect(x.engines).toHaveLength(before + 1);
      expect(x.supervisor.state.status).toBe('starting');
      x.ready();
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
    expect(x.lost).toHaveLength(8);
  });

  test('a healthy minute makes it patient again', async () => {
    const x = bench();
    for (let i = 0; i < 3; i += 1) {
      x.ready();
      x.last()?.exit(1);
      await x.clock.advance(8000);
    }
    x.ready();
    await x.clock.advance(HEALTHY_MS);
    x.last()?.exit(1);
    expect(x.supervisor.state).toMatchObject({ status: 'lost', retryInMs: 250 });
  });

  test('calls that wait for it are rejected when it dies, and refused until it starts again', async () => {
    const x = bench();
    const waiting = x.supervisor.ready();
    x.last()?.exit(1);
    await expect(waiting).rejects.toMatchObject({ code: 'ENGINE_LOST' });
    await expect(x.supervisor.ready()).rejects.toMatchObject({ code: 'ENGINE_LOST' });
    await x.clock.advance(250);
    const again = x.supervisor.ready();
    x.ready();
    await again;
  });

  test('a waiting call can be cancelled', async () => {
    const x = bench();
    const controller = new AbortController();
    const waiting = x.supervisor.ready(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(x.supervisor.ready(controller.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
    x.ready();
  });

  test('what a dead engine still says is not heard', async () => {
    const x = bench();
    x.ready();
    const first = x.last();
    first?.say(rejected);
    first?.exit(1);
    first?.say(rejected);
    first?.exit(1);
    first?.say({ type: 'ready', simd: 'plain', cores: 9 });
    expect(x.events).toHaveLength(1);
    expect(x.lost).toHaveLength(1);
    expect(x.supervisor.state.status).toBe('lost');
  });

  test('an engine that never gets ready is ended and started again', async () => {
    const x = bench();
    await x.clock.advance(START_LIMIT_MS);
    expect(x.engines[0]?.kills).toBe(1);
    await x.clock.advance(250);
    expect(x.engines).toHaveLength(2);
    x.ready();
    await x.clock.advance(START_LIMIT_MS * 2);
    expect(x.engines[1]?.kills).toBe(0);
  });

  test('a program that cannot even be launched is tried again', async () => {
    const x = bench({ launchFails: true });
    expect(x.supervisor.state).toEqual({ status: 'starting' });
    await x.clock.advance(0);
    expect(x.supervisor.state).toEqual({ status: 'lost', reason: 'no such program', retryInMs: 250 });
    await x.clock.advance(250);
    expect(x.supervisor.state).toMatchObject({ status: 'lost', retryInMs: 500 });
  });
});

describe('closing', () => {
  test('asks first, and kills what does not listen', async () => {
    const x = bench();
    x.ready();
    const closed = x.supervisor.close();
    expect(x.last()?.posted).toEqual([{ type: 'shutdown' }]);
    await x.clock.advance(SHUTDOWN_LIMIT_MS - 1);
    expect(x.last()?.kills).toBe(0);
    await x.clock.advance(1);
    expect(x.last()?.kills).toBe(1);
    await closed;
    await x.supervisor.close();
    expect(x.lost).toEqual([]);
    expect(x.clock.timers).toBe(0);
    await expect(x.supervisor.ready()).rejects.toMatchObject({ code: 'ENGINE_LOST' });
  });

  test('while it waits for the next start, nothing is started any more', async () => {
    const x = bench();
    x.last()?.exit(1);
    await x.supervisor.close();
    await x.clock.advance(60_000);
    expect(x.engines).toHaveLength(1);
  });
});
