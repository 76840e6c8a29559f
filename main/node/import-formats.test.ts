// Every format that can be chosen, from the disk to a stored data set; the parsers themselves are tested where they are.
import { encode } from 'fast-png';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { counted, gzipped, idxOf, tarOf } from '../../test/fixtures/import-files.ts';
import { ImportError } from '../../engine/data/import/index.ts';
import { LabError } from '../contract/errors.ts';
import type { ImportOptions } from '../contract/shapes.ts';
import { inspectSource, readSource } from './import-source.ts';

const OPTIONS: ImportOptions = { delimiter: null, header: null, decimal: null, resize: null, kinds: {} };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overfit-formats-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function lay(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}
const read = (path: string, options = OPTIONS) => readSource(path, options, join(folder, 'out.part'), () => undefined);
const png = (width: number, height: number, level: number) =>
  encode({ width, height, channels: 3, data: new Uint8Array(width * height * 3).fill(level) });

it('pictures in folders of their classes, with a part for tests', async () => {
  for (const [name, level] of [
    ['train/cat/1.png', 10],
    ['train/cat/2.png', 20],
    ['train/dog/1.png', 30],
    ['test/dog/9.png', 40],
  ] as const)
    lay(`pets/${name}`, png(4, 3, level));
  lay('pets/notes.txt', 'what these are');
  lay('pets/train/cat/.hidden.png', 'no picture');
  symlinkSync('/etc', join(folder, 'pets', 'elsewhere'));
  const path = join(folder, 'pets');
  const preview = await inspectSource(path, null);
  expect(preview).toMatchObject({ source: 'pets', format: 'pictures', rows: 4, problems: [] });
  expect(preview.pictures).toMatchObject({ shape: [3, 3, 4], classes: ['cat', 'dog'] });
  expect([...(preview.pictures?.sample.labels ?? [])].sort()).toEqual([0, 0, 1, 1]);
  expect(preview.pictures?.sample.pixels).toHaveLength(4 * 36);
  const entry = await read(path);
  expect(entry).toMatchObject({
    name: 'pets',
    kind: 'pictures',
    rows: 4,
    columns: [],
    pictures: { shape: [3, 3, 4], classes: ['cat', 'dog'], counts: [2, 2], parts: true },
    described: { pictures: { classes: 2 }, split: { method: 'file' } },
  });
});

it('pictures of several sizes, which are named and can be brought to one', async () => {
  lay('pets/cat/1.png', png(4, 4, 1));
  lay('pets/dog/1.png', png(8, 8, 2));
  const path = join(folder, 'pets');
  expect((await inspectSource(path, null)).problems).toMatchObject([
    { code: 'SIZE_DIFFERS', file: 'dog/1.png', params: { expected: '4 × 4', received: '8 × 8' } },
  ]);
  await expect(read(path)).rejects.toMatchObject({ code: 'SIZE_DIFFERS' });
  const options: ImportOptions = { ...OPTIONS, resize: [4, 4] };
  expect((await inspectSource(path, options)).problems).toEqual([]);
  expect(await read(path, options)).toMatchObject({ pictures: { shape: [3, 4, 4] } });
});

it('the files of MNIST, of which any one brings the others', async () => {
  lay('train-images-idx3-ubyte', idxOf([6, 2, 2], counted(24)));
  lay('train-labels-idx1-ubyte.gz', gzipped(idxOf([6], Uint8Array.of(0, 1, 2, 0, 1, 2))));
  lay('t10k-images-idx3-ubyte', idxOf([2, 2, 2], counted(8)));
  const labels = lay('t10k-labels-idx1-ubyte', idxOf([2], Uint8Array.of(1, 0)));
  lay('flowers.csv', 'a,b\n1,2');
  expect(await inspectSource(labels, null)).toMatchObject({ format: 'idx', rows: 8, pictures: { shape: [1, 2, 2] } });
  expect(await read(labels)).toMatchObject({ rows: 8, pictures: { counts: [3, 3, 2], parts: true } });
  // The folder does as well.
  expect(await read(folder)).toMatchObject({ rows: 8 });
});

it('CIFAR-10, as files and as the archive', async () => {
  const batch = (label: number) => Uint8Array.from([label, ...counted(3072), label + 1, ...counted(3072, 3)]);
  const names = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`).concat('test_batch.bin');
  for (const [i, name] of names.entries()) lay(name, batch(i));
  const archive = lay('cifar-10-binary.tar.gz', gzipped(tarOf(names.map((path, i) => ({ path, bytes: batch(i) })))));
  expect(await inspectSource(join(folder, 'data_batch_3.bin'), null)).toMatchObject({ format: 'cifar', rows: 12 });
  const fromFiles = await read(join(folder, 'data_batch_3.bin'));
  const fromArchive = await read(archive);
  expect(fromArchive.digest).toBe(fromFiles.digest);
  expect(fromArchive).toMatchObject({ name: 'cifar-10-binary', pictures: { shape: [3, 32, 32], parts: true } });
});

it('an array of numbers, shown as a table', async () => {
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 3), }".padEnd(117) + '\n';
  const start = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([header.length, 0]),
    Buffer.from(header),
  ]);
  const numbers = Float64Array.from({ length: 12 }, (_, i) => i / 2);
  const path = lay('matrix.npy', Buffer.concat([start, Buffer.from(numbers.buffer)]));
  const preview = await inspectSource(path, null);
  expect(preview).toMatchObject({ format: 'npy', rows: 4, columns: [{ kind: 'number' }, {}, {}] });
  expect(preview.first[1]).toEqual(['1.5', '2', '2.5']);
  expect(await read(path)).toMatchObject({ name: 'matrix', kind: 'columns', rows: 4 });
});

it.each([
  ['unknown.dat', Uint8Array.of(0, 1, 2, 3, 4, 5)],
  ['empty folder', null],
])('what is of no known form is refused: %s', async (name, content) => {
  if (content === null) mkdirSync(join(folder, name));
  else lay(name, content);
  const error: unknown = await inspectSource(join(folder, name), null).catch((x: unknown) => x);
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ code: 'BAD_DATA_FILE', details: { file: name, code: 'UNKNOWN_FORMAT' } });
});

it('an empty file says that it is empty', async () => {
  const error: unknown = await inspectSource(lay('empty.csv', ''), null).catch((x: unknown) => x);
  expect(error).toBeInstanceOf(ImportError);
  expect(error).toMatchObject({ code: 'EMPTY_FILE', file: 'empty.csv' });
});
