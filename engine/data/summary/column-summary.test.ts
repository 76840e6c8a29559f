// Summaries of whole stored tables beside the plainest computation of the same numbers, and beside known ones.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barLimits, barOf, noMoments, SPLITS, type DatasetSpec } from '../../spec/index.ts';
import { applySteps, reportSteps } from '../stored/apply-steps.ts';
import type { StoredColumns } from '../stored/stored-data.ts';
import { MOST_NAMED, summarizeColumn, SUMMARY_PARTS } from './column-summary.ts';
import { quantiles } from './quantile.ts';
import { describing, numbers, quiet, table, words } from './test-tables.ts';
import { dividedTable, PAGE_ROWS } from './walk.ts';

const summary = (data: StoredColumns, spec: DatasetSpec, at: number) =>
  summarizeColumn(dividedTable(data, spec), at, quiet);
async function numbersIn(data: StoredColumns, spec: DatasetSpec, at: number) {
  const found = await summary(data, spec, at);
  if (found?.kind !== 'number') throw new Error('no numbers');
  return found;
}
async function categoriesIn(data: StoredColumns, spec: DatasetSpec, at: number) {
  const found = await summary(data, spec, at);
  if (found?.kind !== 'category') throw new Error('no categories');
  return found;
}

/** As it is taught: the mean, then the distances from it. */
function plainly(values: readonly number[]) {
  const there = values
    .filter((x) => !Number.isNaN(x))
    .map((x) => x + 0)
    .sort((a, b) => a - b);
  const n = there.length;
  const mean = there.reduce((a, b) => a + b, 0) / n;
  const sd = Math.sqrt(there.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
  const quantile = (share: number) => {
    const at = share * (n - 1);
    const low = there[Math.floor(at)] ?? NaN;
    return low + ((there[Math.ceil(at)] ?? NaN) - low) * (at - Math.floor(at));
  };
  return { there, n, mean, sd, missing: values.length - n, quartiles: [0.25, 0.5, 0.75].map(quantile) };
}
const close = (found: number, wanted: number, scale: number) => {
  if (Number.isNaN(wanted)) expect(found).toBeNaN();
  else expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-12 * Math.max(scale, 1e-300));
};

const cell = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 4, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 2, arbitrary: fc.constant(NaN) },
);

describe('a column of numbers', () => {
  it('has, in each split and in all, the figures and bars that its rows give', async () => {
    const rows = fc.array(fc.tuple(cell, fc.integer({ min: -1, max: 2 })), { minLength: 12, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), fc.integer({ min: 0, max: 99 }), async (list, isDropped, seed) => {
        const data = table(
          numbers('at', [...list.keys()]),
          numbers('value', [...list.slice(0, -1).map((x) => x[0]), 1]),
          words(
            'kind',
            ['a', 'b', 'c'],
            list.map((x) => x[1]),
          ),
          numbers(
            'target',
            list.map((_, i) => i % 3),
          ),
        );
        const missing = isDropped ? ('drop' as const) : ('mean' as const);
        const spec = describing(
          data,
          { validation: 0.2, test: 0.3, seed },
          {
            value: { role: 'feature', missing },
            kind: { role: 'feature', missing: 'most_frequent' },
            target: { role: 'target' },
            at: { role: 'feature' },
          },
        );
        // Small tables may leave a split without rows.
        let splitRows: Record<string, number[]>;
        try {
          const { splits } = applySteps(data, { ...spec, standardize: false });
          const width = (splits.train.x.length / splits.train.rows) | 0;
          splitRows = Object.fromEntries(
            SPLITS.map((x) => [x, [...(splits[x]?.x ?? [])].filter((_, i) => i % width === 0)]),
          );
        } catch {
          fc.pre(false);
          return;
        }
        const all = SPLITS.flatMap((x) => splitRows[x] ?? []);
        const found = await numbersIn(data, spec, 1);
        const kinds = await categoriesIn(data, spec, 2);
        for (const part of SUMMARY_PARTS) {
          const own = part === 'all' ? all : (splitRows[part] ?? []);
          const wanted = plainly(own.map((row) => data.columns[1]?.values[row] ?? NaN));
          const { facts, quartiles, counts } = found.parts[part];
          expect([facts.count, facts.missing]).toEqual([wanted.n, wanted.missing]);
          const size = Math.max(...wanted.there.map(Math.abs), 0);
          close(facts.mean, wanted.mean, size);
          close(facts.sd, wanted.n > 1 ? wanted.sd : NaN, size);
          expect([facts.min, facts.max]).toEqual(wanted.n > 0 ? [wanted.there[0], wanted.there.at(-1)] : [NaN, NaN]);
          if (wanted.n === 0) expect(quartiles).toBeNull();
          else for (const [i, x] of wanted.quartiles.entries()) close(quartiles?.[i] ?? NaN, x, size);
          const inBar = (i: number) => (x: number) =>
            x >= (found.limits[i] ?? NaN) &&
            (i === counts.length - 1 ? x <= (found.limits[i + 1] ?? NaN) : x < (found.limits[i + 1] ?? NaN));
          expect([...counts]).toEqual(Array.from(counts, (_, i) => wanted.there.filter(inBar(i)).length));
          expect(counts.reduce((a, b) => a + b, 0)).toBe(wanted.n);
          const own2 = own.map((row) => data.columns[2]?.values[row] ?? NaN);
          expect(kinds.parts[part].missing).toBe(own2.filter((x) => x < 0).length);
          for (const [i, name] of kinds.named.entries())
            expect(kinds.parts[part].counts[i]).toBe(own2.filter((x) => ['a', 'b', 'c'][x] === name).length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('of known numbers has the known figures', async () => {
    // NIST's univariate "NumAcc4": mean 10000000.2, deviation 0.1 exactly.
    const values = [10000000.2, ...Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 10000000.1 : 10000000.3))];
    const data = table(
      numbers('x', values),
      numbers(
        'y',
        values.map((_, i) => i),
      ),
    );
    const { facts, quartiles } = (await numbersIn(data, describing(data), 0)).parts.all;
    expect(facts.count).toBe(1001);
    expect(facts.mean).toBeCloseTo(10000000.2, 8);
    expect(facts.sd).toBeCloseTo(0.1, 8);
    expect(quartiles).toEqual([10000000.1, 10000000.2, 10000000.3]);
  });

  it('of more rows than a page is counted wholly, and listens between pages', async () => {
    const rows = 2 * PAGE_ROWS + 5;
    const data = table(
      numbers(
        'x',
        Array.from({ length: rows }, (_, i) => i),
      ),
      words(
        'y',
        ['even', 'odd'],
        Array.from({ length: rows }, (_, i) => i % 2),
      ),
    );
    const spec = describing(data, { test: 0.25 });
    const { facts, quartiles, counts } = (await numbersIn(data, spec, 0)).parts.all;
    expect(facts).toMatchObject({ count: rows, missing: 0, min: 0, max: rows - 1 });
    // Every digit, however many rows there are.
    expect(facts.mean).toBe((rows - 1) / 2);
    expect(facts.sd).toBeCloseTo(Math.sqrt((rows * (rows + 1)) / 12), 8);
    expect(quartiles?.[1]).toBe((rows - 1) / 2);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(rows);
    expect((await categoriesIn(data, spec, 1)).parts.all.counts).toEqual(
      Int32Array.of(Math.ceil(rows / 2), Math.floor(rows / 2)),
    );
    let breaths = 0;
    const stop = () => {
      breaths += 1;
      return breaths === 3 ? Promise.reject(new Error('enough')) : Promise.resolve();
    };
    await expect(summarizeColumn(dividedTable(data, spec), 0, stop)).rejects.toThrow('enough');
  });

  it('that is infinite somewhere is refused by column and row, unless that row is left out', async () => {
    const data = table(numbers('x', [1, 2, Infinity, 4]), numbers('z', [1, 2, NaN, 4]), numbers('y', [1, 2, 3, 4]));
    const spec = describing(data, {}, { z: { missing: 'mean' } });
    await expect(summary(data, spec, 0)).rejects.toMatchObject({
      code: 'BAD_DATA_FILE',
      details: { file: 'sample', column: 'x', row: 3 },
    });
    expect((await numbersIn(data, describing(data, {}, { z: { missing: 'drop' } }), 0)).parts.all.facts.max).toBe(4);
  });

  it('that the document does not learn from has none', async () => {
    const data = table(numbers('x', [1, 2]), numbers('id', [1, 2]), numbers('y', [1, 2]));
    const spec = describing(data, {}, { id: { role: 'ignore' } });
    expect(await summary(data, spec, 1)).toBeNull();
    expect(await summary(data, spec, 3)).toBeNull();
  });
});

describe('a column of categories', () => {
  it('tells the most frequent first, and counts the rest together', async () => {
    const names = Array.from({ length: MOST_NAMED + 50 }, (_, i) => `n${i}`);
    // The i-th comes i times; the 0th never.
    const values = names.flatMap((_, i) => new Array<number>(i).fill(i));
    const data = table(words('x', names, values), numbers('y', values));
    const { named, unnamed, parts } = await categoriesIn(data, describing(data, {}, { x: { role: 'feature' } }), 0);
    expect([named[0], named.length, unnamed]).toEqual([`n${names.length - 1}`, MOST_NAMED, 49]);
    expect(parts.all.counts[0]).toBe(names.length - 1);
    expect(parts.all.others).toBe((49 * 50) / 2);
    expect(parts.all.count).toBe(values.length);
  });

  it('as a target has the counts that the steps report', async () => {
    const labels = Array.from({ length: 500 }, (_, i) => (i * i) % 3);
    const data = table(numbers('x', labels), words('y', ['a', 'b', 'c'], labels));
    const spec = describing(data, { method: 'stratified', test: 0.3 });
    const report = reportSteps(data, spec).balance;
    const { named, parts } = await categoriesIn(data, spec, 1);
    for (const split of SPLITS)
      for (const [i, name] of named.entries())
        expect(parts[split].counts[i]).toBe(report?.counts[split][report.classes.indexOf(name)]);
  });
});

describe('bars', () => {
  it('have limits that read as they are said', () => {
    const limits = barLimits({ ...noMoments(), count: 2, min: 0.1, max: 1.7, whole: false }, 20);
    expect(limits.slice(0, 4)).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(limits.at(-1)).toBe(1.8);
    expect([0.1, 0.3, 0.7, 1.7].map((x) => barOf(limits, x))).toEqual([0, 2, 6, 16]);
  });

  it('are one for each place of a grid as wide as they are', () => {
    const values = Array.from({ length: 120 }, (_, i) => Number((4 + (i % 20) / 10).toFixed(1)));
    const limits = barLimits({ ...noMoments(), count: 120, min: 4, max: 5.9, whole: false }, 20);
    const counts = limits.slice(1).map((_, bar) => values.filter((x) => barOf(limits, x) === bar).length);
    expect(counts).toEqual(Array(20).fill(6));
    expect(barLimits({ ...noMoments(), count: 2, min: 0, max: 1.79e308, whole: false }, 20)).toEqual([]);
  });

  it('hold every value of any range', () => {
    const bounded = fc.double({ min: -1e300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(bounded, bounded, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, share) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const limits = barLimits({ ...noMoments(), count: 2, min, max, whole: false }, 20);
        for (const [i, limit] of limits.slice(1).entries()) expect(limit).toBeGreaterThan(limits[i] ?? Infinity);
        expect(limits.length).toBeLessThanOrEqual(45);
        const value = Math.min(max, min + (max - min) * share);
        const bar = barOf(limits, value);
        expect(value >= (limits[bar] ?? NaN) && value <= (limits[bar + 1] ?? NaN)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

it('quantiles are those of the sorted values', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(cell, fc.integer({ min: 0, max: 3 })), { minLength: 1 }), (list) => {
      const wanted = plainly(list.map((x) => (Number.isNaN(x) ? 0 : x)));
      const found = quantiles(Float64Array.from(wanted.there.toReversed()), [0.25, 0.5, 0.75]);
      expect(found).toEqual(wanted.quartiles);
    }),
    { numRuns: 500 },
  );
  expect(quantiles(new Float64Array(), [0.5])).toEqual([]);
});
