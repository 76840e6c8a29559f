// Ctrl-C once, twice, doubled by the parent process, and with a disk that is full.
import { expect, test, vi } from 'vitest';
import { interruptHandler } from './interrupts.ts';

function setUp(close: () => Promise<void>) {
  let time = 1000;
  const said: string[] = [];
  const exit = vi.fn();
  const interrupt = interruptHandler({ now: () => time, close, exit, say: (x) => void said.push(x) });
  return { interrupt, exit, said, pass: (ms: number) => (time += ms) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the first one saves and exits with 0', async () => {
  const close = vi.fn(() => Promise.resolve());
  const { interrupt, exit, said } = setUp(close);
  interrupt();
  expect(exit).not.toHaveBeenCalled();
  await settled();
  expect(close).toHaveBeenCalledTimes(1);
  expect(exit.mock.calls).toEqual([[0]]);
  expect(said).toEqual([]);
});

test('a second one while saving exits at once with 130', () => {
  const { interrupt, exit, pass } = setUp(() => new Promise(() => undefined));
  interrupt();
  pass(301);
  interrupt();
  expect(exit.mock.calls).toEqual([[130]]);
});

test('the same press heard twice is one', () => {
  const close = vi.fn(() => new Promise<void>(() => undefined));
  const { interrupt, exit, pass } = setUp(close);
  interrupt();
  pass(300);
  interrupt();
  expect(close).toHaveBeenCalledTimes(1);
  expect(exit).not.toHaveBeenCalled();
});

test('what could not be saved is said, and the exit code tells', async () => {
  const { interrupt, exit, said } = setUp(() => Promise.reject(new Error('no room left on a.overfit')));
  interrupt();
  await settled();
  expect(said).toEqual(['not everything could be saved: no room left on a.overfit']);
  expect(exit.mock.calls).toEqual([[1]]);
});
