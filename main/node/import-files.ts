// From what a person chose to the files that belong together: one file, a file with its companions, or what lies in a folder.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { guessFormat, type ImportFormat, type ImportSource } from '../../engine/data/import/index.ts';
import { LabError } from '../contract/errors.ts';
import { accessError, errnoOf } from './file-system.ts';

const PIECE_BYTES = 1 << 20;
/** Pictures of a folder; more names would only fill the memory. */
const MOST_FILES = 1_000_000;
const MOST_DEPTH = 8;

const PICTURE = /\.(png|jpe?g)$/i;
const IDX = /idx\d-ubyte(\.gz)?$/i;
const CIFAR = /^((data_batch_\d|test_batch|train|test)\.bin|batches\.meta\.txt|(fine|coarse)_label_names\.txt)$/i;
const ARRAY = /\.npy$/i;

export interface ChosenFiles {
  /** The name of the file or folder. */
  readonly name: string;
  readonly format: ImportFormat;
  readonly sources: readonly ImportSource[];
  readonly sizeBytes: number;
}

function fileSource(path: string, name: string, size: number): ImportSource {
  return {
    name,
    size,
    async *open() {
      try {
        for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) yield piece as Uint8Array;
      } catch (error) {
        throw accessError(error, path);
      }
    },
  };
}

/** Plain files below a folder, by their way from it with forward slashes. Links are not followed: they may lead anywhere. */
async function filesIn(folder: string, way = '', depth = 0, found: string[] = []): Promise<string[]> {
  for (const item of await readdir(join(folder, way), { withFileTypes: true })) {
    if (item.name.startsWith('.') || found.length > MOST_FILES) continue;
    const path = way === '' ? item.name : `${way}/${item.name}`;
    if (item.isFile()) found.push(path);
    else if (item.isDirectory() && depth < MOST_DEPTH) await filesIn(folder, path, depth + 1, found);
  }
  return found;
}

const sourcesIn = (folder: string, names: readonly string[]): Promise<ImportSource[]> =>
  Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return fileSource(path, name, (await stat(path)).size);
    }),
  );

/** Of the files of a folder those that make one data set: pictures before anything else, because they may lie beside notes. */
function together(names: readonly string[]): readonly string[] {
  for (const belongs of [PICTURE, IDX, CIFAR, ARRAY]) {
    const found = names.filter((x) => belongs.test(belongs === PICTURE ? x : basename(x)));
    if (found.length > 0) return found;
  }
  return names.length === 1 ? names : [];
}

/** Files beside a chosen one without which it means nothing: labels of pictures, the other batches. */
async function companions(path: string): Promise<ImportSource[]> {
  const [folder, name] = [dirname(path), basename(path)];
  const kind = [IDX, CIFAR].find((x) => x.test(name));
  const names = kind ? (await readdir(folder)).filter((x) => kind.test(x)) : [name];
  return sourcesIn(folder, names);
}

async function sourcesOf(path: string): Promise<readonly ImportSource[]> {
  const facts = await stat(path);
  if (facts.isDirectory()) return sourcesIn(path, together(await filesIn(path)));
  return facts.isFile() ? companions(path) : [];
}

/** @throws LabError FILE_NOT_FOUND, FILE_ACCESS, BAD_DATA_FILE when it is nothing that can be read. */
export async function chosenFiles(path: string): Promise<ChosenFiles> {
  const name = basename(path);
  let sources: readonly ImportSource[];
  try {
    sources = await sourcesOf(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw new LabError('FILE_NOT_FOUND', `There is no file ${path}.`, { file: path });
    throw accessError(error, path);
  }
  const format = await guessFormat(sources);
  // An empty file of text says so in its own words.
  const empty = sources.length === 1 && sources[0]?.size === 0;
  if (format === null && !empty)
    throw new LabError('BAD_DATA_FILE', `${name} holds nothing that can be imported`, {
      file: name,
      code: 'UNKNOWN_FORMAT',
    });
  const sizeBytes = sources.reduce((sum, x) => sum + x.size, 0);
  return { name, format: format ?? 'csv', sources, sizeBytes };
}
