// The project file's Database port over node:sqlite: connection settings, transactions, and SQLite's errors as LabErrors.
import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { LabError } from '../contract/errors.ts';
import type { Database, OpenMode, Row, SqlValue, Statement } from '../project/database.ts';
import { syncFile } from './file-system.ts';

/** How long a statement waits for another process that folds the log or reads the last of it. */
const BUSY_TIMEOUT_MS = 2000;
/** Room below which a failed write is taken for a full disk. */
const FULL_BELOW_BYTES = 256 * 1024;

const PRIMARY = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  TOOBIG: 18,
  NOTADB: 26,
} as const;
/** A page lies beyond the end of the file, which was cut off. */
const IOERR_SHORT_READ = 522;
/** The file was moved or removed while it was open. */
const READONLY_DBMOVED = 1032;

type Mode = OpenMode | 'scratch';

interface SqliteError extends Error {
  readonly errcode: number;
  readonly errstr: string;
}
const isSqliteError = (error: unknown): error is SqliteError =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';

const gone = (file: string) =>
  new LabError('FILE_ACCESS', `${file} is not where it was: it, or its folder, was moved or removed.`, {
    file,
    cause: 'ENOENT',
  });

function isDiskFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < FULL_BELOW_BYTES;
  } catch {
    // The folder is gone; the write's own error says more.
    return false;
  }
}

/** SQLite's error as the contract's; anything else is handed through. */
export function translate(error: unknown, file: string, mode: Mode): unknown {
  if (error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE')
    return new LabError('FILE_DAMAGED', 'a number is beyond the whole numbers', { file, problems: [error.message] });
  if (!isSqliteError(error)) return error;
  const details = { file, cause: error.errstr };
  if (error.errcode === READONLY_DBMOVED) return gone(file);
  if (error.errcode === IOERR_SHORT_READ)
    return new LabError('FILE_DAMAGED', 'the file ends too early', { file, problems: ['the file ends too early'] });
  switch (error.errcode & 0xff) {
    case PRIMARY.FULL:
      return new LabError('DISK_FULL', `There is no room left on the disk of ${file}.`, details);
    case PRIMARY.IOERR:
      return isDiskFull(file)
        ? new LabError('DISK_FULL', `There is no room left on the disk of ${file}.`, details)
        : new LabError('FILE_ACCESS', `${file} cannot be read or written (${error.message}).`, details);
    case PRIMARY.READONLY:
      return new LabError('READ_ONLY', `${file} cannot be written.`, { ...details, reason: 'no_permission' });
    case PRIMARY.PERM:
    case PRIMARY.CANTOPEN:
      return new LabError('FILE_ACCESS', `${file} cannot be opened.`, details);
    case PRIMARY.BUSY:
    case PRIMARY.LOCKED:
      return new LabError('FILE_IN_USE', `${file} is in use.`, details);
    case PRIMARY.NOTADB:
    case PRIMARY.CORRUPT:
    case PRIMARY.TOOBIG:
      return new LabError('FILE_DAMAGED', error.message, { file, problems: [error.message] });
    default:
      // Our own SQL fits every sound file: where it does not, the file's tables are not what they should be.
      return mode === 'write' || mode === 'scratch'
        ? new LabError('INTERNAL', `SQLite: ${error.message}`, details)
        : new LabError('FILE_DAMAGED', error.message, { file, problems: [error.message] });
  }
}

const bound = (value: SqlValue): SQLInputValue =>
  typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;

class NodeStatement implements Statement {
  readonly #statement: StatementSync;
  readonly #guard: <T>(work: () => T) => T;

  constructor(statement: StatementSync, guard: <T>(work: () => T) => T) {
    this.#statement = statement;
    this.#guard = guard;
  }
  run(...parameters: readonly SqlValue[]): void {
    this.#guard(() => this.#statement.run(...parameters.map(bound)));
  }
  get(...parameters: readonly SqlValue[]): Row | undefined {
    return this.#guard(() => this.#statement.get(...parameters.map(bound)) as Row | undefined);
  }
  all(...parameters: readonly SqlValue[]): Row[] {
    return this.#guard(() => this.#statement.all(...parameters.map(bound)) as Row[]);
  }
  *iterate(...parameters: readonly SqlValue[]): IterableIterator<Row> {
    const rows = this.#guard(() => this.#statement.iterate(...parameters.map(bound)));
    for (;;) {
      const next = this.#guard(() => rows.next());
      if (next.done === true) return;
      yield next.value as Row;
    }
  }
}

class NodeDatabase implements Database {
  readonly #db: DatabaseSync;
  readonly #file: string;
  /** Where the file lay when it was opened; null for a scratch database. */
  readonly #inode: bigint | null;
  readonly #mode: Mode;

  constructor(db: DatabaseSync, file: string, inode: bigint | null, mode: Mode) {
    this.#db = db;
    this.#file = file;
    this.#inode = inode;
    this.#mode = mode;
  }

  prepare(sql: string): Statement {
    return this.#guard(() => new NodeStatement(this.#db.prepare(sql), this.#guard));
  }

  exec(sql: string): void {
    this.#guard(() => {
      this.#db.exec(sql);
    });
  }

  transaction<T>(work: () => T): T {
    // SQLite would go on writing into a file that no longer has a name.
    if (this.#inode !== null && inodeOf(this.#file) !== this.#inode) throw gone(this.#file);
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (this.#db.isTransaction) this.exec('ROLLBACK');
      throw error;
    }
  }

  copyTo(path: string): void {
    try {
      this.#db.prepare('VACUUM INTO ?').run(path);
    } catch (error) {
      throw translate(error, path, 'write');
    }
    syncFile(path);
  }

  close(): void {
    try {
      // Room of deleted runs given back, and out of WAL: what is left is one plain file that opens on read-only disks too.
      if (this.#mode === 'write' && this.#inode === inodeOf(this.#file))
        this.#db.exec(
          'PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE',
        );
    } catch (error) {
      // Someone reads it, or the disk is full: the log stays beside the file, and nothing is lost.
      if (!isSqliteError(error)) throw error;
    } finally {
      this.#db.close();
    }
  }

  readonly #guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw translate(error, this.#file, this.#mode);
    }
  };
}

function inodeOf(file: string): bigint | null {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}

/**
 * What a file may do to the connection that reads it: nothing. No functions or tables with side effects from its schema,
 * no writes that could break the file deliberately, bounded SQL.
 */
const DISTRUST = 'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;';

/** @throws LabError FILE_ACCESS, FILE_DAMAGED, FILE_FOREIGN, FILE_IN_USE. */
export function openDatabase(file: string, mode: OpenMode): Database {
  const hasLog = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  const url = pathToFileURL(file);
  // Immutable: SQLite takes no lock and makes no file.
  if (mode === 'frozen' || (mode === 'salvage' && !hasLog)) url.searchParams.set('immutable', '1');
  else if (mode === 'write') url.searchParams.set('mode', 'rw');
  try {
    const db = new DatabaseSync(url, {
      readOnly: mode !== 'write',
      timeout: BUSY_TIMEOUT_MS,
      allowExtension: false,
      defensive: mode !== 'salvage',
      limits: { sqlLength: 100_000, exprDepth: 100, attach: 1 },
    });
    try {
      db.exec(DISTRUST);
      if (mode === 'write')
        // WAL: readers never wait for the writer. FULL: each commit is on the disk when it returns.
        db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      if (mode === 'salvage') db.exec('PRAGMA writable_schema = ON');
    } catch (error) {
      db.close();
      throw error;
    }
    return new NodeDatabase(db, file, mode === 'write' ? inodeOf(file) : null, mode);
  } catch (error) {
    throw translate(error, file, mode);
  }
}

/** An empty database in memory, spilling to a temporary file when it grows. */
export function openScratch(): Database {
  const db = new DatabaseSync('', { allowExtension: false });
  // Inherited by files that are copied from it: they give deleted runs' room back when they are closed.
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  return new NodeDatabase(db, 'a temporary database', null, 'scratch');
}
