// The settings of each kind of data.
import { isGenerated, type Cifar10Spec, type DataSpec, type Shapes32Spec } from '../../engine/spec/index.ts';
import type { PlainKey } from '../messages/catalogue.ts';
import { COUNT, number, type FieldGroup, type FieldSpec } from './fields.ts';
import { generatorFields } from './generator-fields.ts';

const CHANNELS = ['data.red', 'data.green', 'data.blue'] as const satisfies readonly PlainKey[];

const perChannel = (key: 'mean' | 'std', label: PlainKey, hint: PlainKey): FieldSpec => ({
  kind: 'tuple',
  paths: CHANNELS.map((_, i) => `data.${key}.${String(i)}`),
  label,
  hint,
  parts: CHANNELS,
  step: 0.05,
  ...(key === 'std' && { min: 0 }),
});

const normalization = (_: Shapes32Spec | Cifar10Spec): readonly FieldSpec[] => [
  perChannel('mean', 'data.mean', 'data.meanHint'),
  perChannel('std', 'data.std', 'data.stdHint'),
];

export function dataFields(data: DataSpec): FieldGroup {
  if (isGenerated(data)) return generatorFields(data);
  switch (data.type) {
    case 'linear_noise':
      return {
        main: [
          number('data.points', 'data.points', { hint: 'data.pointsHint', step: 1, min: 2 }),
          number('data.noise', 'data.noise', { hint: 'data.noiseHint', step: 0.05, min: 0 }),
        ],
        more: [
          number('data.validation_points', 'data.validationPoints', { hint: 'data.validationHint', ...COUNT }),
          number('data.slope', 'data.slope', { step: 0.1 }),
          number('data.x_min', 'data.xMin', { step: 0.1 }),
          number('data.x_max', 'data.xMax', { step: 0.1 }),
        ],
      };
    case 'shapes32':
      return {
        main: [
          number('data.train', 'data.trainPictures', { step: 100, min: 10 }),
          number('data.validation', 'data.validationPictures', { hint: 'data.validationHint', step: 100, min: 0 }),
          number('data.test', 'data.testPictures', { step: 100, min: 0 }),
          number('data.label_noise', 'data.labelNoise', { hint: 'data.labelNoiseHint', step: 0.05, min: 0 }),
        ],
        more: [
          number('data.seed', 'data.pictureSeed', { hint: 'data.pictureSeedHint', ...COUNT }),
          ...normalization(data),
        ],
      };
    case 'cifar10':
      return {
        main: [
          number('data.train', 'data.trainPictures', { step: 1000, min: 1, empty: 'data.all' }),
          number('data.validation', 'data.validationPictures', { hint: 'data.validationHint', step: 1000, min: 0 }),
          number('data.test', 'data.testPictures', { step: 1000, min: 1, empty: 'data.all' }),
        ],
        more: normalization(data),
      };
    case 'table':
    case 'dataset':
      return { main: [], more: [] };
    default:
      return data satisfies never;
  }
}
