// The fresh-clone set-up, on a copy of it with a stand-in `npm`: installs once, again when the lockfile changes,
// survives being killed midway and two commands at once.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { named, ON_WINDOWS } from '../config/skip.ts';

const repository = join(import.meta.dirname, '../..');
let folder = '';

/** A checkout with the real set-up scripts; `npm ci` is played by a shell script that counts its calls. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overfit-setup-'));
  cpSync(join(repository, 'main/setup'), join(folder, 'main/setup'), { recursive: true });
  writeFileSync(join(folder, 'package-lock.json'), '{"lockfileVersion":3}');
  mkdirSync(join(folder, 'bin'));
  npmDoes('sleep 0.3; mkdir -p node_modules/x; echo done > node_modules/x/done');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function npmDoes(script: string): void {
  const path = join(folder, 'bin/npm');
  writeFileSync(path, `#!/bin/sh\necho "$@" >> calls\necho noise\n${script}\n`);
  chmodSync(path, 0o755);
}
const environment = () => ({ ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` });
const command = ['main/setup/ensure-installed.mjs'];
const run = () => spawnSync(process.execPath, command, { cwd: folder, env: environment(), encoding: 'utf8' });
const calls = () =>
  existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];

describe.skipIf(ON_WINDOWS !== null)(named('set-up', ON_WINDOWS), () => {
  it('installs once, with the locked versions, and keeps stdout clean', () => {
    const first = run();
    expect(first.status).toBe(0);
    expect(first.stdout).toBe('');
    expect(run().status).toBe(0);
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toMatch(/^ci --include=dev/);
  });

  it('installs again when the lockfile changed', () => {
    run();
    writeFileSync(join(folder, 'package-lock.json'), '{"lockfileVersion":3,"x":1}');
    run();
    expect(calls()).toHaveLength(2);
  });

  it('says so and fails when npm fails, and tries again the next time', () => {
    npmDoes('exit 7');
    const failed = run();
    expect(failed.status).toBe(7);
    expect(failed.stderr).toContain('`npm ci` failed');
    npmDoes('mkdir -p node_modules');
    expect(run().status).toBe(0);
  });

  it('lets two commands at once install once', async () => {
    const both = [1, 2].map(
      () =>
        new Promise<number | null>((resolve) => {
          spawn(process.execPath, command, { cwd: folder, env: environment(), stdio: 'ignore' }).on('exit', resolve);
        }),
    );
    expect(await Promise.all(both)).toEqual([0, 0]);
    expect(calls()).toHaveLength(1);
  });

  it('recovers from being killed midway', async () => {
    npmDoes('sleep 30');
    const child = spawn(process.execPath, command, {
      cwd: folder,
      env: environment(),
      stdio: 'ignore',
      detached: true,
    });
    while (calls().length === 0) await sleep(20);
    process.kill(-(child.pid as number), 'SIGKILL');
    await new Promise((resolve) => child.on('exit', resolve));
    npmDoes('mkdir -p node_modules');
    expect(run().status).toBe(0);
    expect(calls()).toHaveLength(2);
    expect(existsSync(join(folder, '.overfit-setup-lock'))).toBe(false);
  });
});

it('leaves a script that installs alone in its shell, which would go on with the Node it had before', () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const installing = Object.entries(scripts).filter(([, script]) => script.includes('ensure-installed'));
  expect(installing.map(([name]) => name)).toContain('precheck');
  for (const [name, script] of installing)
    expect(`${name}: ${script}`).toBe(`${name}: node main/setup/ensure-installed.mjs`);
});
