// Where imported data sets are kept, as services see it. Implemented by the project file (main/project); synchronous and durable.
import type { DatasetEntry } from '../contract/shapes.ts';

/** Bytes of a data set that lie in one value of the project file: small enough that storing one holds up nothing. */
export const CHUNK_BYTES = 1024 * 1024;

/** Who has a data set in their document. */
export interface DatasetUsers {
  /** Names. */
  readonly experiments: readonly string[];
  /** Numbers. */
  readonly runs: readonly number[];
}

export interface DatasetStore {
  /** The oldest first. */
  list(): DatasetEntry[];
  entry(digest: string): DatasetEntry | null;
  /**
   * Stores a part of a data set that is not there yet; it stays invisible until `finish`.
   * @throws LabError READ_ONLY, DISK_FULL, FILE_ACCESS.
   */
  addChunk(digest: string, position: number, bytes: Uint8Array): void;
  /**
   * Makes the data set of the chunks that were stored. One that is there already stays as it is.
   * @throws LabError FILE_DAMAGED when chunks are missing; READ_ONLY, DISK_FULL, FILE_ACCESS.
   */
  finish(entry: DatasetEntry): DatasetEntry;
  /** Forgets the chunks of a data set that was not finished. */
  discard(digest: string): void;
  /**
   * Its bytes in order, a chunk at a time.
   * @throws LabError NOT_FOUND; FILE_DAMAGED naming the data set and the chunk that is not what was stored.
   */
  chunks(digest: string): IterableIterator<Uint8Array>;
  users(digest: string): DatasetUsers;
  /** @throws LabError NOT_FOUND, READ_ONLY. Who uses it is for the caller to ask. */
  delete(digest: string): void;
}
