// The project file's disk port over Node: what lies at a path, database connections, the writer's lock.
import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileFacts, ProjectDisk } from '../project/database.ts';
import { accessError, errnoOf, replaceFile } from './file-system.ts';
import { openDatabase, openScratch, translate } from './sqlite.ts';
import { acquireWriterLock, isWriterAlive } from './writer-lock.ts';

/** What SQLite keeps beside a database. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return false;
  }
}

function facts(path: string): FileFacts {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return {
      kind: stat ? (stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other') : 'missing',
      sizeBytes: stat?.size ?? 0,
      writable: mayWrite(path) && mayWrite(dirname(path)),
      hasLog: sizeOf(`${path}-wal`) > 0,
      hasJournal: sizeOf(`${path}-journal`) > 0,
    };
  } catch (error) {
    throw accessError(error, path);
  }
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw accessError(translate(error, path, 'write'), path);
  }
}

function removeCompanions(path: string): void {
  for (const suffix of COMPANIONS) rmSync(`${path}${suffix}`, { force: true });
}

export const nodeProjectDisk: ProjectDisk = {
  facts,
  open: openDatabase,
  scratch: openScratch,
  lock: (path) => guarded(path, () => acquireWriterLock(path)),
  isLocked: (path) => guarded(path, () => isWriterAlive(path)),
  partName: (path) => `${path}.part-${randomUUID()}`,
  replace(part, path) {
    guarded(path, () => {
      // The log of a dead writer of the old file would be taken for the new one's.
      removeCompanions(path);
      replaceFile(part, path);
    });
  },
  remove(path) {
    guarded(path, () => {
      rmSync(path, { force: true });
      removeCompanions(path);
    });
  },
  digest: (bytes) => createHash('sha256').update(bytes).digest('hex'),
  hash() {
    const hash = createHash('sha256');
    return {
      update: (bytes) => void hash.update(bytes),
      hex: () => hash.digest('hex'),
    };
  },
};
