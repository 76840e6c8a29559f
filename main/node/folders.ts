// The services' file system port over Node.
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { LabError } from '../contract/errors.ts';
import type { FileSystem, FolderItem } from '../services/project-ports.ts';
import { accessError, errnoOf, readText, writeDurably, writeTextDurably } from './file-system.ts';

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw accessError(error, path);
  }
}

/** Resolves links of the part of a path that exists; the rest is taken as it is. */
function resolveLinks(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync.native(absolute);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(absolute) === absolute) throw accessError(error, absolute);
    return join(resolveLinks(dirname(absolute)), basename(absolute));
  }
}

function item(folder: string, name: string): FolderItem | null {
  try {
    const path = realpathSync.native(join(folder, name));
    const stat = statSync(path);
    if (!stat.isFile() && !stat.isDirectory()) return null;
    return {
      name,
      path,
      kind: stat.isDirectory() ? 'folder' : 'file',
      sizeBytes: stat.isDirectory() ? 0 : stat.size,
      modifiedAt: stat.mtimeMs,
    };
  } catch (error) {
    // A link to nowhere, a file that went away meanwhile, or a folder that is not ours.
    if (errnoOf(error) === null) throw error;
    return null;
  }
}

function list(folder: string): FolderItem[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR')
      throw new LabError('FILE_NOT_FOUND', `There is no folder ${folder}.`, { file: folder });
    throw accessError(error, folder);
  }
  return names.map((name) => item(folder, name)).filter((x) => x !== null);
}

/**
 * @param home the person's home folder.
 * @param appFolder the app's own; made when something is written there.
 */
export function nodeFileSystem(home: string, appFolder: string): FileSystem {
  return {
    home: resolveLinks(home),
    appFolder: resolveLinks(appFolder),
    join,
    parent: (path) => (dirname(path) === path ? null : dirname(path)),
    baseName: (path) => basename(path),
    resolve: resolveLinks,
    isWithin(path, folder) {
      const way = relative(folder, path);
      return way === '' || (!isAbsolute(way) && way.split(/[\\/]/)[0] !== '..');
    },
    list,
    makeFolder: (path) => guarded(path, () => mkdirSync(path, { recursive: true })),
    readText,
    writeText: writeTextDurably,
    writeBytes: writeDurably,
    exists: existsSync,
    setAside: (path) => {
      guarded(path, () => {
        renameSync(path, `${path}.bak`);
      });
    },
  };
}
