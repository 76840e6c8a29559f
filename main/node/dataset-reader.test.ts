// Files read by the real thread: what is seen of them, what is stored of them, and where an error says that it is.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LabError } from '../contract/errors.ts';
import { CHUNK_BYTES } from '../services/dataset-store.ts';
import type { DatasetReader, ReadDataset } from '../services/ports.ts';
import { createNodeDatasets } from './dataset-reader.ts';

const OPTIONS = { delimiter: null, header: null, decimal: null, resize: null, kinds: {} } as const;
const going = new AbortController().signal;
const quiet = { signal: going, onProgress: () => undefined };

// Each look and each reading starts a thread, from source.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let reader: DatasetReader;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overfit-reader-'));
  reader = createNodeDatasets(folder);
});
afterEach(async () => {
  await reader.close();
  rmSync(folder, { recursive: true });
});

function lay(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
/** A hundred flowers; every tenth misses its width. */
const flowers = (rows = 100) =>
  [
    'length,width,species',
    ...Array.from(
      { length: rows },
      (_, i) =>
        `${(4 + (i % 20) / 10).toFixed(1)},${i % 10 === 3 ? '' : 2 + (i % 7) / 10},${i % 2 === 0 ? 'setosa' : 'virginica'}`,
    ),
  ].join('\n');
const failureOf = async (work: Promise<unknown>): Promise<LabError> => {
  const error: unknown = await work.then(
    () => null,
    (x: unknown) => x,
  );
  if (error instanceof LabError) return error;
  throw new Error(`expected a LabError, got ${String(error)}`);
};
async function bytesOf(read: ReadDataset): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of read.chunks()) parts.push(chunk);
  return Buffer.concat(parts);
}
const partsLeft = () => readdirSync(join(folder, 'datasets')).filter((x) => x.endsWith('.part'));

it('looks at a table and says what it guesses', async () => {
  const preview = await reader.inspect(lay('flowers.csv', flowers()), null, going);
  expect(preview).toMatchObject({
    source: 'flowers.csv',
    format: 'table',
    rows: 100,
    approximate: false,
    delimiter: ',',
    header: true,
    problems: [],
  });
  expect(preview.columns.map((x) => [x.name, x.kind, x.missing])).toEqual([
    ['length', 'number', 0],
    ['width', 'number', 10],
    ['species', 'category', 0],
  ]);
  expect(preview.first[0]).toEqual(['4.0', '2', 'setosa']);
});

it('names file, row and column of what is wrong, when it looks and when it reads', async () => {
  const path = lay('flowers.csv', flowers().replace('4.6,2.6,setosa', '4.6,wide,setosa'));
  const { problems, columns } = await reader.inspect(path, null, going);
  expect(columns[1]?.kind).toBe('number');
  expect(problems).toEqual([
    {
      code: 'MIXED_TYPES',
      message: expect.stringContaining('flowers.csv, row 8, column "width"') as string,
      file: 'flowers.csv',
      row: 8,
      column: 'width',
      params: { value: 'wide' },
    },
  ]);
  const failure = await failureOf(reader.read(path, OPTIONS, quiet));
  expect(failure).toMatchObject({
    code: 'BAD_DATA_FILE',
    details: { file: 'flowers.csv', code: 'MIXED_TYPES', row: 8, column: 'width' },
  });
  expect(partsLeft()).toEqual([]);
  // Called categories, it may be anything.
  const asked = { ...OPTIONS, kinds: { width: 'category' as const } };
  expect((await reader.inspect(path, asked, going)).problems).toEqual([]);
});

it('reads a table into a container whose name is its hash, described for a document', async () => {
  const progress: number[] = [];
  const path = lay('flowers.csv', flowers());
  const read = await reader.read(path, OPTIONS, { signal: going, onProgress: (done) => progress.push(done) });
  expect(progress.at(-1)).toBe(flowers().length);
  const bytes = await bytesOf(read);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(read.entry.digest);
  expect(read.entry).toMatchObject({ name: 'flowers', kind: 'columns', rows: 100, sizeBytes: bytes.length });
  expect(read.entry.columns).toMatchObject([
    { name: 'length', missing: 0, range: { low: 4, high: 5.9 } },
    { name: 'width', missing: 10 },
    { name: 'species', categories: 2, names: ['setosa', 'virginica'] },
  ]);
  expect(read.entry.described).toMatchObject({ digest: read.entry.digest, class_names: ['setosa', 'virginica'] });
  await read.discard();
  expect(partsLeft()).toEqual([]);
});

it('answers what a stored data set holds, what its steps do, and what a run would see', async () => {
  const read = await reader.read(lay('flowers.csv', flowers()), OPTIONS, quiet);
  await read.keep();
  await read.discard();
  const { described, digest } = read.entry;
  const file = await reader.file(digest, () => [], going);
  expect(await reader.rows(file, 98, 10, going)).toEqual({
    kind: 'columns',
    from: 98,
    total: 100,
    cells: [
      [5.8, 2, 'setosa'],
      [5.9, 2.1, 'virginica'],
    ],
  });
  const report = await reader.report(file, described, going);
  expect(report).toMatchObject({ rows: 100, sizes: { train: 80, validation: 0, test: 20 } });
  expect(report.imputed).toMatchObject([{ column: 'width', values: 10 }]);
  const width = await reader.column(file, described, 1, going);
  expect(width).toMatchObject({ name: 'width', parts: { all: { facts: { count: 90, missing: 10 } } } });
  // Asked again, and for what moves no row, it is the same answer.
  expect(await reader.column(file, { ...described, standardize: false }, 1, going)).toEqual(width);
  const dropped = described.columns.map((x) => ({ ...x, missing: 'drop' as const }));
  expect(await reader.column(file, { ...described, columns: dropped }, 0, going)).toMatchObject({
    parts: { all: { facts: { count: 90, missing: 0 } } },
  });
  expect(await reader.column(file, described, 2, going)).toMatchObject({
    kind: 'category',
    named: ['setosa', 'virginica'],
    parts: { train: { counts: Int32Array.of(40, 40) }, test: { counts: Int32Array.of(10, 10) } },
  });
  const pair = { across: 0, up: 1, split: 'train' as const };
  const sample = await reader.pair(file, described, pair, going);
  expect((sample?.total ?? 0) + (sample?.missing ?? 0)).toBe(80);
  expect(sample?.classes).toHaveLength(sample?.total ?? NaN);
  expect(await reader.pair(file, described, { ...pair, up: 2 }, going)).toBeNull();
  const preview = await reader.preview(file, described, going);
  expect(preview.kind === 'points' && preview.train.x.length).toBe(160);
  await expect(failureOf(reader.report(file, { ...described, rows: 99 }, going))).resolves.toMatchObject({
    code: 'BAD_DATA_FILE',
  });
  await reader.forget(digest);
  expect(readdirSync(join(folder, 'datasets'))).toEqual([]);
});

it('stops when it is told to, and leaves nothing', async () => {
  const path = lay('long.csv', flowers(200_000));
  const stop = new AbortController();
  const failure = await failureOf(reader.read(path, OPTIONS, { signal: stop.signal, onProgress: () => stop.abort() }));
  expect(failure.code).toBe('CANCELLED');
  expect(partsLeft()).toEqual([]);
  expect((await failureOf(reader.inspect(path, null, AbortSignal.abort()))).code).toBe('CANCELLED');
});

it('stops summarizing when nobody waits any more, and answers the next one', async () => {
  const read = await reader.read(lay('long.csv', flowers(600_000)), OPTIONS, quiet);
  await read.keep();
  await read.discard();
  const { described, digest } = read.entry;
  const file = await reader.file(digest, () => [], going);
  const stop = new AbortController();
  const given = reader.column(file, described, 0, stop.signal);
  const next = reader.column(file, described, 1, going);
  setTimeout(() => stop.abort(), 1);
  expect((await failureOf(given)).code).toBe('CANCELLED');
  expect(await next).toMatchObject({ parts: { all: { facts: { count: 540_000, missing: 60_000 } } } });
});

it('hands large data on in chunks', async () => {
  const read = await reader.read(lay('long.csv', flowers(300_000)), OPTIONS, quiet);
  const sizes: number[] = [];
  for await (const chunk of read.chunks()) sizes.push(chunk.length);
  expect(sizes.slice(0, -1).every((x) => x === CHUNK_BYTES)).toBe(true);
  expect(sizes.length).toBeGreaterThan(1);
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(read.entry.sizeBytes);
  await read.discard();
});

it.each([
  ['nowhere.csv', null, 'FILE_NOT_FOUND'],
  ['empty.csv', '', 'BAD_DATA_FILE'],
  ['binary.csv', 'a\0b', 'BAD_DATA_FILE'],
])('refuses %s with a reason', async (name, text, code) => {
  const path = text === null ? join(folder, name) : lay(name, text);
  const failure = await failureOf(reader.inspect(path, null, going));
  expect(failure.code).toBe(code);
  expect(String(failure.details['file'])).toContain(name);
});
