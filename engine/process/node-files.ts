// The data sets that a person has on disk, read by Node: the files of a folder, or one archive. What is in them is judged by
// engine/data; here they are found, and kept from being so large that reading them would hurt.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FileSource, NamedBytes } from '../data/index.ts';

export type DataFileCode =
  /** No place was given, or nothing that belongs to the data set is there. */
  | 'DATA_MISSING'
  /** The file system refuses. */
  | 'DATA_ACCESS'
  /** Larger than anything that belongs to the data set. */
  | 'DATA_TOO_LARGE';

/** Names the path that was given and what was looked for there. */
export class DataFileError extends Error {
  readonly code: DataFileCode;
  readonly details: Readonly<Record<string, string>>;
  constructor(code: DataFileCode, message: string, details: Readonly<Record<string, string>>) {
    super(message);
    this.name = 'DataFileError';
    this.code = code;
    this.details = details;
  }
}

interface KnownFiles {
  readonly title: string;
  /** Files that belong to the data set. */
  readonly file: RegExp;
  readonly archive: RegExp;
  /** What its archive unpacks to. */
  readonly folder: string;
  readonly expected: string;
}

type Dataset = Parameters<FileSource['open']>[0];
const KNOWN: Readonly<Record<Dataset, KnownFiles>> = {
  cifar10: {
    title: 'CIFAR-10',
    file: /^(data_batch_[1-5]|test_batch)\.bin$/,
    archive: /\.(tar\.gz|tgz)$/i,
    folder: 'cifar-10-batches-bin',
    expected: 'data_batch_1.bin … data_batch_5.bin and test_batch.bin, or cifar-10-binary.tar.gz',
  },
};

const MB = 2 ** 20;
/** A batch has 29.3 MB; the archive 163 MB. */
const LARGEST_FILE_MB = 64;
const LARGEST_ARCHIVE_MB = 512;

function reworded(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  if (error instanceof DataFileError) return error;
  return error.code === 'ENOENT'
    ? new DataFileError('DATA_MISSING', `there is no ${path}`, { path })
    : new DataFileError('DATA_ACCESS', `${path} cannot be read (${error.code})`, { path, cause: error.code });
}

async function read(path: string, limitMb: number): Promise<NamedBytes> {
  try {
    const { size } = await stat(path);
    if (size > limitMb * MB)
      throw new DataFileError(
        'DATA_TOO_LARGE',
        `${path} has ${Math.ceil(size / MB)} MB, but no such file has more than ${limitMb} MB`,
        { path },
      );
    // A plain array over the same memory: `slice` of Node's own kind does not copy.
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return { name: basename(path), bytes: new Uint8Array(buffer, byteOffset, byteLength) };
  } catch (error) {
    throw reworded(error, path);
  }
}

async function readFolder(folder: string, known: KnownFiles): Promise<readonly NamedBytes[] | null> {
  const names = await readdir(folder);
  const files = names.filter((name) => known.file.test(name)).sort();
  if (files.length > 0) {
    const found: NamedBytes[] = [];
    for (const name of files) found.push(await read(join(folder, name), LARGEST_FILE_MB));
    return found;
  }
  if (names.includes(known.folder)) {
    const inner = join(folder, known.folder);
    if ((await stat(inner)).isDirectory()) return readFolder(inner, known);
  }
  const [archive, ...others] = names.filter((name) => known.archive.test(name));
  // Of several archives none is guessed.
  return archive !== undefined && others.length === 0 ? [await read(join(folder, archive), LARGEST_ARCHIVE_MB)] : null;
}

/** A data set is stored so that it can be read whole; more than this no trainer holds. */
const LARGEST_STORED_MB = 4096;

/**
 * Where a run's stored data set lies, which the host has put there before the run began.
 * @param path absolute path of its container; null: the run has none.
 */
export const storedAt =
  (path: string | null): FileSource['stored'] =>
  async () =>
    path === null ? null : (await read(path, LARGEST_STORED_MB)).bytes;

/**
 * @param path absolute; null when the person has not said where the files are.
 * @param stored finds stored data sets by their digest; without it there are none.
 */
export function nodeFileSource(
  path: string | null,
  stored: FileSource['stored'] = () => Promise.resolve(null),
): FileSource {
  return {
    stored,
    async open(dataset) {
      const known = KNOWN[dataset];
      if (path === null)
        throw new DataFileError('DATA_MISSING', `it is not said where the files of ${known.title} are`, {
          dataset,
          expected: known.expected,
        });
      try {
        const found = (await stat(path)).isDirectory()
          ? await readFolder(path, known)
          : [await read(path, known.archive.test(path) ? LARGEST_ARCHIVE_MB : LARGEST_FILE_MB)];
        if (found) return found;
      } catch (error) {
        throw reworded(error, path);
      }
      throw new DataFileError('DATA_MISSING', `${path} holds nothing of ${known.title}: expected ${known.expected}`, {
        path,
        expected: known.expected,
      });
    },
  };
}
