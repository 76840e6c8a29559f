// Stored data as one run of bytes: a short header in JSON, then the arrays, each at a multiple of eight, so that they are read in
// place. Little-endian, as every machine that runs the lab's kernels. The same data give the same bytes.
import * as v from 'valibot';
import { EngineError } from '../../plan/engine-error.ts';
import { hexDigest } from '../digest.ts';
import type { StoredColumn, StoredData, StoredPictures } from './stored-data.ts';

const MAGIC = 'OVERFITD';
const VERSION = 1;
/** Magic, version and length of the header. */
const PREAMBLE_BYTES = 16;
const ALIGNMENT = 8;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(65_536));
const Header = v.variant('kind', [
  v.strictObject({
    kind: v.literal('columns'),
    rows: count,
    columns: v.array(v.strictObject({ name: v.string(), categories: v.nullable(v.array(v.string())) })),
  }),
  v.strictObject({
    kind: v.literal('pictures'),
    rows: count,
    shape: v.strictTuple([size, size, size]),
    classes: v.array(v.string()),
    parts: v.boolean(),
  }),
]);
type Header = v.InferOutput<typeof Header>;

type StoredArray = Float64Array | Int32Array | Uint8Array;

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

function headerOf(data: StoredData): Header {
  if (data.kind === 'columns')
    return {
      kind: data.kind,
      rows: data.rows,
      columns: data.columns.map((x) => ({
        name: x.name,
        categories: x.kind === 'category' ? [...x.categories] : null,
      })),
    };
  const { kind, rows, shape, classes, parts } = data;
  return { kind, rows, shape: [...shape], classes: [...classes], parts: parts !== null };
}

/** In the order in which they lie. */
const arraysOf = (data: StoredData): readonly StoredArray[] =>
  data.kind === 'columns'
    ? data.columns.map((x) => x.values)
    : [data.pixels, data.labels, ...(data.parts === null ? [] : [data.parts])];

/** Elements that each array must have, in the same order. */
function lengthsOf(header: Header): readonly number[] {
  const { rows } = header;
  if (header.kind === 'columns') return header.columns.map(() => rows);
  const [channels, height, width] = header.shape;
  return [rows * channels * height * width, rows, ...(header.parts ? [rows] : [])];
}

/** Bytes of one element of each array, in order. */
const elementBytes = (header: Header): readonly number[] =>
  header.kind === 'columns' ? header.columns.map((x) => (x.categories === null ? 8 : 4)) : [1, 4, 1];

/** A container without its arrays: where each one belongs. */
function laidOut(header: Header): { readonly bytes: Uint8Array<ArrayBuffer>; readonly places: readonly number[] } {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const sizes = elementBytes(header);
  let at = aligned(PREAMBLE_BYTES + text.length);
  const places = lengthsOf(header).map((length, i) => {
    const place = at;
    at += aligned(length * (sizes[i] ?? 1));
    return place;
  });
  const bytes = new Uint8Array(at);
  bytes.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(bytes.buffer);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, text.length, true);
  bytes.set(text, PREAMBLE_BYTES);
  return { bytes, places };
}

/** Containers of pictures that were read straight into them. */
const filled = new WeakMap<StoredData, Uint8Array<ArrayBuffer>>();

/**
 * Pictures whose arrays lie in their container already: what is read into them is not copied again by `encodeStored`.
 * @param rows all zeros at first: pixels, labels, and parts where there are any.
 */
export function allocatePictures(
  described: Pick<StoredPictures, 'rows' | 'shape' | 'classes'>,
  hasParts: boolean,
): StoredPictures {
  const { rows, shape, classes } = described;
  const { bytes, places } = laidOut({
    kind: 'pictures',
    rows,
    shape: [...shape],
    classes: [...classes],
    parts: hasParts,
  });
  const [pixels = 0, labels = 0, parts = 0] = places;
  const data: StoredPictures = {
    kind: 'pictures',
    rows,
    shape,
    classes,
    pixels: new Uint8Array(bytes.buffer, pixels, rows * shape[0] * shape[1] * shape[2]),
    labels: new Int32Array(bytes.buffer, labels, rows),
    parts: hasParts ? new Uint8Array(bytes.buffer, parts, rows) : null,
  };
  filled.set(data, bytes);
  return data;
}

/**
 * The container of some data; of pictures from `allocatePictures` the very bytes that hold them.
 * @throws RangeError when an array has another length than `rows` says.
 */
export function encodeStored(data: StoredData): Uint8Array<ArrayBuffer> {
  const known = filled.get(data);
  if (known) return known;
  const header = headerOf(data);
  const arrays = arraysOf(data);
  for (const [i, length] of lengthsOf(header).entries())
    if (arrays[i]?.length !== length)
      throw new RangeError(`array ${i} of the stored data must have ${length} values, not ${arrays[i]?.length}`);
  const { bytes, places } = laidOut(header);
  for (const [i, array] of arrays.entries())
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), places[i]);
  return bytes;
}

const bad = (what: string, offset: number): EngineError =>
  new EngineError('BAD_DATA_FILE', `the stored data set ${what}`, { file: 'data set', offset });

function readHeader(bytes: Uint8Array): { readonly header: Header; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < PREAMBLE_BYTES || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC)
    throw bad('is none', 0);
  const version = view.getUint32(8, true);
  if (version !== VERSION) throw bad(`has version ${version}, which is not known here`, 8);
  const end = PREAMBLE_BYTES + view.getUint32(12, true);
  if (end > bytes.length) throw bad('is cut off within its header', 12);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(PREAMBLE_BYTES, end)));
  } catch {
    throw bad('has a header that is no JSON', PREAMBLE_BYTES);
  }
  const parsed = v.safeParse(Header, json);
  if (!parsed.success) throw bad(`has a header that says nothing sensible (${parsed.issues[0].message})`, 16);
  return { header: parsed.output, end: aligned(end) };
}

/** Where each array begins, after all claims have been compared with the bytes that are there. */
function placesOf(header: Header, start: number, total: number): readonly number[] {
  const sizes = elementBytes(header);
  let at = start;
  const places = lengthsOf(header).map((length, i) => {
    const place = at;
    at += aligned(length * (sizes[i] ?? 1));
    return place;
  });
  if (!Number.isSafeInteger(at) || at !== total)
    throw bad(`must have ${at} bytes for what its header says, but has ${total}`, start);
  return places;
}

function requireIndices(values: Int32Array, least: number, limit: number, what: string): void {
  const wrong = values.findIndex((x) => x < least || x >= limit);
  if (wrong >= 0) throw bad(`has ${values[wrong]} for ${what} in row ${wrong}, but there are ${limit}`, wrong);
}

/**
 * Reads stored data in place: the arrays are views, unless the bytes begin at an odd address.
 * @throws EngineError BAD_DATA_FILE; nothing is allocated for a claim that the bytes do not keep.
 */
export function decodeStored(given: Uint8Array): StoredData {
  const bytes = given.byteOffset % ALIGNMENT === 0 ? given : given.slice();
  const { header, end } = readHeader(bytes);
  const places = placesOf(header, end, bytes.length);
  const { buffer, byteOffset } = bytes;
  const { rows } = header;
  const indices = (place: number | undefined): Int32Array => new Int32Array(buffer, byteOffset + (place ?? 0), rows);
  if (header.kind === 'columns')
    return {
      kind: header.kind,
      rows,
      columns: header.columns.map(({ name, categories }, i): StoredColumn => {
        const place = byteOffset + (places[i] ?? 0);
        if (categories === null) return { name, kind: 'number', values: new Float64Array(buffer, place, rows) };
        const values = new Int32Array(buffer, place, rows);
        requireIndices(values, -1, categories.length, `the category of column "${name}"`);
        return { name, kind: 'category', values, categories };
      }),
    };
  const { kind, shape, classes } = header;
  const [pixels = 0, labelsAt, partsAt = 0] = places;
  const labels = indices(labelsAt);
  requireIndices(labels, 0, classes.length, 'the class');
  const parts = header.parts ? new Uint8Array(buffer, byteOffset + partsAt, rows) : null;
  const wrong = parts?.findIndex((x) => x > 1) ?? -1;
  if (wrong >= 0) throw bad(`has ${parts?.[wrong]} for the part in row ${wrong}, but only 0 and 1 are parts`, wrong);
  const [channels, height, width] = shape;
  return {
    kind,
    rows,
    shape,
    pixels: new Uint8Array(buffer, byteOffset + pixels, rows * channels * height * width),
    labels,
    classes,
    parts,
  };
}

/** The `digest` that documents name a stored data set by: SHA-256 of its container, 64 hexadecimal digits. */
export const storedDigest = (container: Uint8Array): Promise<string> => hexDigest(container);
