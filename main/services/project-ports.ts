// What projects and settings need from a host besides the project file's own disk port.

export interface FolderItem {
  readonly name: string;
  /** Absolute, symbolic links resolved. */
  readonly path: string;
  readonly kind: 'folder' | 'file';
  readonly sizeBytes: number;
  /** Unix milliseconds. */
  readonly modifiedAt: number;
}

/** Paths are absolute and in the host's own form. Everything throws LabError FILE_ACCESS or DISK_FULL. */
export interface FileSystem {
  /** The person's home folder, links resolved. */
  readonly home: string;
  /** The app's own folder: settings, recent files, untitled projects. */
  readonly appFolder: string;
  join(folder: string, name: string): string;
  /** @returns null at the top. */
  parent(path: string): string | null;
  baseName(path: string): string;
  /** Absolute, with links resolved as far as the path exists. */
  resolve(path: string): string;
  /** Whether a resolved path is a resolved folder, or lies in it. */
  isWithin(path: string, folder: string): boolean;
  /** What a folder holds; what may not be looked at is left out. @throws LabError FILE_NOT_FOUND, FILE_ACCESS. */
  list(folder: string): FolderItem[];
  makeFolder(path: string): void;
  /** @returns null when there is no such file. */
  readText(path: string): string | null;
  /** A reader, or a crash, finds the old text or the new one. */
  writeText(path: string, text: string): void;
  /**
   * A reader, or a crash, finds the old content or the new one.
   * @throws LabError FILE_EXISTS when there is a file and `replace` is false.
   */
  writeBytes(path: string, bytes: Uint8Array, replace: boolean): void;
  /** Whether something lies there. */
  exists(path: string): boolean;
  /** Renames a file to `<path>.bak`, in the place of an older one. */
  setAside(path: string): void;
}
