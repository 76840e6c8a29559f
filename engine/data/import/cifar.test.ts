// CIFAR's files in their real form, at small sizes; and everything broken or hostile that could be given instead.
import { describe, expect, it } from 'vitest';
import { gzipped, patched, refusal, sources, tarOf, type TarFile } from '../../../test/fixtures/import-files.ts';
import { inspectCifar, readCifar } from './cifar.ts';

const NAMES = ['data_batch_1.bin', 'data_batch_2.bin', 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'];
const RECORDS = 4;

/** Records whose labels and pixels tell where they are from. */
function batch(file: number, labelBytes = 1, records = RECORDS): Uint8Array {
  const size = 3072 + labelBytes;
  return Uint8Array.from({ length: records * size }, (_, i) => {
    const [record, at] = [Math.floor(i / size), i % size];
    if (at < labelBytes)
      return labelBytes === 1 ? (file + record) % 10 : at === 0 ? record % 20 : (file * 10 + record) % 100;
    return (file * 31 + record * 7 + at) % 256;
  });
}
const TEN = Object.fromEntries([...NAMES.map((name, i) => [name, batch(i)] as const), ['test_batch.bin', batch(9)]]);
const HUNDRED = { 'train.bin': batch(1, 2, 6), 'test.bin': batch(2, 2, 3) };

const folder = 'cifar-10-batches-bin/';
const tarFiles = (files: Readonly<Record<string, Uint8Array>>): TarFile[] => [
  { path: folder, type: '5' },
  { path: `${folder}readme.html`, bytes: new Uint8Array(700) },
  ...Object.entries(files).map(([name, bytes]) => ({ path: `${folder}${name}`, bytes })),
];
const archive = (files: readonly TarFile[], name = 'cifar-10-binary.tar.gz') =>
  sources({ [name]: gzipped(tarOf(files)) });

describe('CIFAR-10', () => {
  it('is read from its files in the order of their numbers, and divided as they are', async () => {
    const given = sources(TEN).reverse();
    const data = await readCifar(given);
    expect(data).toMatchObject({ rows: 24, shape: [3, 32, 32] });
    expect(data.classes.slice(0, 2)).toEqual(['airplane', 'automobile']);
    expect([...data.labels].slice(0, 6)).toEqual([0, 1, 2, 3, 1, 2]);
    expect([...(data.parts ?? [])].join('')).toBe(`${'0'.repeat(20)}1111`);
    for (const [i, file] of [...NAMES, 'test_batch.bin'].entries())
      for (let record = 0; record < RECORDS; record++)
        expect(data.pixels.subarray((i * RECORDS + record) * 3072, (i * RECORDS + record + 1) * 3072)).toEqual(
          TEN[file]?.subarray(record * 3073 + 1, (record + 1) * 3073),
        );
    expect(await inspectCifar(given)).toEqual({
      variant: 'cifar10',
      files: [...NAMES, 'test_batch.bin'].map((name) => ({
        name,
        isTest: name === 'test_batch.bin',
        records: RECORDS,
      })),
    });
  });

  it('is the same from its archive, packed or not', async () => {
    const plain = await readCifar(sources(TEN));
    expect(await readCifar(archive(tarFiles(TEN)))).toEqual(plain);
    expect(await readCifar(sources({ 'cifar.tar': tarOf(tarFiles(TEN)) }))).toEqual(plain);
    expect(await readCifar(archive(tarFiles(TEN), 'download'))).toEqual(plain);
    expect((await inspectCifar(archive(tarFiles(TEN)))).files).toHaveLength(6);
  });

  it('may be a few of its files, and have classes of other names', async () => {
    const names = 'abcdefghij'.split('').join('\n');
    const { 'data_batch_2.bin': two = new Uint8Array() } = TEN;
    const data = await readCifar(
      sources({ 'data_batch_2.bin': two, 'batches.meta.txt': new TextEncoder().encode(`${names}\n\n`) }),
    );
    expect([data.rows, data.parts, data.classes.join('')]).toEqual([RECORDS, null, 'abcdefghij']);
  });

  it('tells how far it is, and stops when asked', async () => {
    const told: number[] = [];
    const files = archive(tarFiles(TEN));
    await readCifar(files, { onProgress: (done) => told.push(done) });
    expect(told.at(-1)).toBe(files[0]?.size);
    await expect(readCifar(files, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('CIFAR-100', () => {
  it('has fine classes and coarse ones, named by its archive', async () => {
    const fine = Array.from({ length: 100 }, (_, i) => `fine${i}`);
    const files = [
      ...tarFiles(HUNDRED),
      { path: 'x/fine_label_names.txt', bytes: new TextEncoder().encode(fine.join('\n')) },
    ];
    const data = await readCifar(archive(files));
    expect(data).toMatchObject({ rows: 9, classes: fine });
    expect([...data.labels]).toEqual([10, 11, 12, 13, 14, 15, 20, 21, 22]);
    expect(data.pixels.subarray(3072, 6144)).toEqual(HUNDRED['train.bin'].subarray(3076, 6148));
    const coarse = await readCifar(sources(HUNDRED), { labels: 'coarse' });
    expect([coarse.classes.length, ...coarse.labels]).toEqual([20, 0, 1, 2, 3, 4, 5, 0, 1, 2]);
  });
});

describe('what is broken or hostile is refused', () => {
  const { 'data_batch_1.bin': one = new Uint8Array() } = TEN;
  const file = (bytes: Uint8Array) => sources({ 'data_batch_1.bin': bytes });
  const entry = { path: 'data_batch_1.bin', bytes: one };

  it.each<[string, ReturnType<typeof sources>, object]>([
    ['cut off', file(one.subarray(0, -1)), { code: 'CUT_OFF', file: 'data_batch_1.bin' }],
    ['empty', file(new Uint8Array()), { code: 'EMPTY_FILE' }],
    [
      'a label that is none',
      file(patched(one, 2 * 3073, 10)),
      { code: 'BAD_LABEL', row: 3, params: { label: 10, limit: 9 } },
    ],
    ['files of both', sources({ ...TEN, ...HUNDRED }), { code: 'BAD_FILE' }],
    ['other files', sources({ 'a.bin': one }), { code: 'MISSING_FILE' }],
    ['nothing', [], { code: 'MISSING_FILE' }],
    ['an archive without batches', archive([{ path: 'x/y.bin', bytes: one }]), { code: 'MISSING_FILE' }],
    ['an archive with one twice', archive([entry, entry]), { code: 'BAD_FILE', params: { place: 'data_batch_1.bin' } }],
    [
      'a path that leads out',
      archive([{ ...entry, path: '../data_batch_1.bin' }]),
      { code: 'UNSAFE_PATH', params: { path: '../data_batch_1.bin' } },
    ],
    ['a path from the root', archive([{ ...entry, path: '/etc/passwd' }]), { code: 'UNSAFE_PATH' }],
    ['a path from a drive', archive([{ ...entry, path: 'C:data_batch_1.bin' }]), { code: 'UNSAFE_PATH' }],
    ['a path of another system', archive([{ ...entry, path: 'x\\..\\data_batch_1.bin' }]), { code: 'UNSAFE_PATH' }],
    ['a batch that is a link', archive([{ ...entry, type: '2', bytes: new Uint8Array() }]), { code: 'MISSING_FILE' }],
    ['an extension of tar', archive([{ path: 'long', type: 'L' }, entry]), { code: 'UNSUPPORTED' }],
    ['a size that is none', archive([{ ...entry, size: 'many      ' }]), { code: 'BAD_FILE' }],
    ['a claim of 8 GB', archive([{ ...entry, size: '77777777777' }]), { code: 'TOO_LARGE' }],
    ['a damaged header', sources({ 'c.tar': patched(tarOf([entry]), 3, 7) }), { code: 'BAD_FILE' }],
    ['a cut archive', sources({ 'c.tar': tarOf([entry]).subarray(0, 5000) }), { code: 'BAD_FILE' }],
    ['a cut package', sources({ 'c.tgz': gzipped(tarOf([entry])).subarray(0, -20) }), { code: 'BAD_FILE' }],
    ['text', sources({ 'c.tar.gz': new TextEncoder().encode('hello') }), { code: 'BAD_FILE' }],
  ])('%s', async (_, given, want) => {
    expect(await refusal(readCifar(given))).toMatchObject(want);
  });

  it('a package that unpacks without end', { timeout: 60_000 }, async () => {
    const bomb = gzipped(tarOf([{ path: 'zeros', bytes: new Uint8Array(210_000_000) }]));
    expect(bomb.length).toBeLessThan(300_000);
    expect(await refusal(readCifar(sources({ 'bomb.tar.gz': bomb })))).toMatchObject({
      code: 'UNPACKS_TO_TOO_MUCH',
      params: { limit: 200_000_000 },
    });
  });
});
