// NumPy's arrays (one or two .npy, or one .npz): which array holds examples and which their targets is guessed from names and shapes.
import { InteropError } from '../../../interop/interop-error.ts';
import { readNpy } from '../../../interop/npy.ts';
import type { StoredTensor } from '../../../interop/stored-tensor.ts';
import { MOST_DATASET_COLUMNS, type Shape } from '../../../spec/index.ts';
import { allocatePictures } from '../../stored/container.ts';
import type { StoredColumn, StoredData } from '../../stored/stored-data.ts';
import { ImportError } from '../import-error.ts';
import { readWhole, tooLarge, type ImportSource, type ReadOptions } from '../source.ts';
import { readZip } from '../zip.ts';
import { classesIn, isWhole, requireFinite, valuesOf } from './values.ts';

/** All of a person's arrays together. */
const MOST_BYTES = 2 ** 32;
const MOST_VALUES = 2 ** 28;

/** Names of arrays; null: there is none. */
export interface ArrayRoles {
  readonly x: string;
  /** null: x has the target among its columns. */
  readonly y: string | null;
  readonly xTest: string | null;
  readonly yTest: string | null;
}

export interface ArrayInspection {
  readonly arrays: readonly { readonly name: string; readonly dtype: string; readonly shape: Shape }[];
  readonly roles: ArrayRoles;
  /** What they make. */
  readonly kind: StoredData['kind'];
  readonly rows: number;
}

type Arrays = ReadonlyMap<string, StoredTensor>;

/** Errors of the NPY reader as errors of an import. */
function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InteropError)) throw error;
    const { place, reason } = error.details;
    throw new ImportError(
      error.code === 'UNSUPPORTED' ? 'UNSUPPORTED' : 'BAD_FILE',
      file,
      `${String(place)}: ${String(reason)}`,
      {
        place: String(place),
        reason: String(reason),
        ...(error.code === 'UNSUPPORTED' && { what: String(reason) }),
      },
    );
  }
}

const stem = (name: string): string => name.replace(/^.*\//, '').replace(/\.npy$/i, '');

async function openArrays(sources: readonly ImportSource[], options: ReadOptions): Promise<Arrays> {
  const arrays = new Map<string, StoredTensor>();
  let before = 0;
  for (const source of sources) {
    const bytes = await readWhole(source, options, MOST_BYTES, before);
    before += source.size;
    if (bytes.length === 0) throw new ImportError('EMPTY_FILE', source.name, 'is empty');
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    const files = isZip
      ? readZip(source.name, bytes).filter((x) => x.path.endsWith('.npy'))
      : [{ path: source.name, bytes: () => Promise.resolve<Uint8Array>(bytes) }];
    for (const entry of files) {
      options.signal?.throwIfAborted();
      const file = isZip ? `${source.name}/${entry.path}` : source.name;
      const content = await entry.bytes();
      arrays.set(
        stem(entry.path),
        reading(file, () => readNpy(content, file)),
      );
    }
  }
  return arrays;
}

const X_NAME = /^(x|data|features|images|inputs?|arr_0)$/i;
const Y_NAME = /^(y|labels?|targets?|classes|outputs?|arr_1)$/i;
const PART = /[_-]?(train|training|test|testing)$/i;

/** The array's own name without what says which part it is of. */
function partOf(name: string): { readonly base: string; readonly isTest: boolean } {
  const part = PART.exec(name);
  return { base: part ? name.slice(0, part.index) : name, isTest: /^test/i.test(part?.[1] ?? '') };
}

function guessRoles(file: string, arrays: Arrays): ArrayRoles {
  const names = [...arrays.keys()];
  const find = (pattern: RegExp, isTest: boolean): string | null =>
    names.find((x) => partOf(x).isTest === isTest && pattern.test(partOf(x).base)) ?? null;
  const largest = [...arrays]
    .filter(([name, array]) => !partOf(name).isTest && array.shape.length > 0)
    .sort((a, b) => b[1].bytes.length - a[1].bytes.length)[0]?.[0];
  const x = find(X_NAME, false) ?? largest;
  if (x === undefined) throw new ImportError('NO_DATA', file, 'holds no array with rows');
  const rows = arrays.get(x)?.shape[0];
  const sameRows = names.find((name) => name !== x && !partOf(name).isTest && arrays.get(name)?.shape[0] === rows);
  const y = find(Y_NAME, false) ?? sameRows ?? null;
  const xTest = find(X_NAME, true);
  return { x, y: y === x ? null : y, xTest, yTest: y === null || y === x ? null : find(Y_NAME, true) };
}

function get(file: string, arrays: Arrays, name: string): StoredTensor {
  const array = arrays.get(name);
  if (array) return array;
  throw new ImportError('MISSING_FILE', file, `has no array "${name}"`, { what: name });
}

/** [channels, height, width] of unsigned bytes that can be pictures, gray or colour; channels may come last. */
function pictureShape({
  dtype,
  shape,
}: StoredTensor): { readonly shape: readonly [number, number, number]; readonly last: boolean } | null {
  if (dtype !== 'U8') return null;
  const [, a = 0, b = 0, c = 0] = shape;
  if (shape.length === 3 && a > 0 && b > 0) return { shape: [1, a, b], last: false };
  if (shape.length !== 4 || a * b * c === 0) return null;
  const [first, last] = [a, c].map((x) => x === 1 || x === 3);
  if (first) return { shape: [a, b, c], last: false };
  return last ? { shape: [c, a, b], last: true } : null;
}

const columnsOf = ({ shape }: StoredTensor): number => shape.slice(1).reduce((product, x) => product * x, 1);

interface Parts {
  readonly x: readonly StoredTensor[];
  readonly y: readonly StoredTensor[];
}

/** @throws ImportError ROWS_DIFFER, BAD_FILE when parts do not fit each other. */
function partsOf(file: string, arrays: Arrays, roles: ArrayRoles): Parts {
  const xNames = [roles.x, roles.xTest].filter((x) => x !== null);
  const yNames = roles.y === null ? [] : [roles.y, ...(roles.xTest === null ? [] : [roles.yTest])];
  const missing = yNames.indexOf(null);
  if (missing >= 0)
    throw new ImportError('MISSING_FILE', file, `has no targets for "${xNames[missing] ?? ''}"`, {
      what: `targets of ${xNames[missing] ?? ''}`,
    });
  const [x, y] = [xNames, yNames].map((names) => names.map((name) => get(file, arrays, name ?? ''))) as [
    StoredTensor[],
    StoredTensor[],
  ];
  for (const [i, array] of x.entries()) {
    const rows = array.shape[0] ?? 0;
    if (array.shape.length === 0 || rows === 0) throw new ImportError('NO_DATA', file, `"${xNames[i]}" has no rows`);
    if (columnsOf(array) !== columnsOf(x[0] as StoredTensor) || array.dtype !== x[0]?.dtype)
      throw new ImportError('BAD_FILE', file, `"${xNames[i]}" has another shape or type than "${xNames[0]}"`, {
        place: xNames[i] ?? '',
        reason: 'another shape or type',
      });
    const targets = y[i]?.shape[0];
    if (targets !== undefined && targets !== rows)
      throw new ImportError('ROWS_DIFFER', file, `"${xNames[i]}" has ${rows} rows, but "${yNames[i]}" has ${targets}`, {
        first: xNames[i] ?? '',
        second: yNames[i] ?? '',
        firstRows: rows,
        secondRows: targets,
      });
  }
  return { x, y };
}

/** One column of arrays [rows, width], put end to end. */
function columnAt(
  arrays: readonly (readonly [values: ArrayLike<number>, width: number])[],
  column: number,
): Float64Array {
  const total = arrays.reduce((sum, [values, width]) => sum + values.length / width, 0);
  const out = new Float64Array(total);
  let at = 0;
  for (const [values, width] of arrays)
    for (let i = column; i < values.length; i += width) out[at++] = values[i] as number;
  return out;
}

function columnsFrom(file: string, name: string, arrays: readonly StoredTensor[], asClasses: boolean): StoredColumn[] {
  const width = columnsOf(arrays[0] as StoredTensor);
  if (width > MOST_DATASET_COLUMNS) throw tooLarge(file, 'columns', MOST_DATASET_COLUMNS);
  const values = arrays.map((x) => [valuesOf(x), width] as const);
  if (values.reduce((sum, [x]) => sum + x.length, 0) > MOST_VALUES) throw tooLarge(file, 'values', MOST_VALUES);
  for (const [x] of values) requireFinite(file, name, x, width);
  return Array.from({ length: width }, (_, i): StoredColumn => {
    const column = columnAt(values, i);
    const label = width === 1 ? name : `${name}${i}`;
    const found = asClasses && arrays.every(isWhole) ? classesIn(column) : null;
    return found
      ? { name: label, kind: 'category', values: found.labels, categories: found.classes }
      : { name: label, kind: 'number', values: column };
  });
}

function tableFrom(file: string, { x, y }: Parts): StoredData {
  const columns = [...columnsFrom(file, 'x', x, false), ...(y.length > 0 ? columnsFrom(file, 'y', y, true) : [])];
  const rows = columns[0]?.values.length ?? 0;
  const [train = 0] = x.map((array) => array.shape[0] ?? 0);
  if (x.length > 1)
    columns.push({
      name: 'split',
      kind: 'category',
      values: Int32Array.from({ length: rows }, (_, i) => (i < train ? 0 : 1)),
      categories: ['train', 'test'],
    });
  return { kind: 'columns', rows, columns };
}

/** [rows, height, width, channels] to [rows, channels, height, width]. */
function channelsFirst(
  from: Uint8Array,
  to: Uint8Array,
  [channels, height, width]: readonly [number, number, number],
): void {
  const plane = height * width;
  for (let i = 0; i < from.length; i++) {
    const [pixel, channel] = [Math.floor(i / channels), i % channels];
    const row = Math.floor(pixel / plane);
    to[(row * channels + channel) * plane + (pixel % plane)] = from[i] as number;
  }
}

/** null: these are no pictures with classes. */
function picturesFrom({ x, y }: Parts): StoredData | null {
  const picture = pictureShape(x[0] as StoredTensor);
  const targets = y.map((array) => valuesOf(array));
  if (!picture || y.length === 0 || !y.every((array) => isWhole(array) && columnsOf(array) === 1)) return null;
  const found = classesIn(Float64Array.from(targets.flatMap((values) => Array.from(values))));
  if (!found) return null;
  const rows = found.labels.length;
  const data = allocatePictures({ rows, shape: picture.shape, classes: found.classes }, x.length > 1);
  data.labels.set(found.labels);
  data.parts?.fill(1, x[0]?.shape[0] ?? 0);
  let at = 0;
  for (const { bytes } of x) {
    const into = data.pixels.subarray(at, at + bytes.length);
    if (picture.last) channelsFirst(bytes, into, picture.shape);
    else into.set(bytes);
    at += bytes.length;
  }
  return data;
}

/**
 * Looks at arrays. The files are read whole: their headers lie among their data.
 * @throws ImportError naming file and array.
 */
export async function inspectArrays(
  sources: readonly ImportSource[],
  options: ReadOptions = {},
): Promise<ArrayInspection> {
  const file = sources.map((x) => x.name).join(' + ');
  const arrays = await openArrays(sources, options);
  const roles = guessRoles(file, arrays);
  const parts = partsOf(file, arrays, roles);
  const isPicture =
    pictureShape(parts.x[0] as StoredTensor) !== null &&
    parts.y.length > 0 &&
    parts.y.every((x) => isWhole(x) && columnsOf(x) === 1);
  return {
    arrays: [...arrays].map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
    roles,
    kind: isPicture ? 'pictures' : 'columns',
    rows: parts.x.reduce((sum, x) => sum + (x.shape[0] ?? 0), 0),
  };
}

/**
 * Reads arrays: bytes of pictures with whole-numbered targets become pictures, everything else columns `x0`, `x1`, … and `y`. Test
 * arrays become test rows.
 * @param roles left out: as `inspectArrays` guesses.
 * @throws ImportError naming file and array, row and column where it can be said.
 */
export async function readArrays(
  sources: readonly ImportSource[],
  options: ReadOptions & { readonly roles?: ArrayRoles } = {},
): Promise<StoredData> {
  const file = sources.map((x) => x.name).join(' + ');
  const arrays = await openArrays(sources, options);
  const parts = partsOf(file, arrays, options.roles ?? guessRoles(file, arrays));
  return picturesFrom(parts) ?? tableFrom(file, parts);
}
