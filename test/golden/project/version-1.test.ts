// Files of version 1 stay readable and writable for ever: the fixture was written by the first version of the format.
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkProject } from '../../../main/project/check.ts';
import { CURRENT_VERSION } from '../../../main/project/migrations.ts';
import { openProject } from '../../../main/project/open.ts';
import { batch, change, checkpoint, disk, evaluation, points, steps, temporaryFolder } from '../../project/sample.ts';

const fixture = (version: number) => fileURLToPath(new URL(`./version-${version}.overfit`, import.meta.url));

it('has a fixture of every version', () => {
  for (let version = 1; version <= CURRENT_VERSION; version++) expect(existsSync(fixture(version))).toBe(true);
});

it('opens for writing with everything in it', () => {
  const path = join(temporaryFolder(), 'a.overfit');
  copyFileSync(fixture(1), path);
  const project = openProject(disk, path, { access: 'write' });
  expect(project).toMatchObject({ readOnly: null, damage: [] });
  expect(project.experiments()).toMatchObject([
    { id: 'experiment-1', revision: 2, document: { name: 'regression', seed: 2, recipe: { steps: 500 } } },
  ]);
  expect(project.history('experiment-1').map((x) => [x.revision, x.savedAt, x.document.seed])).toEqual([
    [1, 1_795_000_000_000, 1],
    [2, 1_795_000_001_000, 2],
  ]);
  expect(project.runs.read('run-1', -1)).toEqual({
    runId: 'run-1',
    steps: steps(1, 20),
    evaluations: [0, 10, 20].map(evaluation),
    points: points(),
  });
  expect(project.runs.checkpoint('run-1')).toEqual(checkpoint(20, 64));
  expect(project.runs.list().map((x) => [x.number, x.status, x.step, x.computeMs, x.resumable])).toEqual([
    [1, 'stopped', 20, 7.25, true],
    [2, 'interrupted', 0, 1, true],
  ]);
  project.runs.append([batch('run-1', { steps: steps(21, 40), change: change('running', 40) })]);
  expect(project.runs.summary('run-1')).toMatchObject({ step: 40, status: 'running' });
  project.close();
  expect(checkProject(disk, path).filter((x) => x.level === 'error')).toEqual([]);
});
