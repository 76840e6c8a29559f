// A writer that is killed loses nothing that it was told is stored; its lock dies with it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkProject } from '../../main/project/check.ts';
import { openProject } from '../../main/project/open.ts';
import { startProgram } from '../project/process.ts';
import { createSample, disk, temporaryFolder } from '../project/sample.ts';

describe('a killed writer', () => {
  it.each([
    ['append', 10],
    ['append', 200],
    ['append', 990],
    ['reopen', 100],
    ['reopen', 330],
  ])('(%s, at step %i) leaves everything that was stored, marked interrupted', async (mode, at) => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.overfit');
    const writer = startProgram('writer-program.ts', [path, mode]);
    await writer.line((x) => x === String(at));
    writer.child.kill('SIGKILL');
    await writer.ended();
    const stored = Number(writer.lines.at(-1));

    expect(checkProject(disk, path)).toEqual([
      { level: 'warning', subject: 'run 1', message: 'was running when its program died; it can be resumed' },
    ]);
    const project = openProject(disk, path, { access: 'write' });
    expect(project).toMatchObject({ readOnly: null, damage: [] });
    const rows = project.runs.read('run', -1)?.steps.step ?? new Int32Array();
    expect(rows.length).toBeGreaterThanOrEqual(stored);
    expect([...rows]).toEqual(Array.from(rows, (_, i) => i + 1));
    expect(project.runs.summary('run')).toMatchObject({ status: 'interrupted', resumable: true, step: rows.length });
    expect(project.runs.checkpoint('run')?.bytes.length).toBe(50_000);
    project.close();
    expect(readdirSync(folder)).toEqual(['a.overfit']);
  });
});

it.each([60, 155, 400])(
  'a writer that goes back again and again and is killed at step %i leaves one sound record',
  async (at) => {
    const path = join(temporaryFolder(), 'a.overfit');
    const writer = startProgram('writer-program.ts', [path, 'rewind']);
    await writer.line((x) => Number(x) >= at);
    writer.child.kill('SIGKILL');
    await writer.ended();
    expect(checkProject(disk, path).filter((x) => x.level === 'error')).toEqual([]);
    const project = openProject(disk, path, { access: 'write' });
    const { steps, evaluations, events, rewinds } = project.runs.read('run', -1) ?? never();
    const last = steps.step.length;
    expect([...steps.step]).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    expect(project.runs.summary('run')).toMatchObject({
      step: last,
      rewinds,
      final: { step: evaluations.at(-1)?.step },
    });
    expect(rewinds).toBeGreaterThan(0);
    expect(evaluations.every((x) => x.step <= last)).toBe(true);
    // The latest going back has left its change, and a checkpoint to go on from.
    expect(events.at(-1)?.value).toBe(rewinds);
    expect(project.runs.checkpoint('run')?.step).toBeLessThanOrEqual(last);
    project.close();
  },
);

const never = (): never => {
  throw new Error('there is no run');
};

describe('two processes', () => {
  it('never write the same file: the second reads, and writes once the first is killed', async () => {
    const path = join(temporaryFolder(), 'a.overfit');
    createSample(path).close();
    const first = startProgram('open-program.ts', [path]);
    expect(await first.line((x) => x.startsWith('opened'))).toBe('opened writable, 0 runs');
    await first.line((x) => x === 'wrote');

    const second = startProgram('open-program.ts', [path]);
    expect(await second.line((x) => x.startsWith('opened'))).toBe('opened in_use, 1 runs');
    expect(await second.line((x) => x.startsWith('refused'))).toBe('refused READ_ONLY in_use');
    second.child.stdin?.end();
    await second.ended();

    first.child.kill('SIGKILL');
    await first.ended();
    const third = startProgram('open-program.ts', [path]);
    expect(await third.line((x) => x.startsWith('opened'))).toBe('opened writable, 1 runs');
    third.child.stdin?.end();
    expect((await third.ended()).code).toBe(0);
    expect(third.lines.at(-1)).toBe('closed');
    expect(checkProject(disk, path).filter((x) => x.level === 'error')).toEqual([]);
  });

  it('never hold the lock at once, however fast it changes hands', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.overfit');
    const programs = Array.from({ length: 4 }, () => startProgram('lock-program.ts', [path, '60']));
    for (const program of programs) expect(await program.ended()).toEqual({ code: 0, errors: '' });
    expect(programs.flatMap((x) => x.lines)).toEqual(programs.map(() => 'held 60'));
    expect(readdirSync(folder)).toEqual([]);
  });
});
