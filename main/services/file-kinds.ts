// The endings of the files that a person names.
import type { FileKind } from '../contract/shapes.ts';

export const FILE_ENDINGS: Readonly<Record<FileKind, string>> = {
  project: '.overfit',
  pytorch: '.py',
  numpy: '.py',
  onnx: '.onnx',
  safetensors: '.safetensors',
  csv: '.csv',
  npz: '.npz',
};

/** The name with its kind's ending, which may be there already in any case of letters. */
export function withEnding(name: string, kind: FileKind): string {
  const ending = FILE_ENDINGS[kind];
  return name.toLowerCase().endsWith(ending) ? name : `${name}${ending}`;
}
