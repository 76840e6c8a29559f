// Summaries are made once for what decides them, and the table is held on to by nobody who was told to let go.
import { expect, it } from 'vitest';
import { describeStored, type StoredColumns } from '../../engine/data/index.ts';
import type { DatasetSpec } from '../../engine/spec/index.ts';
import { DataSummaries } from './data-summaries.ts';

const table = (): StoredColumns => ({
  kind: 'columns',
  rows: 10,
  columns: ['x', 'y'].map((name) => ({ name, kind: 'number', values: Float64Array.from({ length: 10 }, (_, i) => i) })),
});
const spec: DatasetSpec = describeStored(table(), { name: 'sample', digest: 'a'.repeat(64) });
const quiet = () => Promise.resolve();

it('need the table once for what moves no row, and again for what does', async () => {
  const summaries = new DataSummaries();
  let asked = 0;
  const data = () => {
    asked += 1;
    return table();
  };
  const first = await summaries.column(data, spec, 0, quiet);
  expect(await summaries.column(data, { ...spec, standardize: false, name: 'other' }, 0, quiet)).toBe(first);
  expect(asked).toBe(1);
  const other = await summaries.column(data, { ...spec, split: { ...spec.split, test: 0.5 } }, 0, quiet);
  expect(other).toMatchObject({ parts: { test: { facts: { count: 5 } } } });
  expect(asked).toBe(2);
  // An edit that is undone costs nothing.
  summaries.letGo();
  expect(await summaries.column(data, spec, 0, quiet)).toBe(first);
  expect(asked).toBe(2);
});

it('that were broken off are made when they are asked for again', async () => {
  const summaries = new DataSummaries();
  const stop = () => Promise.reject(new Error('enough'));
  await expect(summaries.column(table, spec, 0, stop)).rejects.toThrow('enough');
  expect(await summaries.column(table, spec, 0, quiet)).toMatchObject({ parts: { all: { facts: { count: 10 } } } });
});

it('let go of the table that a pair was sampled from', async () => {
  const summaries = new DataSummaries();
  const pair = { across: 0, up: 1, split: null };
  expect((await summaries.pair(table(), spec, pair, quiet))?.total).toBe(10);
  summaries.letGo();
  const changed = table();
  changed.columns[0]?.values.fill(7);
  expect(new Set((await summaries.pair(changed, spec, pair, quiet))?.x)).toEqual(new Set([7]));
});
