// Opaque names for paths: the window names files by them, and only this side can tell what they stand for.
import { LabError } from '../contract/errors.ts';

export class FileHandles {
  readonly #newId: () => string;
  readonly #paths = new Map<string, string>();
  readonly #handles = new Map<string, string>();

  /** @param newId unguessable. */
  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** The same path has the same handle for as long as the app runs. */
  of(path: string): string {
    let handle = this.#handles.get(path);
    if (handle === undefined) {
      handle = this.#newId();
      this.#handles.set(path, handle);
      this.#paths.set(handle, path);
    }
    return handle;
  }

  /** @throws LabError NOT_FOUND for a handle that was never given out. */
  path(handle: string): string {
    const path = this.#paths.get(handle);
    if (path === undefined) throw new LabError('NOT_FOUND', 'There is no such file.', { what: 'file', id: handle });
    return path;
  }
}
