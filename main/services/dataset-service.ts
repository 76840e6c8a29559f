// Imported data sets: read by a reader that the host gives, kept in the project whole or not at all, handed to whoever runs on them.
import type { DataPreview, DatasetSpec } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type { Publisher } from '../contract/methods.ts';
import type { ColumnSummary, PairSample } from '../contract/column-shapes.ts';
import type {
  DatasetEntry,
  DatasetReport,
  DatasetRows,
  ImportOptions,
  ImportPhase,
  ImportPreview,
} from '../contract/shapes.ts';
import type { DatasetStore } from './dataset-store.ts';
import type { OpenProject, OtherFile } from './lab.types.ts';
import type { Clock, ColumnPair, DatasetReader, ReadDataset } from './ports.ts';

/** Rows that one answer holds at most. */
export const MOST_ROWS = 1000;

export interface DatasetServicePorts {
  readonly reader: DatasetReader;
  readonly project: () => OpenProject;
  readonly pathOf: (handle: string) => string;
  readonly openOther: (handle: string) => OtherFile;
  readonly clock: Pick<Clock, 'now'>;
  readonly publisher: Publisher;
}

export interface DatasetService {
  inspect(handle: string, options: ImportOptions | null, signal: AbortSignal): Promise<ImportPreview>;
  import(handle: string, options: ImportOptions, signal: AbortSignal): Promise<DatasetEntry>;
  /** Copies a data set of another project's file into this project. */
  take(handle: string, digest: string, signal: AbortSignal): Promise<DatasetEntry>;
  list(): DatasetEntry[];
  delete(digest: string): Promise<void>;
  rows(digest: string, from: number, count: number, signal: AbortSignal): Promise<DatasetRows>;
  report(data: DatasetSpec, signal: AbortSignal): Promise<DatasetReport>;
  /** @param at the column's place in the document. */
  column(data: DatasetSpec, at: number, signal: AbortSignal): Promise<ColumnSummary>;
  pair(data: DatasetSpec, pair: ColumnPair, signal: AbortSignal): Promise<PairSample>;
  /** What a run of the document would see; null: the project has no such data set. */
  preview(data: DatasetSpec, signal: AbortSignal): Promise<DataPreview | null>;
  /** Ends an import that goes on; nothing of it is left. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

const cancelled = () => new LabError('CANCELLED', 'The call was cancelled.');

/**
 * The file of a stored data set, for the engine.
 * @throws LabError DATA_MISSING when the project has none of that digest; BAD_DATA_FILE when it is damaged; both name it.
 */
export async function datasetFile(
  store: Pick<DatasetStore, 'entry' | 'chunks'>,
  reader: Pick<DatasetReader, 'file'>,
  { digest, name }: Pick<DatasetSpec, 'digest' | 'name'>,
  signal: AbortSignal,
): Promise<string> {
  if (store.entry(digest) === null)
    throw new LabError('DATA_MISSING', `The project holds no data set "${name}".`, { dataset: name });
  try {
    return await reader.file(digest, () => store.chunks(digest), signal);
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'FILE_DAMAGED') throw error;
    throw new LabError('BAD_DATA_FILE', error.message, { file: name, code: 'NOT_AS_STORED' });
  }
}

/** @throws LabError NOT_FOUND naming places in the document of columns that nothing is learnt from. */
function found<T>(answer: T | null, places: number | string): T {
  if (answer !== null) return answer;
  throw new LabError('NOT_FOUND', 'The document learns from no such column.', { what: 'column', id: String(places) });
}

export function createDatasetService(ports: DatasetServicePorts): DatasetService {
  const { reader, publisher } = ports;
  const store = () => ports.project().datasets;
  /** The import that goes on. */
  let going: { readonly stop: AbortController; readonly ended: Promise<unknown> } | null = null;

  function progressOf(handle: string): (phase: ImportPhase, done: number, total: number) => void {
    return (phase, done, total) => publisher.publish('dataset.progressed', { handle, phase, done, total });
  }

  function requireWritable(): void {
    const { readOnly } = ports.project().state;
    // Minutes of reading for data that have no place would be wasted.
    if (readOnly !== null)
      throw new LabError('READ_ONLY', `The project is read-only (${readOnly}).`, { reason: readOnly });
  }

  /** Stores what was read, a chunk at a time: each is durable before the next one is read, and windows are served meanwhile. */
  async function keep(read: Omit<ReadDataset, 'discard'>, handle: string, signal: AbortSignal): Promise<DatasetEntry> {
    const project = ports.project();
    const { datasets } = project;
    const { digest, sizeBytes } = read.entry;
    const known = datasets.entry(digest);
    if (known !== null) return known;
    const progress = progressOf(handle);
    try {
      let [position, done] = [0, 0];
      for await (const chunk of read.chunks()) {
        if (signal.aborted) throw cancelled();
        datasets.addChunk(digest, position, chunk);
        position += 1;
        done += chunk.byteLength;
        progress('storing', done, sizeBytes);
      }
      if (signal.aborted) throw cancelled();
      const entry = datasets.finish({ ...read.entry, createdAt: ports.clock.now() });
      await read.keep();
      return entry;
    } catch (error) {
      datasets.discard(digest);
      throw error;
    }
  }

  async function importNow(handle: string, options: ImportOptions, signal: AbortSignal): Promise<DatasetEntry> {
    const progress = progressOf(handle);
    const read = await reader.read(ports.pathOf(handle), options, {
      signal,
      onProgress: (done, total) => progress('reading', done, total),
    });
    try {
      if (signal.aborted) throw cancelled();
      return await keep(read, handle, signal);
    } finally {
      await read.discard();
    }
  }

  /** One that reads and stores at a time, in a project that has a place for it. */
  async function alone<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    requireWritable();
    if (going !== null) throw new LabError('BUSY', 'Another import goes on.', { what: 'import' });
    const stop = new AbortController();
    const answer = work(AbortSignal.any([signal, stop.signal]));
    going = { stop, ended: answer.catch(() => undefined) };
    try {
      return await answer;
    } finally {
      going = null;
    }
  }

  /** By way of a file that is verified wholly before the first part is stored; the engine will want that file anyway. */
  async function takeNow(handle: string, digest: string, signal: AbortSignal): Promise<DatasetEntry> {
    const known = store().entry(digest);
    if (known !== null) return known;
    const other = ports.openOther(handle);
    try {
      const { datasets } = other.file;
      const entry = datasets.entry(digest);
      if (entry === null)
        throw new LabError('DATA_MISSING', `${other.name} holds no data set ${digest}.`, {
          dataset: digest,
          project: other.name,
        });
      const progress = progressOf(handle);
      const told = {
        entry: () => entry,
        *chunks() {
          let done = 0;
          for (const chunk of datasets.chunks(digest)) {
            yield chunk;
            done += chunk.byteLength;
            progress('reading', done, entry.sizeBytes);
          }
        },
      };
      const file = await datasetFile(told, reader, entry, signal);
      return await keep({ entry, chunks: () => reader.chunks(file), keep: () => Promise.resolve() }, handle, signal);
    } finally {
      other.file.close();
    }
  }

  const fileOf = (data: Pick<DatasetSpec, 'digest' | 'name'>, signal: AbortSignal): Promise<string> =>
    datasetFile(store(), reader, data, signal);

  const known = (digest: string): DatasetEntry => {
    const entry = store().entry(digest);
    if (entry !== null) return entry;
    throw new LabError('NOT_FOUND', `There is no data set ${digest}.`, { what: 'dataset', id: digest });
  };

  const service: DatasetService = {
    inspect: async (handle, options, signal) => reader.inspect(ports.pathOf(handle), options, signal),

    import: (handle, options, signal) => alone(signal, (ends) => importNow(handle, options, ends)),
    take: (handle, digest, signal) => alone(signal, (ends) => takeNow(handle, digest, ends)),

    list: () => store().list(),

    async delete(digest) {
      const { name } = known(digest);
      const users = store().users(digest);
      if (users.experiments.length + users.runs.length > 0)
        throw new LabError('DATA_IN_USE', `The data set "${name}" is in use.`, { name, ...users });
      store().delete(digest);
      await reader.forget(digest);
    },

    async rows(digest, from, count, signal) {
      const file = await fileOf(known(digest), signal);
      return reader.rows(file, from, Math.min(count, MOST_ROWS), signal);
    },

    report: async (data, signal) => reader.report(await fileOf(data, signal), data, signal),

    column: async (data, at, signal) =>
      found(data.pictures ? null : await reader.column(await fileOf(data, signal), data, at, signal), at),

    pair: async (data, pair, signal) =>
      found(
        data.pictures ? null : await reader.pair(await fileOf(data, signal), data, pair, signal),
        `${pair.across}, ${pair.up}`,
      ),

    async preview(data, signal) {
      if (store().entry(data.digest) === null) return null;
      return reader.preview(await fileOf(data, signal), data, signal);
    },

    async stop() {
      going?.stop.abort();
      await going?.ended;
    },

    async close() {
      await service.stop();
      await reader.close();
    },
  };
  return service;
}
