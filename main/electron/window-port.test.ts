import { EventEmitter } from 'node:events';
import type { IpcMain, IpcMainEvent } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { isTrustedSender, offerPorts } from './window-port.ts';

const faked = vi.hoisted(() => ({ channels: [] as { port1: unknown; port2: unknown }[] }));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class Port extends Emitter {
    readonly postMessage = vi.fn();
    readonly start = vi.fn();
    readonly close = vi.fn();
  }
  class MessageChannelMain {
    readonly port1 = new Port();
    readonly port2 = new Port();
    constructor() {
      faked.channels.push(this);
    }
  }
  return { MessageChannelMain };
});
beforeEach(() => {
  faked.channels.length = 0;
});

function sender(url: string | null, top = true) {
  const frame = url === null ? null : { url };
  const contents = { mainFrame: top ? frame : { url: 'app://overfit/index.html' }, postMessage: vi.fn() };
  return { event: { senderFrame: frame, sender: contents } as unknown as IpcMainEvent, contents };
}

const TRUSTED = [['app://overfit/index.html', true]] as const;
const UNTRUSTED = [
  ['app://overfit/index.html', false],
  ['app://overfit.example.com/index.html', true],
  ['app://evil/index.html', true],
  ['https://example.com/', true],
  ['file:///app/out/renderer/index.html', true],
  ['about:blank', true],
  ['data:text/html,x', true],
  ['', true],
  [null, true],
] as const;

describe('a sender', () => {
  it.each(TRUSTED)('at %s (top frame: %s) is trusted', (url, top) => {
    expect(isTrustedSender(sender(url, top).event)).toBe(true);
  });
  it.each(UNTRUSTED)('at %s (top frame: %s) is not', (url, top) => {
    expect(isTrustedSender(sender(url, top).event)).toBe(false);
  });
});

describe('ports', () => {
  function offering() {
    const ipcMain = new EventEmitter();
    const serve = vi.fn();
    offerPorts(ipcMain as unknown as IpcMain, serve);
    return { ipcMain, serve };
  }

  it('go to our own page, each time it asks: one end to it, the other to the services', () => {
    const { ipcMain, serve } = offering();
    const { event, contents } = sender('app://overfit/index.html');
    ipcMain.emit('overfit:connect', event);
    ipcMain.emit('overfit:connect', event);
    expect(faked.channels).toHaveLength(2);
    expect(serve).toHaveBeenCalledTimes(2);
    expect(contents.postMessage.mock.calls).toEqual(faked.channels.map(({ port2 }) => ['overfit:port', null, [port2]]));
  });

  it.each(UNTRUSTED)('go to nobody else: %s (top frame: %s)', (url, top) => {
    const { ipcMain, serve } = offering();
    const { event, contents } = sender(url, top);
    ipcMain.emit('overfit:connect', event);
    expect([faked.channels.length, serve.mock.calls.length, contents.postMessage.mock.calls.length]).toEqual([0, 0, 0]);
  });
});
