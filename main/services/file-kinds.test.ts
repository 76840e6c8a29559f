import { expect, it } from 'vitest';
import { droppedKind } from './file-kinds.ts';

it.each([
  ['fits.overfit', false, 'project'],
  ['FITS.OVERFIT', false, 'project'],
  ['iris.csv', false, 'data'],
  ['iris.tsv', false, 'data'],
  ['x.npy', false, 'data'],
  ['x.npz', false, 'data'],
  ['train-images-idx3-ubyte', false, 'data'],
  ['train-images-idx3-ubyte.gz', false, 'data'],
  ['cifar-10-binary.tar.gz', false, 'data'],
  ['data_batch_1.bin', false, 'data'],
  ['flowers', true, 'data'],
  ['flowers.overfit', true, 'data'],
  ['cat.png', false, 'other'],
  ['letter.docx', false, 'other'],
  ['README', false, 'other'],
  ['', false, 'other'],
])('%s (a folder: %s) is %s', (name, isFolder, kind) => {
  expect(droppedKind(name, isFolder)).toBe(kind);
});
