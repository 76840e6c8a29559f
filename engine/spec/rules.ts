// Rules between fields that a schema cannot say; checked on every variant as it would be trained.
import { dataShape } from './data.ts';
import { generatedProblems } from './generator-rules.ts';
import { isGenerated } from './generators.ts';
import { datasetProblems } from './dataset-rules.ts';
import { LOSS_TARGETS } from './loss.ts';
import { elements } from './layers.ts';
import { DATA_INPUT } from './model.ts';
import { outOfRange, type Problem } from './problem.ts';
import type { ResolvedVariant } from './resolve.ts';
import { totalSteps } from './length.ts';
import { analyzeModel } from './shapes.ts';

type Rule = (variant: ResolvedVariant) => readonly Problem[];

const none: readonly Problem[] = [];

const TABLE_PARTS = [
  ['x', 'y'],
  ['validation_x', 'validation_y'],
  ['test_x', 'test_y'],
] as const;

/** Rows of a table must all have one length, as many in x as in y; class indices must be classes. */
const tableRows: Rule = ({ data }) => {
  if (data.type !== 'table') return none;
  if (data.x.length === 0)
    return [
      {
        path: 'data.x',
        code: 'empty',
        message: 'must be at least one row, but is []',
        params: { expected: 'at least one row' },
      },
    ];
  const problems: Problem[] = [];
  const width = data.shape ? elements(data.shape) : (data.features ?? data.x[0]?.length ?? 0);
  const targets = data.classes === null ? (data.y[0]?.length ?? 0) : 1;
  const check = (path: string, rows: readonly (readonly number[])[], expected: number): void => {
    const wrong = rows.findIndex((row) => row.length !== expected);
    if (wrong >= 0)
      problems.push(outOfRange(`data.${path}.${wrong}`, `${expected} numbers long`, String(rows[wrong]?.length)));
  };
  for (const [x, y] of TABLE_PARTS) {
    check(x, data[x], width);
    check(y, data[y], targets);
    if (data[x].length !== data[y].length)
      problems.push(outOfRange(`data.${y}`, `${data[x].length} rows, as ${x} has`, String(data[y].length)));
    const { classes } = data;
    if (classes === null) continue;
    const isClass = (label: number | undefined): boolean =>
      label !== undefined && Number.isInteger(label) && label >= 0 && label < classes;
    const wrong = data[y].findIndex(([label]) => !isClass(label));
    if (wrong >= 0)
      problems.push(outOfRange(`data.${y}.${wrong}`, `a class from 0 to ${classes - 1}`, String(data[y][wrong]?.[0])));
  }
  if (data.names && data.names.length !== width + targets)
    problems.push(outOfRange('data.names', `${width + targets} names, one for each column`, String(data.names.length)));
  return problems;
};

const dataRange: Rule = ({ data }) =>
  'x_min' in data && data.x_min >= data.x_max
    ? [outOfRange('data.x_max', `above x_min (${data.x_min})`, String(data.x_max))]
    : none;

const generated: Rule = ({ data }) => (isGenerated(data) ? generatedProblems(data) : none);

/** torch: "Nesterov momentum requires a momentum and zero dampening". */
const nesterov: Rule = ({ recipe: { optimizer } }) => {
  if (optimizer.type !== 'SGD' || !optimizer.nesterov) return none;
  if (optimizer.momentum === 0) return [outOfRange('recipe.optimizer.nesterov', 'false while momentum is 0', 'true')];
  return optimizer.dampening === 0
    ? none
    : [outOfRange('recipe.optimizer.nesterov', 'false while dampening is not 0', 'true')];
};

const LEARNS: ReadonlySet<string> = new Set(['Linear', 'Conv2d', 'DropConnect']);

const learns: Rule = ({ model }) =>
  model.layers.some((layer) => LEARNS.has(layer.type))
    ? none
    : [
        {
          path: 'model.layers',
          code: 'empty',
          message: 'must have at least one Linear, Conv2d or DropConnect layer: there is nothing to train',
          params: { expected: 'at least one layer that learns' },
        },
      ];

const layerNames: Rule = ({ model }) =>
  model.layers.some((layer) => layer.name === DATA_INPUT)
    ? [
        outOfRange(
          `model.layers.${DATA_INPUT}.name`,
          `another name than "${DATA_INPUT}", which means the data`,
          DATA_INPUT,
        ),
      ]
    : none;

/** The tutorial's way needs the sigmoid whose derivative it bends, for itself alone. */
const printedGradient: Rule = ({ model }) =>
  model.layers.flatMap((layer, i) => {
    if (layer.type !== 'Dropout' || layer.gradient === 'chain_rule') return [];
    const before = model.layers[i - 1];
    const isAlone = !model.layers.some((x) => before && x.inputs?.includes(before.name));
    return before?.type === 'Sigmoid' && layer.inputs === undefined && isAlone
      ? []
      : [
          outOfRange(
            `model.layers.${layer.name}.gradient`,
            'chain_rule, unless the layer before it is a Sigmoid that feeds nothing else',
            'as_printed',
          ),
        ];
  });

/** What torch.nn.init refuses: bounds the wrong way round, and fans of a parameter that has none. */
const initializers: Rule = ({ model, data }) => {
  const shapes = new Map(analyzeModel(model, data).shapes.map((x) => [x.name, x.parameterShapes]));
  return model.layers.flatMap((layer) => {
    if (!('init' in layer) || layer.init === undefined) return [];
    const { weight, bias } = layer.init;
    const given = [
      ['weight', weight],
      ['bias', bias],
    ] as const;
    return given.flatMap(([key, init]) => {
      const path = `model.layers.${layer.name}.init.${key}`;
      if (init === undefined) return [];
      if ((init.type === 'uniform' || init.type === 'trunc_normal') && init.a > init.b)
        return [outOfRange(`${path}.b`, `at least a (${init.a})`, String(init.b))];
      const shape = shapes.get(layer.name)?.find((x) => x.name === key)?.shape;
      return /^(xavier|kaiming)/.test(init.type) && shape !== undefined && shape.length < 2
        ? [outOfRange(path, 'an initialisation for vectors (xavier and kaiming need a matrix)', init.type)]
        : [];
    });
  });
};

const lossTarget: Rule = ({ data, recipe: { loss } }) => {
  const { kind } = dataShape(data).target;
  if (LOSS_TARGETS[loss.type] === kind) return none;
  const fitting = Object.entries(LOSS_TARGETS)
    .filter(([, target]) => target === kind)
    .map(([name]) => name)
    .join(', ');
  return [
    outOfRange('recipe.loss.type', `a loss for ${kind === 'classes' ? 'classes' : 'numbers'} (${fitting})`, loss.type),
  ];
};

const length: Rule = ({ recipe }) => {
  if (recipe.steps !== undefined && recipe.epochs !== undefined)
    return [outOfRange('recipe.epochs', 'left out while steps is given', String(recipe.epochs))];
  return recipe.steps === undefined && recipe.epochs === undefined
    ? [{ path: 'recipe.steps', code: 'required', message: 'is missing (or give epochs)', params: {} }]
    : none;
};

const batches: Rule = ({ data, recipe }) => {
  const { batch_size: size, drop_last, shuffle } = recipe;
  if (size === null) {
    if (shuffle) return [outOfRange('recipe.shuffle', 'false while every batch is the whole train data', 'true')];
    return drop_last
      ? [outOfRange('recipe.drop_last', 'false while every batch is the whole train data', 'true')]
      : none;
  }
  const { trainRows } = dataShape(data);
  return trainRows !== null && size > trainRows
    ? [outOfRange('recipe.batch_size', `at most the number of train examples (${trainRows})`, String(size))]
    : none;
};

const images: Rule = ({ data, recipe }) =>
  recipe.augmentation.flatMap(({ type }, i) =>
    type !== 'GaussianNoise' && dataShape(data).input.length !== 3
      ? [outOfRange(`recipe.augmentation.${i}`, 'GaussianNoise, because the data are no pictures', type)]
      : [],
  );

const validation: Rule = ({ data, recipe }) => {
  if (dataShape(data).validationRows > 0) return none;
  const problems: Problem[] = [];
  const needs = 'left out, because there is no validation data';
  if (recipe.early_stopping !== null)
    problems.push(outOfRange('recipe.early_stopping', needs, recipe.early_stopping.metric));
  if (recipe.schedule.type === 'ReduceLROnPlateau' && recipe.schedule.metric === 'validation_loss')
    problems.push(
      outOfRange('recipe.schedule.metric', 'train_loss, because there is no validation data', 'validation_loss'),
    );
  return problems;
};

const accuracy: Rule = ({ data, recipe }) =>
  recipe.early_stopping?.metric === 'validation_accuracy' && dataShape(data).target.kind !== 'classes'
    ? [
        outOfRange(
          'recipe.early_stopping.metric',
          'validation_loss, because the data have no classes',
          'validation_accuracy',
        ),
      ]
    : none;

const schedule: Rule = ({ data, recipe }) => {
  const { schedule: chosen, warm_up, optimizer } = recipe;
  const problems: Problem[] = [];
  if (chosen.type === 'ReduceLROnPlateau' && chosen.factor === 1)
    return [outOfRange('recipe.schedule.factor', 'below 1', '1')];
  if (chosen.type !== 'OneCycleLR') return none;
  if (warm_up !== null) problems.push(outOfRange('recipe.warm_up', 'left out with OneCycleLR', String(warm_up.steps)));
  const moves =
    optimizer.type === 'Adam' || optimizer.type === 'AdamW' || ('momentum' in optimizer && optimizer.momentum > 0);
  if (chosen.cycle_momentum && !moves)
    problems.push(outOfRange('recipe.schedule.cycle_momentum', 'false while the optimizer has no momentum', 'true'));
  const steps = totalSteps(recipe, dataShape(data).trainRows);
  // torch's formula divides by the length of the way up.
  if (steps !== null && steps * chosen.pct_start === 1)
    problems.push(
      outOfRange(
        'recipe.schedule.pct_start',
        `not 1/${steps}: the way up would have no length`,
        String(chosen.pct_start),
      ),
    );
  if (steps !== null && steps < 3)
    problems.push(outOfRange('recipe.schedule.type', 'another schedule for so few steps', chosen.type));
  return problems;
};

const heldOut: Rule = ({ data }) =>
  data.type === 'cifar10' && data.train !== null && data.train + data.validation > 50_000
    ? [outOfRange('data.train', `at most ${50_000 - data.validation}, which validation leaves`, String(data.train))]
    : none;

const dataset: Rule = ({ data }) => (data.type === 'dataset' ? datasetProblems(data) : none);

const RULES: readonly Rule[] = [
  dataRange,
  tableRows,
  generated,
  heldOut,
  dataset,
  learns,
  layerNames,
  printedGradient,
  initializers,
  lossTarget,
  length,
  batches,
  images,
  nesterov,
  validation,
  accuracy,
  schedule,
];

/** Everything that is wrong with a variant besides single fields, the shapes of its model included. */
export function ruleProblems(variant: ResolvedVariant): Problem[] {
  const problems = RULES.flatMap((rule) => rule(variant));
  // Shapes say nothing useful while the data itself is contradictory.
  return problems.length > 0 ? problems : [...analyzeModel(variant.model, variant.data).problems];
}
