// Edit commands of the recipe and the layers that change more than one field at once: another kind brings its own fields along.
// As in edits.ts, what is typed may be wrong, and must be able to stand at its field.
import {
  dataShape,
  Initializer,
  Loss,
  Optimizer,
  parseWith,
  Schedule,
  stepsPerEpoch,
  totalSteps,
  WarmUp,
  type ExperimentSpec,
  type InitializerSpec,
  type LossType,
  type OptimizerType,
  type RecipeSpec,
  type ScheduleSpec,
  type ScheduleType,
} from '../../engine/spec/index.ts';
import type { Edit } from './edits.ts';

const withRecipe = (document: ExperimentSpec, changes: Partial<RecipeSpec>): ExperimentSpec => ({
  ...document,
  recipe: { ...document.recipe, ...changes },
});

/** Before the files are read, as many as CIFAR-10 has. */
const trainRows = ({ data }: ExperimentSpec): number =>
  dataShape(data).trainRows ?? (data.type === 'dataset' ? data.rows : 50_000);

/** Examples per update; null: all of them, in an order that cannot matter. */
export const setBatchSize =
  (size: unknown): Edit =>
  (document) =>
    withRecipe(document, {
      batch_size: size as number | null,
      ...(size === null && { shuffle: false, drop_last: false }),
    });

/** The loss; how its terms are added up is kept, the rest are torch's defaults. */
export const setLoss =
  (type: LossType): Edit =>
  (document) => {
    const { reduction } = document.recipe.loss;
    return withRecipe(document, { loss: { ...parseWith(Loss, { type }, 'Loss'), reduction } });
  };

/** The optimizer of the base; its learning rate and weight decay are kept, the rest are torch's defaults. */
export const setOptimizer =
  (type: OptimizerType): Edit =>
  (document) => {
    const { lr, weight_decay, weight_decay_biases } = document.recipe.optimizer;
    // The defaults come from the schema; what is kept may be wrong, and must be able to stand.
    const optimizer = { ...parseWith(Optimizer, { type, lr: 1 }, 'Optimizer'), lr, weight_decay, weight_decay_biases };
    return withRecipe(document, { optimizer });
  };

/** After how many evaluations without progress a run ends; null: never. */
export const setEarlyStopping =
  (patience: unknown): Edit =>
  (document) => {
    const { early_stopping: now } = document.recipe;
    if (patience === null) return withRecipe(document, { early_stopping: null });
    const kept = now ?? ({ metric: 'validation_loss', min_delta: 0 } as const);
    return withRecipe(document, { early_stopping: { ...kept, patience: patience as number } });
  };

/** Counts the length in steps or in epochs, as nearly as long as it was. */
export const setLengthUnit =
  (unit: 'steps' | 'epochs'): Edit =>
  (document) => {
    const { steps, epochs, ...recipe } = document.recipe;
    if ((unit === 'steps') === (steps !== undefined)) return document;
    const rows = trainRows(document);
    const length =
      unit === 'steps'
        ? { steps: totalSteps(document.recipe, rows) ?? epochs ?? 1 }
        : { epochs: Math.max(1, Math.round((steps ?? 1) / stepsPerEpoch(document.recipe, rows))) };
    return { ...document, recipe: { ...recipe, ...length } };
  };

/** Passes over the train data, as nearly as it can be said. */
function epochsOf(document: ExperimentSpec): number {
  const rows = trainRows(document);
  const steps = totalSteps(document.recipe, rows) ?? 1;
  return Math.max(1, Math.round(steps / Math.max(1, stepsPerEpoch(document.recipe, rows))));
}

/** A schedule over the whole run that ends at about a tenth of the learning rate. */
function freshSchedule(type: ScheduleType, document: ExperimentSpec): Record<string, unknown> {
  const epochs = epochsOf(document);
  const { optimizer } = document.recipe;
  switch (type) {
    case 'constant':
      return { type };
    case 'StepLR':
      return { type, step_size: Math.max(1, Math.round(epochs / 2)) };
    case 'ExponentialLR':
      return { type, gamma: Number((0.1 ** (1 / epochs)).toPrecision(4)) };
    case 'CosineAnnealingLR':
      return { type, T_max: epochs };
    case 'OneCycleLR': {
      const cycles = 'betas' in optimizer || ('momentum' in optimizer && optimizer.momentum > 0);
      const max_lr = Number(optimizer.lr) > 0 ? Number(optimizer.lr) : 0.01;
      return { type, max_lr, cycle_momentum: cycles };
    }
    case 'ReduceLROnPlateau':
      return { type, metric: dataShape(document.data).validationRows > 0 ? 'validation_loss' : 'train_loss' };
    default:
      return type satisfies never;
  }
}

export const setSchedule =
  (type: ScheduleType): Edit =>
  (document) => {
    const schedule: ScheduleSpec = parseWith(Schedule, freshSchedule(type, document), 'Schedule');
    // It warms up by itself.
    return withRecipe(document, { schedule, ...(type === 'OneCycleLR' && { warm_up: null }) });
  };

/** Updates until the learning rate is whole; null: from the first on. */
export const setWarmUp =
  (steps: unknown): Edit =>
  (document) => {
    const { warm_up: now } = document.recipe;
    if (steps === null) return withRecipe(document, { warm_up: null });
    return withRecipe(document, {
      warm_up: { ...(now ?? parseWith(WarmUp, { steps: 1 }, 'WarmUp')), steps: steps as number },
    });
  };

export type ClippingType = 'none' | 'norm' | 'value';
export const setClipping =
  (type: ClippingType): Edit =>
  (document) =>
    withRecipe(document, {
      gradient_clipping: type === 'none' ? null : type === 'norm' ? { type, max_norm: 1 } : { type, clip_value: 1 },
    });

const FRESH_INITIALIZERS: { readonly [T in InitializerSpec['type']]?: object } = { constant: { val: 0 } };

/** How a layer's weights or biases get their first values; null: as torch does unless told otherwise. */
export const setInitializer =
  (layerName: string, part: 'weight' | 'bias', type: InitializerSpec['type'] | null): Edit =>
  (document) => {
    const next = structuredClone(document);
    const layer = next.model.layers.find((x) => x.name === layerName);
    if (!layer || !(layer.type === 'Linear' || layer.type === 'Conv2d' || layer.type === 'DropConnect')) return next;
    const { [part]: _, ...others } = layer.init ?? {};
    const init =
      type === null
        ? others
        : { ...others, [part]: parseWith(Initializer, { type, ...FRESH_INITIALIZERS[type] }, 'Initializer') };
    if (Object.keys(init).length > 0) layer.init = init;
    else delete layer.init;
    return next;
  };

/** Sets an argument of a layer that may be left out; null: leaves it out. */
export const setLayerArgument =
  (layerName: string, argument: string, value: unknown): Edit =>
  (document) => {
    const next = structuredClone(document);
    const layer: Record<string, unknown> | undefined = next.model.layers.find((x) => x.name === layerName);
    if (layer === undefined) return next;
    if (value === null) delete layer[argument];
    else layer[argument] = value;
    return next;
  };
