// Imported data sets in the project file: chunks first, each its own durable transaction, and a row that makes them a data set last.
import { LabError } from '../contract/errors.ts';
import { DatasetEntry, type ReadOnlyReason } from '../contract/shapes.ts';
import * as v from 'valibot';
import type { DatasetStore, DatasetUsers } from '../services/dataset-store.ts';
import { blob, damaged, integer, json, text } from './codec.ts';
import { SELECT } from './columns.ts';
import type { Database, ProjectDisk, Row } from './database.ts';

type Digest = ProjectDisk['digest'];

/** What of an entry has no column of its own. */
const Summary = v.omit(DatasetEntry, ['digest', 'name', 'kind', 'source', 'sizeBytes', 'createdAt']);

/** @throws LabError FILE_DAMAGED. */
export function decodeDataset(row: Row): DatasetEntry {
  const summary = json(row, 'summary', Summary);
  if (summary === null) throw damaged('summary', 'a summary');
  const kind = text(row, 'kind');
  if (kind !== 'columns' && kind !== 'pictures') throw damaged('kind', 'columns or pictures');
  return {
    digest: text(row, 'digest'),
    name: text(row, 'name'),
    kind,
    source: text(row, 'source'),
    sizeBytes: integer(row, 'size_bytes'),
    createdAt: integer(row, 'created_at'),
    ...summary,
  };
}

/** @throws LabError FILE_DAMAGED when the bytes are not the ones that were stored. */
export function decodeChunk(row: Row, digest: Digest): Uint8Array {
  const bytes = blob(row, 'bytes');
  if (digest(bytes) !== row.digest) throw damaged('bytes', 'what was stored (its digest differs)');
  return bytes;
}

/** Data sets of which chunks are missing, in words. */
export function incompleteDatasets(db: Database): { readonly digest: string; readonly problem: string }[] {
  return db
    .prepare(
      `SELECT digest, name, chunks, size_bytes,
         (SELECT count(*) FROM dataset_chunks WHERE dataset = datasets.digest AND position < chunks) AS found,
         (SELECT sum(octet_length(bytes)) FROM dataset_chunks WHERE dataset = datasets.digest) AS bytes
       FROM datasets`,
    )
    .all()
    .filter((row) => row.found !== row.chunks || row.bytes !== row.size_bytes)
    .map((row) => ({
      digest: text(row, 'digest'),
      problem: `the data set "${String(row.name)}" is not whole: ${String(row.found)} of ${String(row.chunks)} parts are there`,
    }));
}

/** Within a transaction: forgets what imports left that did not end. */
export function discardUnfinished(db: Database): void {
  db.exec('DELETE FROM dataset_chunks WHERE dataset NOT IN (SELECT digest FROM datasets)');
}

export interface DatasetStoreOptions {
  readonly db: Database;
  readonly readOnly: ReadOnlyReason | null;
  readonly digest: Digest;
}

export class SqliteDatasetStore implements DatasetStore {
  readonly #db: Database;
  readonly #readOnly: ReadOnlyReason | null;
  readonly #digest: Digest;

  constructor({ db, readOnly, digest }: DatasetStoreOptions) {
    this.#db = db;
    this.#readOnly = readOnly;
    this.#digest = digest;
  }

  list(): DatasetEntry[] {
    return this.#db.prepare(`${SELECT.datasets} ORDER BY created_at, rowid`).all().map(decodeDataset);
  }

  entry(digest: string): DatasetEntry | null {
    const row = this.#db.prepare(`${SELECT.datasets} WHERE digest = ?`).get(digest);
    return row ? decodeDataset(row) : null;
  }

  addChunk(digest: string, position: number, bytes: Uint8Array): void {
    this.#write(() => {
      this.#db
        .prepare('INSERT OR REPLACE INTO dataset_chunks (dataset, position, digest, bytes) VALUES (?, ?, ?, ?)')
        .run(digest, position, this.#digest(bytes), bytes);
    });
  }

  finish(entry: DatasetEntry): DatasetEntry {
    const { digest, name, kind, source, sizeBytes, createdAt, ...summary } = entry;
    this.#write(() => {
      if (this.entry(digest) !== null) return;
      const { found, bytes } = this.#stored(digest);
      if (bytes !== sizeBytes) throw damaged('dataset_chunks', `${sizeBytes} bytes of the data set "${name}"`);
      this.#db
        .prepare(
          `INSERT INTO datasets (digest, name, kind, source, summary, size_bytes, chunks, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(digest, name, kind, source, JSON.stringify(summary), sizeBytes, found, createdAt);
    });
    return this.#known(digest);
  }

  discard(digest: string): void {
    if (this.entry(digest) !== null) return;
    this.#write(() => {
      this.#db.prepare('DELETE FROM dataset_chunks WHERE dataset = ?').run(digest);
    });
  }

  *chunks(digest: string): IterableIterator<Uint8Array> {
    const { name } = this.#known(digest);
    const count = integer(this.#db.prepare('SELECT chunks FROM datasets WHERE digest = ?').get(digest) ?? {}, 'chunks');
    // One statement a chunk: nothing stays open while the reader does something else.
    const read = this.#db.prepare(`${SELECT.dataset_chunks} WHERE dataset = ? AND position = ?`);
    for (let position = 0; position < count; position++) yield this.#chunk(read.get(digest, position), name, position);
  }

  users(digest: string): DatasetUsers {
    const column = (sql: string) => this.#db.prepare(sql).all(digest);
    return {
      experiments: column(
        `SELECT json_extract(document, '$.name') AS name FROM experiments WHERE instr(document, ?) > 0 ORDER BY position`,
      ).map((row) => text(row, 'name')),
      runs: column('SELECT number FROM runs WHERE instr(document, ?) > 0 ORDER BY number').map((row) =>
        integer(row, 'number'),
      ),
    };
  }

  delete(digest: string): void {
    this.#known(digest);
    this.#write(() => {
      this.#db.prepare('DELETE FROM datasets WHERE digest = ?').run(digest);
      this.#db.prepare('DELETE FROM dataset_chunks WHERE dataset = ?').run(digest);
    });
  }

  #chunk(row: Row | undefined, name: string, position: number): Uint8Array {
    try {
      if (row !== undefined) return decodeChunk(row, this.#digest);
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'FILE_DAMAGED') throw error;
    }
    const problem = `part ${position + 1} of the data set "${name}" is not what was stored`;
    throw new LabError('FILE_DAMAGED', `The project file is damaged: ${problem}.`, { problems: [problem] });
  }

  #stored(digest: string): { readonly found: number; readonly bytes: number } {
    const row = this.#db
      .prepare(
        'SELECT count(*) AS found, coalesce(sum(octet_length(bytes)), 0) AS bytes FROM dataset_chunks WHERE dataset = ?',
      )
      .get(digest);
    return row ? { found: integer(row, 'found'), bytes: integer(row, 'bytes') } : { found: 0, bytes: 0 };
  }

  #known(digest: string): DatasetEntry {
    const entry = this.entry(digest);
    if (entry !== null) return entry;
    throw new LabError('NOT_FOUND', `There is no data set ${digest}.`, { what: 'dataset', id: digest });
  }

  #write(work: () => void): void {
    if (this.#readOnly)
      throw new LabError('READ_ONLY', `The project is read-only (${this.#readOnly}).`, { reason: this.#readOnly });
    this.#db.transaction(work);
  }
}
