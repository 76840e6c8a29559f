// A real browser on a page from elsewhere, in the same profile as the lab: what that page can reach, and what ours may do.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROTOCOL, SOCKET_PATH, TOKEN_PROTOCOL_PREFIX } from '../../main/contract/browser-link.ts';
import { chromiumArgs, findChromium, HOW_TO_GET_CHROMIUM } from '../config/chromium.ts';
import { named } from '../config/skip.ts';
import { startLoopback, type Loopback } from './loopback.ts';

const executablePath = findChromium();
const missing = executablePath === null ? HOW_TO_GET_CHROMIUM : null;

describe.skipIf(missing !== null)(named('in a browser', missing), () => {
  let lab: Loopback;
  let elsewhere: Server;
  let browser: Browser;
  let context: BrowserContext;
  let own: Page;
  let foreign: Page;
  let labOrigin: string;

  beforeAll(async () => {
    if (executablePath === null) return;
    lab = await startLoopback();
    labOrigin = new URL(lab.server.url).origin;
    elsewhere = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>elsewhere</title>');
    });
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    browser = await chromium.launch({ executablePath, args: chromiumArgs() });
    context = await browser.newContext();
    own = await context.newPage();
    await own.goto(lab.server.url);
    await own.waitForFunction(() => document.title === 'loaded');
    foreign = await context.newPage();
    // Another port of the same machine: the browser counts it as the same site, and sends it our cookie.
    await foreign.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
  });
  afterAll(async () => {
    if (executablePath === null) return;
    await browser.close();
    elsewhere.close();
    await lab.dispose();
  });

  describe('a page of another server on this machine', () => {
    test.each(['cors', 'no-cors'] as const)('cannot fetch from the lab (%s)', async (mode) => {
      for (const path of ['/', '/assets/app.js', `/?token=${lab.token}`])
        expect(
          await foreign.evaluate(
            ([url, m]) =>
              fetch(url, { mode: m, credentials: 'include' }).then(
                (response) => `answer ${response.status}`,
                (error: unknown) => (error as Error).name,
              ),
            [labOrigin + path, mode] as const,
          ),
        ).toBe('TypeError');
    });

    test("cannot load the lab's scripts or images", async () => {
      const load = (tag: 'script' | 'img') =>
        foreign.evaluate(
          ([name, url]) =>
            new Promise<string>((resolve) => {
              const element = document.createElement(name);
              element.onload = () => {
                resolve('loaded');
              };
              element.onerror = () => {
                resolve('refused');
              };
              element.src = url;
              document.body.append(element);
            }),
          [tag, `${labOrigin}/assets/app.js`] as const,
        );
      expect(await load('script')).toBe('refused');
      expect(await load('img')).toBe('refused');
    });

    test('cannot show the lab in a frame', async () => {
      await foreign.evaluate(
        (url) =>
          new Promise<void>((resolve) => {
            const frame = document.createElement('iframe');
            frame.onload = () => {
              resolve();
            };
            frame.src = url;
            document.body.append(frame);
          }),
        lab.server.url,
      );
      const shown = await Promise.all(foreign.frames().map((frame) => frame.title()));
      expect(shown).not.toContain('page');
      expect(shown).not.toContain('loaded');
    });

    test('cannot keep a hold on a window that it opens on the lab', async () => {
      const opened = context.waitForEvent('page');
      await foreign.evaluate((url) => {
        (window as { held?: Window | null }).held = window.open(url);
      }, lab.server.url);
      const popup = await opened;
      await popup.waitForFunction(() => document.title === 'loaded');
      expect(await popup.evaluate(() => window.opener)).toBeNull();
      expect(await foreign.evaluate(() => (window as { held?: Window | null }).held?.closed)).toBe(true);
      await popup.close();
    });

    test('cannot open the contract, not even with the token', async () => {
      const before = lab.connected.length;
      for (const protocols of [[], [PROTOCOL], [PROTOCOL, TOKEN_PROTOCOL_PREFIX + lab.token]])
        expect(
          await foreign.evaluate(
            ([url, offered]) =>
              new Promise<string>((resolve) => {
                const socket = new WebSocket(url, [...offered]);
                socket.onopen = () => {
                  resolve('open');
                };
                socket.onerror = () => {
                  resolve('refused');
                };
              }),
            [`ws://127.0.0.1:${lab.server.port}${SOCKET_PATH}`, protocols] as const,
          ),
        ).toBe('refused');
      expect(lab.connected).toHaveLength(before);
    });
  });

  describe("the lab's own page", () => {
    test('is cross-origin isolated and cannot read its cookie', async () => {
      expect(await own.evaluate(() => crossOriginIsolated)).toBe(true);
      expect(await own.evaluate(() => document.cookie)).toBe('');
      expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
    });

    test('runs no inline script and no text as code', async () => {
      expect(
        await own.evaluate(() => {
          const script = document.createElement('script');
          script.textContent = 'document.documentElement.dataset.inline = "ran"';
          document.body.append(script);
          const link = document.createElement('a');
          link.setAttribute('onclick', 'document.documentElement.dataset.inline = "ran"');
          link.click();
          return document.documentElement.dataset['inline'] ?? 'nothing ran';
        }),
      ).toBe('nothing ran');
      // Asked by a script of the page itself: the test's own evaluation is not bound by the policy.
      expect(await own.evaluate(() => (globalThis as { evalRefused?: unknown }).evalRefused)).toBe(true);
      expect(await own.evaluate(() => (globalThis as { wasmAllowed?: unknown }).wasmAllowed)).toBe(true);
    });

    test('can talk to nobody else', async () => {
      const url = foreign.url();
      expect(
        await own.evaluate(
          (target) =>
            fetch(target).then(
              () => 'answered',
              (error: unknown) => (error as Error).name,
            ),
          url,
        ),
      ).toBe('TypeError');
      expect(
        await own.evaluate(
          (target) =>
            new Promise<string>((resolve) => {
              const image = new Image();
              image.onload = image.onerror = (event) => {
                resolve((event as Event).type);
              };
              image.src = target;
            }),
          url,
        ),
      ).toBe('error');
    });
  });
});
