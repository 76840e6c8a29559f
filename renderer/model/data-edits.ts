// Edit commands that put other data into an experiment: what must follow follows (loss, the size of the answer, what the recipe
// can watch), everything else stays.
import {
  DATA_INPUT,
  dataShape,
  LOSS_TARGETS,
  outputShape,
  readField,
  type DataSpec,
  type ExperimentSpec,
  type LayerType,
  type LossType,
} from '../../engine/spec/index.ts';
import { freeName, setFields, type Edit } from './edits.ts';
import { setBatchSize, setEarlyStopping, setLoss } from './recipe-edits.ts';

/** Taken when the loss in use is not for targets of this kind. */
const FRESH_LOSS = { values: 'MSELoss', classes: 'CrossEntropyLoss' } as const satisfies Record<string, LossType>;

const loss: Edit = (document) => {
  const { kind } = dataShape(document.data).target;
  return LOSS_TARGETS[document.recipe.loss.type] === kind ? document : setLoss(FRESH_LOSS[kind])(document);
};

/** The layer that fixes how many numbers the model answers with. */
const answerLayer = ({ model }: ExperimentSpec) =>
  model.layers.findLast((x) => x.type === 'Linear' || x.type === 'DropConnect');

const answer: Edit = (document) => {
  const layer = answerLayer(document);
  const shape = outputShape(dataShape(document.data).target);
  const [size] = shape;
  if (!layer || size === undefined || shape.length > 1) return document;
  return setFields([`model.layers.${layer.name}.out_features`], size)(document);
};

/** Layers that look at pictures as pictures. */
const LOOKS_AT_PICTURES: ReadonlySet<LayerType> = new Set([
  'Conv2d',
  'MaxPool2d',
  'AvgPool2d',
  'AdaptiveAvgPool2d',
  'Flatten',
]);

/** Pictures come to a net of Linear layers as one row of numbers; where there is no net yet, nothing is begun for the person. */
const flattened: Edit = (document) => {
  const { layers } = document.model;
  const isPictures = dataShape(document.data).input.length === 3;
  if (layers.length === 0) return document;
  const takes = layers.some((x) => LOOKS_AT_PICTURES.has(x.type) || x.inputs?.includes(DATA_INPUT));
  if (!isPictures || takes) return document;
  const taken = layers.map((x) => x.name);
  const flatten = {
    type: 'Flatten',
    name: taken.includes('flatten') ? freeName('flatten', taken) : 'flatten',
  } as const;
  return { ...document, model: { ...document.model, layers: [flatten, ...layers] } };
};

/** Above it, an update that takes all examples at once takes seconds. */
const MOST_AT_ONCE = 1000;
const USUAL_BATCH = 32;

const areMany = (data: DataSpec): boolean =>
  (dataShape(data).trainRows ?? (data.type === 'dataset' ? data.rows : 0)) > MOST_AT_ONCE;

/** Where few examples make way for many, they are no longer taken all at once. */
export const inBatches =
  (before: DataSpec): Edit =>
  (document) =>
    document.recipe.batch_size === null && areMany(document.data) && !areMany(before)
      ? setBatchSize(USUAL_BATCH)(document)
      : document;

const batches: Edit = (document) => {
  const { trainRows } = dataShape(document.data);
  const size = document.recipe.batch_size;
  return size !== null && trainRows !== null && size > trainRows ? setBatchSize(trainRows)(document) : document;
};

/** Early stopping and a plateau schedule watch what there is. */
const watched: Edit = (document) => {
  const { validationRows, target } = dataShape(document.data);
  const { early_stopping: stopping, schedule } = document.recipe;
  let next = document;
  if (stopping && validationRows === 0) next = setEarlyStopping(null)(next);
  else if (stopping?.metric === 'validation_accuracy' && target.kind !== 'classes')
    next = setFields(['recipe.early_stopping.metric'], 'validation_loss')(next);
  return validationRows === 0 && schedule.type === 'ReduceLROnPlateau'
    ? setFields(['recipe.schedule.metric'], 'train_loss')(next)
    : next;
};

/** Crops and flips are for pictures. */
const augmentation: Edit = (document) => {
  if (dataShape(document.data).input.length === 3) return document;
  const kept = document.recipe.augmentation.filter(({ type }) => type === 'GaussianNoise');
  return { ...document, recipe: { ...document.recipe, augmentation: kept } };
};

const following =
  (...followers: readonly Edit[]): Edit =>
  (document) =>
    followers.reduce((at, follow) => follow(at), document);

/** Makes the model take the document's data, and answer with what they ask for. */
export const fitModel = following(flattened, answer);
/** Makes the recipe one for the document's data. */
export const fitRecipe = following(loss, batches, watched, augmentation);

/** Whether a variant's change still says something about the new document. */
function stands(path: string, before: ExperimentSpec, after: ExperimentSpec): boolean {
  if (path === 'data' || path === `model.layers.${answerLayer(after)?.name ?? ''}.out_features`) return false;
  const sameLoss = before.recipe.loss.type === after.recipe.loss.type;
  if (path === 'recipe.loss' || path === 'recipe.loss.type') return sameLoss;
  if (path === 'data.type') return before.data.type === after.data.type;
  const followed = ['data.', 'recipe.loss.', 'recipe.early_stopping.'].some((x) => path.startsWith(x));
  return !followed || readField(after, path) !== undefined;
}

/**
 * Other data in the place of the document's. The loss becomes one for the new targets, the last Linear layer answers with as
 * many numbers as they need, batches and what the recipe watches fit; variants lose changes of fields that are gone.
 */
export function withData(document: ExperimentSpec, data: DataSpec): ExperimentSpec {
  const next = inBatches(document.data)(fitRecipe(fitModel({ ...document, data })));
  const variants = next.variants.map((variant) => {
    const kept = Object.entries(variant.changes).filter(([path]) => stands(path, document, next));
    return { ...variant, changes: Object.fromEntries(kept) };
  });
  return { ...next, variants };
}

export const setData =
  (data: DataSpec): Edit =>
  (document) =>
    withData(document, data);

/** Where the seed stands that decides the drawn data; null where nothing is drawn. */
export function seedPath({ type }: DataSpec): 'seed' | 'data.seed' | null {
  switch (type) {
    case 'linear_noise':
      return 'seed';
    case 'shapes32':
    case 'polynomial':
    case 'sine':
    case 'linear':
    case 'moons':
    case 'circles':
    case 'spirals':
    case 'xor':
    case 'blobs':
      return 'data.seed';
    case 'dataset':
    case 'table':
    case 'cifar10':
      return null;
    default:
      return type satisfies never;
  }
}
