// "The app makes no network request", proven on the whole app: what the page asks for, and what every Node process of it does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chromiumArgs, findChromium, HOW_TO_GET_CHROMIUM } from '../config/chromium.ts';
import { named } from '../config/skip.ts';
import { HostProcess, runWhen, startRun, type HostWindow } from '../e2e/host-process.ts';

const recorder = join(import.meta.dirname, 'record-network.mjs');
const executablePath = findChromium();
const missing = executablePath === null ? HOW_TO_GET_CHROMIUM : null;

interface NetworkUse {
  readonly pid: number;
  readonly threadId: number;
  readonly use: string;
  readonly args: readonly unknown[];
}

let temp: string;
/** What a failed test would leave behind. */
let leftovers: (() => Promise<void>)[];
beforeEach(() => {
  leftovers = [];
  temp = mkdtempSync(join(tmpdir(), 'overfit-network-'));
});
afterEach(async () => {
  for (const end of leftovers) await end();
  rmSync(temp, { recursive: true });
});

const recording = () => ({
  OVERFIT_TEST_NETWORK_LOG: join(temp, 'network.jsonl'),
  NODE_OPTIONS: `--import ${pathToFileURL(recorder).href}`,
});
const recorded = (): NetworkUse[] =>
  readFileSync(join(temp, 'network.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as NetworkUse);

/** Node "looks up" the address that it listens on, which an address answers by itself. */
const isNoQuery = ({ use, args }: NetworkUse): boolean => use === 'dns.lookup' && isIP(String(args[0])) > 0;

/** Trains one variant of the open project to its end. */
async function train({ client }: HostWindow): Promise<void> {
  await client.call('run.pace', { stepsPerSecond: null });
  const { id } = await startRun(client);
  await runWhen(client, id, ({ status }) => status === 'done');
}

describe('no network', () => {
  test('the recorder sees what it is meant to see', async () => {
    const script = `
      const net = await import('node:net');
      const { lookup } = await import('node:dns/promises');
      await lookup('localhost').catch(() => undefined);
      net.connect(65000, '127.0.0.1').on('error', () => undefined);
      await fetch('http://127.0.0.1:65000/').catch(() => undefined);
      new (await import('node:worker_threads')).Worker('', { eval: true });
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, ...recording() },
    });
    await once(child, 'exit');
    const uses = recorded();
    expect(uses.map(({ use }) => use)).toEqual(expect.arrayContaining(['started', 'dns.lookup', 'connect']));
    expect(uses.filter(({ use }) => use === 'connect').length).toBeGreaterThanOrEqual(2);
    expect(uses.some(({ threadId, use }) => threadId > 0 && use === 'started')).toBe(true);
  });

  test.skipIf(executablePath === null)(
    named('opening the app and training in it talks to nobody but the app itself', missing),
    async () => {
      if (executablePath === null) throw new Error('not skipped');
      const host = new HostProcess(join(temp, 'home'), [], recording());
      leftovers.push(() => host.kill());
      const link = await host.link();

      const browser = await chromium.launch({ executablePath, args: chromiumArgs() });
      leftovers.push(() => browser.close());
      const context = await browser.newContext();
      const requested: string[] = [];
      const refused: string[] = [];
      context.on('request', (request) => void requested.push(request.url()));
      context.on('console', (message) => {
        if (/Content Security Policy|Refused to|violates/.test(message.text())) refused.push(message.text());
      });
      const page = await context.newPage();
      page.on('websocket', (socket) => void requested.push(socket.url()));
      await page.goto(link.href);
      const window = await host.openWindow();
      await train(window);
      // The page shows the run that it was told of.
      await page.waitForFunction(() => document.querySelectorAll('canvas').length > 0);
      await window.close();
      await browser.close();

      const origins = requested
        .map((url) => new URL(url))
        .filter(({ protocol }) => protocol !== 'data:' && protocol !== 'blob:')
        .map(({ protocol, host: target }) => `${protocol}//${target}`);
      expect(new Set(origins)).toEqual(new Set([`http://${link.host}`, `ws://${link.host}`]));
      expect(refused).toEqual([]);

      expect(await host.interrupt()).toBe(0);
      const uses = recorded();
      // The host and the engine's process were both watched.
      expect(new Set(uses.filter(({ use }) => use === 'started').map(({ pid }) => pid)).size).toBeGreaterThanOrEqual(2);
      expect(uses.filter(({ use }) => use === 'listen').map(({ pid, args }) => [pid, args[0]])).toEqual([
        [host.pid, { host: '127.0.0.1', port: 0 }],
      ]);
      expect(uses.filter((entry) => !['started', 'listen'].includes(entry.use) && !isNoQuery(entry))).toEqual([]);
    },
  );
});
