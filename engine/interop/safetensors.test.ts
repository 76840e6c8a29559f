// safetensors: what Python's package wrote is read value by value, what is written is read back, and damaged or lying files
// are refused with the place, before anything is allocated for their claims.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expected, fixtureBytes, thrown } from '../../test/interop/fixtures.ts';
import { InteropError } from './interop-error.ts';
import { namedArrays, readSafetensors, writeSafetensors } from './safetensors.ts';
import { fromFloat16 } from './stored-tensor.ts';

const FILE = 'model.safetensors';
const SAMPLE = new Map([
  ['fc1.weight', { shape: [2, 3], values: Float32Array.of(1, 2, 3, -4, 5.5, 1e-30) }],
  ['"quoted" ü', { shape: [], values: Float32Array.of(7) }],
  ['empty', { shape: [0, 4], values: new Float32Array() }],
]);

/** A file with this header over some data bytes. */
function file(header: string | object, dataBytes: number, claimedBytes?: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(claimedBytes ?? json.length), true);
  bytes.set(json, 8);
  return bytes;
}
const f32 = (shape: readonly number[], begin: number, end: number) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

describe('files of the Python package', () => {
  it('are read value by value, whatever their type', () => {
    const { tensors, metadata } = readSafetensors(fixtureBytes('types.safetensors'), FILE);
    expect(metadata).toEqual({ format: 'pt', note: 'zwölf' });
    const arrays = namedArrays(tensors, FILE);
    expect([...arrays.keys()].sort()).toEqual(Object.keys(expected.types).sort());
    for (const [name, { shape, values }] of Object.entries(expected.types)) {
      expect(arrays.get(name)?.shape, name).toEqual(shape);
      expect(arrays.get(name)?.values, name).toEqual(Float32Array.from(values));
    }
  });
});

describe('writing', () => {
  it('gives back names, shapes, values and metadata in order', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensors(SAMPLE, { epoch: '3' }), FILE);
    expect(metadata).toEqual({ epoch: '3' });
    expect([...namedArrays(tensors, FILE)]).toEqual([...SAMPLE]);
  });

  it('begins data at a multiple of eight', () => {
    for (const name of ['a', 'ab', 'abc', 'abcdefgh']) {
      const bytes = writeSafetensors(new Map([[name, { shape: [1], values: Float32Array.of(1) }]]));
      expect((bytes.length - 4) % 8).toBe(0);
    }
  });

  it('refuses the reserved name and values that do not fill the shape', () => {
    expect(() => writeSafetensors(new Map([['__metadata__', { shape: [], values: Float32Array.of(1) }]]))).toThrow(
      'must not be called __metadata__',
    );
    expect(() => writeSafetensors(new Map([['w', { shape: [3], values: Float32Array.of(1) }]]))).toThrow(
      'w must have values',
    );
  });
});

describe('hostile files', () => {
  const cases: readonly (readonly [what: string, bytes: Uint8Array, message: RegExp])[] = [
    ['nothing', new Uint8Array(), /byte 0: must have at least 8 bytes, but has 0/],
    ['a few bytes', new Uint8Array(7), /byte 0: must have at least 8 bytes, but has 7/],
    ['a header longer than the file', file('{}', 0, 3), /byte 0: claims a header of 3 bytes, but only 2 follow/],
    ['a header of 10 GB', file('{}', 0, 1e10), /claims a header of 10000000000 bytes, more than the format allows/],
    ['no object', file('[]', 0), /byte 8: the header must begin with \{/],
    ['a byte order mark', file('\ufeff{}', 0), /byte 8: the header must begin with \{/],
    ['no UTF-8', file('{"\u0000', 0).fill(0xff, 9), /byte 8: the header is no UTF-8/],
    ['bad JSON', file('{"a":', 0), /header: is not valid JSON/],
    ['text after the header’s object', file('{}{}', 0), /header: is not valid JSON/],
    [
      'a name twice',
      file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"\\u0061":{}}', 4),
      /has the name "a" twice/,
    ],
    [
      'a key twice',
      file('{"a":{"dtype":"F32","dtype":"F64","shape":[],"data_offsets":[0,4]}}', 4),
      /has the name "dtype" twice/,
    ],
    ['a tensor that is a number', file({ a: 5 }, 0), /tensor "a": must be described by an object/],
    ['a tensor that is null', file({ a: null }, 0), /tensor "a": must be described by an object/],
    ['an unknown key', file({ a: { ...f32([], 0, 4), extra: 1 } }, 4), /tensor "a": has an unknown key "extra"/],
    [
      'an unknown type',
      file({ a: { ...f32([], 0, 4), dtype: 'F8_E4M3' } }, 4),
      /has dtype "F8_E4M3", which is not read here/,
    ],
    [
      'a type of Object.prototype',
      file({ a: { ...f32([], 0, 4), dtype: 'constructor' } }, 4),
      /has dtype "constructor"/,
    ],
    ['no type', file({ a: { shape: [], data_offsets: [0, 4] } }, 4), /must have a dtype/],
    ['a negative size', file({ a: f32([-1], 0, 4) }, 4), /must have a shape of whole numbers/],
    ['half an element', file({ a: f32([0.5], 0, 4) }, 4), /must have a shape of whole numbers/],
    ['a shape of texts', file('{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}', 4), /must have a shape/],
    ['one offset', file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0]}}', 4), /must have data_offsets of two/],
    ['offsets the wrong way round', file({ a: f32([], 4, 0) }, 4), /begins at 4, after its end 0/],
    ['data beyond the end', file({ a: f32([2], 0, 8) }, 4), /ends at 8, but there are only 4 bytes of data/],
    ['10 GB of data', file({ a: f32([2.5e9], 0, 1e10) }, 4), /ends at 10000000000, but there are only 4 bytes/],
    ['a size beyond all numbers', file({ a: f32([2 ** 40, 2 ** 40], 0, 4) }, 4), /must have 4.8\S+ bytes for F32/],
    ['the wrong size', file({ a: f32([2], 0, 4) }, 4), /must have 8 bytes for F32 \[2\], but its data_offsets span 4/],
    [
      'overlapping tensors',
      file({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12),
      /tensor "b": begins at 4, inside the tensor before it/,
    ],
    ['the same bytes twice', file({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, 4), /tensor "b": begins at 0, inside/],
    ['a hole', file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), /data byte 4: 4 bytes belong to no tensor/],
    ['bytes after the last tensor', file({ a: f32([1], 0, 4) }, 9), /data byte 4: 5 bytes belong to no tensor/],
    ['metadata of numbers', file({ __metadata__: { a: 1 } }, 0), /__metadata__: must be an object of texts/],
    ['metadata that is a list', file({ __metadata__: ['a'] }, 0), /__metadata__: must be an object of texts/],
  ];

  it.each(cases)('%s', (_, bytes, message) => {
    const error = thrown(() => readSafetensors(bytes, FILE));
    expect(error).toBeInstanceOf(InteropError);
    expect((error as InteropError).code).toBe('BAD_FILE');
    expect((error as InteropError).message).toMatch(message);
    expect((error as InteropError).details['file']).toBe(FILE);
  });

  it('never fail in another way, however they are damaged', () => {
    const good = fixtureBytes('types.safetensors');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(good.length),
        (changes, length) => {
          const bytes = good.slice(0, length);
          for (const [at, value] of changes) if (at < length) bytes[at] = value;
          const error = thrown(() => namedArrays(readSafetensors(bytes, FILE).tensors, FILE));
          return error === null || error instanceof InteropError;
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('are refused when f32 cannot hold their numbers', () => {
    const big = file({ a: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }, 8);
    new DataView(big.buffer).setBigInt64(big.length - 8, 2n ** 24n + 1n, true);
    expect(() => namedArrays(readSafetensors(big, FILE).tensors, FILE)).toThrow(
      `${FILE}: a: element 0 is 16777217, which f32 cannot hold exactly`,
    );
    const wide = file({ a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } }, 8);
    new DataView(wide.buffer).setFloat64(wide.length - 8, 1e300, true);
    expect(() => namedArrays(readSafetensors(wide, FILE).tensors, FILE)).toThrow("beyond f32's range");
  });
});

describe('half precision', () => {
  it('is exact in every bit pattern', () => {
    expect(fromFloat16(0x3c00)).toBe(1);
    expect(fromFloat16(0xc000)).toBe(-2);
    expect(fromFloat16(0x0001)).toBe(2 ** -24);
    expect(fromFloat16(0x03ff)).toBe(1023 * 2 ** -24);
    expect(fromFloat16(0x7bff)).toBe(65504);
    expect(fromFloat16(0x8000)).toBe(-0);
    expect(fromFloat16(0xfc00)).toBe(-Infinity);
    expect(fromFloat16(0x7e00)).toBeNaN();
  });
});
