// The settings of training: length, batches, loss, optimizer, regularization, when it is looked at and ended.
import {
  dataShape,
  LOSS_TARGETS,
  type ExperimentSpec,
  type LossSpec,
  type LossType,
  type OptimizerType,
} from '../../engine/spec/index.ts';
import { L1_PATH, L2_PENALTY_PATH, LR_PATH, WEIGHT_DECAY_PATH, type L2Place } from './knobs.ts';
import { setBatchSize, setEarlyStopping, setLengthUnit, setLoss, setOptimizer } from './recipe-edits.ts';
import { choice, named, number, toggle, type FieldGroup, type FieldSpec } from './fields.ts';

const EPS = number('recipe.optimizer.eps', 'recipe.eps', { hint: 'recipe.epsHint', min: 0 });
const MOMENTUM = number('recipe.optimizer.momentum', 'recipe.momentum', { step: 0.1, min: 0 });
const BETAS = [
  number('recipe.optimizer.betas.0', 'recipe.beta1', { hint: 'recipe.beta1Hint', step: 0.01, min: 0 }),
  number('recipe.optimizer.betas.1', 'recipe.beta2', { hint: 'recipe.beta2Hint', step: 0.001, min: 0 }),
] as const;

/** Besides kind and learning rate. */
const OPTIMIZER_FIELDS: Readonly<Record<OptimizerType, FieldGroup>> = {
  Adam: { main: [], more: [...BETAS, EPS] },
  AdamW: { main: [], more: [...BETAS, EPS] },
  SGD: {
    main: [MOMENTUM],
    more: [
      number('recipe.optimizer.dampening', 'recipe.dampening', { step: 0.1, min: 0 }),
      toggle('recipe.optimizer.nesterov', 'recipe.nesterov'),
    ],
  },
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
const OPTIMIZERS = Object.keys(OPTIMIZER_FIELDS) as OptimizerType[];

const LENGTH = {
  steps: number('recipe.steps', 'recipe.steps', { step: 100, min: 1 }),
  epochs: number('recipe.epochs', 'recipe.epochs', { hint: 'recipe.epochsHint', step: 1, min: 1 }),
} as const;
const unitOf = ({ recipe }: ExperimentSpec) => (recipe.steps === undefined ? 'epochs' : 'steps');
const LENGTH_UNIT = choice(
  'recipe.length',
  'recipe.lengthUnit',
  [
    { value: 'steps', label: 'recipe.inSteps' },
    { value: 'epochs', label: 'recipe.inEpochs' },
  ],
  { read: unitOf, edit: (unit) => setLengthUnit(unit === 'epochs' ? 'epochs' : 'steps') },
);

const BATCH_SIZE = number('recipe.batch_size', 'recipe.batchSize', {
  hint: 'recipe.batchSizeHint',
  step: 1,
  min: 1,
  empty: 'recipe.wholeData',
  edit: setBatchSize,
});

const LOSSES = Object.keys(LOSS_TARGETS) as LossType[];

function lossOptions(loss: LossSpec): readonly FieldSpec[] {
  switch (loss.type) {
    case 'SmoothL1Loss':
      return [number('recipe.loss.beta', 'recipe.lossBeta', { hint: 'recipe.lossBetaHint', step: 0.1, min: 0 })];
    case 'HuberLoss':
      return [number('recipe.loss.delta', 'recipe.lossDelta', { hint: 'recipe.lossBetaHint', step: 0.1, min: 0 })];
    case 'CrossEntropyLoss':
      return [
        number('recipe.loss.label_smoothing', 'recipe.smoothing', {
          hint: 'recipe.smoothingHint',
          step: 0.05,
          min: 0,
        }),
      ];
    case 'MSELoss':
    case 'L1Loss':
    case 'NLLLoss':
    case 'BCEWithLogitsLoss':
      return [];
    default:
      return loss satisfies never;
  }
}

const REDUCTION = choice(
  'recipe.loss.reduction',
  'recipe.reduction',
  [
    { value: 'mean', label: 'recipe.reductionMean' },
    { value: 'sum', label: 'recipe.reductionSum' },
  ],
  { hint: 'recipe.reductionHint' },
);

/** What training minimises, by how large steps, how long. */
export function trainingFields(document: ExperimentSpec): FieldGroup {
  const { data, recipe } = document;
  const { kind } = dataShape(data).target;
  const optimizer = OPTIMIZER_FIELDS[recipe.optimizer.type];
  const batched = recipe.batch_size !== null;
  const fitting = LOSSES.filter((x) => LOSS_TARGETS[x] === kind || x === recipe.loss.type);
  return {
    main: [
      LENGTH[unitOf(document)],
      BATCH_SIZE,
      ...(batched ? [toggle('recipe.shuffle', 'recipe.shuffle', 'recipe.shuffleHint')] : []),
      choice('recipe.loss.type', 'recipe.lossType', named(...fitting), {
        edit: (type) => setLoss(LOSSES.find((x) => x === type) ?? recipe.loss.type),
      }),
      choice('recipe.optimizer.type', 'recipe.optimizer', named(...OPTIMIZERS), {
        edit: (type) => setOptimizer(OPTIMIZERS.find((x) => x === type) ?? recipe.optimizer.type),
      }),
      number(LR_PATH, 'recipe.lr', { min: 0 }),
      ...optimizer.main,
    ],
    more: [
      ...optimizer.more,
      REDUCTION,
      ...lossOptions(recipe.loss),
      LENGTH_UNIT,
      ...(batched ? [toggle('recipe.drop_last', 'recipe.dropLast', 'recipe.dropLastHint')] : []),
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
      choice(
        'initialization',
        'recipe.initialization',
        [
          { value: 'sequential', label: 'recipe.sequential' },
          { value: 'same', label: 'recipe.same' },
        ],
        { hint: 'recipe.initializationHint' },
      ),
    ],
  };
}

const patience = number('recipe.early_stopping.patience', 'recipe.patience', {
  whole: 'recipe.early_stopping',
  hint: 'recipe.patienceHint',
  step: 1,
  min: 1,
  empty: 'recipe.never',
  read: ({ recipe }) => recipe.early_stopping?.patience ?? '',
  edit: setEarlyStopping,
});

/** When a run is ended before its time; empty where nothing could be watched. */
export function stoppingFields({ data, recipe }: ExperimentSpec): readonly FieldSpec[] {
  const { validationRows, target } = dataShape(data);
  if (validationRows === 0 && recipe.early_stopping === null) return [];
  if (recipe.early_stopping === null) return [patience];
  return [
    patience,
    ...(target.kind === 'classes' || recipe.early_stopping.metric !== 'validation_loss'
      ? [
          choice('recipe.early_stopping.metric', 'recipe.watched', [
            { value: 'validation_loss', label: 'recipe.watchLoss' },
            { value: 'validation_accuracy', label: 'recipe.watchAccuracy' },
          ]),
        ]
      : []),
    number('recipe.early_stopping.min_delta', 'recipe.minDelta', { hint: 'recipe.minDeltaHint', min: 0 }),
  ];
}

/** Penalties and limits of the whole model; the variants table holds what the variants make of them. */
export function regularizationFields(l2: L2Place): FieldGroup {
  const lambda2 = l2 === 'weight_decay' ? WEIGHT_DECAY_PATH : L2_PENALTY_PATH;
  return {
    main: [
      number(L1_PATH, 'recipe.l1', { hint: 'recipe.baseHint', min: 0 }),
      number(lambda2, 'recipe.l2', { hint: 'recipe.baseHint', min: 0 }),
      toggle('recipe.regularization.biases', 'variants.biases', 'variants.biasesHint'),
    ],
    more: [
      choice(
        'recipe.regularization.l1_method',
        'recipe.l1Method',
        [
          { value: 'subgradient', label: 'recipe.subgradient' },
          { value: 'proximal', label: 'recipe.proximal' },
        ],
        { hint: 'recipe.l1MethodHint' },
      ),
      number('recipe.regularization.decoupled_decay', 'recipe.decoupled', { hint: 'recipe.decoupledHint', min: 0 }),
      number('recipe.regularization.max_norm', 'recipe.maxNorm', {
        hint: 'recipe.maxNormHint',
        step: 0.5,
        min: 0,
        empty: 'recipe.noLimit',
      }),
      toggle('recipe.optimizer.weight_decay_biases', 'recipe.decayBiases', 'recipe.decayBiasesHint'),
    ],
  };
}
