// PyTorch's recorded operations against the plain-TypeScript references (kernels are held to the references beside them).
import { parse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { LAYER_OPS, LOSS_OPS, OPTIMIZER_OPS } from '../../engine/ops/index.ts';
import { Layer, Loss, Optimizer, Schedule } from '../../engine/spec/index.ts';
import { readFixture } from '../../main/node/parity-fixtures.ts';
import {
  compareOperations,
  compareSchedules,
  subjectOf,
  type OperationCase,
} from '../../engine/parity/replay-operations.ts';

const { cases } = readFixture<OperationCase>('operations');
const bySubject = new Map(
  cases.map((x) => [subjectOf(x), cases.filter((other) => subjectOf(other) === subjectOf(x))] as const),
);

describe('operations', () => {
  it('are recorded of every layer, loss, optimizer and schedule, in documents that the lab reads so', () => {
    const schedules = Schedule.options.map((option) => option.entries.type.literal);
    const tables = [LAYER_OPS, LOSS_OPS, OPTIMIZER_OPS].flatMap((table) => Object.keys(table));
    expect([...bySubject.keys()].sort()).toEqual([...tables, ...schedules, 'penalty', 'clipping', 'constraint'].sort());
    for (const x of cases) {
      if (x.operation === 'layer') expect(parse(Layer, x.layer)).toEqual(x.layer);
      if (x.operation === 'loss') expect(parse(Loss, x.loss)).toEqual(x.loss);
      if (x.operation === 'updates') expect(parse(Optimizer, x.optimizer)).toEqual(x.optimizer);
      if (x.operation === 'schedule') expect(parse(Schedule, x.recipe.schedule)).toEqual(x.recipe.schedule);
    }
  });

  it.each([...bySubject])('of %s agree with PyTorch', (_, recorded) => {
    const { elements, sums } = compareOperations(recorded);
    expect(elements.largest, elements.where).toBeLessThanOrEqual(1e-5);
    expect(sums.largest, sums.where).toBeLessThanOrEqual(1e-6);
    const schedules = compareSchedules(recorded);
    expect(schedules.largest, schedules.where).toBeLessThanOrEqual(1e-12);
    expect(elements.comparisons + sums.comparisons + schedules.comparisons).toBeGreaterThan(8);
  });

  it.each([...bySubject].filter(([, [first]]) => first?.operation !== 'schedule'))(
    'of %s are told from others',
    (_, recorded) => {
      const moved = recorded.map((x) => (x.operation === 'schedule' ? x : { ...x, seed: x.seed + 1 }));
      const { elements, sums } = compareOperations(moved);
      expect(Math.max(elements.largest, sums.largest)).toBeGreaterThan(1e-3);
    },
  );

  it('a schedule a tick late is noticed', () => {
    const late = cases.map((x) =>
      x.operation === 'schedule' ? { ...x, lr: x.lr.map((_, i) => x.lr[i - 1] ?? x.lr[0] ?? 0) } : x,
    );
    expect(compareSchedules(late).largest).toBeGreaterThan(1e-3);
  });
});
