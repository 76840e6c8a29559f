import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { contentsOf, createSample, disk, document, fillSample, temporaryFolder } from '../../test/project/sample.ts';
import { checkProject } from './check.ts';
import { describeProject } from './describe.ts';

function sample(sql = ''): string {
  const path = join(temporaryFolder(), 'a.overfit');
  const project = createSample(path);
  fillSample(project);
  project.close();
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
  return path;
}

describe('checking a file', () => {
  it('finds nothing wrong with a sound one, and changes nothing', () => {
    const path = sample();
    const before = contentsOf(path);
    expect(checkProject(disk, path)).toEqual([]);
    expect(contentsOf(path)).toBe(before);
  });

  it.each([
    ['a missing step', 'DELETE FROM step_metrics WHERE run = 1 AND step = 250', 'run 1', /some are missing/],
    ['missing last steps', 'DELETE FROM step_metrics WHERE run = 1 AND step > 400', 'run 1', /400 of 500/],
    ['steps beyond the run', 'UPDATE runs SET step = 7 WHERE number = 2', 'run 2', /at step 7/],
    [
      'exchanged weights',
      "UPDATE checkpoints SET bytes = x'01' WHERE run = 1",
      'run 1, checkpoint at step 500',
      /digest/,
    ],
    ['exchanged points', 'UPDATE data_previews SET test_y = zeroblob(80)', 'data', /digest/],
    ['a short fit', 'UPDATE evaluations SET fit = zeroblob(4) WHERE step = 30', 'run 1, evaluation at step 30', /201/],
    ['a bad document', `UPDATE runs SET document = '{}' WHERE number = 2`, 'run 2', /format/],
    [
      'a bad old revision',
      `UPDATE experiment_history SET document = '7'`,
      'experiment experiment-1, revision 1',
      /document/,
    ],
    ['a lost history', 'DELETE FROM experiment_history', 'experiment experiment-1', /history/],
    ['rows without a run', 'DELETE FROM runs WHERE number = 2', 'file', /missing/],
    ['a foreign trigger', 'CREATE TRIGGER t AFTER INSERT ON meta BEGIN SELECT 1; END', 'schema', /trigger t/],
    ['a missing table', 'DROP TABLE settings', 'schema', /settings is missing/],
  ])('names %s', (_, sql, subject, message) => {
    const findings = checkProject(disk, sample(sql));
    expect(findings).toContainEqual({
      level: 'error',
      subject: expect.stringContaining(subject) as string,
      message: expect.stringMatching(message) as string,
    });
  });

  it('names broken pages, and goes on with the tables that can be read', () => {
    const path = sample();
    truncateSync(path, disk.facts(path).sizeBytes - 8192);
    expect(checkProject(disk, path).filter((x) => x.level === 'error').length).toBeGreaterThan(0);
  });

  it('says what is newer', () => {
    expect(checkProject(disk, sample('PRAGMA user_version = 12'))).toEqual([
      { level: 'warning', subject: 'file', message: expect.stringContaining('version 12') as string },
    ]);
  });
});

describe('describing a file', () => {
  it('tells what it holds, and whether it could be written', () => {
    const path = sample();
    const before = contentsOf(path);
    const description = describeProject(disk, path);
    expect(description).toMatchObject({ path, version: 3, readOnly: null, damage: [] });
    expect(description.sizeBytes).toBe(disk.facts(path).sizeBytes);
    expect(description.experiments).toEqual([{ id: 'experiment-1', revision: 1, document }]);
    expect(description.runs.map((x) => [x.number, x.status, x.resumable])).toEqual([
      [1, 'done', false],
      [2, 'stopped', true],
    ]);
    expect(contentsOf(path)).toBe(before);
  });

  it('says what is lost of a damaged one', () => {
    const path = sample();
    truncateSync(path, disk.facts(path).sizeBytes - 8192);
    const description = describeProject(disk, path);
    expect(description.readOnly).toBe('damaged');
    expect(description.damage.length).toBeGreaterThan(0);
  });
});
