// What the classes of pictures and of generated figures are called, in the order of their numbers; English, for the command line and as keys of translations.
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

/** Classes of generated figures that have names of their own. */
export const FIGURE_CLASSES = {
  moons: ['outer', 'inner'],
  circles: ['outer', 'inner'],
  xor: ['same', 'opposite'],
} as const;

/** @returns null where the data have no classes, or classes without names. */
export function classNames(data: DataSpec): readonly string[] | null {
  switch (data.type) {
    case 'shapes32':
      return SHAPES32_CLASSES;
    case 'cifar10':
      return CIFAR10_CLASSES;
    case 'dataset':
      return data.class_names.length > 0 ? data.class_names : null;
    case 'moons':
    case 'circles':
    case 'xor':
      return FIGURE_CLASSES[data.type];
    case 'polynomial':
    case 'sine':
    case 'linear':
    case 'spirals':
    case 'blobs':
    case 'linear_noise':
    case 'table':
      return null;
    default:
      return data satisfies never;
  }
}
