// The settings of the steps that are plain fields of the document.
import { targetColumns, type DatasetSpec } from '../../../engine/spec/index.ts';
import { choice, COUNT, number, toggle, type ChoiceFieldSpec } from '../../model/fields.ts';

const METHODS = {
  random: { value: 'random', label: 'steps.random' },
  stratified: { value: 'stratified', label: 'steps.stratified' },
  column: { value: 'column', label: 'steps.byColumn' },
  file: { value: 'file', label: 'steps.byFile' },
} as const;

/** Ways to divide rows that these data have. */
export function splitMethod(data: DatasetSpec): ChoiceFieldSpec {
  const hasClasses = data.pictures !== null || targetColumns(data)[0]?.kind === 'category';
  const { random, stratified, column, file } = METHODS;
  const own = data.pictures === null ? column : file;
  return choice('data.split.method', 'steps.method', hasClasses ? [random, stratified, own] : [random, own], {
    hint: 'steps.methodHint',
  });
}

export const SPLIT_FIELDS = [
  number('data.split.validation', 'steps.validation', { hint: 'steps.shareHint', step: 0.05, min: 0 }),
  number('data.split.test', 'steps.test', { hint: 'steps.shareHint', step: 0.05, min: 0 }),
  number('data.split.seed', 'steps.seed', { hint: 'steps.seedHint', ...COUNT }),
] as const;

export const STANDARDIZE = toggle('data.standardize', 'steps.standardizeFeatures', 'steps.standardizeHint');
export const STANDARDIZE_TARGET = toggle('data.standardize_target', 'steps.standardizeTarget', 'steps.standardizeHint');
