// What the project file needs from a host, as small ports: a database, and the few facts about a path that SQLite cannot tell.

export type SqlValue = string | number | null | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Statement {
  /** Whole numbers are bound as INTEGER, others as REAL. */
  run(...parameters: readonly SqlValue[]): void;
  get(...parameters: readonly SqlValue[]): Row | undefined;
  all(...parameters: readonly SqlValue[]): Row[];
  iterate(...parameters: readonly SqlValue[]): IterableIterator<Row>;
}

/**
 * One SQLite connection. Everything throws LabError: DISK_FULL, READ_ONLY, FILE_ACCESS, FILE_IN_USE, FILE_DAMAGED
 * (malformed), FILE_FOREIGN (no database at all); INTERNAL for a defect of ours. An integer beyond ±(2^53-1) is FILE_DAMAGED.
 */
export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** Runs `work` in one transaction: everything is stored durably when it returns, nothing when it throws. */
  transaction<T>(work: () => T): T;
  /** Writes a compact copy of everything to a new file, durably. The target must not exist. */
  copyTo(path: string): void;
  /** Ends the connection; a writer folds its log into the file, so that one single file is left. */
  close(): void;
}

/**
 * `write`: the one writer. `read`: beside a living writer, or of a closed file. `frozen`: of a file that no one writes, and
 * without its log: leaves no trace on disk. `salvage`: for reading, going on past a header that promises more than there is.
 */
export type OpenMode = 'write' | 'read' | 'frozen' | 'salvage';

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'other' | 'missing';
  readonly sizeBytes: number;
  /** The file and its folder may be written. */
  readonly writable: boolean;
  /** A write-ahead log lies beside it: a writer is at work, or died. */
  readonly hasLog: boolean;
  /** A rollback journal lies beside it: a writer died while folding its log in. */
  readonly hasJournal: boolean;
}

/** Held by the one writer of a file; ends with its process, however that ends. */
export interface WriterLock {
  release(): void;
}

export interface ProjectDisk {
  /** @throws LabError FILE_ACCESS when the path may not even be looked at. */
  facts(path: string): FileFacts;
  open(path: string, mode: OpenMode): Database;
  /** An empty private database that is gone when closed. */
  scratch(): Database;
  /** @returns null when another writer (of any process) holds it. */
  lock(path: string): WriterLock | null;
  /** Whether a living writer holds the lock. */
  isLocked(path: string): boolean;
  /** A new name beside `path` for a file in the making. */
  partName(path: string): string;
  /** Puts the finished file `part` in the place of `path`, durably. Readers see the old file or the new one, never half of it. */
  replace(part: string, path: string): void;
  /** Removes a database file with what lies beside it; nothing when it is not there. */
  remove(path: string): void;
  /** SHA-256, lower-case hexadecimal. */
  readonly digest: (bytes: Uint8Array) => string;
  /** The same of what comes in parts. */
  readonly hash: () => { update(bytes: Uint8Array): void; hex(): string };
}
