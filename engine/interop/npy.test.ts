// NPY and NPZ: NumPy's own files are read, what is written has the format's bytes, and damaged headers are refused with the place.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expected, fixtureBytes, thrown } from '../../test/interop/fixtures.ts';
import { InteropError } from './interop-error.ts';
import { readNpy, writeFloatNpy, writeNpy } from './npy.ts';
import { crc32, writeNpz } from './npz.ts';
import { toFloat32 } from './stored-tensor.ts';

const FILE = 'array.npy';
const floats = (bytes: Uint8Array): { shape: readonly number[]; values: Float32Array } => {
  const tensor = readNpy(bytes, FILE);
  return { shape: tensor.shape, values: toFloat32(tensor, FILE) };
};

/** A version 1.0 file with any header text. */
function file(header: string, dataBytes: number, version = [1, 0]): Uint8Array {
  const text = new TextEncoder().encode(header);
  const long = version[0] !== 1;
  const bytes = new Uint8Array(10 + (long ? 2 : 0) + text.length + dataBytes);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), ...version]);
  const view = new DataView(bytes.buffer);
  if (long) view.setUint32(8, text.length, true);
  else view.setUint16(8, text.length, true);
  bytes.set(text, long ? 12 : 10);
  return bytes;
}
const header = (descr: string, shape: string, order = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

describe("NumPy's files", () => {
  it.each(Object.entries(expected.npy))('%s', (name, { shape, values }) => {
    expect(floats(fixtureBytes(`${name}.npy`))).toEqual({ shape, values: Float32Array.from(values) });
  });

  it('are refused when they hold objects or are big-endian', () => {
    expect(() => readNpy(fixtureBytes('objects.npy'), 'objects.npy')).toThrow("objects.npy: header: has the type '|O'");
    expect(() => readNpy(fixtureBytes('big-endian.npy'), 'x.npy')).toThrow("has the type '>f4'");
  });

  it('are written with the same bytes', () => {
    for (const name of ['rows', 'scalar', 'empty']) {
      const bytes = fixtureBytes(`${name}.npy`);
      expect(writeFloatNpy(floats(bytes))).toEqual(bytes);
    }
    const bytes = fixtureBytes('bytes.npy');
    expect(writeNpy(readNpy(bytes, FILE))).toEqual(bytes);
  });

  it('may have the longer header of version 2 and 3, and their entries in any order', () => {
    const text = "{'shape': (2,), 'descr': '<f4', 'fortran_order': True}";
    for (const version of [
      [2, 0],
      [3, 0],
    ])
      expect(floats(file(text, 8, version)).shape).toEqual([2]);
  });
});

describe('hostile files', () => {
  const cases: readonly (readonly [what: string, bytes: Uint8Array, message: RegExp])[] = [
    ['nothing', new Uint8Array(), /byte 0: is no NPY file/],
    ['another format', new TextEncoder().encode('PK\u0003\u0004 and more bytes'), /byte 0: is no NPY file/],
    ['an unknown version', file(header("'<f4'", '(1,)'), 4, [4, 0]), /byte 6: has version 4.0/],
    [
      'a cut off header',
      file(header("'<f4'", '(1,)'), 4).slice(0, 40),
      /byte 8: claims a header of \d+ bytes, but only 30 follow/,
    ],
    ['a cut off preamble', file(header("'<f4'", '(1,)'), 4, [2, 0]).slice(0, 11), /byte 8: is cut off/],
    ['no dictionary', file("'descr'", 0), /header: must be a dictionary/],
    [
      'a structured type',
      file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4),
      /structured and object arrays are not read/,
    ],
    [
      'code',
      file("{'descr': __import__('os').system('x'), 'fortran_order': False, 'shape': (), }", 0),
      /header: cannot be read from/,
    ],
    [
      'an entry twice',
      file("{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", 4),
      /has descr twice/,
    ],
    ['no shape', file("{'descr': '<f4', 'fortran_order': False, }", 4), /header: has no shape/],
    ['a shape with a gap', file(header("'<f4'", '(1,,2)'), 8), /has the shape \(1,,2\), which is none/],
    [
      'a shape of 10 GB',
      file(header("'<f4'", '(2500000000,)'), 4),
      /must have 10000000000 bytes for F32 \[2500000000\], but has 4/,
    ],
    ['a shape beyond all numbers', file(header("'<f4'", '(99999999999999999999,)'), 4), /which is none/],
    [
      'an order that is neither',
      file(header("'<f4'", '(1,)', '(1,)'), 4),
      /has fortran_order \(1,\), which must be True or False/,
    ],
    ['missing data', file(header("'<f4'", '(2,)'), 4), /must have 8 bytes for F32 \[2\], but has 4/],
    ['data after the end', file(header("'<f4'", '(1,)'), 5), /must have 4 bytes for F32 \[1\], but has 5/],
    ['an unknown type', file(header("'<c8'", '(1,)'), 8), /has the type '<c8'/],
  ];

  it.each(cases)('%s', (_, bytes, message) => {
    const error = thrown(() => readNpy(bytes, FILE));
    expect(error).toBeInstanceOf(InteropError);
    expect((error as InteropError).code).toBe('BAD_FILE');
    expect((error as InteropError).message).toMatch(message);
  });

  it('never fail in another way, however they are damaged', () => {
    const good = fixtureBytes('column-major.npy');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(127), fc.nat(255)), { maxLength: 3 }),
        fc.nat(good.length),
        (changes, length) => {
          const bytes = good.slice(0, length);
          for (const [at, value] of changes) if (at < length) bytes[at] = value;
          const error = thrown(() => floats(bytes));
          return error === null || error instanceof InteropError;
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('writing', () => {
  it('refuses what NumPy has no type for, and bytes that do not fill the shape', () => {
    expect(() => writeNpy({ dtype: 'BF16', shape: [1], bytes: new Uint8Array(2) })).toThrow(
      'NumPy has no type for BF16',
    );
    expect(() => writeNpy({ dtype: 'F32', shape: [2], bytes: new Uint8Array(4) })).toThrow('bytes must be 8');
  });
});

describe('npz', () => {
  it('sums as zip does', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });

  it('is a zip of NPY files, each where the directory says', () => {
    const arrays = new Map([
      ['fc1.weight', { shape: [1, 2], values: Float32Array.of(1, 2) }],
      ['bias', { shape: [], values: Float32Array.of(3) }],
    ]);
    const bytes = writeNpz(arrays);
    const view = new DataView(bytes.buffer);
    const end = bytes.length - 22;
    expect(view.getUint32(end, true)).toBe(0x06054b50);
    expect(view.getUint16(end + 10, true)).toBe(2);
    let at = view.getUint32(end + 16, true);
    expect(at + view.getUint32(end + 12, true)).toBe(end);
    for (const [name, array] of arrays) {
      expect(view.getUint32(at, true)).toBe(0x02014b50);
      const nameLength = view.getUint16(at + 28, true);
      expect(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))).toBe(`${name}.npy`);
      const local = view.getUint32(at + 42, true);
      expect(view.getUint32(local, true)).toBe(0x04034b50);
      const stored = bytes.subarray(local + 30 + nameLength, local + 30 + nameLength + view.getUint32(at + 20, true));
      expect(view.getUint32(at + 16, true)).toBe(crc32(stored));
      expect(floats(stored)).toEqual(array);
      at += 46 + nameLength;
    }
    expect(at).toBe(end);
  });

  it('has the same bytes every time', () => {
    const arrays = new Map([['a', { shape: [1], values: Float32Array.of(1) }]]);
    expect(writeNpz(arrays)).toEqual(writeNpz(arrays));
  });
});
