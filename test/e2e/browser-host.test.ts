// The loopback host as a command: what it prints, how it ends, and what is kept when it does.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HostProcess, runWhen, startRun } from './host-process.ts';

let temp: string;
const hosts: HostProcess[] = [];
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'overfit-host-'));
});
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.kill();
  rmSync(temp, { recursive: true });
});
const start = (...args: string[]): HostProcess => {
  // The person's home as well: files that a test saves stay in its own folder.
  const host = new HostProcess(join(temp, 'app'), args, { HOME: temp, USERPROFILE: temp });
  hosts.push(host);
  return host;
};

describe('what it prints', () => {
  test('one line on stdout, nothing on stderr, from start to end', async () => {
    const host = start();
    await host.link();
    expect(await host.interrupt()).toBe(0);
    expect(host.stdout).toMatch(/^Overfit Lab is ready at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/);
    expect(host.stderr).toBe('');
  });

  test('the reason why it is not the desktop app ends the same line, and the window can show it', async () => {
    const host = start('--reason', 'not the desktop app: no display was found');
    const { client } = await host.openWindow();
    expect(host.stdout).toMatch(/\/\?token=[\w-]{43} \(not the desktop app: no display was found\)\n$/);
    expect(await client.call('app.info', null)).toMatchObject({
      host: 'browser',
      hostReason: 'not the desktop app: no display was found',
      fileDialogs: 'in-page',
    });
  });

  test.each([
    ['an unknown option', ['--fast'], 2, /--fast.*\n\nUsage/s],
    ['a file that is not there', ['/nowhere/x.overfit'], 2, /^overfit: .*x\.overfit.*\n$/],
  ])('%s: said on stderr, exit code %j', async (_, args, code, message) => {
    const host = start(...args);
    expect(await host.exit).toBe(code);
    expect(host.stdout).toBe('');
    expect(host.stderr).toMatch(message);
    expect(host.stderr).not.toMatch(/^\s+at /m);
  });

  test('a foreign file is refused', async () => {
    const file = join(temp, 'picture.overfit');
    writeFileSync(file, 'not a project');
    const host = start(file);
    expect(await host.exit).toBe(2);
    expect(host.stdout).toBe('');
    expect(host.stderr).toContain('picture.overfit');
  });

  test('a port in use is named', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const host = start('--port', String(port));
    expect(await host.exit).toBe(1);
    expect(host.stderr).toBe(`overfit: port ${port} is in use: choose another one, or none\n`);
    holder.close();
  });
});

describe('how it ends', () => {
  test.each(['interrupt', 'terminate'] as const)(
    '%s in the middle of a run keeps it, stopped and resumable',
    async (end) => {
      const host = start();
      const { client } = await host.openWindow();
      await client.call('run.pace', { stepsPerSecond: 50 });
      const progressed = new Promise<void>((resolve) => {
        client.subscribe('run.progressed', ({ step }) => {
          if (step > 0) resolve();
        });
      });
      const run = await startRun(client);
      await progressed;
      expect(await host[end]()).toBe(0);
      expect(host.stderr).toBe('');

      const again = await start().openWindow();
      const [kept, ...others] = await again.client.call('run.list', null);
      expect(others).toEqual([]);
      expect(kept).toMatchObject({ id: run.id, status: 'stopped', resumable: true });
      const record = await again.client.call('run.read', { runId: run.id, afterStep: -1 });
      expect(record.steps.step.at(-1)).toBe(kept?.step);
      expect(kept?.step).toBeGreaterThan(0);
      await again.client.call('run.pace', { stepsPerSecond: null });
      await again.client.call('run.continue', { runId: run.id });
      expect(await runWhen(again.client, run.id, ({ status }) => status === 'done')).toMatchObject({ step: 500 });
    },
  );

  test('a window that closes ends neither the host nor its runs', async () => {
    const host = start();
    const first = await host.openWindow();
    await first.client.call('run.pace', { stepsPerSecond: 200 });
    const run = await startRun(first.client);
    await first.close();
    const second = await host.openWindow();
    await second.client.call('run.pace', { stepsPerSecond: null });
    expect(await runWhen(second.client, run.id, ({ status }) => status === 'done')).toMatchObject({ step: 500 });
  });

  test('windows are told when the host ends', async () => {
    const host = start();
    const { client } = await host.openWindow();
    const closed = new Promise<void>((resolve) => {
      client.onClose(resolve);
    });
    expect(await host.interrupt()).toBe(0);
    await closed;
  });
});

describe('two at once', () => {
  test('on the same data folder each has a project that it can write', async () => {
    const first = await start().openWindow();
    const second = await start().openWindow();
    const states = await Promise.all([first, second].map(({ client }) => client.call('project.current', null)));
    expect(states.map(({ readOnly }) => readOnly)).toEqual([null, null]);
    expect(states[0]?.location).not.toBe(states[1]?.location);
  });

  test('on the same file the second one reads only, and says so', async () => {
    const first = await start().openWindow();
    const folder = await first.client.call('folder.list', { handle: null, kind: 'project' });
    const handle = await first.client.call('folder.file', { folder: folder.handle, name: 'shared', kind: 'project' });
    const saved = await first.client.call('project.saveAs', { handle, replace: false });
    expect(saved).toMatchObject({ name: 'shared', untitled: false, readOnly: null });

    const second = await start(join(temp, 'shared.overfit')).openWindow();
    const seen = await second.client.call('project.current', null);
    expect(seen).toMatchObject({ name: 'shared', readOnly: 'in_use', experiments: saved.experiments });
    await expect(startRun(second.client)).rejects.toMatchObject({ code: 'READ_ONLY' });
  });
});
