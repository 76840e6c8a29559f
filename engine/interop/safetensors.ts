// The safetensors format: u64 header length, JSON header, raw data. Written for others to load, and read strictly, because
// a file from elsewhere is not trusted: every claim is checked against the bytes that are there before anything is made of it.
import type { Shape } from '../spec/index.ts';
import { badFile } from './interop-error.ts';
import type { NamedArrays } from './named-arrays.ts';
import { repeatedKey } from './repeated-key.ts';
import { float32Bytes, isDtype, tensorBytes, toFloat32, type Dtype, type StoredTensor } from './stored-tensor.ts';

const LENGTH_BYTES = 8;
/** The reference implementation's limit. */
const MOST_HEADER_BYTES = 100_000_000;
const METADATA = '__metadata__';
/** Offsets of data are multiples of this, so that a reader may map the file. */
const ALIGNMENT = 8;

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * A file with the arrays as F32, in their order.
 * @param metadata texts for the file's `__metadata__`.
 * @throws RangeError when an array has the reserved name, or values that do not fill its shape.
 */
export function writeSafetensors(arrays: NamedArrays, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  let dataBytes = 0;
  for (const [name, { shape, values }] of arrays) {
    if (name === METADATA) throw new RangeError(`an array must not be called ${METADATA}`);
    if (tensorBytes('F32', shape) !== values.byteLength)
      throw new RangeError(`${name} must have values for its shape, but has ${values.length}`);
    entries.push([name, { dtype: 'F32', shape, data_offsets: [dataBytes, (dataBytes += values.byteLength)] }]);
  }
  const json = new TextEncoder().encode(
    `{${entries.map(([k, x]) => `${JSON.stringify(k)}:${JSON.stringify(x)}`).join()}}`,
  );
  const headerBytes = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  file.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerBytes;
  for (const { values } of arrays.values()) {
    file.set(float32Bytes(values), at);
    at += values.byteLength;
  }
  return file;
}

function readHeader(bytes: Uint8Array, file: string): { readonly header: object; readonly data: Uint8Array } {
  if (bytes.length < LENGTH_BYTES)
    throw badFile(
      file,
      'byte 0',
      `must have at least ${LENGTH_BYTES} bytes, but has ${bytes.length}; it is no safetensors file`,
    );
  const claimed = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const there = bytes.length - LENGTH_BYTES;
  if (claimed > BigInt(MOST_HEADER_BYTES))
    throw badFile(
      file,
      'byte 0',
      `claims a header of ${claimed} bytes, more than the format allows (${MOST_HEADER_BYTES})`,
    );
  if (claimed > BigInt(there))
    throw badFile(file, 'byte 0', `claims a header of ${claimed} bytes, but only ${there} follow; the file is cut off`);
  const end = LENGTH_BYTES + Number(claimed);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(LENGTH_BYTES, end));
  } catch {
    throw badFile(file, `byte ${LENGTH_BYTES}`, 'the header is no UTF-8 text');
  }
  if (!text.startsWith('{')) throw badFile(file, `byte ${LENGTH_BYTES}`, 'the header must begin with {');
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw badFile(file, 'header', `is not valid JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const repeated = repeatedKey(text);
  if (repeated !== null) throw badFile(file, 'header', `has the name ${JSON.stringify(repeated)} twice`);
  return { header: header as object, data: bytes.subarray(end) };
}

const isCount = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;

interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

function readEntry(name: string, entry: unknown, dataBytes: number, file: string): Entry {
  const bad = (reason: string) => badFile(file, `tensor ${JSON.stringify(name)}`, reason);
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) throw bad('must be described by an object');
  const { dtype, shape, data_offsets: offsets, ...others } = entry as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw bad(`has an unknown key ${JSON.stringify(other)}`);
  if (typeof dtype !== 'string') throw bad('must have a dtype');
  if (!isDtype(dtype)) throw bad(`has dtype ${JSON.stringify(dtype)}, which is not read here (save it as F32)`);
  if (!Array.isArray(shape) || !shape.every(isCount)) throw bad('must have a shape of whole numbers from 0');
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw bad('must have data_offsets of two whole numbers');
  const [begin, end] = offsets as [number, number];
  if (begin > end) throw bad(`begins at ${begin}, after its end ${end}`);
  if (end > dataBytes) throw bad(`ends at ${end}, but there are only ${dataBytes} bytes of data; the file is cut off`);
  const needed = tensorBytes(dtype, shape);
  if (needed !== end - begin)
    throw bad(`must have ${needed} bytes for ${dtype} [${shape.join(', ')}], but its data_offsets span ${end - begin}`);
  return { name, dtype, shape, begin, end };
}

function readMetadata(value: unknown, file: string): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const good =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((x) => typeof x === 'string');
  if (!good) throw badFile(file, METADATA, 'must be an object of texts');
  return value as Record<string, string>;
}

/** Tensors must fill the data one after another: whoever leaves a hole or shares bytes hides something. */
function requireTiling(entries: readonly Entry[], dataBytes: number, file: string): void {
  let at = 0;
  const inPlace = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const { name, begin, end } of inPlace) {
    if (begin < at)
      throw badFile(file, `tensor ${JSON.stringify(name)}`, `begins at ${begin}, inside the tensor before it`);
    if (begin > at) throw badFile(file, `data byte ${at}`, `${begin - at} bytes belong to no tensor`);
    at = end;
  }
  if (at < dataBytes) throw badFile(file, `data byte ${at}`, `${dataBytes - at} bytes belong to no tensor`);
}

/**
 * Reads a safetensors file; tensors are views into `bytes`, in the header's order.
 * @param file name for messages, without folders.
 * @throws InteropError BAD_FILE naming the byte or the tensor; nothing is allocated for a claim that the file does not keep.
 */
export function readSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  const { header, data } = readHeader(bytes, file);
  const { [METADATA]: metadata, ...described } = header as Record<string, unknown>;
  const entries = Object.entries(described).map(([name, entry]) => readEntry(name, entry, data.length, file));
  requireTiling(entries, data.length, file);
  return {
    metadata: readMetadata(metadata, file),
    tensors: new Map(
      entries.map(({ name, dtype, shape, begin, end }) => [name, { dtype, shape, bytes: data.subarray(begin, end) }]),
    ),
  };
}

/**
 * The tensors of a file as f32 arrays.
 * @throws InteropError UNSUPPORTED naming a tensor that f32 cannot hold.
 */
export function namedArrays(tensors: ReadonlyMap<string, StoredTensor>, file: string): NamedArrays {
  return new Map(
    [...tensors].map(([name, tensor]) => [
      name,
      { shape: tensor.shape, values: toFloat32(tensor, `${file}: ${name}`) },
    ]),
  );
}
