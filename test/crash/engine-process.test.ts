// The engine process by itself: what it does when nobody, or somebody wrong, is at the other end.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import { BESIDE_A_WINDOW, siblingEntry } from '../../engine/process/node-entries.ts';
import type { EngineEvent } from '../../engine/process/protocol.ts';

const entry = fileURLToPath(siblingEntry('engine-server'));
const start = {
  type: 'start',
  runId: 'a',
  experiment: regression,
  variant: 'overfitting',
  seed: 1,
  threads: 1,
  pace: 20,
  paused: false,
  resume: null,
  events: [],
  files: null,
  weights: null,
};

async function startEngine(args: readonly string[] = []) {
  const child = fork(entry, args, {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exit = once(child, 'exit');
  const events: EngineEvent[] = [];
  const listeners = new Set<() => void>();
  child.on('message', (event) => {
    events.push(event as EngineEvent);
    for (const look of [...listeners]) look();
  });
  const until = (fits: (event: EngineEvent) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (events.some(fits)) resolve();
      };
      listeners.add(look);
      look();
    });
  await until((x) => x.type === 'ready');
  return { child, events, until, exit, errors: () => errors };
}

test('beside a window it yields; without one it does not', async () => {
  const priority = async (...args: string[]) => getPriority((await startEngine(args)).child.pid);
  expect(await priority()).toBe(getPriority());
  expect(await priority(BESIDE_A_WINDOW)).toBe(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL));
});

test('Ctrl-C and a closed terminal are left to the parent', async () => {
  const x = await startEngine();
  x.child.send(start);
  await x.until((e) => e.type === 'journal' && e.seq === 2);
  x.child.kill('SIGINT');
  x.child.kill('SIGHUP');
  await x.until((e) => e.type === 'journal' && e.seq === 6);
  x.child.send({ type: 'shutdown' });
  expect(await x.exit).toEqual([0, null]);
  expect(x.errors()).toBe('');
});

test('it ends when its parent is gone, also in the middle of computing', async () => {
  const x = await startEngine();
  x.child.send({ ...start, pace: null, experiment: { ...regression, recipe: { ...regression.recipe, steps: 1e6 } } });
  await x.until((e) => e.type === 'journal' && e.seq === 3);
  x.child.disconnect();
  expect(await x.exit).toEqual([0, null]);
});

test('nonsense is logged and does not end it', async () => {
  const x = await startEngine();
  x.child.send({ type: 'explode' });
  x.child.send({ ...start, runId: 'b', threads: -1 });
  await x.until((e) => e.type === 'rejected' && e.runId === 'b');
  // Few enough entries that none need be acknowledged.
  x.child.send({ ...start, pace: null, experiment: { ...regression, recipe: { ...regression.recipe, steps: 20 } } });
  await x.until((e) => e.type === 'journal' && e.change?.status === 'done');
  expect(x.errors()).toContain('Engine command');
});

test('started by hand, it says that it is not for that', async () => {
  const child = spawn(process.execPath, [entry], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).not.toBe(0);
  expect(errors).toContain('started by the app, not by hand');
});
