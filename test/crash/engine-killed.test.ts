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
    datasetFile: () => Promise.reject(new Error('no data set is run here')),
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

test.each([
  ['after the changes, before the next checkpoint', 230],
  ['between the changes', 130],
])('changed, stepped back and killed (%s), the run is the one that its record describes', async (_, killAt) => {
  const x = compose({ pace: 300, threads: 1 });
  const start = { experimentId: EXPERIMENT, variants: ['dropout'], seed: null, paused: false };
  const [started] = await x.service.start(start, signal);
  const runId = started?.id ?? '';
  const at = async (step: number) => x.until(() => (x.run()?.step ?? 0) >= step && x.run()?.status === 'running');
  await at(60);
  // Undone by the step back.
  await x.service.change({ runId, path: 'recipe.optimizer.lr', value: 0.5 }, signal);
  await at(75);
  const back = await x.service.stepBack(runId, 40, signal);
  expect(x.run()).toMatchObject({ status: 'paused', step: back, eventCount: 0 });
  await x.service.control(runId, 'resume', signal);
  await at(110);
  await x.service.change({ runId, path: 'model.layers.dropout1.p', value: 0.2 }, signal);
  await at(killAt);
  if (killAt > 200) await x.service.change({ runId, path: 'recipe.optimizer.lr', value: 0.002 }, signal);
  await x.until(() => x.project.runs.events(runId).length === (killAt > 200 ? 2 : 1));
  x.connections[0]?.kill();
  await x.until(() => x.run()?.status === 'interrupted');
  await x.until(() => x.states.at(-1)?.status === 'ready');
  await x.service.continue(runId, signal);
  if (killAt < 200) {
    await at(210);
    await x.service.change({ runId, path: 'recipe.optimizer.lr', value: 0.002 }, signal);
  }
  x.service.pace(null);
  await x.until(() => x.run()?.status === 'done');
  x.service.flush();

  const record = x.service.read(runId, -1);
  expect(record.events.map((e) => e.path)).toEqual(['model.layers.dropout1.p', 'recipe.optimizer.lr']);
  const whole = await wholeRun('dropout', record.events);
  expect(record.steps).toEqual(whole.steps);
  expect(record.evaluations).toEqual(whole.evaluations);
  expect(digest(x.project.runs.checkpoint(runId)?.bytes)).toBe(digest(whole.checkpoint));
  expect(x.failures).toEqual([]);
});

test('a stopped run that goes on to its end has the scores of where it was stopped besides', async () => {
  const x = compose({ pace: 300, threads: 1 });
  const start = { experimentId: EXPERIMENT, variants: ['L2'], seed: null, paused: false };
  const [started] = await x.service.start(start, signal);
  const runId = started?.id ?? '';
  await x.until(() => (x.run()?.step ?? 0) >= 43);
  await x.service.control(runId, 'stop', signal);
  const { step, final } = x.run() ?? {};
  expect(final?.step).toBe(step);
  await x.service.continue(runId, signal);
  x.service.pace(null);
  await x.until(() => x.run()?.status === 'done');
  const whole = await wholeRun('L2');
  const record = x.service.read(runId, -1);
  expect(record.steps).toEqual(whole.steps);
  expect(record.evaluations.filter((e) => e.step % 10 === 0)).toEqual(whole.evaluations);
});

test('a program that is no engine: the reason names what it said, and trying goes on', async () => {
  const program = 'process.stderr.write("no kernels here\\n"); process.exit(7)';
  const file = join(temporaryFolder(), 'broken.mjs');
  writeFileSync(file, program);
  const states: EngineState[] = [];
  const supervisor = await new Promise<ReturnType<typeof createEngineSupervisor>>((resolve) => {
    const made = createEngineSupervisor({
      launcher: processEngine({ entry: pathToFileURL(file) }),
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
