// One writer per project file, among all processes: an exclusive lock on `<file>-lock` that the system drops with its process.
import { accessSync, constants, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { WriterLock } from '../project/database.ts';
import { errnoOf } from './file-system.ts';

/** Covers the moment in which another process only asks whether the lock is held. */
const TIMEOUT_MS = 100;
const ATTEMPTS = 20;
const SQLITE_BUSY = 5;

const lockFile = (file: string) => `${file}-lock`;

/** Identity of the file that a name stands for; the birth time tells apart files that get the same inode in turn. */
function identity(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.dev}:${stat.ino}:${stat.birthtimeNs}` : null;
}

const isBusy = (error: unknown) =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  (error.errcode & 0xff) === SQLITE_BUSY;

/**
 * SQLite opens a file that may not be written for reading, and an exclusive lock on that excludes nobody.
 * @returns false when it is gone meanwhile.
 * @throws the system's error when it may not be written.
 */
function mustBeWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** @returns null when someone else holds it. */
function exclusive(path: string): DatabaseSync | null {
  const db = new DatabaseSync(path, { timeout: TIMEOUT_MS });
  try {
    // The lock database stays empty; a journal on disk would only be left behind.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (isBusy(error)) return null;
    throw error;
  }
}

/**
 * Becomes the writer of a file.
 *
 * Owners remove the lock file while they hold it. Someone who opened it just before would then lock a file without a
 * name while a third one locks a new file under the old name; so the name must stand for the same file before and after.
 * @returns null when another writer holds it.
 * @throws the system's error when the lock file may not be written.
 */
export function acquireWriterLock(file: string): WriterLock | null {
  const path = lockFile(file);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = identity(path);
    if (before === null) {
      // Made through SQLite alone: closing a descriptor of ours would drop the locks that this process holds on it.
      new DatabaseSync(path).close();
      continue;
    }
    if (!mustBeWritable(path)) continue;
    const db = exclusive(path);
    if (db === null) return null;
    if (identity(path) === before) return heldLock(db, path);
    db.close();
  }
  return null;
}

function heldLock(db: DatabaseSync, path: string): WriterLock {
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      // Windows removes no open files: there it goes after closing, and a new owner's open file stops that.
      const removed = tryRemove(path);
      db.close();
      if (!removed && process.platform === 'win32') tryRemove(path);
    },
  };
}

function tryRemove(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    // A lock file that stays is no lock: only a living process makes it one.
    return false;
  }
}

/** Whether a living process (this one included) is the writer of a file. Makes and changes nothing. */
export function isWriterAlive(file: string): boolean {
  const path = lockFile(file);
  if (identity(path) === null) return false;
  const db = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    db.close();
  }
}
