import { describe, expect, it } from 'vitest';
import { groupRuns } from './run-groups.ts';

const run = (number: number, pressId: string, variant = 'a', seed = 1) => ({
  id: `run-${String(number)}`,
  experimentId: 'e',
  pressId,
  number,
  variant,
  seed,
  createdAt: number,
});

describe('groupRuns', () => {
  it('puts the runs of one press together, newest press first', () => {
    const groups = groupRuns([run(3, 'second'), run(1, 'first'), run(2, 'first', 'b'), run(4, 'second', 'b')]);
    expect(groups.map((x) => x.runs.map((y) => y.number))).toEqual([
      [3, 4],
      [1, 2],
    ]);
  });

  it('goes by the press alone: not by time, variant or seed, nor by what came in between', () => {
    const groups = groupRuns([run(1, 'first'), run(2, 'second'), run(3, 'first'), run(4, 'first', 'b', 2)]);
    expect(groups.map((x) => x.runs.map((y) => y.number))).toEqual([[2], [1, 3, 4]]);
  });

  it('keeps a press together when one of its runs was deleted', () => {
    expect(groupRuns([run(1, 'first'), run(3, 'first', 'c')])).toHaveLength(1);
  });

  it('has no groups without runs', () => {
    expect(groupRuns([])).toEqual([]);
  });
});
