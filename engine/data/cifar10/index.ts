// CIFAR-10 in the binary form of its authors: records of one label and 3072 pixels, five files to train on and one to test on.
import { EngineError } from '../../plan/engine-error.ts';
import { elements, IMAGE_CLASSES, IMAGE_SHAPE, type Cifar10Spec } from '../../spec/index.ts';
import type { Examples, Splits } from '../data-set.ts';
import type { NamedBytes } from '../files.ts';
import { gunzip } from './gunzip.ts';
import { readTar } from './tar.ts';

const TRAIN_FILES = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`);
const TEST_FILE = 'test_batch.bin';
const FILES: ReadonlySet<string> = new Set([...TRAIN_FILES, TEST_FILE]);

const PIXELS = elements(IMAGE_SHAPE);
const RECORD = 1 + PIXELS;
const MOST_RECORDS = 10_000;
/** The real archive unpacks to 184.4 MB. */
const MOST_UNPACKED_BYTES = 200_000_000;

const isArchive = ({ name, bytes }: NamedBytes): boolean =>
  /\.(tar\.gz|tgz)$/i.test(name) || (bytes[0] === 0x1f && bytes[1] === 0x8b && !FILES.has(name));

function badFile(file: string, what: string, details: Readonly<Record<string, number>> = {}): EngineError {
  return new EngineError('BAD_DATA_FILE', `${file} ${what}`, { file, ...details });
}

/** Records of one batch, checked. */
interface Batch {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly records: number;
}

function batchIn({ name, bytes }: NamedBytes): Batch {
  const [records, rest] = [Math.floor(bytes.length / RECORD), bytes.length % RECORD];
  if (rest !== 0)
    throw badFile(
      name,
      `has ${bytes.length} bytes, ${rest} more than ${records} whole records of ${RECORD}: it is cut off, or no batch of CIFAR-10`,
      { offset: records * RECORD, record: records, sizeBytes: bytes.length },
    );
  if (records === 0 || records > MOST_RECORDS)
    throw badFile(name, `holds ${records} records, but a batch holds 1 to ${MOST_RECORDS}`, { offset: 0, records });
  for (let record = 0; record < records; record++) {
    const label = bytes[record * RECORD] as number;
    if (label >= IMAGE_CLASSES)
      throw badFile(
        name,
        `has the label ${label} in record ${record} (at byte ${record * RECORD}), but labels go from 0 to ${IMAGE_CLASSES - 1}`,
        { offset: record * RECORD, record, label },
      );
  }
  return { name, bytes, records };
}

/** The batch files among what the person has: they themselves, or what the one archive holds. */
async function batchFiles(files: readonly NamedBytes[]): Promise<ReadonlyMap<string, NamedBytes>> {
  const plain = files.filter(({ name }) => FILES.has(name));
  const [archive, ...others] = files.filter(isArchive);
  if (plain.length === 0 && archive && others.length > 0)
    throw new EngineError(
      'BAD_DATA_FILE',
      `there is more than one archive (${archive.name}, ${others[0]?.name}): choose one`,
      {
        file: archive.name,
      },
    );
  const found =
    plain.length === 0 && archive
      ? await readTar(archive.name, gunzip(archive, MOST_UNPACKED_BYTES), FILES, MOST_RECORDS * RECORD)
      : plain;
  const byName = new Map<string, NamedBytes>();
  for (const file of found) {
    if (byName.has(file.name)) throw badFile(file.name, 'is there twice');
    byName.set(file.name, file);
  }
  return byName;
}

function required(files: ReadonlyMap<string, NamedBytes>, name: string): Batch {
  const file = files.get(name);
  if (file) return batchIn(file);
  const there = [...files.keys()].sort().join(', ') || 'none of them';
  throw new EngineError(
    'DATA_MISSING',
    `${name} is missing (there is: ${there}); CIFAR-10 has ${[...FILES].join(', ')}`,
    {
      file: name,
    },
  );
}

/** Records from `first` to before `end`, counted over the batches. */
function examplesIn(batches: readonly Batch[], first: number, end: number): Examples {
  const rows = end - first;
  const x = new Uint8Array(rows * PIXELS);
  const y = new Int32Array(rows);
  let [row, begin] = [0, 0];
  for (const { bytes, records } of batches) {
    const [from, to] = [Math.max(first, begin) - begin, Math.min(end, begin + records) - begin];
    for (let record = from; record < to; record++, row++) {
      const at = record * RECORD;
      y[row] = bytes[at] as number;
      x.set(bytes.subarray(at + 1, at + RECORD), row * PIXELS);
    }
    begin += records;
  }
  return { rows, x, y };
}

/** A batch that was cut off between two records shows by being shorter than the others. */
function requireEqualLengths(batches: readonly Batch[]): void {
  const longest = Math.max(...batches.map((x) => x.records));
  const short = batches.find((x) => x.records < longest);
  if (!short) return;
  throw badFile(short.name, `holds ${short.records} records, but other train batches hold ${longest}: it is cut off`, {
    offset: short.bytes.length,
    records: short.records,
  });
}

function requireRows(split: 'train' | 'test', wanted: number, there: number): void {
  if (wanted >= 1 && wanted <= there) return;
  const least =
    wanted < 1 ? 'at least 1 picture to train on besides the validation pictures' : `${wanted} ${split} pictures`;
  throw new EngineError('DATA_MISSING', `the document asks for ${least}, but the files leave ${Math.max(0, there)}`, {
    split,
    wanted,
    available: Math.max(0, there),
  });
}

/**
 * Takes from the files what the document asks for: train pictures from the first on, validation pictures from the end of the
 * train batches, test pictures from the first on. Smaller batches than the real ones are allowed, if all are there.
 * @returns x u8 [rows, 3, 32, 32], y i32 [rows].
 * @throws EngineError DATA_MISSING naming what is not there; BAD_DATA_FILE naming file and offset.
 */
export async function readCifar10(spec: Cifar10Spec, files: readonly NamedBytes[]): Promise<Splits> {
  const found = await batchFiles(files);
  const batches = TRAIN_FILES.map((name) => required(found, name));
  requireEqualLengths(batches);
  const tests = [required(found, TEST_FILE)];
  const held = batches.reduce((sum, x) => sum + x.records, 0);
  const heldTest = tests.reduce((sum, x) => sum + x.records, 0);
  const left = held - spec.validation;
  const [train, test] = [spec.train ?? left, spec.test ?? heldTest];
  requireRows('train', train, left);
  requireRows('test', test, heldTest);
  return {
    train: examplesIn(batches, 0, train),
    validation: spec.validation > 0 ? examplesIn(batches, left, held) : null,
    test: examplesIn(tests, 0, test),
  };
}
