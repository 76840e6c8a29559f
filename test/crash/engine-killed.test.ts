// The real engine process is killed mid-run: the app hears of it, starts another, and the run ends as if nothing had happened.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { StreamEvent, StreamName } from '../../main/contract/methods.ts';
import type { EngineState, RunSummary, Settings } from '../../main/contract/shapes.ts';
import { systemClock } from '../../main/node/clock.ts';
import { processEngine } from '../../main/node/engine-process.ts';
import { createEngineSupervisor } from '../../main/services/engine-supervisor.ts';
import type { EngineConnection } from '../../main/services/ports.ts';
import { createRunService } from '../../main/services/run-service.ts';
import { EXPERIMENT, projectInMemory } from '../fixtures/project-in-memory.ts';
import { temporaryFolder } from '../project/sample.ts';
import { digest, wholeRun } from './whole-run.ts';

const signal = new AbortController().signal;

function compose(settings: { pace: number | null; threads: number }) {
  const launcher = processEngine();
  const project = projectInMemory();
  const connections: EngineConnection[] = [];
  const states: EngineState[] = [];
  const listeners = new Set<() => void>();
  const failures: unknown[] = [];
  const whole: Settings = { locale: 'en', theme: 'light', ...settings };
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  const supervisor = createEngineSupervisor({
    launcher: {
      launch() {
        const connection = launcher.launch();
        connections.push(connection);
        return connection;
      },
    },
    clock: systemClock,
    onState(state) {
      states.push(state);
      changed();
    },
    onEvent: (event) => {
      if (event.type !== 'ready') service.onEngineEvent(event);
    },
    onLost: (error) => service.onEngineLost(error),
  });
  onTestFinished(() => supervisor.close());
  const service = createRunService({
    engine: supervisor,
    store: () => project.runs,
    project: () => ({
      handle: 'h',
      name: '',
      location: '',
      untitled: true,
      readOnly: null,
      damage: [],
      experiments: project.experiments(),
    }),
    settings: () => whole,
    clock: systemClock,
    publisher: {
      publish<S extends StreamName>(stream: S, event: StreamEvent<S>) {
        if (stream === 'app.failed') failures.push(event);
        changed();
      },
    },
    newId: () => crypto.randomUUID(),
    files: null,
    weights: null,
  });
  return {
    service,
    supervisor,
    project,
    states,
    failures,
    connections,
    run: (): RunSummary | undefined => service.list()[0],
    /** Resolves when something that was published made `reached` true. */
    until: (reached: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!reached()) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
  };
}

test.each([
  ['one thread', 1],
  ['two threads', 2],
])('killed mid-run (%s), the run is interrupted and continues bit-equal', async (_, threads) => {
  const x = compose({ pace: 300, threads });
  const start = { experimentId: EXPERIMENT, variants: ['dropout'], seed: null, paused: false };
  const [started] = await x.service.start(start, signal);
  const runId = started?.id ?? '';
  await x.until(() => (x.run()?.step ?? 0) >= 150);
  const pausing = x.service.control(runId, 'stop', signal);
  x.connections[0]?.kill();
  await expect(pausing).rejects.toMatchObject({ code: 'ENGINE_LOST' });
  expect(x.run()).toMatchObject({ status: 'interrupted', resumable: true });
  expect(x.states.at(-1)).toEqual({ status: 'lost', reason: 'signal SIGKILL', retryInMs: 250 });

  await x.until(() => x.states.at(-1)?.status === 'ready');
  expect(x.connections).toHaveLength(2);
  await x.service.continue(runId, signal);
  x.service.pace(null);
  await x.until(() => x.run()?.status === 'done');
  x.service.flush();

  const whole = await wholeRun('dropout');
  const record = x.service.read(runId, -1);
  expect(record.steps).toEqual(whole.steps);
  expect(record.evaluations).toEqual(whole.evaluations);
  expect(digest(x.project.runs.checkpoint(runId)?.bytes)).toBe(digest(whole.checkpoint));
  expect(x.failures).toEqual([]);
});

test('a program that is no engine: the reason names what it said, and trying goes on', async () => {
  const program = 'process.stderr.write("no kernels here\\n"); process.exit(7)';
  const file = join(temporaryFolder(), 'broken.mjs');
  writeFileSync(file, program);
  const states: EngineState[] = [];
  const supervisor = await new Promise<ReturnType<typeof createEngineSupervisor>>((resolve) => {
    const made = createEngineSupervisor({
      launcher: processEngine(pathToFileURL(file)),
      clock: systemClock,
      onState(state) {
        states.push(state);
        if (states.filter((s) => s.status === 'lost').length === 2) resolve(made);
      },
      onEvent: () => undefined,
      onLost: () => undefined,
    });
  });
  await supervisor.close();
  expect(states).toEqual([
    { status: 'lost', reason: 'exit code 7: no kernels here', retryInMs: 250 },
    { status: 'starting' },
    { status: 'lost', reason: 'exit code 7: no kernels here', retryInMs: 500 },
  ]);
});
