// The whole app is killed mid-run: the file has all but the last second, and the run goes on to the same end, bit by bit.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkProject, openProjectFile } from '../../main/node/lab-files.ts';
import { startProgram, type Program } from '../project/process.ts';
import { temporaryFolder } from '../project/sample.ts';
import { digest, wholeRun } from './whole-run.ts';

interface Line {
  readonly seen?: number;
  /** Unix milliseconds. */
  readonly at?: number;
  readonly status?: string;
  readonly found?: readonly object[];
}
const parsed = (line: string) => JSON.parse(line) as Line;
const seenAtLeast = (step: number) => (line: string) => (parsed(line).seen ?? 0) >= step;
const startLab = (...parameters: string[]): Program => startProgram('../crash/lab-program.ts', parameters);

test.each([
  ['before the first checkpoint', 60],
  ['after a checkpoint', 170],
  ['near the end', 480],
])('killed %s, the file reopens and the run is finished bit-equal', async (_, at) => {
  const home = temporaryFolder();
  const file = join(home, 'a.overfit');
  const first = startLab(home, file, 'start', '150');
  await first.line(seenAtLeast(at));
  first.child.kill('SIGKILL');
  const killedAt = Date.now();
  await first.ended();
  const lines = first.lines.map(parsed);
  const aSecondBefore = lines.filter((x) => (x.at ?? Infinity) <= killedAt - 1000).at(-1)?.seen ?? 0;

  expect(checkProject(file).filter((x) => x.level !== 'warning')).toEqual([]);
  const project = openProjectFile(file);
  const [run] = project.runs.list();
  expect(run).toMatchObject({ status: 'interrupted', resumable: true });
  const stored = project.runs.read(run?.id ?? '', -1);
  expect(stored?.steps.step.length).toBe(run?.step);
  expect(run?.step).toBeGreaterThanOrEqual(aSecondBefore);
  project.close();

  const second = startLab(home, file, 'continue', '0');
  await second.line((x) => parsed(x).status === 'done');
  second.child.stdin?.end();
  expect(await second.ended()).toEqual({ code: 0, errors: '' });
  expect(parsed(second.lines[0] ?? '{}').found).toEqual([
    { id: run?.id, status: 'interrupted', step: run?.step, resumable: true },
  ]);

  const whole = await wholeRun('dropout');
  const finished = openProjectFile(file);
  const record = finished.runs.read(run?.id ?? '', -1);
  expect(finished.runs.summary(run?.id ?? '')).toMatchObject({ status: 'done', step: 500 });
  expect(record?.steps).toEqual(whole.steps);
  expect(record?.evaluations).toEqual(whole.evaluations);
  expect(digest(finished.runs.checkpoint(run?.id ?? '')?.bytes)).toBe(digest(whole.checkpoint));
  finished.close();
});

test('ended in order while a run goes on, the run is stopped at a checkpoint of its last step', async () => {
  const home = temporaryFolder();
  const file = join(home, 'a.overfit');
  const program = startLab(home, file, 'start', '150');
  await program.line(seenAtLeast(50));
  program.child.stdin?.end();
  expect(await program.ended()).toEqual({ code: 0, errors: '' });
  const project = openProjectFile(file);
  const [run] = project.runs.list();
  expect(run).toMatchObject({ status: 'stopped', resumable: true });
  expect(project.runs.checkpoint(run?.id ?? '')?.step).toBe(run?.step);
  expect(project.runs.read(run?.id ?? '', -1)?.steps.step.length).toBe(run?.step);
  project.close();
});
