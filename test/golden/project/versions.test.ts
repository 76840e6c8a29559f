// Files of every version stay readable and writable for ever: each fixture was written by the program that made its version.
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { emptySteps, type Evaluation, type StepColumns } from '../../../engine/spec/index.ts';
import { checkProject } from '../../../main/project/check.ts';
import { CURRENT_VERSION } from '../../../main/project/migrations.ts';
import { openProject } from '../../../main/project/open.ts';
import {
  batch,
  change,
  checkpoint,
  classified,
  contentsOf,
  dataset,
  disk,
  evaluation,
  pictures,
  points,
  steps,
  storeDataset,
  temporaryFolder,
} from '../../project/sample.ts';
import { certificate, event } from './version-2-content.ts';

const fixture = (version: number) => fileURLToPath(new URL(`./version-${version}.overfit`, import.meta.url));

it('has a fixture of every version', () => {
  for (let version = 1; version <= CURRENT_VERSION; version++) expect(existsSync(fixture(version))).toBe(true);
});

const scores = (loss: number) => ({ loss, accuracy: null, top5: null, mae: null, r2: null });

/** What version 1 recorded of a step and of an evaluation, in the present words. */
const asVersion1 = (columns: StepColumns): StepColumns => ({
  ...columns,
  lr: emptySteps(columns.step.length).lr.fill(NaN),
});
const evaluation1 = (step: number): Evaluation => ({
  ...evaluation(step),
  train: scores(0.5 / (step + 1)),
  test: scores(0.75 / (step + 1)),
  parameters: [],
});

function copyOf(version: number): string {
  const path = join(temporaryFolder(), 'a.overfit');
  copyFileSync(fixture(version), path);
  return path;
}
const errors = (path: string) => checkProject(disk, path).filter((x) => x.level === 'error');

describe('version 1', () => {
  it.each(['write', 'read'] as const)('opens to %s with everything in it', (access) => {
    const path = copyOf(1);
    expect(errors(path)).toEqual([]);
    const before = contentsOf(path);
    const project = openProject(disk, path, { access });
    expect(project).toMatchObject({ readOnly: access === 'write' ? null : 'no_permission', damage: [] });
    expect(project.experiments()).toMatchObject([
      { id: 'experiment-1', revision: 2, document: { name: 'regression', seed: 2, recipe: { steps: 500 } } },
    ]);
    expect(project.history('experiment-1').map((x) => [x.revision, x.savedAt, x.document.seed])).toEqual([
      [1, 1_795_000_000_000, 1],
      [2, 1_795_000_001_000, 2],
    ]);
    expect(project.runs.read('run-1', -1)).toEqual({
      runId: 'run-1',
      rewinds: 0,
      steps: asVersion1(steps(1, 20)),
      evaluations: [0, 10, 20].map(evaluation1),
      events: [],
      data: points(),
    });
    expect(project.runs.checkpoint('run-1')).toEqual(checkpoint(20, 64));
    expect(project.runs.checkpoint('run-1', 'best')).toBeNull();
    expect(project.certificate()).toBeNull();
    expect(project.runs.list()).toMatchObject([
      { number: 1, status: 'stopped', step: 20, computeMs: 7.25, resumable: access === 'write', dataDigest: null },
      { number: 2, status: 'interrupted', step: 0, computeMs: 1, totalSteps: 500, rewinds: 0, final: { step: 0 } },
    ]);
    // The two were made at one moment.
    expect(new Set(project.runs.list().map((x) => x.pressId))).toEqual(new Set(['run-1']));
    project.close();
    if (access === 'read') expect(contentsOf(path)).toBe(before);
  });

  it('is brought forward by the first writer, and goes on from there', () => {
    const path = copyOf(1);
    const project = openProject(disk, path, { access: 'write' });
    project.runs.append([
      batch('run-1', { steps: steps(21, 40), evaluations: [evaluation(40)], change: change('running', 40) }),
    ]);
    expect(project.runs.summary('run-1')).toMatchObject({ step: 40, status: 'running', final: { step: 40 } });
    expect(project.runs.read('run-1', 20)?.steps).toEqual(steps(21, 40));
    project.close();
    expect(errors(path)).toEqual([]);
    const db = disk.open(path, 'read');
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: CURRENT_VERSION });
    db.close();
  });

  it('with something broken in it keeps the rest', () => {
    const path = copyOf(1);
    const db = new DatabaseSync(path);
    db.exec("UPDATE runs SET document = '{}' WHERE number = 2; UPDATE checkpoints SET bytes = x'00'");
    db.close();
    expect(errors(path).map((x) => x.subject)).toEqual(['run 2', 'run 1, checkpoint at step 20']);
    const project = openProject(disk, path, { access: 'write' });
    expect(project.readOnly).toBe('damaged');
    expect(project.damage.join()).toMatch(/run 2: document.*checkpoints: 1 rows were left out/);
    expect(project.runs.read('run-1', -1)?.evaluations).toEqual([0, 10, 20].map(evaluation1));
    expect(project.runs.read('run-1', -1)?.data).toEqual(points());
    project.close();
  });

  it('gives no number again that a deleted run had', () => {
    const path = copyOf(1);
    const db = new DatabaseSync(path);
    db.exec('PRAGMA foreign_keys = ON; DELETE FROM runs WHERE number = 2');
    db.close();
    const project = openProject(disk, path, { access: 'write' });
    const { id, experimentId, variant, seed, experiment, pressId } = project.runs.list()[0] ?? never();
    const run = { experimentId, variant, seed, experiment, pressId, totalSteps: 500, createdAt: 1, weights: null };
    expect(id).toBe('run-1');
    expect(project.runs.create({ ...run, id: 'run-3' }).number).toBe(3);
    project.close();
  });
});

const never = (): never => {
  throw new Error('there is no run');
};

describe('version 2', () => {
  it.each(['write', 'read'] as const)('opens to %s with everything in it', (access) => {
    const path = copyOf(2);
    expect(errors(path)).toEqual([]);
    const project = openProject(disk, path, { access });
    expect(project).toMatchObject({ readOnly: access === 'write' ? null : 'no_permission', damage: [] });
    expect(project.runs.read('run-1', -1)).toEqual({
      runId: 'run-1',
      rewinds: 1,
      steps: steps(1, 20),
      evaluations: [0, 10, 20].map(evaluation),
      events: [event(5)],
      data: points(),
    });
    expect(project.runs.read('run-2', -1)).toEqual({
      runId: 'run-2',
      rewinds: 0,
      steps: steps(1, 20),
      evaluations: [0, 10, 20].map(classified),
      events: [],
      data: pictures,
    });
    expect(project.runs.list()).toMatchObject([
      { number: 1, pressId: 'press-1', status: 'stopped', step: 20, eventCount: 1, rewinds: 1, best: null },
      { number: 2, status: 'interrupted', totalSteps: 40, dataDigest: 'f'.repeat(64), best: { step: 10 } },
    ]);
    expect(project.runs.checkpoint('run-2')).toEqual(checkpoint(20, 64));
    expect(project.runs.checkpoint('run-2', 'best')).toEqual(checkpoint(10, 64));
    expect(project.certificate()).toEqual(certificate);
    project.close();
  });
});

describe('version 3', () => {
  it.each(['write', 'read'] as const)('opens to %s with its data sets', (access) => {
    const path = copyOf(3);
    expect(errors(path)).toEqual([]);
    const project = openProject(disk, path, { access });
    expect(project).toMatchObject({ readOnly: access === 'write' ? null : 'no_permission', damage: [] });
    expect(project.datasets.list()).toEqual([dataset.entry]);
    expect(Buffer.concat([...project.datasets.chunks(dataset.entry.digest)])).toEqual(Buffer.from(dataset.bytes));
    expect(project.runs.read('run-1', -1)?.steps).toEqual(steps(1, 20));
    project.close();
  });
});

describe.each([1, 2])('version %i', (version) => {
  it('has no data sets, and can have some once it was brought forward', () => {
    const path = copyOf(version);
    const read = openProject(disk, path, { access: 'read' });
    expect(read.datasets.list()).toEqual([]);
    read.close();
    const project = openProject(disk, path, { access: 'write' });
    const runs = project.runs.list().map((x) => x.id);
    storeDataset(project);
    project.close();
    expect(errors(path)).toEqual([]);
    const again = openProject(disk, path, { access: 'write' });
    expect(again.version).toBe(CURRENT_VERSION);
    expect(again.datasets.list()).toEqual([dataset.entry]);
    expect(again.runs.list().map((x) => x.id)).toEqual(runs);
    again.close();
  });
});
