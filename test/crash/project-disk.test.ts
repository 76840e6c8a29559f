// Disks that fill up, turn read-only or go away: every write is stored wholly or refused with its reason.
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { named, ON_WINDOWS } from '../config/skip.ts';
import { LabError } from '../../main/contract/errors.ts';
import { checkProject } from '../../main/project/check.ts';
import { DocumentCache } from '../../main/project/codec.ts';
import { saveProjectAs, openProject } from '../../main/project/open.ts';
import { SqliteRunStore } from '../../main/project/run-store.ts';
import type { RunStore } from '../../main/services/run-store.ts';
import { startProgram } from '../project/process.ts';
import {
  batch,
  checkpoint,
  createRun,
  createSample,
  disk,
  fillSample,
  steps,
  temporaryFolder,
} from '../project/sample.ts';
import { smallDisk, smallDiskMissing } from '../project/small-disk.ts';

const errorOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return 'nothing thrown';
};
const open = (path: string) => openProject(disk, path, { access: 'write' });

/** Appends until it is refused. @returns the last step stored, and the refusal. */
function appendUntilRefused(runs: RunStore, id: string): { readonly stored: number; readonly error: unknown } {
  for (let step = 0; step < 100_000; step += 100) {
    const error = errorOf(() => {
      runs.append([batch(id, { steps: steps(step + 1, step + 100), checkpoint: checkpoint(step + 100, 20_000) })]);
    });
    if (error !== 'nothing thrown') return { stored: step, error };
  }
  throw new Error('the disk never filled up');
}

describe.skipIf(smallDiskMissing !== null)(named('on a small disk', smallDiskMissing), () => {
  it('says DISK_FULL, keeps all that was stored, and goes on when there is room again', () => {
    const { folder, remount } = smallDisk(600);
    const path = join(folder, 'a.overfit');
    const project = createSample(path);
    createRun(project, 'a');
    const { stored, error } = appendUntilRefused(project.runs, 'a');
    expect(stored).toBeGreaterThan(0);
    expect(error).toMatchObject({ code: 'DISK_FULL', details: { file: path } });
    expect(error).toBeInstanceOf(LabError);
    expect(project.runs.read('a', -1)?.steps).toEqual(steps(1, stored));
    expect(project.runs.summary('a')?.step).toBe(stored);
    expect(project.runs.checkpoint('a')).toEqual(checkpoint(stored, 20_000));

    remount('size=4m');
    project.runs.append([batch('a', { steps: steps(stored + 1, stored + 100) })]);
    expect(project.runs.summary('a')?.step).toBe(stored + 100);
    project.close();
    expect(readdirSync(folder)).toEqual(['a.overfit']);
    expect(checkProject(disk, path).filter((x) => x.level === 'error')).toEqual([]);
  });

  it('keeps everything when it is closed while full', () => {
    const { folder, remount } = smallDisk(600);
    const path = join(folder, 'a.overfit');
    const project = createSample(path);
    createRun(project, 'a');
    const { stored } = appendUntilRefused(project.runs, 'a');
    project.close();
    remount('size=4m');
    const again = open(path);
    expect(again).toMatchObject({ readOnly: null, damage: [] });
    expect(again.runs.read('a', -1)?.steps).toEqual(steps(1, stored));
    again.close();
  });

  it('leaves nothing behind of a copy or a new file that does not fit', () => {
    const { folder } = smallDisk(200);
    const source = createSample(join(temporaryFolder(), 'a.overfit'));
    fillSample(source);
    createRun(source, 'big');
    source.runs.append([batch('big', { checkpoint: checkpoint(1, 500_000) })]);
    const target = join(folder, 'copy.overfit');
    expect(errorOf(() => saveProjectAs(disk, source, target, false))).toMatchObject({
      code: 'DISK_FULL',
      details: { file: expect.stringContaining(target) as string },
    });
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, 'ballast'), new Uint8Array(180_000));
    expect(errorOf(() => createSample(join(folder, 'new.overfit')))).toMatchObject({ code: 'DISK_FULL' });
    expect(readdirSync(folder)).toEqual(['ballast']);
    // The source is none the worse for it.
    expect(source.runs.list()).toHaveLength(3);
    source.close();
  });

  it('opens read-only on a read-only disk, also what a dead writer left there', async () => {
    const { folder, remount } = smallDisk(4000);
    createSample(join(folder, 'closed.overfit')).close();
    const killed = join(folder, 'killed.overfit');
    const writer = startProgram('writer-program.ts', [killed]);
    await writer.line((x) => x === '200');
    writer.child.kill('SIGKILL');
    await writer.ended();
    rmSync(`${killed}-lock`);
    remount('ro');

    const closed = open(join(folder, 'closed.overfit'));
    expect(closed).toMatchObject({ readOnly: 'no_permission', damage: [] });
    expect(errorOf(() => closed.addExperiment('x', closed.experiments()[0]?.document, 0))).toMatchObject({
      code: 'READ_ONLY',
      details: { reason: 'no_permission' },
    });
    closed.close();
    const left = open(killed);
    expect(left).toMatchObject({ readOnly: 'no_permission', damage: [] });
    expect(left.runs.read('run', -1)?.steps.step.length).toBeGreaterThanOrEqual(200);
    expect(left.runs.summary('run')).toMatchObject({ status: 'interrupted', resumable: false });
    left.close();

    remount('rw');
    rmSync(`${killed}-shm`);
    remount('ro');
    const withoutLog = open(killed);
    expect(withoutLog).toMatchObject({ readOnly: 'no_permission' });
    expect(withoutLog.damage).toEqual([expect.stringContaining('-wal')]);
    withoutLog.close();
  });

  it('refuses writes once the disk has turned read-only under it', () => {
    const { folder } = smallDisk(4000);
    const path = join(folder, 'a.overfit');
    const project = createSample(path);
    createRun(project, 'a');
    project.close();
    // A busy file keeps Linux from remounting; SQLite's own switch to read-only is what a failing disk looks like.
    const db = disk.open(path, 'write');
    db.exec('PRAGMA query_only = ON');
    const runs = new SqliteRunStore({
      db,
      readOnly: null,
      liveIsInterrupted: false,
      documents: new DocumentCache(),
      digest: disk.digest,
    });
    expect(
      errorOf(() => {
        runs.append([batch('a', { steps: steps(1, 10) })]);
      }),
    ).toMatchObject({ code: 'READ_ONLY' });
    expect(runs.read('a', -1)?.steps.step.length).toBe(0);
    db.close();
  });
});

describe('a file that may not grow', () => {
  it('says DISK_FULL and stores nothing by halves', () => {
    const path = join(temporaryFolder(), 'a.overfit');
    const project = createSample(path);
    createRun(project, 'a');
    project.close();
    const db = disk.open(path, 'write');
    db.exec('PRAGMA max_page_count = 60');
    const runs = new SqliteRunStore({
      db,
      readOnly: null,
      liveIsInterrupted: false,
      documents: new DocumentCache(),
      digest: disk.digest,
    });
    const { stored, error } = appendUntilRefused(runs, 'a');
    expect(error).toMatchObject({ code: 'DISK_FULL', details: { file: path } });
    expect(stored).toBeGreaterThan(0);
    expect(runs.read('a', -1)?.steps).toEqual(steps(1, stored));
    db.close();
    expect(checkProject(disk, path).filter((x) => x.level === 'error')).toEqual([]);
  });
});

describe('a file that goes away while it is open', () => {
  it.each([
    [
      'its folder is removed',
      (path: string) => {
        rmSync(dirname(path), { recursive: true });
      },
    ],
    [
      'it is renamed',
      (path: string) => {
        renameSync(path, `${path}.old`);
      },
    ],
    [
      'it is replaced',
      (path: string) => {
        writeFileSync(`${path}.new`, 'x');
        renameSync(`${path}.new`, path);
      },
    ],
  ])('refuses to write into the void: %s', (_, goAway) => {
    const folder = temporaryFolder();
    const path = join(folder, 'sub', 'a.overfit');
    mkdirSync(dirname(path));
    const project = createSample(path);
    createRun(project, 'a');
    project.runs.append([batch('a', { steps: steps(1, 10) })]);
    goAway(path);
    expect(
      errorOf(() => {
        project.runs.append([batch('a', { steps: steps(11, 20) })]);
      }),
    ).toMatchObject({ code: 'FILE_ACCESS', details: { file: path, cause: 'ENOENT' } });
    // What was stored can still be saved elsewhere.
    const saved = join(folder, 'saved.overfit');
    const again = saveProjectAs(disk, project, saved, false);
    project.close();
    expect(again.runs.read('a', -1)?.steps).toEqual(steps(1, 10));
    again.close();
  });
});

describe.skipIf(ON_WINDOWS !== null)(named('a file without permission', ON_WINDOWS), () => {
  const NOBODY = 65534;
  const asRoot = process.getuid?.() === 0;

  it('opens read-only for who may only read it', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.overfit');
    createSample(path).close();
    const before = readFileSync(path);
    chmodSync(path, 0o444);
    chmodSync(folder, 0o555);
    // Root may write everything: then somebody else opens it.
    const reader = startProgram('open-program.ts', asRoot ? [path, String(NOBODY)] : [path]);
    expect(await reader.line((x) => x.startsWith('opened'))).toBe('opened no_permission, 0 runs');
    expect(await reader.line((x) => x.startsWith('refused'))).toBe('refused READ_ONLY no_permission');
    reader.child.stdin?.end();
    expect((await reader.ended()).code).toBe(0);
    chmodSync(folder, 0o755);
    expect(readdirSync(folder)).toEqual(['a.overfit']);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it.skipIf(!asRoot)(
    named('opens read-only when a lock file was left that only someone else may write', asRoot ? null : 'needs root'),
    async () => {
      const folder = temporaryFolder();
      const path = join(folder, 'a.overfit');
      createSample(path).close();
      writeFileSync(`${path}-lock`, '', { mode: 0o644 });
      chmodSync(path, 0o666);
      chmodSync(folder, 0o777);
      const reader = startProgram('open-program.ts', [path, String(NOBODY)]);
      expect(await reader.line((x) => x.startsWith('opened'))).toBe('opened no_permission, 0 runs');
      reader.child.stdin?.end();
      expect((await reader.ended()).code).toBe(0);
    },
  );

  it('is refused for who may not read it', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.overfit');
    createSample(path).close();
    chmodSync(path, 0o000);
    if (asRoot) chownSync(folder, NOBODY, NOBODY);
    const reader = startProgram('open-program.ts', asRoot ? [path, String(NOBODY)] : [path]);
    const { code, errors } = await reader.ended();
    expect(code).toBe(1);
    expect(errors).toContain("code: 'FILE_ACCESS'");
  });
});
