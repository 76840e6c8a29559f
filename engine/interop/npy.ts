// NumPy's NPY format: one array with a short header in Python's notation. Written as version 1.0; read strictly.
import { elements, type Shape } from '../spec/index.ts';
import { badFile } from './interop-error.ts';
import { float32Bytes, tensorBytes, type Dtype, type StoredTensor } from './stored-tensor.ts';
import type { NamedArray } from './named-arrays.ts';

const MAGIC = '\x93NUMPY';
/** The header ends at a multiple of this. */
const ALIGNMENT = 64;
const PREAMBLE_BYTES = 10;

const DESCRIPTIONS: { readonly [D in Dtype]?: string } = {
  F64: '<f8',
  F32: '<f4',
  F16: '<f2',
  I64: '<i8',
  I32: '<i4',
  I16: '<i2',
  I8: '|i1',
  U8: '|u1',
  BOOL: '|b1',
};
const DTYPES: ReadonlyMap<string, Dtype> = new Map(
  Object.entries(DESCRIPTIONS).map(([dtype, description]) => [description, dtype as Dtype]),
);

/**
 * One array as an NPY file, row-major.
 * @throws RangeError when NumPy has no such type (BF16), or the bytes do not fill the shape.
 */
export function writeNpy({ dtype, shape, bytes }: StoredTensor): Uint8Array {
  const description = DESCRIPTIONS[dtype];
  if (description === undefined) throw new RangeError(`NumPy has no type for ${dtype}`);
  if (bytes.length !== tensorBytes(dtype, shape))
    throw new RangeError(`bytes must be ${tensorBytes(dtype, shape)} for the shape, not ${bytes.length}`);
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${description}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const padded = Math.ceil((PREAMBLE_BYTES + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT - PREAMBLE_BYTES;
  const file = new Uint8Array(PREAMBLE_BYTES + padded + bytes.length);
  file.set(Uint8Array.from(`${MAGIC}\x01\x00`, (x) => x.charCodeAt(0)));
  new DataView(file.buffer).setUint16(8, padded, true);
  file.set(new TextEncoder().encode(`${dictionary.padEnd(padded - 1)}\n`), PREAMBLE_BYTES);
  file.set(bytes, PREAMBLE_BYTES + padded);
  return file;
}

/** A trained array as an NPY file. */
export const writeFloatNpy = ({ shape, values }: NamedArray): Uint8Array =>
  writeNpy({ dtype: 'F32', shape, bytes: float32Bytes(values) });

interface NpyHeader {
  readonly dtype: Dtype;
  readonly columnMajor: boolean;
  readonly shape: Shape;
  /** Where the data begins. */
  readonly end: number;
}

/** The three entries in any order, as Python prints them. */
const ENTRY = /^\s*'(descr|fortran_order|shape)':\s*('[^']*'|True|False|\([\d,\s]*\))\s*(?:,|$)/;

function readDictionary(text: string, bad: (reason: string) => Error): Map<string, string> {
  const inner = /^\{(.*)\}\s*$/s.exec(text)?.[1];
  if (inner === undefined) throw bad('must be a dictionary of descr, fortran_order and shape');
  const entries = new Map<string, string>();
  let rest = inner;
  while (rest.trim() !== '') {
    const [whole, key, value] = ENTRY.exec(rest) ?? [];
    if (whole === undefined || key === undefined || value === undefined)
      throw bad(
        `cannot be read from ${JSON.stringify(rest.trim().slice(0, 40))} on (structured and object arrays are not read)`,
      );
    if (entries.has(key)) throw bad(`has ${key} twice`);
    entries.set(key, value);
    rest = rest.slice(whole.length);
  }
  return entries;
}

function readShape(text: string, bad: (reason: string) => Error): Shape {
  const items = text
    .slice(1, -1)
    .split(',')
    .map((x) => x.trim());
  if (items.at(-1) === '') items.pop();
  const shape = items.map(Number);
  if (items.includes('') || !shape.every(Number.isSafeInteger)) throw bad(`has the shape ${text}, which is none`);
  return shape;
}

function readHeader(bytes: Uint8Array, file: string): NpyHeader {
  const begins = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (begins !== MAGIC || bytes.length < PREAMBLE_BYTES) throw badFile(file, 'byte 0', 'is no NPY file');
  const [major, minor] = [bytes[6] as number, bytes[7] as number];
  if (major < 1 || major > 3 || minor !== 0)
    throw badFile(file, 'byte 6', `has version ${major}.${minor}, which is not known`);
  const start = major === 1 ? PREAMBLE_BYTES : PREAMBLE_BYTES + 2;
  if (bytes.length < start) throw badFile(file, 'byte 8', 'is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const end = start + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length)
    throw badFile(
      file,
      'byte 8',
      `claims a header of ${end - start} bytes, but only ${bytes.length - start} follow; the file is cut off`,
    );
  const bad = (reason: string) => badFile(file, 'header', reason);
  const entries = readDictionary(new TextDecoder('utf-8').decode(bytes.subarray(start, end)), bad);
  const [descr, order, shape] = ['descr', 'fortran_order', 'shape'].map((key) => {
    const value = entries.get(key);
    if (value === undefined) throw bad(`has no ${key}`);
    return value;
  }) as [string, string, string];
  const dtype = DTYPES.get(descr.slice(1, -1));
  if (dtype === undefined) throw bad(`has the type ${descr}, which is not read here (save it as float32)`);
  if (order !== 'True' && order !== 'False') throw bad(`has fortran_order ${order}, which must be True or False`);
  return { dtype, columnMajor: order === 'True', shape: readShape(shape, bad), end };
}

/** Row-major copy of a column-major array. */
function toRowMajor(bytes: Uint8Array, shape: Shape, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const index = shape.map(() => 0);
  for (let to = 0; to < bytes.length; to += size) {
    const from = index.reduceRight((sum, x, axis) => sum * (shape[axis] as number) + x, 0) * size;
    out.set(bytes.subarray(from, from + size), to);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      index[axis] = next === shape[axis] ? 0 : next;
      if (index[axis] !== 0) break;
    }
  }
  return out;
}

/**
 * Reads an NPY file.
 * @param file name for messages, without folders.
 * @returns row-major; a view into `bytes` unless the file is column-major.
 * @throws InteropError BAD_FILE naming the place; nothing is allocated for a claim that the file does not keep.
 */
export function readNpy(bytes: Uint8Array, file: string): StoredTensor {
  const { dtype, columnMajor, shape, end } = readHeader(bytes, file);
  const data = bytes.subarray(end);
  const needed = tensorBytes(dtype, shape);
  if (needed !== data.length)
    throw badFile(
      file,
      `byte ${end}`,
      `must have ${needed} bytes for ${dtype} [${shape.join(', ')}], but has ${data.length}`,
    );
  const stored = columnMajor && shape.length > 1 && elements(shape) > 0;
  return { dtype, shape, bytes: stored ? toRowMajor(data, shape, needed / elements(shape)) : data };
}
