// @vitest-environment jsdom
// How a window finds its lab: over the browser host's real server, over a preload's port, and when there is none.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import NodeWebSocket from 'ws';
import { startServer, type RunningServer } from '../../main/browser/server.ts';
import { Hub } from '../../main/contract/hub.ts';
import { portTransport } from '../../main/contract/rpc-port.ts';
import { serve } from '../../main/contract/server.ts';
import { appInfo, sampleHandlers } from '../../test/contract/sample-lab.ts';
import { connectToHost } from './connect.ts';

declare const jsdom: { reconfigure(change: { url: string }): void };

/** jsdom's own keeps naming the origin of the first address; a browser names the page's. */
class PageWebSocket extends NodeWebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols, { origin: location.origin });
    // A browser's socket may fail without anybody listening for it.
    this.on('error', () => undefined);
  }
}

const handlers = sampleHandlers({ 'app.info': () => Promise.resolve(appInfo) });
const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('should have failed');
    },
    (error: unknown) => error,
  );

describe('with a token', () => {
  let folder: string;
  let server: RunningServer;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overfit-connect-'));
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    server = await startServer({
      folder,
      port: 0,
      onConnect: (transport) => {
        serve(handlers, transport, new Hub());
      },
      report: ({ error }) => {
        throw error;
      },
    });
    sessionStorage.clear();
    jsdom.reconfigure({ url: server.url });
    vi.stubGlobal('WebSocket', PageWebSocket);
  });
  afterEach(async () => {
    vi.unstubAllGlobals();
    await server.close();
    await rm(folder, { recursive: true });
  });

  test('the link connects, and its token leaves the address bar', async () => {
    const token = new URL(server.url).searchParams.get('token');
    const client = await connectToHost();
    expect(await client.call('app.info', null)).toEqual(appInfo);
    expect(location.href).toBe(`${new URL(server.url).origin}/`);
    expect(sessionStorage.getItem('overfit:token')).toBe(token);
  });

  test('the rest of the address stays', async () => {
    jsdom.reconfigure({ url: `${server.url}&view=runs#top` });
    await connectToHost();
    expect(location.search + location.hash).toBe('?view=runs#top');
  });

  test('a reload connects without the token in the address', async () => {
    await connectToHost();
    const client = await connectToHost();
    expect(await client.call('app.info', null)).toEqual(appInfo);
  });

  test("a new link's token replaces the old one", async () => {
    sessionStorage.setItem('overfit:token', 'old');
    await connectToHost();
    expect(sessionStorage.getItem('overfit:token')).not.toBe('old');
  });

  test('a token that is no longer valid is CONNECTION_LOST', async () => {
    jsdom.reconfigure({ url: `${new URL(server.url).origin}/?token=wrong` });
    expect(await failure(connectToHost())).toMatchObject({ code: 'CONNECTION_LOST' });
  });

  test('the end of the lab is told', async () => {
    const client = await connectToHost();
    const closed = new Promise<void>((resolve) => {
      client.onClose(resolve);
    });
    await server.close();
    await closed;
    expect(await failure(client.call('app.info', null))).toMatchObject({ code: 'CONNECTION_LOST' });
  });
});

describe('without a token', () => {
  beforeEach(() => {
    sessionStorage.clear();
    jsdom.reconfigure({ url: 'http://lab.test/' });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** jsdom cannot transfer ports: the event as a browser would deliver it. */
  const deliver = (data: unknown, source: unknown, ports: readonly unknown[]) =>
    window.dispatchEvent(Object.assign(new Event('message'), { data, source, ports }));

  test("the preload's port connects; other messages do not", async () => {
    const wrong = new MessageChannel();
    const { port1, port2 } = new MessageChannel();
    const connecting = connectToHost();
    deliver({ type: 'overfit:port' }, null, [wrong.port1]);
    deliver({ type: 'overfit:port' }, window, []);
    deliver({ type: 'other' }, window, [wrong.port1]);
    deliver(null, window, [wrong.port1]);
    deliver('overfit:port', window, [wrong.port1]);
    deliver({ type: 'overfit:port' }, window, [port1]);
    const client = await connecting;
    serve(handlers, portTransport(port2), new Hub());
    expect(await client.call('app.info', null)).toEqual(appInfo);
    port2.close();
    wrong.port1.close();
  });

  test('when no port comes, the person is told what to open', async () => {
    vi.useFakeTimers();
    const failed = failure(connectToHost());
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await failed).toMatchObject({ code: 'CONNECTION_LOST', message: expect.stringContaining('link') as string });
  });
});
