// Small durable steps on files: flush, replace, remove. Everything throws LabError FILE_ACCESS or DISK_FULL.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from '../contract/errors.ts';

/** The system's error code (`ENOENT`), or null. */
export const errnoOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** A file system error as the contract's; anything else is handed through. */
export function accessError(error: unknown, file: string): unknown {
  const cause = errnoOf(error);
  if (error instanceof LabError || cause === null) return error;
  if (cause === 'ENOSPC' || cause === 'EDQUOT')
    return new LabError('DISK_FULL', `There is no room left on the disk of ${file}.`, { file, cause });
  return new LabError('FILE_ACCESS', `${file} cannot be used (${cause}).`, { file, cause });
}

function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw accessError(error, file);
  }
}

/** Flushes a file to the disk. It must not be open in SQLite: closing any descriptor drops this process's locks on it. */
export function syncFile(file: string): void {
  guarded(file, () => {
    const descriptor = openSync(file, 'r+');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Makes a rename in a folder survive a power cut. Windows does so by itself and cannot open folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Puts `part` in the place of `file`, durably. */
export function replaceFile(part: string, file: string): void {
  guarded(file, () => {
    renameSync(part, file);
    syncFolder(dirname(file));
  });
}

/** Puts `part` where no file is, durably. @throws LabError FILE_EXISTS. */
function placeFile(part: string, file: string): void {
  if (existsSync(file)) throw fileExists(file);
  renameSync(part, file);
  syncFolder(dirname(file));
}

const fileExists = (file: string): LabError => new LabError('FILE_EXISTS', `${file} exists already.`, { file });

/**
 * Writes a file so that a reader, or a crash, finds the old content or the new one.
 * @throws LabError FILE_EXISTS when there is a file and `replace` is false.
 */
export function writeDurably(file: string, content: string | Uint8Array, replace: boolean): void {
  const part = `${file}.part-${process.pid}`;
  guarded(file, () => {
    try {
      writeFileSync(part, content, { flush: true });
      if (replace) replaceFile(part, file);
      else placeFile(part, file);
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    }
  });
}

/** Writes a text file, in the place of an older one; its folder is made when it is not there. */
export function writeTextDurably(file: string, text: string): void {
  guarded(file, () => mkdirSync(dirname(file), { recursive: true }));
  writeDurably(file, text, true);
}

/** @returns null when there is no such file. */
export function readText(file: string): string | null {
  return guarded(file, () => {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return null;
      throw error;
    }
  });
}
