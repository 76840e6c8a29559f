// What roles, kinds and rules of imported columns are called.
import type { ImportKind } from '../../../main/contract/shapes.ts';
import type { PlainKey } from '../../messages/catalogue.ts';
import type { ColumnRole, Encoding, MissingRule } from '../../model/dataset.ts';

export const ROLE_WORDS = {
  feature: 'import.role.feature',
  target: 'import.role.target',
  split: 'import.role.split',
  ignore: 'import.role.ignore',
} as const satisfies Record<ColumnRole, PlainKey>;

export const KIND_WORDS = {
  number: 'import.kind.number',
  category: 'import.kind.category',
  ignore: 'import.kind.ignore',
} as const satisfies Record<ImportKind, PlainKey>;

export const ENCODING_WORDS = {
  one_hot: 'steps.oneHot',
  index: 'steps.index',
} as const satisfies Record<Encoding, PlainKey>;

export const MISSING_WORDS = {
  drop: 'import.missing.drop',
  mean: 'import.missing.mean',
  median: 'import.missing.median',
  most_frequent: 'import.missing.mostFrequent',
} as const satisfies Record<MissingRule, PlainKey>;
