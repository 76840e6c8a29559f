// The container keeps every bit of a data set, reads in place, and believes nothing that its bytes do not keep.
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { allocatePictures, decodeStored, encodeStored, storedDigest } from './container.ts';
import type { StoredColumn, StoredData, StoredPictures } from './stored-data.ts';

const column = (rows: number): fc.Arbitrary<StoredColumn> =>
  fc.oneof(
    fc.record({
      name: fc.string(),
      kind: fc.constant('number' as const),
      values: fc.float64Array({ minLength: rows, maxLength: rows }),
    }),
    fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }).chain((categories) =>
      fc.record({
        name: fc.string(),
        kind: fc.constant('category' as const),
        values: fc
          .array(fc.integer({ min: -1, max: categories.length - 1 }), { minLength: rows, maxLength: rows })
          .map((x) => Int32Array.from(x)),
        categories: fc.constant(categories),
      }),
    ),
  );

const columns: fc.Arbitrary<StoredData> = fc.nat(20).chain((rows) =>
  fc.record({
    kind: fc.constant('columns' as const),
    rows: fc.constant(rows),
    columns: fc.array(column(rows), { maxLength: 4 }),
  }),
);

const pictures: fc.Arbitrary<StoredData> = fc
  .tuple(fc.nat(6), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, channels, height, width]) =>
    fc.record({
      kind: fc.constant('pictures' as const),
      rows: fc.constant(rows),
      shape: fc.constant([channels, height, width] as const),
      pixels: fc.uint8Array({
        minLength: rows * channels * height * width,
        maxLength: rows * channels * height * width,
      }),
      labels: fc
        .array(fc.integer({ min: 0, max: 1 }), { minLength: rows, maxLength: rows })
        .map((x) => Int32Array.from(x)),
      classes: fc.constant(['cat', '狗']),
      parts: fc.option(fc.uint8Array({ minLength: rows, maxLength: rows, max: 1 }), { nil: null }),
    }),
  );

const sample: StoredData = {
  kind: 'columns',
  rows: 3,
  columns: [
    { name: 'x', kind: 'number', values: Float64Array.of(1, NaN, -0) },
    { name: 'kind', kind: 'category', values: Int32Array.of(1, -1, 0), categories: ['a', 'b'] },
  ],
};
const pictureSample: StoredData = {
  kind: 'pictures',
  rows: 2,
  shape: [1, 1, 2],
  pixels: Uint8Array.of(1, 2, 3, 4),
  labels: Int32Array.of(0, 1),
  classes: ['a', 'b'],
  parts: Uint8Array.of(0, 1),
};

/** The container with another header, its arrays as they were. */
function withHeader(data: StoredData, change: (header: Record<string, unknown>) => object): Uint8Array {
  const bytes = encodeStored(data);
  const length = new DataView(bytes.buffer).getUint32(12, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length))) as Record<string, unknown>;
  const text = new TextEncoder().encode(JSON.stringify(change(header)));
  const start = Math.ceil((16 + length) / 8) * 8;
  const begin = Math.ceil((16 + text.length) / 8) * 8;
  const out = new Uint8Array(begin + bytes.length - start);
  out.set(bytes.subarray(0, 16));
  new DataView(out.buffer).setUint32(12, text.length, true);
  out.set(text, 16);
  out.set(bytes.subarray(start), begin);
  return out;
}

describe('the container of a stored data set', () => {
  it('gives back what was put in, whatever it was', () => {
    fc.assert(
      fc.property(fc.oneof(columns, pictures), (data) => {
        expect(decodeStored(encodeStored(data))).toEqual(data);
      }),
      { numRuns: 60 },
    );
  });

  it('reads in place, and copies once from an odd address', () => {
    const bytes = encodeStored(sample);
    const [first] = decodeStored(bytes).kind === 'columns' ? (decodeStored(bytes) as typeof sample).columns : [];
    expect(first?.values.buffer).toBe(bytes.buffer);
    const odd = new Uint8Array(bytes.length + 3);
    odd.set(bytes, 3);
    expect(decodeStored(odd.subarray(3))).toEqual(sample);
  });

  it('is filled in place by pictures that are read into it, and is the same then', () => {
    const { rows, shape, pixels, labels, classes, parts } = pictureSample as StoredPictures;
    const data = allocatePictures({ rows, shape, classes }, true);
    data.pixels.set(pixels);
    data.labels.set(labels);
    data.parts?.set(parts ?? []);
    expect(data).toEqual(pictureSample);
    expect(encodeStored(data).buffer).toBe(data.pixels.buffer);
    expect(encodeStored(data)).toEqual(encodeStored(pictureSample));
    expect(allocatePictures({ rows, shape, classes }, false).parts).toBeNull();
  });

  it('is named by the SHA-256 of its bytes', async () => {
    const bytes = encodeStored(sample);
    expect(await storedDigest(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('is not written from arrays of other lengths', () => {
    expect(() => encodeStored({ ...sample, rows: 4 })).toThrow(RangeError);
  });
});

describe('what is no such container is refused', () => {
  const refused = (bytes: Uint8Array, message: RegExp) =>
    expect(() => decodeStored(bytes)).toThrow(
      expect.objectContaining({ code: 'BAD_DATA_FILE', message: expect.stringMatching(message) }),
    );

  it('wherever it is cut off', () => {
    const bytes = encodeStored(pictureSample);
    for (let length = 0; length < bytes.length; length++)
      refused(bytes.slice(0, length), /is none|cut off|must have .* bytes/);
    refused(new Uint8Array([...bytes, 0]), /must have/);
  });

  it('by magic, version and header', () => {
    const bytes = encodeStored(sample);
    refused(
      Uint8Array.from(bytes, (x, i) => (i === 0 ? x + 1 : x)),
      /is none/,
    );
    refused(
      Uint8Array.from(bytes, (x, i) => (i === 8 ? 9 : x)),
      /version 9/,
    );
    refused(
      Uint8Array.from(bytes, (x, i) => (i === 16 ? 0x5b : x)),
      /no JSON/,
    );
    refused(
      withHeader(sample, (x) => ({ ...x, kind: 'sounds' })),
      /nothing sensible/,
    );
  });

  it('when it claims terabytes, before any memory is taken', () => {
    refused(
      withHeader(sample, (x) => ({ ...x, rows: 2 ** 50 })),
      /must have/,
    );
    refused(
      withHeader(sample, (x) => ({ ...x, rows: Number.MAX_SAFE_INTEGER })),
      /must have/,
    );
    refused(
      withHeader(pictureSample, (x) => ({ ...x, shape: [65_536, 65_536, 65_536] })),
      /must have/,
    );
    refused(
      withHeader(pictureSample, (x) => ({ ...x, rows: -1 })),
      /nothing sensible/,
    );
  });

  it('when a label or a category is none', () => {
    refused(
      withHeader(pictureSample, (x) => ({ ...x, classes: ['a'] })),
      /has 1 for the class in row 1/,
    );
    refused(
      encodeStored({ ...pictureSample, parts: Uint8Array.of(0, 2) } as StoredData),
      /has 2 for the part in row 1/,
    );
    refused(
      encodeStored({
        kind: 'columns',
        rows: 1,
        columns: [{ name: 'k', kind: 'category', values: Int32Array.of(-2), categories: ['a'] }],
      }),
      /column "k" in row 0/,
    );
  });

  it('or finds out, for any bytes at all', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), (at, byte) => {
        const bytes = encodeStored(pictureSample);
        bytes[at % bytes.length] = byte;
        try {
          decodeStored(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_DATA_FILE' });
        }
      }),
    );
  });
});
