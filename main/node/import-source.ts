// What a person chose, looked at, or read wholly into the container of a stored data set: one way for each format.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { describeStored, encodeStored, type StoredData } from '../../engine/data/index.ts';
import {
  readArrays,
  readCifar,
  readIdx,
  readImages,
  type ImportSource,
  type ReadOptions,
} from '../../engine/data/import/index.ts';
import type { DatasetEntry, ImportOptions, ImportPreview } from '../contract/shapes.ts';
import { columnInfos, pictureInfo } from './dataset-info.ts';
import { accessError } from './file-system.ts';
import { chosenFiles, type ChosenFiles } from './import-files.ts';
import { inspectArrayFiles, inspectCifarFiles, inspectIdxFiles, inspectPictures } from './import-arrays.ts';
import { inspectTable, readTable } from './import-table.ts';

/** The name of a data set, from its file's. */
const titleOf = (file: string): string => file.replace(/(\.tar)?\.[a-z0-9]{1,8}$/i, '') || file;

const first = ({ sources }: ChosenFiles): ImportSource => {
  const [source] = sources;
  if (source) return source;
  throw new RangeError('a format was found in no file');
};

export async function inspectSource(path: string, options: ImportOptions | null): Promise<ImportPreview> {
  const files = await chosenFiles(path);
  switch (files.format) {
    case 'csv':
      return inspectTable(first(files), options);
    case 'arrays':
      return inspectArrayFiles(files);
    case 'idx':
      return inspectIdxFiles(files);
    case 'cifar':
      return inspectCifarFiles(files);
    case 'images':
      return inspectPictures(files, options);
    default:
      return files.format satisfies never;
  }
}

async function storedOf(files: ChosenFiles, options: ImportOptions, reading: ReadOptions): Promise<StoredData> {
  const { format, sources } = files;
  switch (format) {
    case 'csv':
      return readTable(first(files), options, reading);
    case 'arrays':
      return readArrays(sources, reading);
    case 'idx':
      return readIdx(sources, reading);
    case 'cifar':
      return readCifar(sources, reading);
    case 'images':
      return readImages(sources, { ...reading, ...(options.resize && { resize: options.resize }) });
    default:
      return format satisfies never;
  }
}

export async function readSource(
  path: string,
  options: ImportOptions,
  part: string,
  onProgress: (done: number, total: number) => void,
): Promise<Omit<DatasetEntry, 'createdAt'>> {
  const files = await chosenFiles(path);
  const data = await storedOf(files, options, { onProgress: (done) => onProgress(done, files.sizeBytes) });
  const container = encodeStored(data);
  // As `storedDigest` says, but in place: WebCrypto would copy all of it.
  const digest = createHash('sha256').update(container).digest('hex');
  try {
    // The person's data are nobody else's business.
    await writeFile(part, container, { mode: 0o600, flush: true });
  } catch (error) {
    throw accessError(error, part);
  }
  const name = titleOf(files.name);
  return {
    digest,
    name,
    kind: data.kind,
    source: files.name,
    sizeBytes: container.byteLength,
    rows: data.rows,
    columns: data.kind === 'columns' ? columnInfos(data) : [],
    pictures: data.kind === 'pictures' ? pictureInfo(data) : null,
    described: describeStored(data, { name, digest }),
  };
}
