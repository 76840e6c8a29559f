import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../contract/errors.ts';
import {
  batch,
  change,
  contentsOf,
  createRun,
  checkpoint,
  createSample,
  disk,
  document,
  fillSample,
  steps,
  temporaryFolder,
} from '../../test/project/sample.ts';
import { CURRENT_VERSION, headerNumber, migrate, MIGRATIONS } from './migrations.ts';
import { saveProjectAs, createProject, openProject } from './open.ts';
import { MAX_DOCUMENT_BYTES } from './columns.ts';

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return 'nothing thrown';
};
const codeOf = (work: () => unknown) => {
  const error = thrownBy(work);
  return error instanceof LabError ? error.code : error;
};
const open = (path: string) => openProject(disk, path, { access: 'write' });

/** A closed sample file. */
function sampleAt(folder: string, name = 'a.overfit'): string {
  const path = join(folder, name);
  const project = createSample(path);
  fillSample(project);
  project.close();
  return path;
}
/** Changes a file behind the app's back. */
function tamper(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
}

describe('a sound file', () => {
  it('is one single file after closing, and the same when opened again', () => {
    const folder = temporaryFolder();
    const path = sampleAt(folder);
    expect(readdirSync(folder)).toEqual(['a.overfit']);
    const project = open(path);
    expect(project).toMatchObject({ readOnly: null, damage: [], version: 3 });
    expect(project.experiments()).toEqual([{ id: 'experiment-1', revision: 1, document }]);
    expect(project.runs.list().map((x) => [x.id, x.status, x.step])).toEqual([
      ['run-a', 'done', 500],
      ['run-b', 'stopped', 120],
    ]);
    project.close();
    expect(readdirSync(folder)).toEqual(['a.overfit']);
  });

  it('keeps every revision of an experiment', () => {
    const project = createSample(join(temporaryFolder(), 'a.overfit'));
    const second = { ...document, seed: 7 };
    expect(project.updateExperiment('experiment-1', second, 5)).toEqual({
      id: 'experiment-1',
      revision: 2,
      document: second,
    });
    // The same again is no new revision.
    expect(project.updateExperiment('experiment-1', second, 6).revision).toBe(2);
    expect(project.history('experiment-1').map((x) => [x.revision, x.document.seed])).toEqual([
      [1, 1],
      [2, 7],
    ]);
    expect(codeOf(() => project.updateExperiment('nobody', second, 6))).toBe('NOT_FOUND');
    expect(codeOf(() => project.updateExperiment('experiment-1', { ...second, seed: -1 }, 6))).toMatchObject({
      problems: [{ path: 'seed' }],
    });
    project.addExperiment('experiment-2', { ...document, name: 'other' }, 7);
    expect(codeOf(() => project.updateExperiment('experiment-2', document, 8))).toBe('NAME_TAKEN');
    project.close();
  });

  it('keeps a document that is still being built', () => {
    const path = sampleAt(temporaryFolder());
    const unfinished = { ...document, model: { layers: [] }, variants: [{ name: 'base', changes: {} }] };
    const project = open(path);
    expect(project.updateExperiment('experiment-1', unfinished, 5).document).toEqual(unfinished);
    project.close();
    const again = open(path);
    expect(again).toMatchObject({ readOnly: null, damage: [] });
    expect(again.experiments()[0]?.document).toEqual(unfinished);
    again.close();
  });

  it('is read-only for a second opener, who sees what the first one stores', () => {
    const path = join(temporaryFolder(), 'a.overfit');
    const owner = createSample(path);
    createRun(owner, 'a');
    owner.runs.append([batch('a', { change: change('running', 0) })]);
    const second = open(path);
    expect(second.readOnly).toBe('in_use');
    expect(second.runs.summary('a')?.status).toBe('running');
    owner.runs.append([batch('a', { steps: steps(1, 10) })]);
    expect(second.runs.read('a', -1)?.steps).toEqual(steps(1, 10));
    owner.close();
    const third = open(path);
    expect(third.readOnly).toBeNull();
    third.close();
    second.close();
  });

  it('shows a second opener what is stored later, also when nothing was stored before', () => {
    const folder = temporaryFolder();
    const path = sampleAt(folder);
    const owner = open(path);
    const second = open(path);
    expect(second.readOnly).toBe('in_use');
    owner.runs.append([batch('run-b', { steps: steps(121, 200) })]);
    expect(second.runs.summary('run-b')?.step).toBe(200);
    owner.close();
    expect(second.runs.read('run-b', 120)?.steps).toEqual(steps(121, 200));
    second.close();
  });

  it('marks runs of a dead program as interrupted, and only then', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.overfit');
    const owner = createSample(path);
    for (const [id, status] of [
      ['a', 'running'],
      ['b', 'paused'],
      ['d', 'done'],
    ] as const) {
      createRun(owner, id);
      owner.runs.append([batch(id, { change: change(status, 0) })]);
    }
    createRun(owner, 'c');
    const copy = join(folder, 'copy.overfit');
    const going = saveProjectAs(disk, owner, copy, false);
    expect(going.runs.list().map((x) => x.status)).toEqual(['running', 'paused', 'done', 'queued']);
    going.close();
    const looked = openProject(disk, copy, { access: 'read' });
    expect(looked.runs.list().map((x) => x.status)).toEqual(['interrupted', 'interrupted', 'done', 'interrupted']);
    looked.close();
    const opened = open(copy);
    expect(opened.runs.list().map((x) => [x.status, x.resumable])).toEqual([
      ['interrupted', true],
      ['interrupted', true],
      ['done', false],
      ['interrupted', true],
    ]);
    opened.close();
    owner.close();
  });

  it('is not made where something lies already, and not copied over what is in use', () => {
    const folder = temporaryFolder();
    const path = sampleAt(folder);
    expect(codeOf(() => createSample(path))).toBe('FILE_EXISTS');
    const project = open(path);
    expect(codeOf(() => createSample(path))).toBe('FILE_IN_USE');
    const other = createSample(join(folder, 'b.overfit'));
    expect(codeOf(() => saveProjectAs(disk, other, path, true))).toBe('FILE_IN_USE');
    project.close();
    expect(codeOf(() => saveProjectAs(disk, other, path, false))).toBe('FILE_EXISTS');
    const replaced = saveProjectAs(disk, other, path, true);
    other.close();
    expect(replaced.runs.list()).toEqual([]);
    replaced.close();
    expect(readdirSync(folder)).toEqual(['a.overfit', 'b.overfit']);
  });
});

describe('a file that is not ours', () => {
  it.each([
    [
      'text',
      (path: string) => {
        writeFileSync(path, 'Dear diary, '.repeat(1000));
      },
    ],
    [
      'nothing at all',
      (path: string) => {
        writeFileSync(path, '');
      },
    ],
    [
      'another program’s database',
      (path: string) => {
        tamper(path, 'CREATE TABLE runs (id); PRAGMA application_id = 7');
      },
    ],
    [
      'a database without application',
      (path: string) => {
        tamper(path, 'CREATE TABLE t (id)');
      },
    ],
    [
      'a folder',
      (path: string) => {
        mkdirSync(path);
      },
    ],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ])('is refused: %s', (_, make) => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.overfit');
    make(path);
    const error = thrownBy(() => open(path));
    expect(error).toMatchObject({ code: 'FILE_FOREIGN', details: { file: path } });
    expect(readdirSync(folder)).toEqual(['a.overfit']);
  });

  it('is refused when it is not there', () => {
    expect(codeOf(() => open('/nowhere/at/all.overfit'))).toBe('FILE_NOT_FOUND');
  });
});

describe('a newer file', () => {
  it('opens read-only with what this version understands, and is left as it is', () => {
    const path = sampleAt(temporaryFolder());
    tamper(path, 'PRAGMA user_version = 99; ALTER TABLE runs ADD COLUMN mood TEXT; CREATE TABLE moods (id)');
    const before = contentsOf(path);
    const project = open(path);
    expect(project).toMatchObject({ readOnly: 'newer_version', version: 99, damage: [] });
    expect(project.runs.list()).toHaveLength(2);
    expect(project.runs.read('run-a', -1)?.steps.step.length).toBe(500);
    project.close();
    expect(contentsOf(path)).toBe(before);
  });
});

describe('a damaged file', () => {
  it('opens read-only as far as it can be read, and is never touched', () => {
    const folder = temporaryFolder();
    const source = sampleAt(folder);
    const whole = readFileSync(source);
    const kept: number[] = [];
    for (const share of [0.05, 0.2, 0.5, 0.8, 0.95, 0.999]) {
      const path = join(folder, `cut-${share}.overfit`);
      writeFileSync(path, whole.subarray(0, Math.floor(whole.length * share)));
      const before = contentsOf(path);
      const result = thrownBy(() => {
        const project = open(path);
        expect(project.readOnly).toBe('damaged');
        expect(project.damage.length).toBeGreaterThan(0);
        const rows = project.runs.list().map((x) => project.runs.read(x.id, -1)?.steps.step.length ?? 0);
        kept.push(rows.reduce((a, b) => a + b, 0));
        project.close();
      });
      if (result instanceof LabError) expect(result.code).toBe('FILE_DAMAGED');
      else expect(result).toBe('nothing thrown');
      expect(contentsOf(path)).toBe(before);
    }
    expect(kept.at(-1)).toBeGreaterThan(0);
    expect(readdirSync(folder).filter((x) => !x.endsWith('.overfit'))).toEqual([]);
  });

  it('that was cut off inside large weights keeps what lies before them', () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source.overfit');
    const large = createSample(source);
    createRun(large, 'a');
    const bytes = new Uint8Array(2 ** 20).map((_, i) => i % 251);
    large.runs.append([
      batch('a', { steps: steps(1, 100), checkpoint: { ...checkpoint(100), bytes }, change: change('stopped', 100) }),
    ]);
    large.close();
    const whole = readFileSync(source);
    for (const share of [0.2, 0.5, 0.9]) {
      const path = join(folder, `cut-${share}.overfit`);
      writeFileSync(path, whole.subarray(0, Math.floor(whole.length * share)));
      const project = open(path);
      expect(project.readOnly).toBe('damaged');
      expect(project.runs.list()).toHaveLength(1);
      project.close();
    }
  });

  it('can be saved as a sound one', () => {
    const folder = temporaryFolder();
    const path = sampleAt(folder);
    truncateSync(path, disk.facts(path).sizeBytes - 4096);
    const damaged = open(path);
    const saved = join(folder, 'saved.overfit');
    const project = saveProjectAs(disk, damaged, saved, false);
    damaged.close();
    expect(project).toMatchObject({ readOnly: null, damage: [] });
    expect(project.experiments()).toHaveLength(1);
    project.close();
  });

  it('says so when nothing can be read', () => {
    const path = sampleAt(temporaryFolder());
    truncateSync(path, 4096);
    expect(thrownBy(() => open(path))).toMatchObject({ code: 'FILE_DAMAGED', details: { file: path } });
  });

  it('never does anything else than open or refuse, whatever bytes are wrong', () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source.overfit');
    const small = createSample(source);
    createRun(small, 'a');
    small.runs.append([batch('a', { steps: steps(1, 300), change: change('stopped', 300) })]);
    small.close();
    const whole = readFileSync(source);
    const path = join(folder, 'broken.overfit');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 }),
        (changes) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          writeFileSync(path, bytes);
          let readOnly: string | null = null;
          try {
            const project = openProject(disk, path, { access: 'read' });
            readOnly = project.readOnly;
            for (const run of project.runs.list()) project.runs.read(run.id, -1);
            project.close();
          } catch (error) {
            if (!(error instanceof LabError)) throw error;
            expect(['FILE_DAMAGED', 'FILE_NEWER', 'FILE_FOREIGN', 'FILE_ACCESS']).toContain(error.code);
          }
          expect(readFileSync(path).equals(bytes)).toBe(true);
          expect([null, 'damaged', 'newer_version', 'no_permission']).toContain(readOnly);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});

describe('a hostile file', () => {
  it.each([
    ['a trigger', `CREATE TRIGGER evil AFTER INSERT ON runs BEGIN DELETE FROM experiments; END`, /trigger evil/],
    [
      'a view in the place of a table',
      'DROP TABLE settings; CREATE VIEW settings AS SELECT 1 AS key, 2 AS value',
      /settings/,
    ],
    ['a virtual table', 'DROP TABLE settings; CREATE VIRTUAL TABLE settings USING fts5(key, value)', /settings/],
    ['looser columns', 'DROP TABLE meta; CREATE TABLE meta (key, value)', /meta/],
  ])('with %s is read-only and says what is in it', (_, sql, expected) => {
    const path = sampleAt(temporaryFolder());
    tamper(path, sql);
    const before = contentsOf(path);
    const project = open(path);
    expect(project.readOnly).toBe('damaged');
    expect(project.damage.join('\n')).toMatch(expected);
    expect(project.runs.list()).toHaveLength(2);
    project.close();
    expect(contentsOf(path)).toBe(before);
  });

  it.each([
    ['a document that is none', `UPDATE experiments SET document = '{"format":"overfit-experiment"}'`, 'experiments'],
    [
      'a document of absurd length',
      `UPDATE experiments SET document = hex(zeroblob(${MAX_DOCUMENT_BYTES}))`,
      'experiments',
    ],
    ['a document nested without end', `UPDATE experiments SET document = '${'['.repeat(100_000)}'`, 'experiments'],
    ['a negative λ', `UPDATE experiments SET document = replace(document, '"l1":0', '"l1":-1')`, 'experiments'],
    ['a run without a sensible document', `UPDATE runs SET document = 'x' WHERE id = 'run-b'`, 'run'],
    ['a device that is none', `UPDATE runs SET device = '{"kind":"toaster"}' WHERE id = 'run-b'`, 'run'],
    ['numbers beyond the whole numbers', `UPDATE runs SET seed = 9223372036854775807 WHERE id = 'run-b'`, 'run'],
    [
      'a status that is none',
      `PRAGMA ignore_check_constraints = ON; UPDATE runs SET status = 'lost' WHERE id = 'run-b'`,
      'run',
    ],
  ])('with %s keeps the rest', (_, sql, named) => {
    const path = sampleAt(temporaryFolder());
    tamper(path, sql);
    const project = open(path);
    expect(project.readOnly).toBe('damaged');
    expect(project.damage.join('\n')).toContain(named);
    expect(project.runs.read('run-a', -1)?.steps.step.length).toBe(500);
    project.close();
  });

  it('with fits of a wrong length and exchanged points says so when it is checked or read', () => {
    const path = sampleAt(temporaryFolder());
    tamper(
      path,
      `UPDATE evaluations SET fit = zeroblob(12) WHERE run = 1; UPDATE data_previews SET train_x = zeroblob(80)`,
    );
    const project = open(path);
    expect(codeOf(() => project.runs.read('run-a', -1))).toBe('FILE_DAMAGED');
    project.close();
  });
});

describe('migrations', () => {
  it('bring a file forward in one step or not at all', () => {
    const db = disk.scratch();
    migrate(db, 0);
    expect(headerNumber(db, 'user_version')).toBe(CURRENT_VERSION);
    const next = [...MIGRATIONS, 'CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT'];
    migrate(db, CURRENT_VERSION, next);
    expect(headerNumber(db, 'user_version')).toBe(CURRENT_VERSION + 1);
    expect(() => {
      migrate(db, CURRENT_VERSION + 1, [...next, 'CREATE TABLE half (id) STRICT; SELECT nonsense']);
    }).toThrow(LabError);
    expect(headerNumber(db, 'user_version')).toBe(CURRENT_VERSION + 1);
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined();
    db.close();
  });

  it('has nothing to do for a new file', () => {
    const folder = temporaryFolder();
    const project = createProject(disk, join(folder, 'a.overfit'), { experiments: [], meta: {}, now: 0 });
    expect(project.version).toBe(CURRENT_VERSION);
    project.close();
    copyFileSync(join(folder, 'a.overfit'), join(folder, 'b.overfit'));
    const again = open(join(folder, 'b.overfit'));
    expect(again.readOnly).toBeNull();
    again.close();
  });
});
