// The endings of the files that a person names.
import type { DroppedKind, FileKind, ListedKind } from '../contract/shapes.ts';

export const FILE_ENDINGS: Readonly<Record<FileKind, string>> = {
  project: '.overfit',
  pytorch: '.py',
  numpy: '.py',
  onnx: '.onnx',
  safetensors: '.safetensors',
  csv: '.csv',
  npz: '.npz',
};

/** Endings of files that data can be imported from, without compression. */
export const DATA_ENDINGS = ['csv', 'tsv', 'txt', 'npy', 'npz', 'bin', 'idx', 'gz', 'tgz', 'zip'] as const;
/** The files of MNIST have no ending: `train-images-idx3-ubyte`. */
const IDX_NAME = /idx\d-ubyte$/i;

/** Whether a listing of this kind shows a file of this name. */
export function isListed(name: string, kind: ListedKind): boolean {
  const lower = name.toLowerCase();
  switch (kind) {
    case 'folder':
      return false;
    case 'data':
      return IDX_NAME.test(name) || DATA_ENDINGS.some((ending) => lower.endsWith(`.${ending}`));
    default:
      return lower.endsWith(FILE_ENDINGS[kind]);
  }
}

/** What is dropped on the window, by its name; a folder can only hold pictures. */
export function droppedKind(name: string, isFolder: boolean): DroppedKind {
  if (isFolder) return 'data';
  if (isListed(name, 'project')) return 'project';
  return isListed(name, 'data') ? 'data' : 'other';
}

/** The name with its kind's ending, which may be there already in any case of letters. */
export function withEnding(name: string, kind: FileKind): string {
  const ending = FILE_ENDINGS[kind];
  return name.toLowerCase().endsWith(ending) ? name : `${name}${ending}`;
}
