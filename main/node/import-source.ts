// Files and folders that a person chose, as the parsers want them: looked at, or read wholly into the container of a stored data set.
import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describeStored, encodeStored, storedDigest, type StoredData } from '../../engine/data/index.ts';
import type { ImportSource } from '../../engine/data/import/source.ts';
import { LabError } from '../contract/errors.ts';
import type { DatasetEntry, ImportOptions, ImportPreview } from '../contract/shapes.ts';
import { accessError, errnoOf } from './file-system.ts';
import { columnInfos, pictureInfo } from './dataset-info.ts';
import { inspectTable, readTable } from './import-table.ts';

const PIECE_BYTES = 1 << 20;

export function fileSource(path: string, name: string, size: number): ImportSource {
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

async function sourceAt(path: string): Promise<ImportSource> {
  try {
    const facts = await stat(path);
    if (facts.isFile()) return fileSource(path, basename(path), facts.size);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw new LabError('FILE_NOT_FOUND', `There is no file ${path}.`, { file: path });
    throw accessError(error, path);
  }
  throw new LabError('BAD_DATA_FILE', `${basename(path)} is no file.`, { file: basename(path), code: 'WRONG_FORMAT' });
}

/** The name of a data set, from its file's. */
const titleOf = (file: string): string => file.replace(/(\.tar)?\.[a-z0-9]{1,8}$/i, '') || file;

export async function inspectSource(path: string, options: ImportOptions | null): Promise<ImportPreview> {
  return inspectTable(await sourceAt(path), options);
}

const storedOf = (
  source: ImportSource,
  options: ImportOptions,
  onProgress: (done: number) => void,
): Promise<StoredData> => readTable(source, options, { onProgress });

export async function readSource(
  path: string,
  options: ImportOptions,
  part: string,
  onProgress: (done: number, total: number) => void,
): Promise<Omit<DatasetEntry, 'createdAt'>> {
  const source = await sourceAt(path);
  const data = await storedOf(source, options, (done) => onProgress(done, source.size));
  const container = encodeStored(data);
  const digest = await storedDigest(container);
  try {
    // The person's data are nobody else's business.
    await writeFile(part, container, { mode: 0o600, flush: true });
  } catch (error) {
    throw accessError(error, part);
  }
  const name = titleOf(source.name);
  return {
    digest,
    name,
    kind: data.kind,
    source: source.name,
    sizeBytes: container.byteLength,
    rows: data.rows,
    columns: data.kind === 'columns' ? columnInfos(data) : [],
    pictures: data.kind === 'pictures' ? pictureInfo(data) : null,
    described: describeStored(data, { name, digest }),
  };
}
