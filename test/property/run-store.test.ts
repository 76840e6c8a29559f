// Whatever is appended, truncated and deleted in whatever order: the file says what a plain model says, also after reopening.
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  emptySteps,
  fitPlaces,
  STEP_METRICS,
  type Evaluation,
  type Fit,
  type RunEvent,
  type Scores,
} from '../../engine/spec/index.ts';
import { checkProject } from '../../main/project/check.ts';
import { openProject } from '../../main/project/open.ts';
import { batch, createRun, createSample, disk, temporaryFolder } from '../project/sample.ts';

interface ModelRun {
  /** Of each step: the metrics in order. */
  rows: number[][];
  evaluations: Evaluation[];
  events: RunEvent[];
  rewinds: number;
}

const anyLoss = fc.double({ noDefaultInfinity: false });
/** NULL is "none" and NaN at once: in other scores than the loss NaN does not come back. */
const score = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (x === 0 ? 0 : x)));
const split = fc.record({
  loss: anyLoss.map((x) => (x === 0 ? 0 : x)),
  accuracy: score,
  top5: score,
  mae: score,
  r2: score,
});
const axis = fc
  .tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b), points: 5 }));
const fit: fc.Arbitrary<Fit> = fc.array(axis, { minLength: 1, maxLength: 2 }).chain((axes) => {
  const places = fitPlaces(axes);
  return fc.record({
    axes: fc.constant(axes),
    values: fc.float32Array({ minLength: places, maxLength: places }),
    classes: fc.option(fc.uint8Array({ minLength: places, maxLength: places })),
  });
});
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      run: fc.nat(2),
      rows: fc.array(fc.tuple(anyLoss, anyLoss, anyLoss, anyLoss), { maxLength: 30 }),
      scores: fc.tuple(split, fc.option(split), fc.option(split)),
      counts: fc.option(fc.int32Array({ minLength: 9, maxLength: 9 })),
      change: fc.option(fc.jsonValue()),
      voidShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      fit: fc.option(fit),
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

function columnsOf(first: number, rows: readonly (readonly number[])[]) {
  const columns = emptySteps(rows.length);
  for (const [i, row] of rows.entries()) {
    columns.step[i] = first + i;
    for (const [k, metric] of STEP_METRICS.entries()) columns[metric][i] = row[k] ?? 0;
  }
  return columns;
}

function evaluationOf(step: number, [train, validation, test]: readonly [Scores, Scores | null, Scores | null]) {
  const parameters = [{ name: 'fc1.weight', norm: step, gradientNorm: null, zeros: 0 }];
  return { step, train, validation, test, predicted: validation && Int32Array.of(step), parameters };
}

/** After going on from an earlier step, changes of later steps are still there. */
const sorted = (events: readonly RunEvent[]) => [...events].sort((a, b) => a.step - b.step);

it('round-trips', () => {
  const folder = temporaryFolder();
  let files = 0;
  fc.assert(
    fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
      files += 1;
      const path = join(folder, `${files}.overfit`);
      let project = createSample(path);
      const model: ModelRun[] = [0, 1, 2].map(() => ({ rows: [], evaluations: [], events: [], rewinds: 0 }));
      for (const i of model.keys()) createRun(project, `run-${i}`);
      for (const x of commands) {
        if (x.type === 'reopen') {
          project.close();
          project = openProject(disk, path, { access: 'write' });
          continue;
        }
        const run = model[x.run];
        if (!run) throw new Error('no such run');
        if (x.type === 'truncate') {
          const step = Math.floor(run.rows.length * x.share);
          run.rows = run.rows.slice(0, step);
          run.evaluations = run.evaluations.filter((e) => e.step <= step);
          project.runs.truncate(`run-${x.run}`, step);
          continue;
        }
        let voidAfter: number | null = null;
        if (x.voidShare !== null) {
          const step = Math.floor(run.rows.length * x.voidShare);
          voidAfter = step;
          run.rows = run.rows.slice(0, step);
          run.evaluations = run.evaluations.filter((e) => e.step <= step);
          run.events = run.events.filter((e) => e.step < step);
          run.rewinds += 1;
        }
        const reached = run.rows.length;
        const rows = x.rows.map((row) => row.map(plain));
        const evaluations =
          rows.length === 0
            ? []
            : [{ ...evaluationOf(reached + rows.length, x.scores), fit: x.fit, confusion: x.counts }];
        const events =
          x.change === null ? [] : [{ step: reached + rows.length, path: 'recipe.optimizer.lr', value: x.change }];
        run.rows.push(...rows);
        run.evaluations.push(...evaluations);
        run.events.push(...events);
        const steps = columnsOf(reached + 1, rows);
        project.runs.append([batch(`run-${x.run}`, { voidAfter, steps, evaluations, events, rewinds: run.rewinds })]);
      }
      for (const [i, expected] of model.entries()) {
        const read = project.runs.read(`run-${i}`, -1);
        expect(read?.steps).toEqual(columnsOf(1, expected.rows));
        expect(read?.evaluations).toEqual(expected.evaluations);
        // JSON has one zero, too.
        expect(read?.events).toEqual(JSON.parse(JSON.stringify(sorted(expected.events))));
        const { rewinds } = expected;
        expect(project.runs.summary(`run-${i}`)).toMatchObject({ step: expected.rows.length, rewinds });
      }
      project.close();
      expect(checkProject(disk, path).filter((x) => x.level === 'error')).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 60_000);
