// The settings of an experiment as a table: which field of the document, of which kind, under which label. One row component
// shows them all, so a new field of the document needs a line here and no component.
import type { DataSpec, ExperimentSpec, OptimizerType } from '../../engine/spec/index.ts';
import { dataShape, readField } from '../../engine/spec/index.ts';
import type { PlainKey } from '../messages/catalogue.ts';
import { setEarlyStopping, setFields, type Edit } from './edits.ts';
import { L1_PATH, L2_PENALTY_PATH, LR_PATH, WEIGHT_DECAY_PATH, widthPaths, type L2Place } from './knobs.ts';

interface FieldBase {
  /** All of them get the value; problems at or below them stand at the field. The first one names the field. */
  readonly paths: readonly string[];
  readonly label: PlainKey;
  readonly hint?: PlainKey;
}

export interface NumberFieldSpec extends FieldBase {
  readonly kind: 'number';
  readonly step?: number;
  readonly min?: number;
  readonly unit?: PlainKey;
  /** What an empty field means, when it may be empty; the document then holds null. */
  readonly empty?: PlainKey;
  /** For values that are not simply at the path. */
  readonly read?: (document: ExperimentSpec) => unknown;
  readonly edit?: (value: unknown) => Edit;
}
export interface ToggleFieldSpec extends FieldBase {
  readonly kind: 'toggle';
}
export interface ChoiceFieldSpec extends FieldBase {
  readonly kind: 'choice';
  /** Only of strings. */
  readonly options: readonly { readonly value: string; readonly label: PlainKey }[];
}
export type FieldSpec = NumberFieldSpec | ToggleFieldSpec | ChoiceFieldSpec;

/** What is always seen, and what is folded away. */
export interface FieldGroup {
  readonly main: readonly FieldSpec[];
  readonly more: readonly FieldSpec[];
}

const number = (path: string, label: PlainKey, more: Partial<Omit<NumberFieldSpec, 'kind' | 'paths' | 'label'>> = {}) =>
  ({ kind: 'number', paths: [path], label, ...more }) as const satisfies NumberFieldSpec;
const toggle = (path: string, label: PlainKey, hint?: PlainKey) =>
  ({ kind: 'toggle', paths: [path], label, ...(hint && { hint }) }) as const satisfies ToggleFieldSpec;

const COUNT = { step: 1, min: 0 } as const;

/** The value that a number field shows; undefined when its fields differ from each other. */
export function readNumber(document: ExperimentSpec, field: NumberFieldSpec): unknown {
  if (field.read) return field.read(document);
  const [value, ...others] = field.paths.map((path) => readField(document, path));
  return others.some((x) => x !== value) ? undefined : (value ?? '');
}

/** What typing into a number field does. */
export function editNumber(field: NumberFieldSpec, value: unknown): Edit {
  const meant = value === '' && field.empty ? null : value;
  return field.edit ? field.edit(meant) : setFields(field.paths, meant);
}

export function dataFields(data: DataSpec): FieldGroup {
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
          number('data.seed', 'data.pictureSeed', { hint: 'data.pictureSeedHint', ...COUNT }),
        ],
        more: [],
      };
    case 'cifar10':
      return {
        main: [
          number('data.train', 'data.trainPictures', { step: 1000, min: 1, empty: 'data.all' }),
          number('data.validation', 'data.validationPictures', { hint: 'data.validationHint', step: 1000, min: 0 }),
          number('data.test', 'data.testPictures', { step: 1000, min: 1, empty: 'data.all' }),
        ],
        more: [],
      };
    case 'table':
      return { main: [], more: [] };
    default:
      return data satisfies never;
  }
}

const EPS = number('recipe.optimizer.eps', 'recipe.eps', { hint: 'recipe.epsHint', min: 0 });
const MOMENTUM = number('recipe.optimizer.momentum', 'recipe.momentum', { step: 0.1, min: 0 });
const BETAS = [
  number('recipe.optimizer.betas.0', 'recipe.beta1', { hint: 'recipe.beta1Hint', step: 0.01, min: 0 }),
  number('recipe.optimizer.betas.1', 'recipe.beta2', { hint: 'recipe.beta2Hint', step: 0.001, min: 0 }),
] as const;

const OPTIMIZER_FIELDS: Readonly<Record<OptimizerType, FieldGroup>> = {
  SGD: {
    main: [MOMENTUM],
    more: [
      number('recipe.optimizer.dampening', 'recipe.dampening', { step: 0.1, min: 0 }),
      toggle('recipe.optimizer.nesterov', 'recipe.nesterov'),
    ],
  },
  Adam: { main: [], more: [...BETAS, EPS] },
  AdamW: { main: [], more: [...BETAS, EPS] },
  RMSprop: {
    main: [MOMENTUM],
    more: [
      number('recipe.optimizer.alpha', 'recipe.alpha', { hint: 'recipe.alphaHint', step: 0.01, min: 0 }),
      EPS,
      toggle('recipe.optimizer.centered', 'recipe.centered'),
    ],
  },
  Adagrad: {
    main: [],
    more: [
      number('recipe.optimizer.lr_decay', 'recipe.lrDecay', { min: 0 }),
      number('recipe.optimizer.initial_accumulator_value', 'recipe.initialAccumulator', { step: 0.1, min: 0 }),
      EPS,
    ],
  },
};

const LENGTH = {
  steps: number('recipe.steps', 'recipe.steps', { step: 100, min: 1 }),
  epochs: number('recipe.epochs', 'recipe.epochs', { hint: 'recipe.epochsHint', step: 1, min: 1 }),
} as const;

export const batchFields = ({ recipe }: ExperimentSpec): readonly FieldSpec[] => [
  number('recipe.batch_size', 'recipe.batchSize', {
    hint: 'recipe.batchSizeHint',
    step: 1,
    min: 1,
    empty: 'recipe.wholeData',
  }),
  ...(recipe.batch_size === null ? [] : [toggle('recipe.shuffle', 'recipe.shuffle', 'recipe.shuffleHint')]),
];

export const lengthField = ({ recipe }: ExperimentSpec): FieldSpec =>
  recipe.steps === undefined ? LENGTH.epochs : LENGTH.steps;

/** Everything about the optimizer but its kind. */
export function optimizerFields(type: OptimizerType): FieldGroup {
  const { main, more } = OPTIMIZER_FIELDS[type];
  return { main: [number(LR_PATH, 'recipe.lr', { min: 0 }), ...main], more };
}

const PATIENCE: NumberFieldSpec = {
  kind: 'number',
  paths: ['recipe.early_stopping'],
  label: 'recipe.patience',
  hint: 'recipe.patienceHint',
  step: 1,
  min: 1,
  empty: 'recipe.never',
  read: ({ recipe }) => recipe.early_stopping?.patience ?? '',
  edit: setEarlyStopping,
};

/** When a run is looked at, kept and ended. */
export function watchFields({ data, recipe }: ExperimentSpec): FieldGroup {
  const shape = dataShape(data);
  const stops = shape.validationRows > 0;
  return {
    main: stops ? [PATIENCE] : [],
    more: [
      ...(recipe.early_stopping !== null && shape.target.kind === 'classes'
        ? [
            {
              kind: 'choice',
              paths: ['recipe.early_stopping.metric'],
              label: 'recipe.watched',
              options: [
                { value: 'validation_loss', label: 'recipe.watchLoss' },
                { value: 'validation_accuracy', label: 'recipe.watchAccuracy' },
              ],
            } as const satisfies ChoiceFieldSpec,
          ]
        : []),
      ...(recipe.batch_size === null ? [] : [toggle('recipe.drop_last', 'recipe.dropLast', 'recipe.dropLastHint')]),
      number('recipe.evaluate_every', 'recipe.evaluateEvery', {
        hint: 'recipe.evaluateEveryHint',
        step: 1,
        min: 1,
        unit: 'recipe.stepsUnit',
      }),
      number('recipe.checkpoint_every', 'recipe.checkpointEvery', {
        hint: 'recipe.checkpointEveryHint',
        step: 100,
        min: 1,
        unit: 'recipe.stepsUnit',
      }),
      {
        kind: 'choice',
        paths: ['initialization'],
        label: 'recipe.initialization',
        hint: 'recipe.initializationHint',
        options: [
          { value: 'sequential', label: 'recipe.sequential' },
          { value: 'same', label: 'recipe.same' },
        ],
      },
    ],
  };
}

/** Regularization of the whole model, besides what the variants table holds. */
export function regularizationFields(document: ExperimentSpec, l2: L2Place): FieldGroup {
  const lambda2 = l2 === 'weight_decay' ? WEIGHT_DECAY_PATH : L2_PENALTY_PATH;
  return {
    main: [
      {
        kind: 'choice',
        paths: ['recipe.regularization.l1_method'],
        label: 'regularization.l1Method',
        hint: 'regularization.l1MethodHint',
        options: [
          { value: 'subgradient', label: 'regularization.subgradient' },
          { value: 'proximal', label: 'regularization.proximal' },
        ],
      },
      toggle('recipe.regularization.biases', 'variants.biases', 'variants.biasesHint'),
    ],
    more: [
      number(L1_PATH, 'regularization.l1', { hint: 'regularization.baseHint', min: 0 }),
      number(lambda2, 'regularization.l2', { hint: 'regularization.baseHint', min: 0 }),
      number('recipe.regularization.decoupled_decay', 'regularization.decoupled', {
        hint: 'regularization.decoupledHint',
        min: 0,
      }),
      number('recipe.regularization.max_norm', 'regularization.maxNorm', {
        hint: 'regularization.maxNormHint',
        step: 0.5,
        min: 0,
        empty: 'regularization.noLimit',
      }),
      ...(l2 === 'weight_decay'
        ? [
            toggle(
              'recipe.optimizer.weight_decay_biases',
              'regularization.decayBiases',
              'regularization.decayBiasesHint',
            ),
          ]
        : []),
    ],
  };
}

/** The width of all hidden Linear layers at once; null where there are none. */
export function widthField(document: ExperimentSpec): FieldSpec | null {
  const paths = widthPaths(document);
  return paths.length === 0
    ? null
    : { kind: 'number', paths, label: 'model.width', hint: 'model.widthHint', step: 10, min: 1 };
}
