// "The app makes no network request", proven on the whole app: what the page asks for, and what every Node process of it does.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { PROTOCOL, SOCKET_PATH, TOKEN_PROTOCOL_PREFIX } from '../../main/contract/browser-link.ts';
import { connect } from '../../main/contract/client.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import { socketTransport } from '../../main/contract/rpc-socket.ts';
import { chromiumArgs, findChromium, HOW_TO_GET_CHROMIUM } from '../config/chromium.ts';

const root = join(import.meta.dirname, '../..');
const recorder = join(import.meta.dirname, 'record-network.mjs');
const executablePath = findChromium();
const skipped = executablePath === null ? ` [skipped: ${HOW_TO_GET_CHROMIUM}]` : '';

interface NetworkUse {
  readonly pid: number;
  readonly threadId: number;
  readonly use: string;
  readonly args: readonly unknown[];
}

let temp: string;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'overfit-network-'));
});
afterEach(() => {
  rmSync(temp, { recursive: true });
});

const environment = () => ({
  ...process.env,
  OVERFIT_HOME: join(temp, 'home'),
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

/** The link of the host's one line. */
async function readyLink(host: ChildProcess): Promise<URL> {
  let said = '';
  for await (const chunk of host.stdout ?? []) {
    said += String(chunk);
    const link = /^Overfit Lab is ready at (\S+)\n/.exec(said)?.[1];
    if (link !== undefined) return new URL(link);
  }
  throw new Error(`the host ended before it was ready: ${said}`);
}

async function secondWindow(link: URL): Promise<{ client: LabClient; socket: WebSocket }> {
  const token = link.searchParams.get('token') ?? '';
  const socket = new WebSocket(`ws://${link.host}${SOCKET_PATH}`, [PROTOCOL, TOKEN_PROTOCOL_PREFIX + token], {
    origin: link.origin,
  });
  await once(socket, 'open');
  return { client: connect(socketTransport(socket)), socket };
}

/** Trains one variant of the open project to its end. */
async function train(client: LabClient): Promise<void> {
  const ended = Promise.withResolvers<string>();
  let runId = '';
  client.subscribe('run.changed', (run) => {
    if (run.id === runId && !['queued', 'running'].includes(run.status)) ended.resolve(run.status);
  });
  await client.call('run.pace', { stepsPerSecond: null });
  const { experiments } = await client.call('project.current', null);
  const [experiment] = experiments;
  const [variant] = experiment?.document.variants ?? [];
  if (!experiment || !variant) throw new Error('the app should open on an example');
  const [run] = await client.call('run.start', {
    experimentId: experiment.id,
    variants: [variant.name],
    seed: null,
    paused: false,
  });
  runId = run?.id ?? '';
  // It may have ended before its id was known here.
  const known = (await client.call('run.list', null)).find(({ id }) => id === runId);
  const status = known && !['queued', 'running'].includes(known.status) ? known.status : await ended.promise;
  expect(status).toBe('done');
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
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env: environment() });
    await once(child, 'exit');
    const uses = recorded();
    expect(uses.map(({ use }) => use)).toEqual(expect.arrayContaining(['started', 'dns.lookup', 'connect']));
    expect(uses.filter(({ use }) => use === 'connect').length).toBeGreaterThanOrEqual(2);
    expect(uses.some(({ threadId, use }) => threadId > 0 && use === 'started')).toBe(true);
  });

  test.skipIf(executablePath === null)(
    `opening the app and training in it talks to nobody but the app itself${skipped}`,
    async () => {
      if (executablePath === null) throw new Error('not skipped');
      const entry = join(root, 'out/main/browser.js');
      if (!existsSync(entry)) throw new Error('out/main/browser.js is missing: run `npm run build`');
      const host = spawn(process.execPath, [entry, '--no-open'], {
        env: environment(),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const link = await readyLink(host);

      const browser = await chromium.launch({ executablePath, args: chromiumArgs() });
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
      const window = await secondWindow(link);
      await train(window.client);
      // The page shows the run that it was told of.
      await page.waitForFunction(() => document.querySelectorAll('canvas').length > 0);
      window.socket.close();
      await browser.close();

      const origins = requested
        .map((url) => new URL(url))
        .filter(({ protocol }) => protocol !== 'data:' && protocol !== 'blob:')
        .map(({ protocol, host: target }) => `${protocol}//${target}`);
      expect(new Set(origins)).toEqual(new Set([`http://${link.host}`, `ws://${link.host}`]));
      expect(refused).toEqual([]);

      host.kill('SIGINT');
      const [code] = (await once(host, 'exit')) as [number | null];
      expect(code).toBe(0);
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
