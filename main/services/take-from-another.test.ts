// Looking into another project's file and copying a data set of it, over real files: what is looked into stays as it is to the byte.
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import {
  createRun,
  createSample,
  dataset,
  disk,
  document,
  storeDataset,
  temporaryFolder,
} from '../../test/project/sample.ts';
import { LabError } from '../contract/errors.ts';
import type { DatasetProgress } from '../contract/shapes.ts';
import { createNodeDatasets } from '../node/dataset-reader.ts';
import { createNodeProjects } from '../node/lab-files.ts';
import { openProject } from '../project/open.ts';
import { createDatasetService, datasetFile } from './dataset-service.ts';
import { lookInto } from './project-look.ts';

const { digest } = dataset.entry;
const going = new AbortController().signal;

/** A project is open; beside it lies another one, closed, with a data set and two presses of Run. */
function bench() {
  const home = temporaryFolder();
  const { projects, appFolder } = createNodeProjects({
    appVersion: '1.2.3',
    home,
    env: { OVERFIT_HOME: join(home, 'app') },
  });
  projects.openAtStart(null);
  const reader = createNodeDatasets(appFolder);
  const progress: DatasetProgress[] = [];
  const heard = { progress: (_: DatasetProgress): void => undefined };
  const service = createDatasetService({
    reader,
    project: () => projects.current,
    pathOf: (handle) => projects.pathOf(handle),
    openOther: (handle) => projects.openOther(handle),
    clock: { now: () => 77 },
    publisher: {
      publish: (stream, event) => {
        if (stream !== 'dataset.progressed') return;
        progress.push(event as DatasetProgress);
        heard.progress(event as DatasetProgress);
      },
    },
  });
  const path = join(home, 'other.overfit');
  const other = createSample(path);
  storeDataset(other);
  createRun(other, 'run-a');
  createRun(other, 'run-b', { ...document, name: 'before', seed: 5 });
  other.runs.list().forEach(({ id }) => other.runs.setStatus(id, 'stopped'));
  other.close();
  return { home, projects, reader, service, progress, heard, path, handle: () => projects.handleFor(path) };
}

/** Everything of a folder's files that looking could change, access times left out. */
const traces = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((x) => x.isFile())
    .map(({ name }) => {
      const { mtimeMs, size, ino } = statSync(join(folder, name));
      return { name, mtimeMs, size, ino, digest: disk.digest(readFileSync(join(folder, name))) };
    });

function tamper(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
}

const errorOf = async (work: () => unknown): Promise<LabError> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('looking into another project', () => {
  it('says what it holds, and changes nothing', () => {
    const { home, projects, handle, path } = bench();
    const before = traces(home);
    const seen = lookInto(projects, handle(), null);
    expect(seen).toMatchObject({
      name: 'other',
      location: path,
      newer: false,
      damage: [],
      source: 'experiment-1',
      document,
      datasets: [dataset.entry],
    });
    expect(seen.sources[0]).toEqual({ kind: 'experiment', id: 'experiment-1', name: 'regression' });
    expect(traces(home)).toEqual(before);
  });

  it('gives the document that a run was made from, with the run’s own seed', () => {
    const { home, projects, handle } = bench();
    const path = join(home, 'other.overfit');
    tamper(path, "UPDATE runs SET press_id = 'press-2', seed = 9 WHERE id = 'run-b'");
    const { sources } = lookInto(projects, handle(), null);
    expect(sources.slice(1)).toMatchObject([
      { kind: 'runs', id: 'run-b', name: 'before', numbers: [2] },
      { kind: 'runs', id: 'run-a', name: 'regression', numbers: [1] },
    ]);
    expect(lookInto(projects, handle(), 'run-b').document).toEqual({ ...document, name: 'before', seed: 9 });
  });

  it('refuses a source that is not there, by name', async () => {
    const { projects, handle } = bench();
    const error = await errorOf(() => lookInto(projects, handle(), 'nobody'));
    expect(error).toMatchObject({ code: 'NOT_FOUND', details: { what: 'experiment', id: 'nobody' } });
  });

  it('reads a file that someone else writes, and one whose writer died', () => {
    const { home, projects, handle, path } = bench();
    const writer = openProject(disk, path, { access: 'write' });
    writer.updateExperiment('experiment-1', { ...document, seed: 12 }, 3);
    const log = () => readFileSync(`${path}-wal`).toString('base64');
    const before = [readFileSync(path).toString('base64'), statSync(path).mtimeMs, log()];
    expect(lookInto(projects, handle(), null).document.seed).toBe(12);
    expect([readFileSync(path).toString('base64'), statSync(path).mtimeMs, log()]).toEqual(before);
    writer.updateExperiment('experiment-1', { ...document, seed: 13 }, 4);
    // What a program leaves that is killed: the file, and its log with the newest edits.
    const died = join(home, 'died.overfit');
    copyFileSync(path, died);
    copyFileSync(`${path}-wal`, `${died}-wal`);
    writer.close();
    // SQLite's index of the log is made anew by whoever reads it.
    const left = () => traces(home).filter((x) => !x.name.endsWith('-shm'));
    const known = left();
    expect(lookInto(projects, projects.handleFor(died), null).document.seed).toBe(13);
    expect(left()).toEqual(known);
  });

  it.each(['version-1', 'version-2', 'version-3'])('understands %s, and does not bring it forward', (version) => {
    const { home, projects } = bench();
    const path = join(home, 'old.overfit');
    copyFileSync(new URL(`../../test/golden/project/${version}.overfit`, import.meta.url), path);
    const before = traces(home);
    expect(lookInto(projects, projects.handleFor(path), null).document.model.layers.length).toBeGreaterThan(0);
    expect(traces(home)).toEqual(before);
  });

  it('says that a file is newer, and shows what it understands of it', () => {
    const { home, projects, handle, path } = bench();
    tamper(path, 'PRAGMA user_version = 99');
    const before = traces(home);
    expect(lookInto(projects, handle(), null)).toMatchObject({ newer: true, document });
    expect(traces(home)).toEqual(before);
  });

  it('a newer file of which nothing is understood is refused as newer, not as damaged', async () => {
    const { home, projects, handle, path } = bench();
    tamper(path, "PRAGMA user_version = 99; DELETE FROM runs; UPDATE experiments SET document = '{}'");
    const before = traces(home);
    const error = await errorOf(() => lookInto(projects, handle(), null));
    expect(error).toMatchObject({ code: 'FILE_NEWER', details: { file: path, version: 99 } });
    expect(traces(home)).toEqual(before);
  });

  it('says what a damaged file has lost, and shows the rest', () => {
    const { home, projects, handle, path } = bench();
    tamper(path, `DELETE FROM dataset_chunks WHERE position = 1`);
    const before = traces(home);
    const seen = lookInto(projects, handle(), null);
    expect(seen.datasets).toEqual([]);
    expect(seen.damage.join()).toContain('"iris" is not whole');
    expect(traces(home)).toEqual(before);
  });

  it.each<[string, LabError['code'], (path: string) => void]>([
    ['a file that is gone', 'FILE_NOT_FOUND', (path) => rmSync(path)],
    ['a file that is none', 'FILE_FOREIGN', (path) => writeFileSync(path, 'not a project')],
    ['a file cut off at its head', 'FILE_DAMAGED', (path) => truncateSync(path, 700)],
  ])('%s is refused by name', async (_, code, spoil) => {
    const { projects, handle, path } = bench();
    spoil(path);
    const error = await errorOf(() => lookInto(projects, handle(), null));
    expect(error.code).toBe(code);
    expect(error.details['file']).toBe(path);
  });

  it('the open project is not another one', async () => {
    const { projects } = bench();
    const { location, handle } = projects.current.state;
    const error = await errorOf(() => lookInto(projects, handle, null));
    expect(error).toMatchObject({ code: 'SAME_PROJECT', details: { file: location } });
  });
});

describe('taking a data set', () => {
  it('copies every byte; the other file may go then', async () => {
    const { home, projects, service, reader, progress, handle, path } = bench();
    const before = traces(home);
    expect(await service.take(handle(), digest, going)).toEqual({ ...dataset.entry, createdAt: 77 });
    expect(traces(home)).toEqual(before);
    expect(progress.map((x) => [x.handle, x.phase, x.done, x.total])).toEqual([
      [handle(), 'reading', 400, 1000],
      [handle(), 'reading', 800, 1000],
      [handle(), 'reading', 1000, 1000],
      [handle(), 'storing', 1000, 1000],
    ]);
    rmSync(path);
    const { datasets } = projects.current;
    expect(Buffer.concat([...datasets.chunks(digest)])).toEqual(Buffer.from(dataset.bytes));
    // Without what was laid ready for the engine, too.
    await reader.forget(digest);
    const file = await datasetFile(datasets, reader, { digest, name: 'iris' }, going);
    expect(readFileSync(file)).toEqual(Buffer.from(dataset.bytes));
    // One that is here needs no other file.
    expect(await service.take(handle(), digest, going)).toEqual({ ...dataset.entry, createdAt: 77 });
    await service.close();
  });

  it.each([
    ['a part', 'UPDATE dataset_chunks SET bytes = zeroblob(400) WHERE position = 1'],
    [
      'the whole, though each part is as it says',
      `UPDATE dataset_chunks SET bytes = a.bytes, digest = a.digest FROM dataset_chunks a
        WHERE a.position = 0 AND dataset_chunks.position = 1`,
    ],
  ])('is refused when the bytes of %s are not those that were imported', async (_, sql) => {
    const { projects, service, handle, path } = bench();
    tamper(path, sql);
    const error = await errorOf(() => service.take(handle(), digest, going));
    expect(error).toMatchObject({ code: 'BAD_DATA_FILE', details: { file: 'iris', code: 'NOT_AS_STORED' } });
    expect(projects.current.datasets.list()).toEqual([]);
  });

  it('is refused when the other project has none', async () => {
    const { service, handle } = bench();
    const missing = 'a'.repeat(64);
    const error = await errorOf(() => service.take(handle(), missing, going));
    expect(error).toMatchObject({ code: 'DATA_MISSING', details: { dataset: missing, project: 'other' } });
  });

  it('is refused where nothing can be stored', async () => {
    const { home, projects, service, handle } = bench();
    const mine = join(home, 'mine.overfit');
    createSample(mine).close();
    const writer = openProject(disk, mine, { access: 'write' });
    projects.open(projects.handleFor(mine));
    const error = await errorOf(() => service.take(handle(), digest, going));
    expect(error).toMatchObject({ code: 'READ_ONLY', details: { reason: 'in_use' } });
    writer.close();
  });

  it.each(['reading', 'storing'] as const)('cancelled while %s, leaves nothing', async (phase) => {
    const { projects, service, heard, handle } = bench();
    const controller = new AbortController();
    heard.progress = (x) => {
      if (x.phase === phase) controller.abort();
    };
    const error = await errorOf(() => service.take(handle(), digest, controller.signal));
    expect(error.code).toBe('CANCELLED');
    const { datasets } = projects.current;
    expect(datasets.list()).toEqual([]);
    // No part of it lies there either.
    expect((await errorOf(() => datasets.finish(dataset.entry))).code).toBe('FILE_DAMAGED');
  });

  it('is one at a time with imports', async () => {
    const { service, heard, handle } = bench();
    let second: Promise<LabError> | null = null;
    heard.progress = () => {
      second ??= errorOf(() => service.take(handle(), digest, going));
    };
    await service.take(handle(), digest, going);
    expect((await (second as unknown as Promise<LabError>)).code).toBe('BUSY');
  });
});
