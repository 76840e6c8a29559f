import { EventEmitter } from 'node:events';
import { beforeEach, expect, it, vi } from 'vitest';
import { utilityEngine } from './engine-utility.ts';

const faked = vi.hoisted(() => ({ fork: vi.fn<(...args: unknown[]) => unknown>() }));
vi.mock('electron', () => ({ utilityProcess: { fork: faked.fork } }));

function launch() {
  const child = Object.assign(new EventEmitter(), {
    postMessage: vi.fn(),
    kill: vi.fn(() => true),
    stderr: new EventEmitter(),
  });
  faked.fork.mockReturnValue(child);
  return { child, connection: utilityEngine('/app/out/main/engine-server.js').launch() };
}
beforeEach(() => faked.fork.mockReset());

it('forks the bundled entry, once per launch', () => {
  launch();
  expect(faked.fork).toHaveBeenCalledExactlyOnceWith('/app/out/main/engine-server.js', ['--beside-a-window'], {
    serviceName: 'Overfit Lab Engine',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
});

it('carries commands in and events out as they are', () => {
  const { child, connection } = launch();
  const heard = vi.fn();
  connection.onEvent(heard);
  connection.post({ type: 'shutdown' });
  child.emit('message', { type: 'ready', simd: 'relaxed', cores: 2 });
  expect(child.postMessage.mock.calls).toEqual([[{ type: 'shutdown' }]]);
  expect(heard.mock.calls).toEqual([[{ type: 'ready', simd: 'relaxed', cores: 2 }]]);
});

it('tells once that the process is gone', () => {
  const { child, connection } = launch();
  const gone = vi.fn();
  connection.onExit(gone);
  child.emit('exit', 11);
  child.emit('exit', 11);
  expect(gone.mock.calls).toEqual([[{ code: 11, signal: null, lastWords: '' }]]);
});

it('tells the last words of a process that died, and passes them on', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { child, connection } = launch();
  const gone = vi.fn();
  connection.onExit(gone);
  child.stderr.emit('data', Buffer.from(`${'x'.repeat(5000)}\nRangeError: `));
  child.stderr.emit('data', Buffer.from('no memory\n'));
  child.emit('exit', 134);
  const { lastWords } = gone.mock.calls[0]?.[0] as { lastWords: string };
  expect(lastWords).toMatch(/^x+\nRangeError: no memory$/);
  expect(lastWords.length).toBeLessThanOrEqual(2000);
  expect(write).toHaveBeenCalledTimes(2);
  write.mockRestore();
});

it('tells where V8 gave up', () => {
  const { child, connection } = launch();
  const gone = vi.fn();
  connection.onExit(gone);
  child.emit('error', 'FatalError', 'v8::ArrayBuffer::New', '{}');
  child.emit('exit', 5);
  expect(gone.mock.calls).toEqual([[{ code: 5, signal: null, lastWords: 'FatalError in v8::ArrayBuffer::New' }]]);
});

it('ends the process at once', () => {
  const { child, connection } = launch();
  connection.kill();
  expect(child.kill).toHaveBeenCalledOnce();
});

it('ends a process that has not started yet as soon as it has', () => {
  const { child, connection } = launch();
  child.kill.mockReturnValueOnce(false);
  connection.kill();
  child.emit('spawn');
  expect(child.kill).toHaveBeenCalledTimes(2);
});
