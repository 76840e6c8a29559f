// The settings of the steps that are plain fields of the document.
import { targetColumns, type DatasetSpec } from '../../../engine/spec/index.ts';
import { choice, COUNT, number, toggle, type ChoiceFieldSpec, type NumberFieldSpec } from '../../model/fields.ts';

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

const VALIDATION = number('data.split.validation', 'steps.validation', { hint: 'steps.shareHint', step: 0.05, min: 0 });
const TEST = number('data.split.test', 'steps.test', { hint: 'steps.shareHint', step: 0.05, min: 0 });
const SEED = number('data.split.seed', 'steps.seed', { hint: 'steps.seedHint', ...COUNT });

type Method = DatasetSpec['split']['method'];

/** What is said of each way to divide rows: shares that are drawn, and the seed of the draw. */
export const DRAWN_FIELDS = {
  random: [VALIDATION, TEST, SEED],
  stratified: [VALIDATION, TEST, SEED],
  column: [],
  file: [VALIDATION, SEED],
} as const satisfies Record<Method, readonly NumberFieldSpec[]>;

/** Splits whose rows are marked already: they are used, or not. */
export const MARKED_SPLITS = {
  random: [],
  stratified: [],
  column: ['validation', 'test'],
  file: ['test'],
} as const satisfies Record<Method, readonly ('validation' | 'test')[]>;

/** Of marked rows all are used, whatever the share; this one stands there when they are. */
export const USED_SHARE = 0.2;

export const STANDARDIZE = toggle('data.standardize', 'steps.standardizeFeatures', 'steps.standardizeHint');
export const STANDARDIZE_TARGET = toggle('data.standardize_target', 'steps.standardizeTarget', 'steps.standardizeHint');
