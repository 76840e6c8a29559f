// The files of the built window, and nothing else of the disk: names from a narrow alphabet, listed types, one folder.
// Both hosts that show a page serve them through here.
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** No segment starts with a dot, so neither `..` nor hidden files have a name here. */
const FILE_PATH = /^(?:\/[\w@~+-][\w.@~+-]*)+$/;

export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/**
 * @param folder the built window.
 * @param urlPath as it came, still percent-encoded, without the query.
 * @returns null for everything that is not one of the folder's own files.
 */
export async function readPageFile(folder: string, urlPath: string): Promise<PageFile | null> {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (path === '/') path = '/index.html';
  const type = Object.hasOwn(TYPES, extname(path)) ? TYPES[extname(path)] : undefined;
  if (type === undefined || !FILE_PATH.test(path)) return null;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    // A link inside the folder must not lead out of it.
    if (!file.startsWith(root + sep)) return null;
    return { type, bytes: await readFile(file) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENAMETOOLONG') return null;
    throw error;
  }
}
