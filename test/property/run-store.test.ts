// Whatever is appended, truncated and deleted in whatever order: the file says what a plain model says, also after reopening.
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FIT_GRID_POINTS, type Evaluation } from '../../engine/spec/index.ts';
import { checkProject } from '../../main/project/check.ts';
import { openProject } from '../../main/project/open.ts';
import { batch, createRun, createSample, disk, temporaryFolder } from '../project/sample.ts';

interface ModelRun {
  rows: [number, number, number, number][];
  evaluations: Evaluation[];
}

const anyLoss = fc.double({ noDefaultInfinity: false });
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      run: fc.nat(2),
      rows: fc.array(fc.tuple(anyLoss, anyLoss, anyLoss), { maxLength: 30 }),
      fit: fc.option(fc.float32Array({ minLength: FIT_GRID_POINTS, maxLength: FIT_GRID_POINTS })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('truncate' as const),
      run: fc.nat(2),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reopen' as const) }) },
);

/** SQLite has one zero. */
const plain = (x: number) => (x === 0 ? 0 : x);

it('round-trips', () => {
  const folder = temporaryFolder();
  let files = 0;
  fc.assert(
    fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
      files += 1;
      const path = join(folder, `${files}.overfit`);
      let project = createSample(path);
      const model: ModelRun[] = [0, 1, 2].map(() => ({ rows: [], evaluations: [] }));
      for (const i of model.keys()) createRun(project, `run-${i}`);
      for (const x of commands) {
        if (x.type === 'reopen') {
          project.close();
          project = openProject(disk, path, { access: 'write' });
          continue;
        }
        const run = model[x.run];
        if (!run) throw new Error('no such run');
        const reached = run.rows.length;
        if (x.type === 'truncate') {
          const step = Math.floor(reached * x.share);
          run.rows = run.rows.slice(0, step);
          run.evaluations = run.evaluations.filter((e) => e.step <= step);
          project.runs.truncate(`run-${x.run}`, step);
          continue;
        }
        const rows = x.rows.map(
          ([a, b, c], i) => [reached + i + 1, plain(a), plain(b), plain(c)] as [number, number, number, number],
        );
        const evaluations =
          rows.length === 0
            ? []
            : [{ step: reached + rows.length, train_eval_loss: rows[0]?.[1] ?? 0, test_loss: 1, fit: x.fit }];
        run.rows.push(...rows);
        run.evaluations.push(...evaluations);
        project.runs.append([
          batch(`run-${x.run}`, {
            steps: {
              step: Int32Array.from(rows, (r) => r[0]),
              train_loss: Float64Array.from(rows, (r) => r[1]),
              penalty_l1: Float64Array.from(rows, (r) => r[2]),
              penalty_l2: Float64Array.from(rows, (r) => r[3]),
            },
            evaluations,
          }),
        ]);
      }
      for (const [i, expected] of model.entries()) {
        const read = project.runs.read(`run-${i}`, -1);
        expect(
          [...(read?.steps.step ?? [])].map((s, k) => [
            s,
            read?.steps.train_loss[k],
            read?.steps.penalty_l1[k],
            read?.steps.penalty_l2[k],
          ]),
        ).toEqual(expected.rows);
        expect(read?.evaluations).toEqual(expected.evaluations);
        expect(project.runs.summary(`run-${i}`)?.step).toBe(expected.rows.length);
      }
      project.close();
      expect(checkProject(disk, path).filter((x) => x.level === 'error')).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 60_000);
