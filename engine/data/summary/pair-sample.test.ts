// A sample of two columns: every row as likely as any other, and the same one every time.
import { describe, expect, it } from 'vitest';
import { MOST_SAMPLED, samplePair } from './pair-sample.ts';
import { describing, numbers, quiet, table, words } from './test-tables.ts';
import { dividedTable } from './walk.ts';

describe('two columns', () => {
  const rows = 40_000;
  const data = table(
    numbers(
      'x',
      Array.from({ length: rows }, (_, i) => (i % 10 === 0 ? NaN : i)),
    ),
    numbers(
      'z',
      Array.from({ length: rows }, (_, i) => 2 * i),
    ),
    words(
      'y',
      ['a', 'b'],
      Array.from({ length: rows }, (_, i) => i % 2),
    ),
  );
  const spec = describing(data, { test: 0.25 }, { x: { missing: 'mean' } });
  const divided = dividedTable(data, spec);

  it('are sampled without favour, the same every time, each row once', async () => {
    const sample = await samplePair(divided, { across: 0, up: 1, split: null }, quiet);
    if (!sample) throw new Error('no sample');
    expect([sample.total, sample.missing, sample.x.length]).toEqual([rows * 0.9, rows * 0.1, MOST_SAMPLED]);
    expect(new Set(sample.x).size).toBe(MOST_SAMPLED);
    for (const [i, x] of sample.x.entries()) {
      expect([sample.y[i], sample.classes?.[i]]).toEqual([2 * x, x % 2]);
      expect(sample.splits[i]).toBe(divided.splitOf[x]);
    }
    // Each tenth of the rows gives a tenth of the points: within five deviations of a binomial (30).
    for (let tenth = 0; tenth < 10; tenth++) {
      const count = sample.x.filter((x) => Math.floor((10 * x) / rows) === tenth).length;
      expect(Math.abs(count - MOST_SAMPLED / 10)).toBeLessThan(150);
    }
    expect(await samplePair(divided, { across: 0, up: 1, split: null }, quiet)).toEqual(sample);
  });

  it('of one split, and of few rows, are those', async () => {
    const sample = await samplePair(divided, { across: 0, up: 1, split: 'test' }, quiet);
    expect(new Set(sample?.splits)).toEqual(new Set([3]));
    const few = table(numbers('x', [1, 2, 3]), numbers('y', [4, 5, 6]));
    const all = await samplePair(dividedTable(few, describing(few)), { across: 1, up: 0, split: null }, quiet);
    expect(all).toMatchObject({ total: 3, missing: 0, x: Float64Array.of(4, 5, 6), y: Float64Array.of(1, 2, 3) });
    expect(all?.classes).toBeNull();
  });

  it('must be numbers that the document learns from', async () => {
    expect(await samplePair(divided, { across: 0, up: 2, split: null }, quiet)).toBeNull();
    expect(await samplePair(divided, { across: 7, up: 0, split: null }, quiet)).toBeNull();
  });
});
