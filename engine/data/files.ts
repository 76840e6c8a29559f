// Files that a document only names: who can read them is not known here.

/** Reads the files that a document only names (CIFAR-10); given by the host, because only hosts can read files. */
export interface FileSource {
  /**
   * Every file of the named data set as the person has it: the files of a folder, or one archive.
   * @throws an error with code DATA_MISSING when the host was given no place to look, or nothing is there.
   */
  open(dataset: 'cifar10'): Promise<readonly NamedBytes[]>;
}

export interface NamedBytes {
  /** File name for messages, without folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
}
