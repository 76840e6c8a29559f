// IDX, the form of MNIST and its family: a magic number, sizes, then bytes; one file of pictures and one of labels for each part, each as
// it is or as a .gz.
import type { StoredPictures } from '../stored/stored-data.ts';
import { allocatePictures } from '../stored/container.ts';
import { classesIn } from './arrays/values.ts';
import { ImportError } from './import-error.ts';
import { isGzip, unpacked } from './inflate.ts';
import { cutOff, fillFrom, readStart, skipping, tooLarge, type ImportSource, type ReadOptions } from './source.ts';

const UNSIGNED_BYTE = 0x08;
/** What a .gz can stand for at most, and a little for short files. */
const MOST_RATIO = 1032;
const MOST_BYTES = 2 ** 32;
const MOST_SIDE = 4096;

const TYPES: Readonly<Record<number, string>> = {
  0x09: 'signed bytes',
  0x0b: '16-bit numbers',
  0x0c: '32-bit numbers',
  0x0d: 'float32',
  0x0e: 'float64',
};

export interface IdxFile {
  readonly name: string;
  readonly holds: 'pictures' | 'labels';
  readonly isTest: boolean;
  /** [rows] or [rows, height, width]. */
  readonly sizes: readonly number[];
}

interface OpenIdx extends IdxFile {
  readonly source: ImportSource;
  readonly headerBytes: number;
}

/** @throws ImportError WRONG_FORMAT, UNSUPPORTED, CUT_OFF, TOO_LARGE, before anything is allocated. */
async function openIdx(source: ImportSource): Promise<OpenIdx> {
  const { name } = source;
  if (source.size === 0) throw new ImportError('EMPTY_FILE', name, 'is empty');
  const packed = isGzip(await readStart(source.open(), 2));
  const start = await readStart(unpacked(source, {}, MOST_BYTES), 4 + 4 * 3);
  const [zero, none, type = 0, dimensions = 0] = start;
  if (start.length < 4 || zero !== 0 || none !== 0 || (type !== UNSIGNED_BYTE && TYPES[type] === undefined))
    throw new ImportError('WRONG_FORMAT', name, 'is no IDX file (its first bytes are others)', { format: 'IDX' });
  if (type !== UNSIGNED_BYTE)
    throw new ImportError('UNSUPPORTED', name, `holds ${TYPES[type] ?? ''}; only unsigned bytes are read`, {
      what: TYPES[type] ?? '',
    });
  if (dimensions !== 1 && dimensions !== 3)
    throw new ImportError('UNSUPPORTED', name, `has ${dimensions} dimensions; pictures have 3 and labels 1`, {
      what: `${dimensions} dimensions`,
    });
  const headerBytes = 4 + 4 * dimensions;
  if (start.length < headerBytes) throw cutOff(name, headerBytes, start.length);
  const view = new DataView(start.buffer);
  const sizes = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  if (sizes.slice(1).some((x) => x > MOST_SIDE)) throw tooLarge(name, 'pixels on a side', MOST_SIDE);
  const bytes = headerBytes + sizes.reduce((product, x) => product * x, 1);
  if (bytes > MOST_BYTES) throw tooLarge(name, 'bytes', MOST_BYTES);
  if (sizes.includes(0)) throw new ImportError('NO_DATA', name, 'holds nothing');
  // What is claimed must be there, or at least be able to be.
  if (packed ? bytes > source.size * MOST_RATIO + 1024 : bytes > source.size) throw cutOff(name, bytes, source.size);
  return {
    source,
    name,
    holds: dimensions === 1 ? 'labels' : 'pictures',
    isTest: /t10k|test/i.test(name),
    sizes,
    headerBytes,
  };
}

interface Pair {
  readonly pictures: OpenIdx;
  readonly labels: OpenIdx;
}

/** Train before test; of each part one file of pictures and one of labels. */
function pairs(files: readonly OpenIdx[]): readonly Pair[] {
  const given = files.map((x) => x.name).join(' + ');
  const found = [false, true].flatMap((isTest): Pair[] => {
    const of = files.filter((x) => x.isTest === isTest);
    if (of.length === 0) return [];
    const [pictures, labels] = (['pictures', 'labels'] as const).map((holds) => {
      const [first, second] = of.filter((x) => x.holds === holds);
      const what = `${holds} of the ${isTest ? 'test' : 'train'} part`;
      if (!first) throw new ImportError('MISSING_FILE', given, `lacks the ${what}`, { what });
      if (second)
        throw new ImportError('BAD_FILE', second.name, `holds ${what}, as ${first.name} does`, {
          place: 'header',
          reason: `${what} are there twice`,
        });
      return first;
    }) as [OpenIdx, OpenIdx];
    return [{ pictures, labels }];
  });
  const [first] = found;
  if (!first) throw new ImportError('MISSING_FILE', 'IDX', 'no file was given', { what: 'pictures' });
  for (const { pictures, labels } of found) {
    const [rows = 0, ...size] = pictures.sizes;
    if (rows !== labels.sizes[0])
      throw new ImportError(
        'ROWS_DIFFER',
        pictures.name,
        `has ${rows} pictures, but ${labels.name} has ${labels.sizes[0]} labels`,
        {
          first: pictures.name,
          second: labels.name,
          firstRows: rows,
          secondRows: labels.sizes[0] ?? 0,
        },
      );
    const expected = first.pictures.sizes.slice(1);
    if (size.join() !== expected.join())
      throw new ImportError(
        'SIZE_DIFFERS',
        pictures.name,
        `has pictures of ${size.join(' × ')}, not ${expected.join(' × ')}`,
        {
          expected: expected.join(' × '),
          received: size.join(' × '),
        },
      );
  }
  return found;
}

/**
 * Reads headers only.
 * @throws ImportError naming the file.
 */
export async function inspectIdx(sources: readonly ImportSource[]): Promise<readonly IdxFile[]> {
  const files = await Promise.all(sources.map(openIdx));
  pairs(files);
  return files.map(({ name, holds, isTest, sizes }) => ({ name, holds, isTest, sizes }));
}

/**
 * Reads pictures and labels into place. Memory: the pictures, once.
 * @throws ImportError naming the file.
 */
export async function readIdx(sources: readonly ImportSource[], options: ReadOptions = {}): Promise<StoredPictures> {
  const found = pairs(await Promise.all(sources.map(openIdx)));
  let before = 0;
  const fill = async ({ source, headerBytes, sizes }: OpenIdx, into: Uint8Array): Promise<void> => {
    const limit = headerBytes + sizes.reduce((product, x) => product * x, 1);
    await fillFrom(skipping(unpacked(source, options, limit, before), headerBytes), into, source.name);
    before += source.size;
  };
  const rowsOf = ({ pictures }: Pair): number => pictures.sizes[0] ?? 0;
  const rows = found.reduce((sum, x) => sum + rowsOf(x), 0);
  const labels = new Uint8Array(rows);
  let at = 0;
  for (const pair of found) {
    await fill(pair.labels, labels.subarray(at, at + rowsOf(pair)));
    at += rowsOf(pair);
  }
  const classes = classesIn(labels) ?? { labels: new Int32Array(rows), classes: [] };
  const [, height = 1, width = 1] = found[0]?.pictures.sizes ?? [];
  const data = allocatePictures({ rows, shape: [1, height, width], classes: classes.classes }, found.length > 1);
  data.labels.set(classes.labels);
  at = 0;
  for (const pair of found) {
    const size = height * width;
    await fill(pair.pictures, data.pixels.subarray(at * size, (at + rowsOf(pair)) * size));
    if (pair.pictures.isTest) data.parts?.fill(1, at, at + rowsOf(pair));
    at += rowsOf(pair);
  }
  return data;
}
