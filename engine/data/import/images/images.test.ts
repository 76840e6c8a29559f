// Folders of pictures as people have them, and pictures that are not what they say.
import { encode as encodePng } from 'fast-png';
import { zipSync } from 'fflate';
import jpeg from 'jpeg-js';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { patched, refusal, sources, watched } from '../../../../test/fixtures/import-files.ts';
import { crc32 } from '../../../interop/npz.ts';
import { decodeImage, resizeByArea } from './decode.ts';
import { inspectImages, readImages } from './index.ts';

type Channels = 1 | 2 | 3 | 4;
/** A PNG whose pixels count from `start`. */
function png(width: number, height: number, channels: Channels = 3, start = 0): Uint8Array {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (start + i) % 256);
  return encodePng({ width, height, channels, depth: 8, data });
}
const jpegOf = (width: number, height: number, value: number): Uint8Array => {
  const data = new Uint8Array(width * height * 4).fill(value);
  return new Uint8Array(jpeg.encode({ width, height, data }, 95).data);
};

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (const [i, letter] of [...type].entries()) out[4 + i] = letter.charCodeAt(0);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}
interface RawPng {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  readonly type?: number;
  /** Before packing, each row behind its filter byte. */
  readonly raw: Uint8Array;
  readonly before?: readonly Uint8Array[];
}
/** A PNG made chunk by chunk. */
function rawPng({ width, height, depth = 8, type = 0, raw, before = [] }: RawPng): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, type], 8);
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', new Uint8Array(deflateSync(raw))),
    chunk('IEND', new Uint8Array()),
  ];
  return new Uint8Array(Buffer.concat(parts));
}

const FILES = {
  'dog/b.png': png(2, 2, 3, 100),
  'cat/a.png': png(2, 2),
  'cat/notes.txt': new Uint8Array(3),
  'cat/.hidden.png': new Uint8Array(3),
};
const zipped = (files: Readonly<Record<string, Uint8Array>>, name = 'pets.zip') => sources({ [name]: zipSync(files) });

describe('a folder of pictures', () => {
  it('is read by class and name, channels first', async () => {
    const data = await readImages(sources(FILES));
    expect(data).toMatchObject({ rows: 2, shape: [3, 2, 2], classes: ['cat', 'dog'], parts: null });
    expect([...data.labels]).toEqual([0, 1]);
    expect([...data.pixels]).toEqual(
      [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]
        .flatMap((x) => [x])
        .concat([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11].map((x) => x + 100)),
    );
  });

  it('is the same as a zip archive of it, with whatever lies around it', async () => {
    const inside = Object.fromEntries(Object.entries(FILES).map(([path, bytes]) => [`pets/${path}`, bytes]));
    const data = await readImages(zipped({ ...inside, '__MACOSX/pets/cat/._a.png': new Uint8Array(9) }));
    const plain = await readImages(sources(FILES));
    expect([data.pixels, data.labels, data.classes]).toEqual([plain.pixels, plain.labels, plain.classes]);
  });

  it('may be divided into train and test', async () => {
    const data = await readImages(
      sources({
        'train/cat/1.png': png(1, 1, 1, 5),
        'test/cat/1.png': png(1, 1, 1, 6),
        'train/dog/1.png': png(1, 1, 1, 7),
      }),
    );
    expect([[...data.pixels], [...data.labels], [...(data.parts ?? [])], data.shape]).toEqual([
      [6, 5, 7],
      [0, 0, 1],
      [1, 0, 0],
      [1, 1, 1],
    ]);
  });

  it('may mix gray and colour, PNG and JPEG, with and without transparency', async () => {
    const data = await readImages(
      sources({
        'a/1.png': png(8, 8, 1, 0),
        'a/2.png': png(8, 8, 2, 0),
        'b/1.png': png(8, 8, 4, 0),
        'b/2.jpg': jpegOf(8, 8, 90),
      }),
    );
    expect(data.shape).toEqual([3, 8, 8]);
    const pixel = (row: number, at: number): number[] =>
      [0, 1, 2].map((c) => data.pixels[(row * 3 + c) * 64 + at] as number);
    expect([pixel(0, 5), pixel(1, 5), pixel(2, 5)]).toEqual([
      [5, 5, 5],
      [10, 10, 10],
      [20, 21, 22],
    ]);
    for (const value of pixel(3, 5)) expect(Math.abs(value - 90)).toBeLessThan(3);
  });

  it('is brought to one size by the mean of areas', async () => {
    const data = await readImages(sources({ 'a/1.png': png(4, 4, 1), 'b/1.png': png(2, 2, 1, 50) }), {
      resize: [2, 2],
    });
    expect([...data.pixels]).toEqual([3, 5, 11, 13, 50, 51, 52, 53]);
    const third = resizeByArea({ width: 3, height: 1, channels: 1, pixels: Uint8Array.of(0, 90, 180) }, 1, 2);
    expect([...third.pixels]).toEqual([30, 150]);
    const larger = resizeByArea({ width: 2, height: 1, channels: 1, pixels: Uint8Array.of(10, 20) }, 1, 4);
    expect([...larger.pixels]).toEqual([10, 10, 20, 20]);
  });

  it('is looked at by its headers, and tells what differs', async () => {
    expect(await inspectImages(sources({ ...FILES, 'dog/c.png': png(3, 2) }))).toEqual({
      classes: [
        { name: 'cat', pictures: 1 },
        { name: 'dog', pictures: 2 },
      ],
      testPictures: 0,
      shape: [3, 2, 2],
      differs: { file: 'dog/c.png', width: 3, height: 2 },
    });
  });

  it('tells how far it is, and stops when asked', async () => {
    const files = ['a/1.png', 'b/2.png'].map((name) => watched(name, png(2, 2)));
    const told: number[] = [];
    await readImages(files, { onProgress: (done) => told.push(done) });
    expect(told).toEqual([files[0]?.size, (files[0]?.size ?? 0) + (files[1]?.size ?? 0)]);
    await expect(readImages(files, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a PNG', () => {
  it.each([
    [1, [0, 255, 255, 0, 255, 0], Uint8Array.of(0, 0b01100000, 0, 0b10000000).subarray(0, 4)],
    [2, [0, 85, 170, 255, 0, 0], Uint8Array.of(0, 0b00011000, 0, 0b11000000)],
    [4, [0, 17, 34, 255, 0, 136], Uint8Array.of(0, 0x01, 0x20, 0, 0xf0, 0x80)],
  ])('of %i bits is spread to bytes', async (depth, want, raw) => {
    const bytes = rawPng({ width: 3, height: 2, depth, raw });
    const wanted = depth === 1 ? [0, 255, 255, 255, 0, 0] : want;
    expect([...(await decodeImage('x.png', bytes)).pixels]).toEqual(wanted);
  });

  it('of 16 bits keeps the upper eight, one with a palette its colours', async () => {
    const deep = rawPng({ width: 2, height: 1, depth: 16, raw: Uint8Array.of(0, 1, 200, 250, 3) });
    expect([...(await decodeImage('x.png', deep)).pixels]).toEqual([1, 250]);
    const palette = chunk('PLTE', Uint8Array.of(1, 2, 3, 40, 50, 60));
    const indexed = rawPng({ width: 2, height: 1, type: 3, raw: Uint8Array.of(0, 1, 0), before: [palette] });
    expect(await decodeImage('x.png', indexed)).toMatchObject({
      channels: 3,
      pixels: Uint8Array.of(40, 50, 60, 1, 2, 3),
    });
  });

  it('is read without what else it carries', async () => {
    const profile = new Uint8Array([
      ...new TextEncoder().encode('icc\0\0'),
      ...deflateSync(new Uint8Array(10_000_000)),
    ]);
    const bytes = rawPng({ width: 1, height: 1, raw: Uint8Array.of(0, 9), before: [chunk('iCCP', profile)] });
    expect([...(await decodeImage('x.png', bytes)).pixels]).toEqual([9]);
  });
});

describe('what cannot be is refused by file', () => {
  const good = png(20, 20);
  const bomb = rawPng({ width: 8, height: 8, raw: new Uint8Array(200_000_000) });
  const cases: [string, Readonly<Record<string, Uint8Array>>, object][] = [
    ['no pictures', { 'a/readme.txt': good }, { code: 'NO_DATA' }],
    ['nothing', {}, { code: 'NO_DATA' }],
    [
      'one class',
      { 'a/1.png': good, 'a/2.png': good },
      { code: 'BAD_FILE', params: { place: 'a', reason: 'one class only' } },
    ],
    ['no folder', { '1.png': good, 'a/2.png': good }, { code: 'BAD_FILE', file: '1.png' }],
    [
      'two sizes',
      { 'a/1.png': good, 'b/2.png': png(20, 21) },
      { code: 'SIZE_DIFFERS', file: 'b/2.png', params: { expected: '20 × 20', received: '20 × 21' } },
    ],
    [
      'another format',
      { 'a/1.png': good, 'b/2.png': new TextEncoder().encode('GIF89a') },
      { code: 'BAD_IMAGE', file: 'b/2.png' },
    ],
    ['no bytes', { 'a/1.png': good, 'b/2.png': new Uint8Array() }, { code: 'BAD_IMAGE', file: 'b/2.png' }],
    ['a cut PNG', { 'a/1.png': good, 'b/2.png': good.subarray(0, -20) }, { code: 'BAD_IMAGE', file: 'b/2.png' }],
    [
      'a damaged PNG',
      { 'a/1.png': good, 'b/2.png': patched(good, 60, 1, 2, 3) },
      { code: 'BAD_IMAGE', file: 'b/2.png' },
    ],
    [
      'a cut JPEG',
      { 'a/1.jpg': jpegOf(32, 32, 9).subarray(0, 300), 'b/1.jpg': jpegOf(32, 32, 9) },
      { code: 'BAD_IMAGE', file: 'a/1.jpg' },
    ],
    [
      'a PNG that claims a billion pixels',
      { 'a/1.png': rawPng({ width: 40_000, height: 40_000, raw: Uint8Array.of(0) }), 'b/2.png': good },
      { code: 'TOO_LARGE', file: 'a/1.png' },
    ],
    [
      'a PNG without height',
      { 'a/1.png': rawPng({ width: 9, height: 0, raw: Uint8Array.of(0) }), 'b/2.png': good },
      { code: 'BAD_IMAGE' },
    ],
    ['a PNG bomb', { 'a/1.png': bomb, 'b/2.png': png(8, 8, 1) }, { code: 'UNPACKS_TO_TOO_MUCH', file: 'a/1.png' }],
    [
      'a path that leads out',
      { '../a/1.png': good, 'b/2.png': good },
      { code: 'UNSAFE_PATH', params: { path: '../a/1.png' } },
    ],
  ];
  it.each(cases)('%s', async (_, files, want) => {
    expect(await refusal(readImages(sources(files)))).toMatchObject(want);
  });

  it('a JPEG that claims more than it may', async () => {
    const wide = jpegOf(16, 16, 9);
    const frame = wide.findIndex((x, i) => x === 0xff && wide[i + 1] === 0xc0);
    const claims = patched(wide, frame + 5, 0xff, 0xff, 0xff, 0xff);
    expect(await refusal(readImages(sources({ 'a/1.jpg': claims, 'b/2.jpg': wide })))).toMatchObject({
      code: 'TOO_LARGE',
    });
  });
});

describe('a zip archive', () => {
  const files = { 'a/1.png': png(2, 2), 'b/1.png': png(2, 2, 3, 9) };
  const bytes = zipSync(files, { level: 0 });
  const end = bytes.length - 22;
  const directory = new DataView(bytes.buffer).getUint32(end + 16, true);
  const reading = (given: Uint8Array) => refusal(readImages(sources({ 'x.zip': given })));

  it.each<[string, Uint8Array, object]>([
    ['empty', new Uint8Array(), { code: 'BAD_FILE' }],
    ['cut off', bytes.subarray(0, -5), { code: 'BAD_FILE' }],
    ['something else', new TextEncoder().encode('no archive, but long enough to be one'), { code: 'BAD_FILE' }],
    [
      'leading out',
      zipSync({ ...files, 'a/../../evil.png': png(1, 1) }),
      { code: 'UNSAFE_PATH', params: { path: 'a/../../evil.png' } },
    ],
    ['leading to the root', zipSync({ ...files, '/etc/evil.png': png(1, 1) }), { code: 'UNSAFE_PATH' }],
    [
      'leading out by another system’s way',
      zipSync({ ...files, 'a\\..\\evil.png': png(1, 1) }),
      { code: 'UNSAFE_PATH' },
    ],
    ['encrypted', patched(bytes, directory + 8, 1), { code: 'UNSUPPORTED', params: { what: 'encryption' } }],
    ['packed another way', patched(bytes, directory + 10, 12), { code: 'UNSUPPORTED', params: { what: 'method 12' } }],
    ['damaged', patched(bytes, 60, 1, 2, 3), { code: 'BAD_FILE', params: { place: 'a/1.png' } }],
    ['of the 64-bit form', patched(bytes, end + 16, 0xff, 0xff, 0xff, 0xff), { code: 'UNSUPPORTED' }],
    ['with its directory elsewhere', patched(bytes, end + 16, 1, 2), { code: 'BAD_FILE' }],
    ['with entries elsewhere', patched(bytes, directory + 42, 7), { code: 'BAD_FILE' }],
    ['lying about sizes', patched(bytes, directory + 24, 1), { code: 'BAD_FILE' }],
  ])('is refused when it is %s', async (_, given, want) => {
    expect(await reading(given)).toMatchObject({ file: 'x.zip', ...want });
  });

  it('that claims ten gigabytes in a kilobyte is refused before anything is unpacked', async () => {
    const packed = zipSync({ 'a/1.png': new Uint8Array(1000), 'b/1.png': png(2, 2) });
    const at = new DataView(packed.buffer).getUint32(packed.length - 6, true);
    expect(await reading(patched(packed, at + 24, 0xff, 0xff, 0xff, 0x7f))).toMatchObject({
      code: 'BAD_FILE',
      params: { place: 'a/1.png' },
    });
  });

  it('that unpacks to more than it says is stopped there', async () => {
    const packed = zipSync({ 'a/1.png': new Uint8Array(500_000), 'b/1.png': png(2, 2) });
    const at = new DataView(packed.buffer).getUint32(packed.length - 6, true);
    expect(await reading(patched(packed, at + 24, 100, 0, 0, 0))).toMatchObject({
      code: 'UNPACKS_TO_TOO_MUCH',
      params: { limit: 100 },
    });
  });
});
