import { describe, expect, it } from 'vitest';
import { groupRuns } from './run-groups.ts';

const run = (number: number, variant: string, createdAt: number, seed = 1) => ({
  id: `run-${String(number)}`,
  experimentId: 'e',
  number,
  variant,
  seed,
  createdAt,
});

describe('groupRuns', () => {
  it('puts the runs of one press together, newest press first', () => {
    const groups = groupRuns([run(3, 'a', 5000), run(1, 'a', 1000), run(2, 'b', 1002), run(4, 'b', 5001)]);
    expect(groups.map((x) => x.runs.map((y) => y.number))).toEqual([
      [3, 4],
      [1, 2],
    ]);
  });

  it('splits presses in quick succession by their variants, and by their seed', () => {
    expect(groupRuns([run(1, 'a', 0), run(2, 'a', 10)])).toHaveLength(2);
    expect(groupRuns([run(1, 'a', 0), run(2, 'b', 10, 2)])).toHaveLength(2);
  });

  it('keeps a press together when one of its runs was deleted', () => {
    expect(groupRuns([run(1, 'a', 0), run(3, 'c', 1)])).toHaveLength(1);
  });

  it('has no groups without runs', () => {
    expect(groupRuns([])).toEqual([]);
  });
});
