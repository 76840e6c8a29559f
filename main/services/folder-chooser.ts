// The in-page file chooser: shows folders of the person's home (and the open project's folder), and nothing else.
import { LabError } from '../contract/errors.ts';
import type { FileKind, FolderListing, ListedKind } from '../contract/shapes.ts';
import { FILE_ENDINGS, isListed, withEnding } from './file-kinds.ts';
import type { FileHandles } from './file-handles.ts';
import type { FileSystem, FolderItem } from './project-ports.ts';

export const PROJECT_EXTENSION = FILE_ENDINGS.project;

/** Longest name that common file systems take, with room for what is put beside a project file. */
const MAX_NAME_BYTES = 200;
/** What some file system refuses, or takes for a path. */
const FORBIDDEN_IN_NAME = /[<>:"/\\|?*\p{Cc}]/u;
const DEVICE_NAMES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

export class FolderChooser {
  readonly #files: FileSystem;
  readonly #handles: FileHandles;
  /** Resolved folder of the open project; null while it is untitled. */
  readonly #projectFolder: () => string | null;

  constructor(files: FileSystem, handles: FileHandles, projectFolder: () => string | null) {
    this.#files = files;
    this.#handles = handles;
    this.#projectFolder = projectFolder;
  }

  /** @throws LabError NOT_FOUND, FORBIDDEN, FILE_NOT_FOUND, FILE_ACCESS. */
  list(handle: string | null, kind: ListedKind): FolderListing {
    const asked = handle === null ? (this.#projectFolder() ?? this.#files.home) : this.#handles.path(handle);
    const folder = this.#allowed(asked);
    const parent = this.#files.parent(folder);
    return {
      handle: this.#handles.of(folder),
      location: folder,
      parent: parent !== null && this.#isAllowed(parent) ? this.#handles.of(parent) : null,
      entries: this.#files
        .list(folder)
        .filter((x) => !x.name.startsWith('.') && this.#isAllowed(x.path))
        .filter((x) => x.kind === 'folder' || isListed(x.name, kind))
        .sort(foldersFirst)
        .map((x) => ({
          handle: this.#handles.of(x.path),
          name: x.name,
          kind: x.kind === 'folder' ? ('folder' as const) : ('file' as const),
          sizeBytes: x.sizeBytes,
          modifiedAt: x.modifiedAt,
        })),
    };
  }

  /** @throws LabError NOT_FOUND, FORBIDDEN, BAD_INPUT for a name that is none. */
  file(folderHandle: string, name: string, kind: FileKind): string {
    const folder = this.#allowed(this.#handles.path(folderHandle));
    const full = withEnding(name, kind);
    if (
      name.trim() !== name ||
      name === '' ||
      full.startsWith('.') ||
      FORBIDDEN_IN_NAME.test(full) ||
      DEVICE_NAMES.test(full) ||
      new TextEncoder().encode(full).byteLength > MAX_NAME_BYTES
    )
      throw new LabError('BAD_INPUT', `"${name}" cannot be a file's name.`, { name });
    return this.#handles.of(this.#allowed(this.#files.join(folder, full)));
  }

  /** Links are resolved first: what counts is where a path leads. */
  #allowed(path: string): string {
    const resolved = this.#files.resolve(path);
    if (!this.#isAllowed(resolved)) throw new LabError('FORBIDDEN', 'This folder is not shown here.');
    return resolved;
  }

  #isAllowed(resolved: string): boolean {
    const project = this.#projectFolder();
    return (
      this.#files.isWithin(resolved, this.#files.home) || (project !== null && this.#files.isWithin(resolved, project))
    );
  }
}

function foldersFirst(a: FolderItem, b: FolderItem): number {
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1;
  return a.name.localeCompare(b.name);
}
