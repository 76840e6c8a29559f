// CIFAR-10's files in their real format, at small sizes; and everything hostile or broken that could be given instead.
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../plan/engine-error.ts';
import { Generator } from '../../random/index.ts';
import type { Cifar10Spec } from '../../spec/index.ts';
import { digestOf, loadData, type NamedBytes } from '../index.ts';
import { gunzip } from './gunzip.ts';
import { readCifar10 } from './index.ts';

const RECORD = 3073;
const RECORDS = 20;
const NAMES = ['data_batch_1.bin', 'data_batch_2.bin', 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'];
const ALL = [...NAMES, 'test_batch.bin'];

const spec = (fields: Partial<Cifar10Spec> = {}): Cifar10Spec => ({
  type: 'cifar10',
  train: null,
  validation: 0,
  test: null,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  ...fields,
});

/** The file's record r has the label (file + r) % 10, and its bytes tell file, record and place. */
function batch(name: string, records = RECORDS): NamedBytes {
  const file = ALL.indexOf(name);
  const bytes = new Uint8Array(records * RECORD);
  for (let r = 0; r < records; r++)
    for (let i = 0; i < RECORD; i++)
      bytes[r * RECORD + i] = i === 0 ? (file + r) % 10 : (file * 7 + r * 31 + i * 3) % 256;
  return { name, bytes };
}
const batches = (records = RECORDS): NamedBytes[] => ALL.map((name) => batch(name, records));
const pictureOf = ({ bytes }: NamedBytes, r: number): string =>
  Buffer.from(bytes.subarray(r * RECORD + 1, (r + 1) * RECORD)).toString('hex');
/** The i-th of some read pictures. */
const picture = (x: Float32Array | Uint8Array, i: number): string =>
  Buffer.from((x as Uint8Array).subarray(i * 3072, (i + 1) * 3072)).toString('hex');

interface TarEntry {
  readonly path: string;
  readonly bytes?: Uint8Array;
  readonly type?: string;
  /** Instead of the real one. */
  readonly size?: string;
  readonly badChecksum?: boolean;
  readonly magic?: string;
  readonly prefix?: string;
}
function tarEntry({
  path,
  bytes = new Uint8Array(),
  type = '0',
  size,
  badChecksum,
  magic = 'ustar\0',
  prefix = '',
}: TarEntry): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write('0000644\0', 100);
  header.write(size ?? `${bytes.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  header.write('        ', 148);
  header.write(type, 156);
  header.write(magic, 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, badChecksum ? 1 : 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
const folder = { path: 'cifar-10-batches-bin/', type: '5' };
const entriesOf = (files: readonly NamedBytes[]): TarEntry[] => [
  folder,
  { path: 'cifar-10-batches-bin/batches.meta.txt', bytes: new TextEncoder().encode('airplane\n') },
  ...files.map(({ name, bytes }) => ({ path: `cifar-10-batches-bin/${name}`, bytes })),
];
const tar = (entries: readonly TarEntry[], end = 1024): Buffer =>
  Buffer.concat([...entries.map(tarEntry), Buffer.alloc(end)]);
const archive = (bytes: Uint8Array, name = 'cifar-10-binary.tar.gz'): NamedBytes => ({ name, bytes });
const archiveOf = (entries: readonly TarEntry[]): NamedBytes => archive(gzipSync(tar(entries)));

const read = (files: readonly NamedBytes[], fields: Partial<Cifar10Spec> = {}) => readCifar10(spec(fields), files);

describe('a folder’s files', () => {
  it('are train pictures from the first on, validation from the end, test from the first on', async () => {
    const files = batches();
    const { train, validation, test } = await read(files, { train: 30, validation: 25, test: 7 });
    expect([train.rows, validation?.rows, test?.rows]).toEqual([30, 25, 7]);
    const [first, second, , fourth, fifth, tests] = files as [
      NamedBytes,
      NamedBytes,
      NamedBytes,
      NamedBytes,
      NamedBytes,
      NamedBytes,
    ];
    expect(picture(train.x, 0)).toBe(pictureOf(first, 0));
    expect(picture(train.x, 29)).toBe(pictureOf(second, 9));
    expect([train.y[0], train.y[19], train.y[20], train.y[29]]).toEqual([0, 9, 1, 0]);
    expect(validation && [picture(validation.x, 0), picture(validation.x, 24)]).toEqual([
      pictureOf(fourth, 15),
      pictureOf(fifth, 19),
    ]);
    expect(test && picture(test.x, 6)).toBe(pictureOf(tests, 6));
  });

  it('are all used when nothing else is asked for, in the order of their numbers', async () => {
    const files = batches();
    const { train, validation, test } = await read([...files].reverse(), { validation: 3 });
    expect([train.rows, validation?.rows, test?.rows]).toEqual([97, 3, 20]);
    for (const [i, file] of files.slice(0, 5).entries()) expect(picture(train.x, i * 20)).toBe(pictureOf(file, 0));
  });

  it('keep every picture once, whatever is taken', async () => {
    const files = batches(4);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 19 }), async (train, validation) => {
        fc.pre(train + validation <= 20);
        const splits = await read(files, { train, validation });
        const seen = [splits.train, splits.validation].flatMap((x) =>
          x ? Array.from({ length: x.rows }, (_, i) => picture(x.x, i)) : [],
        );
        expect(new Set(seen).size).toBe(train + validation);
      }),
      { numRuns: 30 },
    );
  });

  it('make a data set with a fingerprint, and draw nothing', async () => {
    const generator = Generator.manualSeed(1);
    const set = await loadData(spec(), generator, { open: async () => batches(), stored: async () => null });
    expect(set).toMatchObject({ input: [3, 32, 32], target: { kind: 'classes', classes: 10 } });
    expect(generator.getState()).toEqual(Generator.manualSeed(1).getState());
    const again = await loadData(spec(), generator, {
      open: async () => [archiveOf(entriesOf(batches()))],
      stored: async () => null,
    });
    expect(await digestOf(again)).toBe(await digestOf(set));
  });

  it('are taken before an archive beside them', async () => {
    const splits = await read([archive(new Uint8Array(3)), ...batches()]);
    expect(splits.train.rows).toBe(100);
  });
});

describe('an archive', () => {
  const hashOf = (bytes: Float32Array | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

  it('gives the same pictures as the files', async () => {
    const [files, packed] = [await read(batches()), await read([archiveOf(entriesOf(batches()))])];
    expect(hashOf(packed.train.x)).toBe(hashOf(files.train.x));
    expect(packed.train.y).toEqual(files.train.y);
    expect(hashOf(packed.test?.x as Uint8Array)).toBe(hashOf(files.test?.x as Uint8Array));
  });

  it('is known by its first bytes, whatever its name', async () => {
    const { bytes } = archiveOf(entriesOf(batches()));
    expect((await read([archive(bytes, 'download')])).train.rows).toBe(100);
  });

  it.each<[string, Partial<TarEntry>]>([
    ['GNU tar', { magic: 'ustar ' }],
    ['tar of 1979', { magic: '', type: '\0' }],
    ['a path in two parts', { prefix: 'home/me' }],
  ])('may be one of %s', async (_, change) => {
    const entries = entriesOf(batches()).map((x) => (x === folder ? x : { ...x, ...change }));
    expect((await read([archiveOf(entries)])).train.rows).toBe(100);
  });

  it('may hold other things: folders, links, devices, global headers', async () => {
    const others = [
      { path: 'link', type: '2' },
      { path: 'hard', type: '1' },
      { path: 'tty', type: '3' },
      { path: 'pax_global_header', type: 'g', bytes: new Uint8Array(52) },
      { path: 'cifar-10-batches-bin/._data_batch_1.bin', bytes: new Uint8Array(700) },
    ];
    expect((await read([archiveOf([...others, ...entriesOf(batches())])])).train.rows).toBe(100);
  });
});

describe('what is missing is named', () => {
  it.each(ALL)('%s', async (name) => {
    const files = batches().filter((x) => x.name !== name);
    for (const given of [files, [archiveOf(entriesOf(files))]])
      await expect(read(given)).rejects.toMatchObject({
        code: 'DATA_MISSING',
        message: expect.stringContaining(`${name} is missing`),
        details: { file: name },
      });
  });

  it('when nothing is there', async () => {
    await expect(read([])).rejects.toThrow('data_batch_1.bin is missing (there is: none of them)');
  });

  it.each<[Partial<Cifar10Spec>, object]>([
    [{ train: 101 }, { split: 'train', wanted: 101, available: 100 }],
    [
      { train: 90, validation: 11 },
      { split: 'train', wanted: 90, available: 89 },
    ],
    [{ validation: 100 }, { split: 'train', available: 0 }],
    [{ validation: 120 }, { split: 'train', available: 0 }],
    [{ test: 21 }, { split: 'test', wanted: 21, available: 20 }],
  ])('%o', async (fields, details) => {
    await expect(read(batches(), fields)).rejects.toMatchObject({ code: 'DATA_MISSING', details });
  });
});

describe('a broken file is named with the place', () => {
  const replaced = (name: string, bytes: Uint8Array): NamedBytes[] =>
    batches().map((x) => (x.name === name ? { name, bytes } : x));
  const changed = (name: string, at: number, value: number): NamedBytes[] => {
    const { bytes } = batch(name);
    bytes[at] = value;
    return replaced(name, bytes);
  };

  it.each<[string, NamedBytes[], object]>([
    [
      'cut off within a record',
      replaced('data_batch_3.bin', batch('data_batch_3.bin').bytes.subarray(0, -1)),
      { file: 'data_batch_3.bin', record: 19, offset: 19 * RECORD },
    ],
    ['a byte too long', replaced('test_batch.bin', new Uint8Array(RECORD + 1)), { file: 'test_batch.bin', record: 1 }],
    ['empty', replaced('test_batch.bin', new Uint8Array()), { file: 'test_batch.bin', records: 0 }],
    [
      'cut off between records',
      replaced('data_batch_4.bin', batch('data_batch_4.bin', 19).bytes),
      { file: 'data_batch_4.bin', records: 19 },
    ],
    [
      'a label that is none',
      changed('data_batch_2.bin', 7 * RECORD, 10),
      { file: 'data_batch_2.bin', record: 7, offset: 7 * RECORD, label: 10 },
    ],
    [
      'a label that is none, in the test',
      changed('test_batch.bin', 19 * RECORD, 255),
      { file: 'test_batch.bin', record: 19, label: 255 },
    ],
    ['twice the same', [...batches(), batch('data_batch_1.bin')], { file: 'data_batch_1.bin' }],
    [
      'more than one archive',
      [archive(new Uint8Array(1), 'a.tar.gz'), archive(new Uint8Array(1), 'b.tgz')],
      { file: 'a.tar.gz' },
    ],
  ])('%s', async (_, files, details) => {
    await expect(read(files)).rejects.toMatchObject({ name: 'EngineError', code: 'BAD_DATA_FILE', details });
  });

  it('more records than a batch has', async () => {
    const bytes = new Uint8Array(10_001 * RECORD);
    await expect(read(replaced('test_batch.bin', bytes))).rejects.toThrow(
      'holds 10001 records, but a batch holds 1 to 10000',
    );
  });
});

describe('a hostile archive is refused', () => {
  const first = { path: 'x/data_batch_1.bin', bytes: batch('data_batch_1.bin').bytes };
  const whole = tar(entriesOf(batches()));
  const refusal = (files: readonly NamedBytes[], message: RegExp) =>
    expect(read(files)).rejects.toMatchObject({
      code: 'BAD_DATA_FILE',
      message: expect.stringMatching(message),
      details: { file: 'cifar-10-binary.tar.gz' },
    });

  it.each<[string, readonly TarEntry[], RegExp]>([
    ['paths that lead out', [{ path: '../../data_batch_1.bin' }], /leads out of the archive/],
    ['paths that lead out on Windows', [{ path: '..\\data_batch_1.bin' }], /leads out/],
    ['paths from the root', [{ path: '/etc/passwd' }], /leads out/],
    ['paths from a drive', [{ path: 'C:\\data_batch_1.bin' }], /leads out/],
    ['paths that lead out by their prefix', [{ path: 'data_batch_1.bin', prefix: '..' }], /leads out/],
    ['a batch that is a link', [{ ...first, type: '2', bytes: new Uint8Array() }], /is no plain file/],
    ['a batch that is a hard link', [{ ...first, type: '1', bytes: new Uint8Array() }], /is no plain file/],
    ['a batch that is a pipe', [{ ...first, type: '6', bytes: new Uint8Array() }], /is no plain file/],
    ['a batch twice', [first, first], /holds data_batch_1.bin twice/],
    ['a batch of another size than any', [{ ...first, size: '77777777777\0' }], /more than the 30730000 of a batch/],
    ['a size in binary', [{ ...first, size: '\x80\0\0\0\0\0\0\0\0\0\x10\0' }], /no octal number/],
    ['a size that is no number', [{ ...first, size: '-0000000001\0' }], /no octal number/],
    ['a size that is empty', [{ ...first, size: '\0' }], /no octal number/],
    ['a size beyond the end', [{ path: 'other', size: '00007777777\0' }], /is cut off/],
    ['a header that is damaged', [{ ...first, badChecksum: true }], /damaged, or no tar archive/],
    ['names in extensions', [{ path: 'x', type: 'x', bytes: new Uint8Array(30) }], /uses an extension of tar/],
    ['long names of GNU', [{ path: 'x', type: 'L', bytes: new Uint8Array(130) }], /uses an extension of tar/],
    ['a thousand empty files', Array.from({ length: 1001 }, (_, i) => ({ path: `f${i}` })), /more than 1000 files/],
  ])('%s', async (_, entries, message) => refusal([archiveOf(entries)], message));

  it('no tar in it', () => refusal([archive(gzipSync(Buffer.alloc(5000, 7)))], /damaged, or no tar archive/));
  it('nothing in it', () => refusal([archive(gzipSync(Buffer.alloc(0)))], /is cut off/));
  it('no .gz', () => refusal([archive(Buffer.from('<html>404</html>'))], /no whole \.gz file/));
  it('an empty file', () => refusal([archive(Buffer.alloc(0))], /no whole \.gz file|is cut off/));
  it('a tar without its end', () => refusal([archive(gzipSync(tar(entriesOf(batches()), 0)))], /is cut off/));
  it('a .gz without its end', () => refusal([archive(gzipSync(whole).subarray(0, -20))], /no whole \.gz file/));
  it('a .gz with a wrong checksum', () => {
    const bytes = gzipSync(whole);
    bytes.writeUInt32LE(0, bytes.length - 8);
    return refusal([archive(bytes)], /no whole \.gz file/);
  });

  it('one that unpacks to more than any CIFAR-10, soon', async () => {
    const entry = tarEntry({ path: 'large', size: '77777777777\0' });
    const bytes = gzipSync(Buffer.concat([entry, Buffer.alloc(201e6)]), { level: 1 });
    expect(bytes.length).toBeLessThan(1e6);
    await refusal([archive(bytes)], /unpacks to more than 200 MB/);
  });

  it('stops unpacking at its limit', async () => {
    const pieces: number[] = [];
    const take = async (): Promise<void> => {
      for await (const piece of gunzip(archive(gzipSync(Buffer.alloc(10_000_000))), 1_000_000))
        pieces.push(piece.length);
    };
    await expect(take()).rejects.toThrow(EngineError);
    expect(pieces.reduce((sum, x) => sum + x, 0)).toBeLessThanOrEqual(1_000_000);
  });

  it('any bytes, changed or cut off anywhere, with an EngineError or not at all', async () => {
    const small = tar(entriesOf(batches(1)));
    await fc.assert(
      fc.asyncProperty(fc.nat(small.length - 1), fc.nat(255), fc.boolean(), async (at, value, cut) => {
        const bytes = Buffer.from(cut ? small.subarray(0, at) : small);
        if (!cut) bytes[at] = value;
        await read([archive(gzipSync(bytes))]).catch((error: unknown) => expect(error).toBeInstanceOf(EngineError));
      }),
      { numRuns: 60 },
    );
  });
});
