import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LabError } from '../contract/errors.ts';
import {
  batch,
  change,
  checkpoint,
  createRun,
  createSample,
  disk,
  document,
  evaluation,
  fillSample,
  points,
  steps,
  temporaryFolder,
} from '../../test/project/sample.ts';
import { openProject } from './open.ts';

const fresh = () => createSample(join(temporaryFolder(), 'a.overfit'));
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof LabError ? error.code : error;
  }
  return 'nothing thrown';
};

describe('the run store', () => {
  it('numbers runs 1, 2, 3 … and never gives a number twice', () => {
    const project = fresh();
    createRun(project, 'a');
    createRun(project, 'b');
    project.runs.delete('b');
    createRun(project, 'c');
    expect(project.runs.list().map((x) => [x.id, x.number, x.status])).toEqual([
      ['a', 1, 'queued'],
      ['c', 3, 'queued'],
    ]);
    project.close();
  });

  it('gives back what was appended', () => {
    const project = fresh();
    createRun(project, 'a');
    const failure = { code: 'DIVERGED', step: 4, quantity: 'gradient', parameter: 'fc1.weight' } as const;
    project.runs.append([
      batch('a', { evaluations: [evaluation(0)] }),
      batch('a', { steps: steps(1, 3), computeMs: 12.5, change: { status: 'failed', step: 3, failure } }),
    ]);
    expect(project.runs.read('a', -1)).toEqual({
      runId: 'a',
      steps: steps(1, 3),
      evaluations: [evaluation(0)],
      points: points(),
    });
    expect(project.runs.read('a', 2)?.steps).toEqual(steps(3, 3));
    expect(project.runs.read('a', 2)?.evaluations).toEqual([]);
    expect(project.runs.summary('a')).toMatchObject({
      status: 'failed',
      step: 3,
      computeMs: 12.5,
      failure,
      final: { step: 0, trainLoss: 0.5, testLoss: 0.75 },
      resumable: false,
      device: { kind: 'cpu', simd: 'relaxed', threads: 1 },
    });
    project.close();
  });

  it('keeps NaN and infinity', () => {
    const project = fresh();
    createRun(project, 'a');
    const columns = { ...steps(1, 2), train_loss: Float64Array.of(NaN, Infinity) };
    project.runs.append([batch('a', { steps: columns })]);
    expect([...(project.runs.read('a', 0)?.steps.train_loss ?? [])]).toEqual([NaN, Infinity]);
    project.close();
  });

  it('stores the batches of one append together or not at all', () => {
    const project = fresh();
    createRun(project, 'a');
    expect(
      codeOf(() => {
        project.runs.append([batch('a', { steps: steps(1, 10) }), batch('nobody', { steps: steps(1, 10) })]);
      }),
    ).toBe('NOT_FOUND');
    expect(project.runs.read('a', -1)?.steps.step.length).toBe(0);
    project.close();
  });

  it('takes the same rows twice, as after a lost acknowledgement', () => {
    const project = fresh();
    createRun(project, 'a');
    for (let i = 0; i < 2; i++) project.runs.append([batch('a', { steps: steps(1, 5), evaluations: [evaluation(5)] })]);
    expect(project.runs.read('a', -1)?.steps).toEqual(steps(1, 5));
    project.close();
  });

  it('keeps two checkpoints of a live run and the last of a finished one', () => {
    const project = fresh();
    const { runs } = project;
    createRun(project, 'a');
    for (const step of [100, 200, 300]) runs.append([batch('a', { checkpoint: checkpoint(step) })]);
    runs.truncate('a', 299);
    expect(runs.checkpoint('a')).toEqual(checkpoint(200));
    runs.truncate('a', 199);
    expect(runs.checkpoint('a')).toBeNull();
    for (const step of [200, 300]) runs.append([batch('a', { checkpoint: checkpoint(step) })]);
    runs.append([batch('a', { change: change('done', 300) })]);
    runs.truncate('a', 299);
    expect(runs.checkpoint('a')).toBeNull();
    project.close();
  });

  it('forgets every row after the step that it is truncated to', () => {
    const project = fresh();
    fillSample(project);
    project.runs.truncate('run-b', 100);
    expect(project.runs.read('run-b', -1)?.steps.step.at(-1)).toBe(100);
    expect(project.runs.summary('run-b')).toMatchObject({ step: 100, status: 'stopped', resumable: true });
    project.runs.truncate('run-b', -1);
    expect(project.runs.read('run-b', -1)?.steps.step.length).toBe(0);
    expect(project.runs.checkpoint('run-b')).toBeNull();
    expect(project.runs.summary('run-b')?.step).toBe(0);
    project.close();
  });

  it('shares equal points between runs and drops them with the last of these', () => {
    const path = join(temporaryFolder(), 'a.overfit');
    const project = createSample(path);
    createRun(project, 'a');
    createRun(project, 'b');
    const count = () => {
      const db = disk.open(path, 'read');
      const n = db.prepare('SELECT count(*) AS n FROM data_points').get()?.n;
      db.close();
      return n;
    };
    expect(count()).toBe(1);
    project.runs.delete('a');
    expect(count()).toBe(1);
    expect(project.runs.read('b', -1)?.points).toEqual(points());
    project.runs.delete('b');
    expect(count()).toBe(0);
    expect(project.runs.read('b', -1)).toBeNull();
    project.close();
  });

  it('falls back to an older checkpoint when the newest is damaged', () => {
    const path = join(temporaryFolder(), 'a.overfit');
    const project = createSample(path);
    createRun(project, 'a');
    for (const step of [100, 200]) project.runs.append([batch('a', { checkpoint: checkpoint(step) })]);
    project.close();
    const db = disk.open(path, 'write');
    db.exec("UPDATE checkpoints SET bytes = x'00' WHERE step = 200");
    db.close();
    const again = openProject(disk, path, { access: 'write' });
    expect(again.runs.checkpoint('a')).toEqual(checkpoint(100));
    again.close();
  });

  it('gives room back when runs are deleted', () => {
    const path = join(temporaryFolder(), 'a.overfit');
    const project = createSample(path);
    createRun(project, 'a');
    project.runs.append([batch('a', { checkpoint: checkpoint(1, 3_000_000) })]);
    project.runs.delete('a');
    project.close();
    expect(disk.facts(path).sizeBytes).toBeLessThan(200_000);
  });

  it('refuses every write of a read-only file, with the reason', () => {
    const path = join(temporaryFolder(), 'a.overfit');
    const owner = createSample(path);
    fillSample(owner);
    const reader = openProject(disk, path, { access: 'write' });
    expect(reader.readOnly).toBe('in_use');
    const writes = [
      () => {
        createRun(reader, 'x');
      },
      () => {
        reader.runs.append([batch('run-a', { steps: steps(1, 1) })]);
      },
      () => {
        reader.runs.setStatus('run-a', 'stopped');
      },
      () => {
        reader.runs.truncate('run-a', 0);
      },
      () => {
        reader.runs.delete('run-a');
      },
      () => reader.updateExperiment('experiment-1', { ...document, seed: 9 }, 0),
    ];
    expect(writes.map(codeOf)).toEqual(writes.map(() => 'READ_ONLY'));
    reader.close();
    owner.close();
  });
});
