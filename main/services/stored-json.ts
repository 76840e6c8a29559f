// Small JSON files of the app's own folder: a damaged one is set aside, never overwritten.
import type { FileSystem } from './project-ports.ts';

/** @returns undefined when there is none, or when it was no JSON (it then lies beside as `.bak`). */
export function loadJson(files: FileSystem, path: string): unknown {
  const text = files.readText(path);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    files.setAside(path);
    return undefined;
  }
}

export function storeJson(files: FileSystem, path: string, value: unknown): void {
  files.writeText(path, `${JSON.stringify(value, null, 2)}\n`);
}
