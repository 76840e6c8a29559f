// Files that a document only names: who can read them is not known here.

/** Reads what a document only names (CIFAR-10, stored data sets); given by the host, because only hosts can read files. */
export interface FileSource {
  /**
   * Every file of the named data set as the person has it: the files of a folder, or one archive.
   * @throws an error with code DATA_MISSING when the host was given no place to look, or nothing is there.
   */
  open(dataset: 'cifar10'): Promise<readonly NamedBytes[]>;
  /**
   * The container of a stored data set (see stored/container.ts), by its digest. Whoever calls compares the digest.
   * @returns null when it is not there.
   */
  stored(digest: string): Promise<Uint8Array | null>;
}

export interface NamedBytes {
  /** File name for messages, without folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
}
