// What classes are called in the reader's language: the lab's own and CIFAR-10's by name, imported ones as their file calls them,
// any other by its number.
import {
  classNames,
  type CIFAR10_CLASSES,
  type DataSpec,
  type FIGURE_CLASSES,
  type SHAPES32_CLASSES,
} from '../../../engine/spec/index.ts';
import type { Words } from '../../state/context.ts';

type FigureClass = (typeof FIGURE_CLASSES)[keyof typeof FIGURE_CLASSES][number];
type ClassName = (typeof SHAPES32_CLASSES)[number] | (typeof CIFAR10_CLASSES)[number] | FigureClass;

export function classWord(t: Words['t'], data: DataSpec, index: number): string {
  const known = classNames(data)?.[index];
  if (known !== undefined && data.type === 'dataset') return known;
  const name = known as ClassName | undefined;
  return name === undefined ? String(index) : t(`pictures.class.${name}`);
}
