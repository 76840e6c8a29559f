import { beforeEach, expect, it, vi } from 'vitest';

const faked = vi.hoisted(() => ({ on: vi.fn(), send: vi.fn() }));
vi.mock('electron', () => ({ ipcRenderer: { on: faked.on, send: faked.send } }));

const page = { addEventListener: vi.fn(), postMessage: vi.fn(), location: { origin: 'app://overfit' } };
beforeEach(async () => {
  vi.resetModules();
  vi.clearAllMocks();
  vi.stubGlobal('window', page);
  await import('./preload.ts');
});

it('asks for a port once the page has loaded, and not before', () => {
  expect(faked.send).not.toHaveBeenCalled();
  const [name, listener, options] = page.addEventListener.mock.calls[0] as [string, () => void, unknown];
  expect([name, options]).toEqual(['load', { once: true }]);
  listener();
  expect(faked.send.mock.calls).toEqual([['overfit:connect']]);
});

it('hands the port to the page’s own origin, with nothing else', () => {
  const [channel, listener] = faked.on.mock.calls[0] as [string, (event: { ports: unknown[] }) => void];
  const port = { port: true };
  listener({ ports: [port] });
  expect(channel).toBe('overfit:port');
  expect(page.postMessage.mock.calls).toEqual([[{ type: 'overfit:port' }, 'app://overfit', [port]]]);
});

it('listens to one channel and one event, and exposes nothing', () => {
  expect(faked.on).toHaveBeenCalledOnce();
  expect(page.addEventListener).toHaveBeenCalledOnce();
  expect(Object.keys(page)).toEqual(['addEventListener', 'postMessage', 'location']);
});
