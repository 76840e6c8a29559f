import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { createSample, dataset, disk, document, storeDataset, temporaryFolder } from '../../test/project/sample.ts';
import { LabError } from '../contract/errors.ts';
import { checkProject } from './check.ts';
import { openProject, saveProjectAs } from './open.ts';
import type { ProjectFile } from './project-file.ts';

const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof LabError ? error.code : error;
  }
  return 'nothing thrown';
};
const bytesIn = (project: ProjectFile, digest: string) => Buffer.concat([...project.datasets.chunks(digest)]);

/** A closed file with one data set of three parts. */
function sampleAt(path = join(temporaryFolder(), 'a.overfit')): string {
  const project = createSample(path);
  storeDataset(project);
  project.close();
  return path;
}
/** Changes a file behind the app's back. */
function tamper(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
}

describe('data sets in a project', () => {
  it('are there whole, also after the file was closed, copied and opened to be read', () => {
    const path = sampleAt();
    const project = openProject(disk, path, { access: 'write' });
    expect(project.datasets.list()).toEqual([dataset.entry]);
    expect(project.isPristine()).toBe(false);
    const copy = saveProjectAs(disk, project, `${path}-copy.overfit`, false);
    project.close();
    expect(bytesIn(copy, dataset.entry.digest)).toEqual(Buffer.from(dataset.bytes));
    copy.close();
    const read = openProject(disk, path, { access: 'read' });
    expect(bytesIn(read, dataset.entry.digest)).toEqual(Buffer.from(dataset.bytes));
    expect(codeOf(() => read.datasets.addChunk('x', 0, new Uint8Array(1)))).toBe('READ_ONLY');
    expect(codeOf(() => read.datasets.delete(dataset.entry.digest))).toBe('READ_ONLY');
    read.close();
    expect(checkProject(disk, path)).toEqual([]);
  });

  it('are not there before they are finished, and nothing is left of those that never are', () => {
    const path = join(temporaryFolder(), 'a.overfit');
    const project = createSample(path);
    project.datasets.addChunk(dataset.entry.digest, 0, dataset.bytes.subarray(0, 400));
    expect(project.datasets.list()).toEqual([]);
    expect(codeOf(() => [...project.datasets.chunks(dataset.entry.digest)])).toBe('NOT_FOUND');
    // Finishing what is not whole is refused.
    expect(codeOf(() => project.datasets.finish(dataset.entry))).toBe('FILE_DAMAGED');
    project.datasets.discard(dataset.entry.digest);
    expect(chunkCount(project, path)).toBe(0);
    // A program that dies while it imports.
    project.datasets.addChunk(dataset.entry.digest, 0, dataset.bytes.subarray(0, 400));
    project.close();
    expect(checkProject(disk, path)).toEqual([
      { level: 'warning', subject: 'file', message: expect.stringContaining('1 parts of an import') as string },
    ]);
    const again = openProject(disk, path, { access: 'write' });
    expect(chunkCount(again, path)).toBe(0);
    again.close();
  });

  it('are stored once, however often they are imported', () => {
    const path = sampleAt();
    const project = openProject(disk, path, { access: 'write' });
    storeDataset(project);
    // Discarding the second import leaves the first.
    project.datasets.discard(dataset.entry.digest);
    expect(project.datasets.list()).toHaveLength(1);
    expect(bytesIn(project, dataset.entry.digest)).toEqual(Buffer.from(dataset.bytes));
    project.close();
  });

  it('know who uses them, and go when they are deleted', () => {
    const path = sampleAt();
    const project = openProject(disk, path, { access: 'write' });
    const { digest } = dataset.entry;
    expect(project.datasets.users(digest)).toEqual({ experiments: [], runs: [] });
    project.updateExperiment('experiment-1', { ...document, description: `on ${digest}` }, 1);
    expect(project.datasets.users(digest)).toEqual({ experiments: [document.name], runs: [] });
    project.datasets.delete(digest);
    expect(project.datasets.list()).toEqual([]);
    expect(chunkCount(project, path)).toBe(0);
    expect(codeOf(() => project.datasets.delete(digest))).toBe('NOT_FOUND');
    project.close();
  });
});

describe('a damaged data set', () => {
  it.each([
    ['a changed byte', 'UPDATE dataset_chunks SET bytes = zeroblob(400) WHERE position = 1', /part 1.*|digest/],
    ['a missing part', 'DELETE FROM dataset_chunks WHERE position = 1', /2 of 3 parts/],
    [
      'parts in another order',
      'UPDATE dataset_chunks SET position = 7 - position WHERE position < 2',
      /parts are there/,
    ],
    ['a bad summary', "UPDATE datasets SET summary = '{}'", /summary/],
    [
      'another name',
      `UPDATE datasets SET digest = '${'0'.repeat(64)}'; UPDATE dataset_chunks SET dataset = '${'0'.repeat(64)}'`,
      /not the one that was imported/,
    ],
  ])('is named by the check: %s', (_, sql, message) => {
    const path = sampleAt();
    tamper(path, sql);
    expect(
      checkProject(disk, path)
        .filter((x) => x.level === 'error')
        .map((x) => `${x.subject}: ${x.message}`),
    ).toContainEqual(expect.stringMatching(message));
  });

  it('says which part is not what was stored when it is read', () => {
    const path = sampleAt();
    tamper(path, 'UPDATE dataset_chunks SET bytes = zeroblob(400) WHERE position = 1');
    const project = openProject(disk, path, { access: 'write' });
    expect(() => bytesIn(project, dataset.entry.digest)).toThrow(/part 2 of the data set "iris"/);
    project.close();
  });

  it('that is not whole is missing in the copy that is opened, which says so and keeps the rest', () => {
    const path = sampleAt();
    tamper(path, 'DELETE FROM dataset_chunks WHERE position = 1');
    const project = openProject(disk, path, { access: 'write' });
    expect(project.readOnly).toBe('damaged');
    expect(project.damage.join()).toMatch(/"iris" is not whole: 2 of 3 parts are there/);
    expect(project.datasets.list()).toEqual([]);
    expect(project.experiments()).toHaveLength(1);
    project.close();
  });
});

/** Read beside the writer. */
function chunkCount(_: ProjectFile, path: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  const row = db.prepare('SELECT count(*) AS n FROM dataset_chunks').get();
  db.close();
  return Number(row?.['n']);
}
