// Ctrl-C: the runs are saved, the way to go on is said, and going on gives the very numbers of a run that was left alone.
import { readdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appears, makeFolder, reportOf, type Folder } from './overfit.ts';

let folder: Folder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

const LONG = 2500;
const long = () =>
  folder.experiment('long.json', (x) => {
    x.recipe.steps = LONG;
    x.variants.length = 2;
  });

/** Waits until each of `runs` runs has steps in the file, read beside its writer as any SQLite tool would. */
async function recording(file: string, runs: number): Promise<void> {
  for (;;) {
    await appears(file);
    const db = new DatabaseSync(file, { readOnly: true, timeout: 1000 });
    const row = db.prepare('SELECT count(*) AS n FROM runs WHERE step > 0').get();
    db.close();
    if (row?.['n'] === runs) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('SIGINT', () => {
  it('saves, says how to continue, and the continued runs equal uninterrupted ones', async () => {
    long();
    const running = folder.start('run', 'long.json', '--json', '--out', 'a.overfit');
    await recording(folder.file('a.overfit'), 2);
    running.kill('SIGINT');
    const stopped = await running.outcome;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('stopping and saving');
    expect(stopped.stderr).toContain('Continue with `overfit run a.overfit`');
    const partial = reportOf(stopped).runs;
    expect(partial.map((x) => x.status)).toEqual(['stopped', 'stopped']);
    for (const run of partial) {
      expect(run.steps).toBeLessThan(LONG);
      expect(run.curve.step).toHaveLength(run.steps);
      expect(run.final.testLoss === null).toBe(run.curve.testLoss.at(-1) === null);
    }

    const continued = await folder.overfit('run', 'a.overfit', '--json');
    expect(continued.code).toBe(0);
    expect(continued.stderr).toContain('continuing 2 unfinished runs: overfitting, dropout');
    const whole = await folder.overfit('run', 'long.json', '--json');
    expect(reportOf(continued).runs.map((x) => x.curve)).toEqual(reportOf(whole).runs.map((x) => x.curve));
    expect((await folder.overfit('check', 'a.overfit')).code).toBe(0);
  });

  it('without --out leaves nothing and says so', async () => {
    long();
    const running = folder.start('run', 'long.json', '--steps', '1000000');
    // There is no file to see its beginning by, so the whole life of another command is waited for.
    await folder.overfit('run', 'long.json', '--steps', '1', '--quiet');
    running.kill('SIGINT');
    const { code, stderr } = await running.outcome;
    expect(code).toBe(130);
    expect(stderr).toContain('--out FILE.overfit would have kept the runs');
    expect(readdirSync(folder.path)).toEqual(['long.json']);
  });

  it('right after the start ends cleanly too', async () => {
    long();
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
  it('loses no file: the runs are interrupted and can be continued', async () => {
    long();
    const running = folder.start('run', 'long.json', '--variant', 'dropout', '--out', 'a.overfit');
    await recording(folder.file('a.overfit'), 1);
    running.kill('SIGKILL');
    expect((await running.outcome).code).toBeNull();
    const shown = await folder.overfit('show', 'a.overfit');
    expect(shown.stdout).toContain('interrupted');
    expect(shown.stdout).toContain('1 run can be continued with `overfit run a.overfit`');
    const continued = await folder.overfit('run', 'a.overfit', '--json');
    expect(continued.code).toBe(0);
    const whole = await folder.overfit('run', 'long.json', '--json', '--variant', 'dropout');
    expect(reportOf(continued).runs.map((x) => x.curve)).toEqual(reportOf(whole).runs.map((x) => x.curve));
  });
});

describe('a file that is open elsewhere', () => {
  it('is refused for running and shown all the same', async () => {
    long();
    const running = folder.start('run', 'long.json', '--steps', '1000000', '--out', 'a.overfit');
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
