// NumPy's NPZ format: a zip archive of NPY files, uncompressed. Written only; every zip reader opens it.
import { writeFloatNpy, writeNpy } from './npy.ts';
import type { NamedArrays } from './named-arrays.ts';
import type { StoredTensor } from './stored-tensor.ts';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
/** Version 2.0 of the format: folders and stored files. */
const VERSION = 20;
/** Names are UTF-8. */
const UTF8_NAMES = 0x0800;
/** 1 January 1980, the format's beginning: the same content gives the same bytes at any time. */
const DATE = 0x0021;
/** Sizes and positions are 32 bits wide. */
const MOST_BYTES = 0xffff_ffff;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let c = i;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

/** CRC-32 as zip and PNG use it. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffff_ffff;
  for (const byte of bytes) c = (CRC_TABLE[(c ^ byte) & 0xff] as number) ^ (c >>> 8);
  return (c ^ 0xffff_ffff) >>> 0;
}

interface Entry {
  readonly name: Uint8Array;
  readonly bytes: Uint8Array;
  readonly crc: number;
  /** Where its local header stands. */
  readonly at: number;
}

/** The fields that both headers share, from "version needed" to the lengths of name and extra. */
function commonFields({ name, bytes, crc }: Entry): Uint8Array {
  const fields = new DataView(new ArrayBuffer(26));
  fields.setUint16(0, VERSION, true);
  fields.setUint16(2, UTF8_NAMES, true);
  fields.setUint16(8, DATE, true);
  fields.setUint32(10, crc, true);
  fields.setUint32(14, bytes.length, true);
  fields.setUint32(18, bytes.length, true);
  fields.setUint16(22, name.length, true);
  return new Uint8Array(fields.buffer);
}

function words(...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of values) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, x) => sum + x.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const size = (parts: readonly Uint8Array[]): number => parts.reduce((sum, x) => sum + x.length, 0);

/** @throws RangeError when the archive would not fit the format's 4 GiB. */
function storedZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts: Uint8Array[] = [];
  const entries: Entry[] = [];
  let at = 0;
  for (const [name, bytes] of files) {
    const entry = { name: new TextEncoder().encode(name), bytes, crc: crc32(bytes), at };
    const local = [words([4, LOCAL_HEADER]), commonFields(entry), entry.name, bytes];
    at += size(local);
    if (at > MOST_BYTES) throw new RangeError(`an NPZ file holds at most 4 GiB, and ${name} goes beyond`);
    parts.push(...local);
    entries.push(entry);
  }
  const directory = entries.flatMap((entry) => [
    words([4, CENTRAL_HEADER], [2, VERSION]),
    commonFields(entry),
    words([2, 0], [2, 0], [2, 0], [4, 0], [4, entry.at]),
    entry.name,
  ]);
  const count = entries.length;
  const end = words(
    [4, END_OF_DIRECTORY],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, size(directory)],
    [4, at],
    [2, 0],
  );
  return joined([...parts, ...directory, end]);
}

/** Arrays of any type as one NPZ file; `numpy.load(file)[name]` gives them back. */
export const writeStoredNpz = (arrays: ReadonlyMap<string, StoredTensor>): Uint8Array =>
  storedZip(new Map([...arrays].map(([name, array]) => [`${name}.npy`, writeNpy(array)])));

/** Trained arrays as one NPZ file. */
export const writeNpz = (arrays: NamedArrays): Uint8Array =>
  storedZip(new Map([...arrays].map(([name, array]) => [`${name}.npy`, writeFloatNpy(array)])));
