// Ctrl-C, a kill, a full disk: the runs are saved, the way to go on is said, and going on gives the very numbers of a
// run that was left alone. The runs are far too long to end by themselves, so nothing here depends on speed.
import { readdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { named, ON_WINDOWS } from '../config/skip.ts';
import { appears, makeFolder, reportOf, type Folder, type Outcome, type RunJson } from './overfit.ts';

let folder: Folder;
beforeEach(() => {
  folder = makeFolder();
  folder.experiment('long.json', (x) => {
    x.recipe.steps = 1_000_000;
    x.recipe.checkpoint_every = 50;
    x.variants.length = 2;
  });
});
afterEach(() => folder.remove());

/** Waits until each of `runs` runs is beyond a step in the file, read beside its writer as any SQLite tool would. */
async function recording(runs: number, beyond = 0): Promise<void> {
  const file = folder.file('a.overfit');
  await appears(file);
  for (;;) {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 1000 });
    const row = db.prepare('SELECT count(*) AS n FROM runs WHERE step > ?').get(beyond);
    db.close();
    if (row?.['n'] === runs) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Runs the command until all of its runs are beyond a step, then presses Ctrl-C. */
async function until(runs: number, beyond: number, ...args: string[]): Promise<Outcome> {
  const running = folder.start(...args);
  await recording(runs, beyond);
  running.kill('SIGINT');
  return running.outcome;
}

/** The same runs without any interruption. */
async function undisturbed(run: RunJson): Promise<RunJson> {
  const args = ['--variant', run.variant, '--steps', String(run.steps)];
  const [whole] = reportOf(await folder.overfit('run', 'long.json', '--json', ...args)).runs;
  return whole as RunJson;
}

async function expectUndisturbed(runs: readonly RunJson[]): Promise<void> {
  for (const run of runs) {
    const whole = await undisturbed(run);
    expect(run.curve.trainLoss).toEqual(whole.curve.trainLoss);
    // A run is evaluated as well where it is stopped, and is continued from there.
    const regular = (x: RunJson) => x.evaluations.filter(({ step }) => step % 10 === 0);
    expect(regular(run)).toEqual(regular(whole));
  }
}

describe('SIGINT', () => {
  it('saves, says how to continue, and the continued runs equal undisturbed ones', async () => {
    const stopped = await until(2, 0, 'run', 'long.json', '--json', '--out', 'a.overfit');
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('stopping and saving');
    expect(stopped.stderr).toContain('Continue with `overfit run a.overfit`');
    const first = reportOf(stopped).runs;
    expect(first.map((x) => x.status)).toEqual(['stopped', 'stopped']);
    for (const run of first) {
      expect(run.curve.step).toHaveLength(run.steps);
      expect(run.final?.step).toBe(run.steps);
    }
    expect((await folder.overfit('check', 'a.overfit')).code).toBe(0);

    const reached = Math.max(...first.map((x) => x.steps));
    const continued = await until(2, reached, 'run', 'a.overfit', '--json');
    expect(continued.code).toBe(130);
    expect(continued.stderr).toContain('continuing 2 unfinished runs: overfitting, dropout');
    await expectUndisturbed(reportOf(continued).runs);
    const shown = JSON.parse((await folder.overfit('show', 'a.overfit', '--json')).stdout) as { runs: unknown[] };
    expect(shown.runs).toHaveLength(2);
  });

  it('continues one variant only when asked', async () => {
    const stopped = await until(2, 0, 'run', 'long.json', '--json', '--out', 'a.overfit');
    const reached = Math.max(...reportOf(stopped).runs.map((x) => x.steps));
    const continued = await until(1, reached, 'run', 'a.overfit', '--json', '--variant', 'dropout');
    expect(reportOf(continued).runs.map((x) => x.variant)).toEqual(['dropout']);
  });

  it('starts anew in the file with --steps, and leaves what is unfinished', async () => {
    await until(2, 0, 'run', 'long.json', '--out', 'a.overfit');
    const anew = await folder.overfit('run', 'a.overfit', '--json', '--steps', '5', '--seed', '3');
    expect(anew.code).toBe(0);
    expect(reportOf(anew).runs.map((x) => `${x.variant} ${x.seed} ${x.status} ${x.steps}`)).toEqual([
      'overfitting 3 done 5',
      'dropout 3 done 5',
    ]);
    const shown = await folder.overfit('show', 'a.overfit');
    expect(shown.stdout).toContain('2 runs can be continued');
  });

  it('without --out leaves nothing and says so', async () => {
    const running = folder.start('run', 'long.json');
    // There is no file to see its beginning by, so the whole life of another command is waited for.
    await folder.overfit('run', 'long.json', '--steps', '1', '--quiet');
    running.kill('SIGINT');
    const { code, stderr } = await running.outcome;
    expect(code).toBe(130);
    expect(stderr).toContain('--out FILE.overfit would have kept the runs');
    expect(readdirSync(folder.path)).toEqual(['long.json']);
  });

  it('right after the start ends cleanly too', async () => {
    const running = folder.start('run', 'long.json', '--json', '--out', 'a.overfit');
    await appears(folder.file('a.overfit'));
    running.kill('SIGINT');
    const outcome = await running.outcome;
    expect(outcome.code).toBe(130);
    reportOf(outcome);
    expect((await folder.overfit('check', 'a.overfit')).code).toBe(0);
  });
});

describe('SIGKILL', () => {
  it('loses no file: the run is interrupted and can be continued', async () => {
    const running = folder.start('run', 'long.json', '--variant', 'dropout', '--out', 'a.overfit');
    await recording(1, 60);
    running.kill('SIGKILL');
    expect((await running.outcome).code).toBeNull();
    const shown = await folder.overfit('show', 'a.overfit', '--json');
    const [killed] = (JSON.parse(shown.stdout) as { runs: RunJson[] }).runs;
    expect(killed?.status).toBe('interrupted');
    expect((await folder.overfit('show', 'a.overfit')).stdout).toContain(
      '1 run can be continued with `overfit run a.overfit`',
    );
    const continued = await until(1, killed?.steps ?? 0, 'run', 'a.overfit', '--json');
    await expectUndisturbed(reportOf(continued).runs);
  });
});

describe('a disk that takes no more', () => {
  // A limit on the size of files stands for the full disk: the same failing writes, without root.
  it.skipIf(ON_WINDOWS !== null)(
    named('ends the command with 1, says why, and keeps what was stored', ON_WINDOWS),
    async () => {
      const { code, stderr } = await folder.limited(4096, 'run', 'long.json', '--out', 'a.overfit');
      expect(code).toBe(1);
      expect(stderr).toContain('a.overfit');
      expect(stderr).toContain('Continue with `overfit run a.overfit` when the cause is gone');
      expect((await folder.overfit('check', 'a.overfit')).code).toBe(0);
      expect((await folder.overfit('show', 'a.overfit')).stdout).toContain('interrupted');
    },
  );
});

describe('a file that is open elsewhere', () => {
  it('is refused for running and shown all the same', async () => {
    const running = folder.start('run', 'long.json', '--out', 'a.overfit');
    await appears(folder.file('a.overfit'));
    const second = await folder.overfit('run', 'a.overfit');
    expect(second.code).toBe(2);
    expect(second.stderr).toContain('a.overfit is open elsewhere');
    const shown = await folder.overfit('show', 'a.overfit');
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('read-only here: it is open elsewhere');
    running.kill('SIGTERM');
    expect((await running.outcome).code).toBe(143);
  });
});
