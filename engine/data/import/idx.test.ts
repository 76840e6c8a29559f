// MNIST's form in its real shape; and everything broken or hostile that could be given instead.
import { describe, expect, it } from 'vitest';
import { counted, gzipped, idxOf, patched, refusal, sources, watched } from '../../../test/fixtures/import-files.ts';
import { inspectIdx, readIdx } from './idx.ts';

const PIXELS = counted(5 * 4 * 3);
const TRAIN = {
  'train-images-idx3-ubyte': idxOf([5, 4, 3], PIXELS),
  'train-labels-idx1-ubyte': idxOf([5], Uint8Array.of(7, 0, 2, 2, 7)),
};
const TEST = {
  't10k-images-idx3-ubyte': idxOf([2, 4, 3], counted(24, 7)),
  't10k-labels-idx1-ubyte': idxOf([2], Uint8Array.of(0, 9)),
};
const IMAGES = 'train-images-idx3-ubyte';

describe('IDX files', () => {
  it('are pictures with their classes, train before test', async () => {
    const data = await readIdx(sources({ ...TEST, ...TRAIN }));
    expect(data).toMatchObject({ kind: 'pictures', rows: 7, shape: [1, 4, 3], classes: ['0', '2', '7', '9'] });
    expect([...data.labels]).toEqual([2, 0, 1, 1, 2, 0, 3]);
    expect([...(data.parts ?? [])]).toEqual([0, 0, 0, 0, 0, 1, 1]);
    expect(data.pixels).toEqual(new Uint8Array([...PIXELS, ...counted(24, 7)]));
  });

  it('are the same when packed, and when there is one part only', async () => {
    const packed = Object.fromEntries(Object.entries(TRAIN).map(([name, bytes]) => [`${name}.gz`, gzipped(bytes)]));
    const [plain, unpacked] = [await readIdx(sources(TRAIN)), await readIdx(sources(packed))];
    expect(unpacked).toEqual(plain);
    expect(plain.parts).toBeNull();
  });

  it('tell how far they are, and their headers alone are looked at', async () => {
    const big = watched(IMAGES, idxOf([5000, 4, 3], counted(60_000)));
    const labels = watched('train-labels-idx1-ubyte', idxOf([5000], new Uint8Array(5000)));
    expect(await inspectIdx([big, labels])).toMatchObject([
      { holds: 'pictures', sizes: [5000, 4, 3], isTest: false },
      { holds: 'labels', sizes: [5000] },
    ]);
    expect(big.given).toBeLessThan(4000);
    const told: number[] = [];
    await readIdx([big, labels], { onProgress: (done) => told.push(done) });
    expect(told.at(-1)).toBe(big.size + labels.size);
    const stop = AbortSignal.abort();
    await expect(readIdx([big, labels], { signal: stop })).rejects.toMatchObject({ name: 'AbortError' });
  });

  const images = TRAIN[IMAGES];
  const replaced = (bytes: Uint8Array, name = IMAGES) => readIdx(sources({ ...TRAIN, [name]: bytes }));
  const huge = patched(images, 4, 0, 0xff, 0xff, 0xff);

  it.each<[string, Uint8Array, object]>([
    ['empty', new Uint8Array(), { code: 'EMPTY_FILE' }],
    ['something else', new TextEncoder().encode('not a picture at all'), { code: 'WRONG_FORMAT' }],
    ['of another type', patched(images, 2, 0x0d), { code: 'UNSUPPORTED', params: { what: 'float32' } }],
    ['of an unknown type', patched(images, 2, 0x77), { code: 'WRONG_FORMAT' }],
    ['of two dimensions', idxOf([5, 12], PIXELS), { code: 'UNSUPPORTED', params: { what: '2 dimensions' } }],
    ['cut off in its header', images.subarray(0, 9), { code: 'CUT_OFF', params: { expected: 16, received: 9 } }],
    ['cut off in its data', images.subarray(0, 50), { code: 'CUT_OFF', params: { expected: 76, received: 50 } }],
    ['longer than it says', new Uint8Array([...images, 0]), { code: 'BAD_FILE' }],
    ['claiming gigabytes', patched(huge, 8, 0, 0, 4, 0, 0, 0, 4, 0), { code: 'TOO_LARGE' }],
    ['claiming ten megabytes in a hundred bytes', patched(images, 4, 0, 0x10, 0, 0), { code: 'CUT_OFF' }],
    ['claiming that packed', gzipped(patched(images, 4, 0, 0x10, 0, 0)), { code: 'CUT_OFF' }],
    ['without rows', idxOf([0, 4, 3], new Uint8Array()), { code: 'NO_DATA' }],
    ['of pictures as wide as a street', patched(images, 12, 0, 1, 0, 0), { code: 'TOO_LARGE' }],
    ['packed and cut off', gzipped(images).subarray(0, -9), { code: 'BAD_FILE' }],
    ['packed and damaged', patched(gzipped(images), 20, 1, 2, 3), { code: 'BAD_FILE' }],
    [
      'a bomb behind an honest header',
      gzipped(new Uint8Array([...images, ...new Uint8Array(5_000_000)])),
      { code: 'UNPACKS_TO_TOO_MUCH', params: { limit: 76 } },
    ],
  ])('are refused when the file is %s', async (_, bytes, want) => {
    expect(await refusal(replaced(bytes))).toMatchObject({ file: IMAGES, ...want });
  });

  it.each<[string, Readonly<Record<string, Uint8Array>>, object]>([
    [
      'labels are missing',
      { [IMAGES]: images },
      { code: 'MISSING_FILE', params: { what: 'labels of the train part' } },
    ],
    ['pictures are missing', { ...TRAIN, 't10k-labels': TEST['t10k-labels-idx1-ubyte'] }, { code: 'MISSING_FILE' }],
    ['pictures are there twice', { ...TRAIN, more: images }, { code: 'BAD_FILE', file: 'more' }],
    [
      'there are fewer labels than pictures',
      { ...TRAIN, 'train-labels-idx1-ubyte': idxOf([4], new Uint8Array(4)) },
      { code: 'ROWS_DIFFER', params: { firstRows: 5, secondRows: 4 } },
    ],
    [
      'parts have other sizes',
      { ...TRAIN, ...TEST, 't10k-images-idx3-ubyte': idxOf([2, 3, 4], counted(24)) },
      { code: 'SIZE_DIFFERS', params: { expected: '4 × 3', received: '3 × 4' } },
    ],
    ['nothing was given', {}, { code: 'MISSING_FILE' }],
  ])('are refused when %s', async (_, files, want) => {
    expect(await refusal(readIdx(sources(files)))).toMatchObject(want);
    expect(await refusal(inspectIdx(sources(files)))).toMatchObject(want);
  });
});
