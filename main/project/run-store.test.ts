import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LabError } from '../contract/errors.ts';
import {
  batch,
  change,
  checkpoint,
  classified,
  createRun,
  createSample,
  disk,
  document,
  evaluation,
  fillSample,
  pictures,
  points,
  scores,
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
    const failure = { code: 'DIVERGED', step: 4, quantity: 'gradient', parameter: 'fc1.weight', layer: 'fc1' } as const;
    project.runs.append([
      batch('a', { evaluations: [evaluation(0)] }),
      batch('a', { steps: steps(1, 3), computeMs: 12.5, change: { status: 'failed', step: 3, failure } }),
    ]);
    expect(project.runs.read('a', -1)).toEqual({
      runId: 'a',
      rewinds: 0,
      steps: steps(1, 3),
      evaluations: [evaluation(0)],
      events: [],
      data: points(),
    });
    expect(project.runs.read('a', 2)?.steps).toEqual(steps(3, 3));
    expect(project.runs.read('a', 2)?.evaluations).toEqual([]);
    expect(project.runs.summary('a')).toMatchObject({
      status: 'failed',
      step: 3,
      computeMs: 12.5,
      failure,
      final: { step: 0, train: scores(0.5), validation: null, test: scores(0.75) },
      best: null,
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

  it('keeps everything that is said of classes, and which step was the best', () => {
    const project = fresh();
    createRun(project, 'a');
    project.runs.append([
      batch('a', { evaluations: [0, 10, 20].map(classified), bestStep: 10, bestCheckpoint: checkpoint(10) }),
    ]);
    expect(project.runs.read('a', -1)?.evaluations).toEqual([0, 10, 20].map(classified));
    const summary = project.runs.summary('a');
    const { train, validation, test } = classified(20);
    expect(summary?.final).toEqual({ step: 20, train, validation, test });
    expect(summary?.best).toMatchObject({ step: 10, validation: classified(10).validation });
    expect(project.runs.checkpoint('a', 'best')).toEqual(checkpoint(10));
    expect(project.runs.checkpoint('a')).toBeNull();
    project.close();
  });

  it('tells a split that is not there from one whose loss is no number', () => {
    const project = fresh();
    createRun(project, 'a');
    const odd = { ...evaluation(0), train: scores(NaN), test: null, parameters: [] };
    project.runs.append([batch('a', { evaluations: [odd] })]);
    const [read] = project.runs.read('a', -1)?.evaluations ?? [];
    // SQLite has no NaN: of scores other than the loss it becomes "none".
    expect(read).toEqual({ ...odd, train: { ...odd.train, mae: null, r2: null } });
    project.close();
  });

  it('keeps changes in the order in which they were made', () => {
    const project = fresh();
    createRun(project, 'a');
    const lr = (step: number, value: unknown) => ({ step, path: 'recipe.optimizer.lr', value });
    project.runs.append([batch('a', { steps: steps(1, 40), events: [lr(20, 0.1), lr(20, 0.2), lr(30, null)] })]);
    project.runs.append([batch('a', { events: [lr(20, [1, { deep: 'x' }])] })]);
    expect(project.runs.events('a')).toEqual([lr(20, 0.1), lr(20, 0.2), lr(20, [1, { deep: 'x' }]), lr(30, null)]);
    expect(project.runs.read('a', 30)?.events).toEqual([lr(30, null)]);
    expect(project.runs.summary('a')?.eventCount).toBe(4);
    // Going on from a checkpoint makes them again; they are not forgotten.
    project.runs.truncate('a', 10);
    expect(project.runs.events('a')).toHaveLength(4);
    project.close();
  });

  it('voids what came after a step, then takes what the batch itself says', () => {
    const project = fresh();
    const { runs } = project;
    createRun(project, 'a');
    const event = (step: number) => ({ step, path: 'recipe.optimizer.lr', value: step });
    runs.append([
      batch('a', {
        steps: steps(1, 50),
        evaluations: [0, 10, 20, 30, 40, 50].map(classified),
        events: [event(19), event(20), event(30)],
        checkpoint: checkpoint(20),
        bestStep: 40,
        bestCheckpoint: checkpoint(40),
      }),
      batch('a', { checkpoint: checkpoint(50) }),
    ]);
    const again = { ...steps(21, 25), train_loss: Float64Array.of(9, 9, 9, 9, 9) };
    runs.append([
      batch('a', { voidAfter: 20, steps: again, events: [event(20)], change: change('paused', 25), rewinds: 1 }),
    ]);
    const read = runs.read('a', -1);
    expect([...(read?.steps.step ?? [])]).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    expect([...(read?.steps.train_loss.subarray(20) ?? [])]).toEqual([9, 9, 9, 9, 9]);
    expect(read?.evaluations.map((x) => x.step)).toEqual([0, 10, 20]);
    expect(read?.events.map((x) => x.step)).toEqual([19, 20]);
    expect(read?.rewinds).toBe(1);
    expect(runs.summary('a')).toMatchObject({ step: 25, rewinds: 1, best: null, final: { step: 20 } });
    expect(runs.checkpoint('a')).toEqual(checkpoint(20));
    expect(runs.checkpoint('a', 'best')).toBeNull();
    project.close();
  });

  it('shows a run whose length is not known yet, and what it began from', () => {
    const project = fresh();
    const weights = { name: 'net.safetensors', digest: 'abc' };
    const run = {
      id: 'a',
      experimentId: 'experiment-1',
      pressId: 'press-7',
      variant: 'dropout',
      seed: 1,
      totalSteps: null,
      createdAt: 5,
      experiment: document,
      weights,
    };
    const before = { pressId: 'press-7', totalSteps: null, dataDigest: null, weights, eventCount: 0, final: null };
    expect(project.runs.create(run)).toMatchObject(before);
    const dataDigest = 'f'.repeat(64);
    project.runs.started('a', {
      device: { kind: 'cpu', simd: 'relaxed', threads: 1 },
      data: pictures,
      dataDigest,
      totalSteps: 12_500,
    });
    expect(project.runs.summary('a')).toMatchObject({ totalSteps: 12_500, dataDigest });
    expect(project.runs.read('a', -1)?.data).toEqual(pictures);
    project.close();
  });

  it('keeps one certificate, the newest', () => {
    const path = join(temporaryFolder(), 'a.overfit');
    const project = createSample(path);
    expect(project.certificate()).toBeNull();
    const certificate = (createdAt: number) => ({
      createdAt,
      appVersion: '1.2.3',
      reference: 'PyTorch 2.13.0',
      live: false,
      device: { kind: 'cpu' as const, simd: 'relaxed' as const, threads: 1 },
      passed: true,
      comparisons: [
        {
          group: 'draws',
          name: 'randperm',
          values: 100_000,
          largest: 0,
          tolerance: 0,
          unit: 'absolute' as const,
          passed: true,
          origin: 'PyTorch 2.13.0, recorded 2026-11-20',
          where: 'uniform, seed 1',
          note: 'all of them',
        },
      ],
      remarks: ['Not run: nothing.'],
    });
    project.storeCertificate(certificate(1));
    project.storeCertificate(certificate(2));
    expect(project.certificate()).toEqual(certificate(2));
    project.close();
    const again = openProject(disk, path, { access: 'read' });
    expect(again.certificate()).toEqual(certificate(2));
    expect(
      codeOf(() => {
        again.storeCertificate(certificate(3));
      }),
    ).toBe('READ_ONLY');
    again.close();
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

  it('shares equal data between runs and drops them with the last of these', () => {
    const path = join(temporaryFolder(), 'a.overfit');
    const project = createSample(path);
    createRun(project, 'a');
    createRun(project, 'b');
    const count = () => {
      const db = disk.open(path, 'read');
      const n = db.prepare('SELECT count(*) AS n FROM data_previews').get()?.n;
      db.close();
      return n;
    };
    expect(count()).toBe(1);
    project.runs.delete('a');
    expect(count()).toBe(1);
    expect(project.runs.read('b', -1)?.data).toEqual(points());
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
