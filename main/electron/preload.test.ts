import { beforeEach, describe, expect, it, vi } from 'vitest';

const faked = vi.hoisted(() => ({ on: vi.fn(), send: vi.fn(), pathOf: vi.fn() }));
vi.mock('electron', () => ({
  ipcRenderer: { on: faked.on, send: faked.send },
  webUtils: { getPathForFile: faked.pathOf },
}));

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

describe('a drop', () => {
  const drop = (event: { isTrusted: boolean; files: readonly object[] }) => {
    const [name, listener, options] = page.addEventListener.mock.calls[1] as [string, (x: object) => void, unknown];
    expect([name, options]).toEqual(['drop', { capture: true }]);
    listener({ isTrusted: event.isTrusted, dataTransfer: { files: event.files } });
  };
  beforeEach(() => {
    faked.pathOf.mockImplementation(({ path }: { path: string }) => path);
  });

  it('tells the main process where the file lies', () => {
    drop({ isTrusted: true, files: [{ path: '/home/ada/iris.csv' }] });
    expect(faked.send.mock.calls).toEqual([['overfit:drop', '/home/ada/iris.csv']]);
    expect(page.postMessage).not.toHaveBeenCalled();
  });

  it.each([
    ['that a script made', { isTrusted: false, files: [{ path: '/etc/passwd.csv' }] }],
    ['of nothing', { isTrusted: true, files: [] }],
    ['of several files', { isTrusted: true, files: [{ path: '/a.csv' }, { path: '/b.csv' }] }],
    ['of a file that lies nowhere', { isTrusted: true, files: [{ path: '' }] }],
  ])('%s tells nothing', (_, event) => {
    drop(event);
    expect(faked.send).not.toHaveBeenCalled();
  });
});

it('listens to one channel and two events, and exposes nothing', () => {
  expect(faked.on).toHaveBeenCalledOnce();
  expect(page.addEventListener).toHaveBeenCalledTimes(2);
  expect(Object.keys(page)).toEqual(['addEventListener', 'postMessage', 'location']);
});
