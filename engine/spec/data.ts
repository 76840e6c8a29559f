// Where the examples come from. A data set is described, not stored: the same description and seed give the same examples.
import * as v from 'valibot';
import { columnWidth, DatasetData, featureColumns, targetColumns, type DatasetSpec } from './dataset.ts';
import { anyFinite, integerBetween, nonNegative, positive, share } from './fields.ts';
import { generatedShape, GENERATORS, isGenerated } from './generators.ts';

/**
 * The tutorial's data: x = linspace(x_min, x_max, points); y = slope·x + noise·N(0,1).
 * Train targets are drawn first, then test targets at the same x, then validation targets, all from the run's generator
 * (EXAMPLES.md §1). x and y are f32 [points, 1].
 */
export const LinearNoiseData = v.strictObject({
  type: v.literal('linear_noise'),
  points: integerBetween(2, 100_000),
  x_min: anyFinite(),
  x_max: anyFinite(),
  slope: anyFinite(),
  /** Standard deviation of the noise, in units of y. */
  noise: nonNegative('noise ≥ 0'),
  /** Points of a validation set at evenly spaced x; 0: none. */
  validation_points: v.optional(integerBetween(0, 100_000), 0),
});

const rows = () => v.array(v.pipe(v.array(anyFinite()), v.minLength(1, 'empty|at least one number')));

/** Rows that one split of a table may have. */
export const MOST_TABLE_ROWS = 10_000;
const MOST_NAME = 200;
const atMostRows = `too_long|at most ${MOST_TABLE_ROWS} rows`;

/**
 * A few examples written out (none yet: the table is unfinished and cannot be trained on): x [rows][features], y [rows][targets]. With `shape`, a row of x is a picture of that shape; with
 * `classes`, a row of y is one class index from 0.
 */
export const TableData = v.strictObject({
  type: v.literal('table'),
  x: v.pipe(rows(), v.maxLength(MOST_TABLE_ROWS, atMostRows)),
  y: v.pipe(rows(), v.maxLength(MOST_TABLE_ROWS, atMostRows)),
  /** Validation and test examples in the same form; empty: none. */
  validation_x: v.optional(v.pipe(rows(), v.maxLength(MOST_TABLE_ROWS, atMostRows)), []),
  validation_y: v.optional(v.pipe(rows(), v.maxLength(MOST_TABLE_ROWS, atMostRows)), []),
  test_x: v.optional(v.pipe(rows(), v.maxLength(MOST_TABLE_ROWS, atMostRows)), []),
  test_y: v.optional(v.pipe(rows(), v.maxLength(MOST_TABLE_ROWS, atMostRows)), []),
  /** [channels, height, width]; null: rows are vectors. */
  shape: v.optional(
    v.nullable(v.strictTuple([integerBetween(1, 4096), integerBetween(1, 4096), integerBetween(1, 4096)])),
    null,
  ),
  /** null: y are numbers. */
  classes: v.optional(v.nullable(integerBetween(2, 65_536)), null),
  /** Numbers in a row of x, said where there may be no row to tell (painted points that were all erased). */
  features: v.optional(integerBetween(1, 65_536)),
  /** What the columns are called, features first, then targets; an empty one, or none at all: by its place, x₁ … y. */
  names: v.optional(v.array(v.pipe(v.string(), v.maxLength(MOST_NAME, `too_long|at most ${MOST_NAME} characters`)))),
});

const perChannel = () => v.strictTuple([anyFinite(), anyFinite(), anyFinite()]);
const spread = () => v.strictTuple([positive('std > 0'), positive('std > 0'), positive('std > 0')]);

/** How pixels 0 … 255 become inputs: (pixel / 255 - mean) / std per channel, as torchvision's ToTensor and Normalize. */
const normalization = {
  mean: v.optional(perChannel(), [0.5, 0.5, 0.5]),
  std: v.optional(spread(), [0.5, 0.5, 0.5]),
};

/**
 * Small pictures drawn by the lab: ten classes of shapes, u8 [3, 32, 32], jittered in place, size, turn, colour, texture and
 * noise. `seed` alone decides them, so every run of an experiment sees the same pictures.
 */
export const Shapes32Data = v.strictObject({
  type: v.literal('shapes32'),
  train: integerBetween(10, 100_000),
  validation: v.optional(integerBetween(0, 100_000), 0),
  test: integerBetween(0, 100_000),
  /** Share of train labels that are replaced by another class; validation and test labels are always right. */
  label_noise: v.optional(share('0 ≤ label noise ≤ 1'), 0),
  seed: v.optional(integerBetween(0, Number.MAX_SAFE_INTEGER), 0),
  ...normalization,
});

/**
 * CIFAR-10 in the binary form of its authors (data_batch_1.bin … data_batch_5.bin and test_batch.bin, in a folder or a
 * .tar.gz), which the person has on disk. The document says what is taken of it; the host says where it lies.
 */
export const Cifar10Data = v.strictObject({
  type: v.literal('cifar10'),
  /** Train pictures used, from the first on; null: all that validation leaves. */
  train: v.optional(v.nullable(integerBetween(1, 50_000)), null),
  /** Pictures held out from the end of the train batches. */
  validation: v.optional(integerBetween(0, 49_999), 0),
  /** Test pictures used, from the first on; null: all. */
  test: v.optional(v.nullable(integerBetween(1, 10_000)), null),
  ...normalization,
});

export const Data = v.variant('type', [
  LinearNoiseData,
  TableData,
  Shapes32Data,
  Cifar10Data,
  ...GENERATORS,
  DatasetData,
]);
export type DataSpec = v.InferOutput<typeof Data>;
export type DataType = DataSpec['type'];
export type LinearNoiseSpec = v.InferOutput<typeof LinearNoiseData>;
export type Shapes32Spec = v.InferOutput<typeof Shapes32Data>;
export type Cifar10Spec = v.InferOutput<typeof Cifar10Data>;
export type TableSpec = v.InferOutput<typeof TableData>;

/** Sizes of one example (the batch dimension left out): [features] or [channels, height, width]. */
export type Shape = readonly number[];

/** What a model has to answer: numbers of a shape, or one of several classes (the model then gives a score for each). */
export type TargetShape =
  { readonly kind: 'values'; readonly shape: Shape } | { readonly kind: 'classes'; readonly classes: number };

/** Rows of each split; null where they are only known once the files are read. */
export interface DataShape {
  readonly input: Shape;
  readonly target: TargetShape;
  readonly trainRows: number | null;
  /** 0: none. Of a stored data set, whose rows may have to be left out, about how many. */
  readonly validationRows: number;
  readonly testRows: number | null;
}

export const IMAGE_SHAPE: Shape = [3, 32, 32];
export const IMAGE_CLASSES = 10;

function datasetShape(data: DatasetSpec): DataShape {
  const { pictures, split, rows } = data;
  const targets = targetColumns(data);
  const classes = pictures?.classes ?? (targets[0]?.kind === 'category' ? targets[0].categories : null);
  return {
    input: pictures?.shape ?? [featureColumns(data).reduce((sum, x) => sum + columnWidth(x), 0)],
    target: classes === null ? { kind: 'values', shape: [targets.length] } : { kind: 'classes', classes },
    trainRows: null,
    validationRows: split.validation > 0 ? Math.max(1, Math.round(split.validation * rows)) : 0,
    testRows: split.test > 0 ? null : 0,
  };
}

export function dataShape(data: DataSpec): DataShape {
  if (isGenerated(data)) return generatedShape(data);
  const images = { input: IMAGE_SHAPE, target: { kind: 'classes', classes: IMAGE_CLASSES } } as const;
  switch (data.type) {
    case 'linear_noise':
      return {
        input: [1],
        target: { kind: 'values', shape: [1] },
        trainRows: data.points,
        validationRows: data.validation_points,
        testRows: data.points,
      };
    case 'table':
      return {
        input: data.shape ?? [data.features ?? data.x[0]?.length ?? 1],
        target:
          data.classes === null
            ? { kind: 'values', shape: [data.y[0]?.length ?? 1] }
            : { kind: 'classes', classes: data.classes },
        trainRows: data.x.length,
        validationRows: data.validation_x.length,
        testRows: data.test_x.length,
      };
    case 'shapes32':
      return { ...images, trainRows: data.train, validationRows: data.validation, testRows: data.test };
    case 'cifar10':
      return { ...images, trainRows: data.train, validationRows: data.validation, testRows: data.test };
    case 'dataset':
      return datasetShape(data);
    default:
      return data satisfies never;
  }
}

/** Whether the examples are pictures of bytes, which become inputs through a table. */
export const hasPixels = (data: DataSpec): boolean =>
  data.type === 'shapes32' || data.type === 'cifar10' || (data.type === 'dataset' && data.pictures !== null);

/** What the model's output must be per example. */
export const outputShape = (target: TargetShape): Shape => (target.kind === 'values' ? target.shape : [target.classes]);
