// The settings of each kind of generated data.
import {
  generatedClasses,
  hasClasses,
  readField,
  type GeneratedClassesSpec,
  type GeneratedOf,
  type GeneratedSpec,
  type GeneratedType,
  type GeneratedValuesSpec,
} from '../../engine/spec/index.ts';
import { withData } from './data-edits.ts';
import { setFields, type Edit } from './edits.ts';
import { COUNT, number, type FieldGroup, type FieldSpec, type ListFieldSpec, type NumberFieldSpec } from './fields.ts';

const SHARE = { step: 0.05, min: 0 } as const;
const WIDTH = { step: 0.05, min: 0 } as const;

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** 1, x, x², x³ … */
function powerText(power: number): string {
  if (power < 2) return power === 0 ? '1' : 'x';
  return `x${[...String(power)].map((digit) => SUPERSCRIPTS[Number(digit)] ?? '').join('')}`;
}

const COEFFICIENTS: ListFieldSpec = {
  kind: 'list',
  paths: ['data.coefficients'],
  label: 'generators.coefficients',
  hint: 'generators.coefficientsHint',
  caption: powerText,
  resize: { add: 'generators.addCoefficient', remove: 'generators.removeCoefficient', most: 16 },
  step: 0.1,
  read: (document) => listAt(readField(document, 'data.coefficients')),
};

/** While all classes are equally frequent, the document holds no weights, and the form shows ones. */
const balance = (data: GeneratedClassesSpec): ListFieldSpec => ({
  kind: 'list',
  paths: ['data.balance'],
  label: 'generators.balance',
  hint: 'generators.balanceHint',
  caption: String,
  step: 1,
  min: 0,
  read: (document) =>
    listAt(readField(document, 'data.balance') ?? Array.from({ length: generatedClasses(data) }, () => 1)),
});

const listAt = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

const range: readonly FieldSpec[] = [
  number('data.x_min', 'data.xMin', { step: 0.1 }),
  number('data.x_max', 'data.xMax', { step: 0.1 }),
];

const MOST_CLASSES = 10;

/** The number of classes: the weights of the classes and the model's answer follow it. */
const setClasses =
  (field: 'arms' | 'centers', value: unknown): Edit =>
  (document) => {
    const plain = setFields([`data.${field}`], value)(document);
    const { data } = plain;
    const count = Number(value);
    if (!(data.type === 'spirals' || data.type === 'blobs') || !Number.isInteger(value)) return plain;
    if (count < 2 || count > MOST_CLASSES) return plain;
    const weights = data.balance && Array.from({ length: count }, (_, k) => data.balance?.[k] ?? 1);
    return withData(plain, { ...data, balance: weights });
  };
const classes = (field: 'arms' | 'centers', rest: Pick<NumberFieldSpec, 'label'> & Partial<NumberFieldSpec>) =>
  number(`data.${field}`, rest.label, { step: 1, min: 2, edit: (value) => setClasses(field, value), ...rest });

type Own = { readonly [T in GeneratedType]: (data: GeneratedOf<T>) => FieldGroup };
/** What only this kind has. */
const OWN: Own = {
  polynomial: () => ({ main: [COEFFICIENTS], more: range }),
  sine: () => ({
    main: [
      number('data.amplitude', 'generators.amplitude', { step: 0.1 }),
      number('data.frequency', 'generators.frequency', { hint: 'generators.frequencyHint', step: 0.1, min: 0 }),
    ],
    more: [number('data.phase', 'generators.phase', { hint: 'generators.phaseHint', step: 0.1 }), ...range],
  }),
  linear: () => ({
    main: [
      number('data.features', 'generators.features', { hint: 'generators.featuresHint', step: 10, min: 1 }),
      number('data.informative', 'generators.informative', { hint: 'generators.informativeHint', ...COUNT }),
      number('data.coefficient', 'generators.coefficient', {
        hint: 'generators.coefficientHint',
        step: 0.5,
        min: 0,
      }),
      number('data.correlation', 'generators.correlation', { hint: 'generators.correlationHint', step: 0.1, min: -1 }),
    ],
    more: [number('data.intercept', 'generators.intercept', { step: 0.5 })],
  }),
  moons: () => ({ main: [], more: [] }),
  circles: () => ({
    main: [number('data.factor', 'generators.factor', { hint: 'generators.factorHint', step: 0.1, min: 0 })],
    more: [],
  }),
  spirals: () => ({
    main: [
      classes('arms', { label: 'generators.arms', hint: 'generators.armsHint' }),
      number('data.turns', 'generators.turns', { hint: 'generators.turnsHint', step: 0.25, min: 0 }),
    ],
    more: [],
  }),
  xor: () => ({ main: [], more: [] }),
  blobs: () => ({
    main: [
      classes('centers', { label: 'generators.centers', hint: 'generators.centersHint' }),
      number('data.cluster_std', 'generators.clusterStd', { hint: 'generators.clusterStdHint', ...WIDTH }),
    ],
    more: [number('data.features', 'generators.features', { hint: 'generators.featuresHint', step: 1, min: 1 })],
  }),
};

const VALIDATION = number('data.validation', 'data.validationPoints', { hint: 'data.validationHint', ...COUNT });
const SEED = number('data.seed', 'generators.seed', { hint: 'generators.seedHint', ...COUNT });
const COUNTS: readonly FieldSpec[] = [
  number('data.train', 'generators.train', { step: 10, min: 2 }),
  number('data.test', 'generators.test', { step: 10, min: 0 }),
];

const valuesFields = (_: GeneratedValuesSpec): FieldGroup => ({
  main: [number('data.noise', 'data.noise', { hint: 'data.noiseHint', ...WIDTH })],
  more: [
    number('data.outliers', 'generators.outliers', { hint: 'generators.outliersHint', ...SHARE }),
    number('data.outlier_size', 'generators.outlierSize', { hint: 'generators.outlierSizeHint', step: 1, min: 0 }),
  ],
});

const classesFields = (data: GeneratedClassesSpec): FieldGroup => ({
  main: [
    ...(data.type === 'blobs' ? [] : [number('data.noise', 'data.noise', { hint: 'generators.spreadHint', ...WIDTH })]),
    number('data.label_noise', 'data.labelNoise', { hint: 'generators.labelNoiseHint', ...SHARE }),
  ],
  more: [balance(data)],
});

export function generatorFields(data: GeneratedSpec): FieldGroup {
  const own = (OWN[data.type] as (data: GeneratedSpec) => FieldGroup)(data);
  const shared = hasClasses(data) ? classesFields(data) : valuesFields(data);
  return {
    main: [...own.main, ...COUNTS, ...shared.main, SEED],
    more: [VALIDATION, ...own.more, ...shared.more],
  };
}
