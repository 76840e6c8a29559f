// CIFAR-10 and CIFAR-100 in the binary form of their authors: some .bin files, or the archive (.tar.gz) that holds them. Records go straight
// to their places: the memory taken is that of the pictures.
import { CIFAR10_CLASSES } from '../../spec/index.ts';
import { allocatePictures } from '../stored/container.ts';
import type { StoredPictures } from '../stored/stored-data.ts';
import { ImportError } from './import-error.ts';
import { isGzip, unpacked } from './inflate.ts';
import { piecesOf, readStart, tooLarge, type ImportSource, type ReadOptions } from './source.ts';
import { tarFiles } from './tar.ts';

const PIXELS = 3 * 32 * 32;
const MOST_FILE_BYTES = 50_000 * (PIXELS + 2);
/** The real archives unpack to 184.4 and 184.6 MB. */
const MOST_UNPACKED_BYTES = 200_000_000;
const MOST_NAME_BYTES = 1 << 16;

type Variant = 'cifar10' | 'cifar100';

interface KnownFile {
  readonly variant: Variant;
  readonly isTest: boolean;
}

const KNOWN: ReadonlyMap<string, KnownFile> = new Map<string, KnownFile>([
  ...[1, 2, 3, 4, 5].map((i) => [`data_batch_${i}.bin`, { variant: 'cifar10', isTest: false }] as const),
  ['test_batch.bin', { variant: 'cifar10', isTest: true }],
  ['train.bin', { variant: 'cifar100', isTest: false }],
  ['test.bin', { variant: 'cifar100', isTest: true }],
]);

/** Label bytes before the pixels, and how many classes the chosen one has. */
const LABELS = {
  cifar10: { bytes: 1, fine: { at: 0, classes: 10 }, coarse: { at: 0, classes: 10 } },
  cifar100: { bytes: 2, fine: { at: 1, classes: 100 }, coarse: { at: 0, classes: 20 } },
} as const;
const NAME_FILES = {
  cifar10: { fine: 'batches.meta.txt', coarse: 'batches.meta.txt' },
  cifar100: { fine: 'fine_label_names.txt', coarse: 'coarse_label_names.txt' },
} as const;

export interface CifarOptions extends ReadOptions {
  /** CIFAR-100 has 100 fine classes in 20 coarse ones. */
  readonly labels?: 'fine' | 'coarse';
}

export interface CifarInspection {
  readonly variant: Variant;
  readonly files: readonly { readonly name: string; readonly isTest: boolean; readonly records: number }[];
}

interface Batch extends KnownFile {
  readonly name: string;
  readonly records: number;
}

interface Found {
  readonly variant: Variant;
  readonly batches: readonly Batch[];
  /** Texts of files that name classes. */
  readonly names: ReadonlyMap<string, string>;
}

function batchOf(name: string, known: KnownFile, size: number): Batch {
  const record = PIXELS + LABELS[known.variant].bytes;
  if (size > MOST_FILE_BYTES) throw tooLarge(name, 'bytes', MOST_FILE_BYTES);
  const records = Math.floor(size / record);
  if (size % record !== 0)
    throw new ImportError(
      'CUT_OFF',
      name,
      `has ${size} bytes, which are no whole records of ${record}: it is cut off, or another file`,
      { expected: (records + 1) * record, received: size },
    );
  if (records === 0) throw new ImportError('EMPTY_FILE', name, 'holds no pictures');
  return { ...known, name, records };
}

const isNames = (file: string): boolean => Object.values(NAME_FILES).some((x) => x.fine === file || x.coarse === file);

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  return new TextDecoder().decode(await readStart(pieces, MOST_NAME_BYTES));
}

const isArchive = async (source: ImportSource): Promise<boolean> =>
  /\.(tar|tgz|tar\.gz)$/i.test(source.name) || isGzip(await readStart(source.open(), 2));

/** Every file of a data set: given as it is, or within the one archive. @param visit in their order. */
async function visitFiles(
  sources: readonly ImportSource[],
  options: ReadOptions,
  visit: (name: string, size: number, pieces: () => AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const [first, ...others] = sources;
  if (first && others.length === 0 && !KNOWN.has(first.name) && (await isArchive(first))) {
    const { name } = first;
    for await (const entry of tarFiles(name, unpacked(first, options, MOST_UNPACKED_BYTES)))
      await visit(entry.file, entry.sizeBytes, () => entry.body);
    return;
  }
  let before = 0;
  for (const source of sources) {
    const at = before;
    await visit(source.name, source.size, () => piecesOf(source, options, at));
    before += source.size;
  }
}

async function find(sources: readonly ImportSource[], signal: AbortSignal | undefined): Promise<Found> {
  const given = sources.map((x) => x.name).join(' + ');
  const batches = new Map<string, Batch>();
  const names = new Map<string, string>();
  await visitFiles(sources, { signal }, async (name, size, pieces) => {
    const known = KNOWN.get(name);
    if (isNames(name)) names.set(name, await textOf(pieces()));
    if (!known) return;
    if (batches.has(name))
      throw new ImportError('BAD_FILE', given, `holds ${name} twice`, { place: name, reason: 'is there twice' });
    batches.set(name, batchOf(name, known, size));
  });
  const variants = new Set([...batches.values()].map((x) => x.variant));
  const [variant] = variants;
  if (variant === undefined)
    throw new ImportError('MISSING_FILE', given, `holds none of ${[...KNOWN.keys()].join(', ')}`, {
      what: [...KNOWN.keys()].join(', '),
    });
  if (variants.size > 1)
    throw new ImportError('BAD_FILE', given, 'mixes files of CIFAR-10 and CIFAR-100', {
      place: [...batches.keys()].join(', '),
      reason: 'CIFAR-10 and CIFAR-100',
    });
  return { variant, batches: [...batches.values()].sort(inOrder), names };
}

/** Train before test, batches by their numbers, however they were given. */
const inOrder = (a: Batch, b: Batch): number => Number(a.isTest) - Number(b.isTest) || (a.name < b.name ? -1 : 1);

function classNames({ variant, names }: Found, labels: 'fine' | 'coarse'): readonly string[] {
  const { classes } = LABELS[variant][labels];
  const lines = (names.get(NAME_FILES[variant][labels]) ?? '')
    .split('\n')
    .map((x) => x.trim())
    .filter((x) => x !== '');
  if (lines.length === classes && new Set(lines).size === classes) return lines;
  return variant === 'cifar10' ? CIFAR10_CLASSES : Array.from({ length: classes }, (_, i) => String(i));
}

/** Puts the records of one file in their places. @param row of its first record. */
async function fillRecords(
  pieces: AsyncIterable<Uint8Array>,
  { name, variant, records }: Batch,
  { at: labelAt, classes }: { readonly at: number; readonly classes: number },
  data: StoredPictures,
  row: number,
): Promise<void> {
  const labelBytes = LABELS[variant].bytes;
  const size = PIXELS + labelBytes;
  let place = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const [record, inRecord] = [Math.floor(place / size), place % size];
      if (record >= records)
        throw new ImportError('BAD_FILE', name, `goes on after its ${records} records`, {
          place: `byte ${place}`,
          reason: 'goes on after its end',
        });
      if (inRecord < labelBytes) {
        const label = piece[at] as number;
        if (inRecord === labelAt) {
          if (label >= classes)
            throw new ImportError(
              'BAD_LABEL',
              name,
              `has the label ${label}, but labels go from 0 to ${classes - 1}`,
              { label, limit: classes - 1 },
              { row: record + 1 },
            );
          data.labels[row + record] = label;
        }
        at += 1;
        place += 1;
        continue;
      }
      const count = Math.min(size - inRecord, piece.length - at);
      data.pixels.set(piece.subarray(at, at + count), (row + record) * PIXELS + inRecord - labelBytes);
      at += count;
      place += count;
    }
  }
  if (place < records * size)
    throw new ImportError('CUT_OFF', name, `is cut off after ${place} bytes`, {
      expected: records * size,
      received: place,
    });
}

/**
 * Finds out which files are there and how many pictures they hold. An archive is unpacked once for it, and nothing of it kept.
 * @throws ImportError naming the file.
 */
export async function inspectCifar(
  sources: readonly ImportSource[],
  options: ReadOptions = {},
): Promise<CifarInspection> {
  const { variant, batches } = await find(sources, options.signal);
  return { variant, files: batches.map(({ name, isTest, records }) => ({ name, isTest, records })) };
}

/**
 * Reads all pictures, train before test; the files say which are which. An archive is unpacked twice, first for the number of pictures.
 * @throws ImportError naming file and record.
 */
export async function readCifar(sources: readonly ImportSource[], options: CifarOptions = {}): Promise<StoredPictures> {
  const { labels = 'fine', ...reading } = options;
  const found = await find(sources, reading.signal);
  const { batches } = found;
  const rows = batches.reduce((sum, x) => sum + x.records, 0);
  const data = allocatePictures(
    { rows, shape: [3, 32, 32], classes: classNames(found, labels) },
    batches.some((x) => x.isTest),
  );
  const places = new Map<string, { readonly batch: Batch; readonly row: number }>();
  let row = 0;
  for (const batch of batches) {
    places.set(batch.name, { batch, row });
    if (batch.isTest) data.parts?.fill(1, row, row + batch.records);
    row += batch.records;
  }
  await visitFiles(sources, reading, async (name, _, pieces) => {
    const place = places.get(name);
    if (place) await fillRecords(pieces(), place.batch, LABELS[found.variant][labels], data, place.row);
  });
  return data;
}
