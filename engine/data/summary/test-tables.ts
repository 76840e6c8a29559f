// Small stored tables and their descriptions, for the tests of this folder.
import type { DatasetSpec } from '../../spec/index.ts';
import { describeStored } from '../stored/describe.ts';
import type { StoredColumn, StoredColumns } from '../stored/stored-data.ts';

export const numbers = (name: string, values: readonly number[]): StoredColumn => ({
  name,
  kind: 'number',
  values: Float64Array.from(values),
});
export const words = (name: string, categories: readonly string[], values: readonly number[]): StoredColumn => ({
  name,
  kind: 'category',
  values: Int32Array.from(values),
  categories,
});
export const table = (...columns: StoredColumn[]): StoredColumns => ({
  kind: 'columns',
  rows: columns[0]?.values.length ?? 0,
  columns,
});
type Change = Partial<DatasetSpec['columns'][number]>;
export function describing(
  data: StoredColumns,
  split: Partial<DatasetSpec['split']> = {},
  columns: Readonly<Record<string, Change>> = {},
): DatasetSpec {
  const guess = describeStored(data, { name: 'sample', digest: 'a'.repeat(64) });
  return {
    ...guess,
    split: { ...guess.split, method: 'random', validation: 0, test: 0, ...split },
    columns: guess.columns.map((x) => ({ ...x, ...columns[x.name] })),
  };
}
export const quiet = () => Promise.resolve();
