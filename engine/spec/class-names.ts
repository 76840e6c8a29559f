// What the classes of picture data are called, in the order of their numbers; English, for the command line and as keys of translations.
import type { DataSpec } from './data.ts';

export const SHAPES32_CLASSES = [
  'disc',
  'ring',
  'square',
  'frame',
  'triangle',
  'star',
  'cross',
  'crescent',
  'diamond',
  'heart',
] as const;

/** In the order of CIFAR-10's own batches.meta.txt. */
export const CIFAR10_CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

/** @returns null where the data have no classes. */
export function classNames(data: DataSpec): readonly string[] | null {
  switch (data.type) {
    case 'shapes32':
      return SHAPES32_CLASSES;
    case 'cifar10':
      return CIFAR10_CLASSES;
    case 'dataset':
      return data.class_names.length > 0 ? data.class_names : null;
    case 'linear_noise':
    case 'table':
      return null;
    default:
      return data satisfies never;
  }
}
