// Data that the lab draws from a short description: curves, high-dimensional linear data and classes in the plane. One kind each;
// how they are drawn stands in engine/data/generators.
import * as v from 'valibot';
import type { DataShape } from './data.ts';
import { integerBetween, numberBetween, positive, share } from './fields.ts';

const MOST_POINTS = 100_000;
/** Numbers that all inputs of all splits may have together: what is drawn is also shown, and travels to the window. */
export const MOST_GENERATED_NUMBERS = 2_000_000;
/** Keeps every number that is drawn far inside f32. */
const LARGEST = 1_000_000;

const size = () => numberBetween(0, LARGEST);
const place = () => numberBetween(-LARGEST, LARGEST);

/** Points of each split, and the seed of the data: it alone decides them, so every run of an experiment sees the same points. */
const splits = {
  train: integerBetween(2, MOST_POINTS),
  validation: v.optional(integerBetween(0, MOST_POINTS), 0),
  test: integerBetween(0, MOST_POINTS),
  /** torch.manual_seed's argument. */
  seed: v.optional(integerBetween(0, Number.MAX_SAFE_INTEGER), 0),
};

const range = { x_min: place(), x_max: place() };

const regression = {
  ...splits,
  /** Standard deviation of the normal noise on y. */
  noise: v.optional(size(), 0),
  /** Share of train targets that are moved far, up or down; validation and test targets never are. */
  outliers: v.optional(share('0 ≤ outliers ≤ 1'), 0),
  /** How far, in units of y. */
  outlier_size: v.optional(size(), 5),
};

const MOST_CLASSES = 10;

const classification = {
  ...splits,
  /** Share of train labels that are replaced by another class; validation and test labels are always right. */
  label_noise: v.optional(share('0 ≤ label noise ≤ 1'), 0),
  /** Weight of each class: [9, 1] has nine points of class 0 for each one of class 1, in every split. null: equally many. */
  balance: v.optional(
    v.nullable(
      v.pipe(
        v.array(positive('weight > 0')),
        v.minLength(2, 'out_of_range|at least 2 numbers'),
        v.maxLength(MOST_CLASSES, `too_long|at most ${MOST_CLASSES} numbers`),
      ),
    ),
    null,
  ),
};

/** Standard deviation of the normal noise on both coordinates of a point. */
const spread = { noise: v.optional(size(), 0) };

/** x uniform from x_min to x_max; y = c₀ + c₁·x + c₂·x² + … */
export const PolynomialData = v.strictObject({
  type: v.literal('polynomial'),
  /** c₀ first, as numpy.polynomial.Polynomial takes them. */
  coefficients: v.pipe(
    v.array(place()),
    v.minLength(1, 'empty|at least one number'),
    v.maxLength(16, 'too_long|at most 16 numbers'),
  ),
  ...range,
  ...regression,
});

/** x uniform from x_min to x_max; y = amplitude · sin(2π · frequency · x + phase). */
export const SineData = v.strictObject({
  type: v.literal('sine'),
  amplitude: v.optional(place(), 1),
  /** Waves per unit of x. */
  frequency: v.optional(numberBetween(0, 1000), 1),
  /** Radians. */
  phase: v.optional(place(), 0),
  ...range,
  ...regression,
});

/**
 * Many inputs of which few matter, as in Tibshirani's study of the lasso: x normal with corr(xᵢ, xⱼ) = correlation^|i-j| and
 * variance 1; y = intercept + Σ wⱼ·xⱼ, where the first `informative` wⱼ are +coefficient or -coefficient and the others 0.
 */
export const LinearData = v.strictObject({
  type: v.literal('linear'),
  features: integerBetween(1, 1000),
  informative: integerBetween(0, 1000),
  coefficient: v.optional(size(), 1),
  correlation: v.optional(numberBetween(-0.999, 0.999), 0),
  intercept: v.optional(place(), 0),
  ...regression,
});

/** Two half circles that reach into each other, as sklearn.datasets.make_moons, at random angles. */
export const MoonsData = v.strictObject({ type: v.literal('moons'), ...spread, ...classification });

/** A circle of radius 1 and one within it, as sklearn.datasets.make_circles, at random angles. */
export const CirclesData = v.strictObject({
  type: v.literal('circles'),
  /** Radius of the inner circle. */
  factor: v.optional(numberBetween(0, 0.99), 0.5),
  ...spread,
  ...classification,
});

/** Arms that wind about the origin from radius 0.1 to 1, one class each. */
export const SpiralsData = v.strictObject({
  type: v.literal('spirals'),
  arms: v.optional(integerBetween(2, MOST_CLASSES), 2),
  /** How often an arm goes around. */
  turns: v.optional(numberBetween(0, 10), 1),
  ...spread,
  ...classification,
});

/** Four squares; class 1 where the two coordinates have different signs. Coordinates are from 0.1 to 1 away from 0. */
export const XorData = v.strictObject({ type: v.literal('xor'), ...spread, ...classification });

/** Normal clouds about centers in [-1, 1], one class each, as sklearn.datasets.make_blobs; the centers keep apart. */
export const BlobsData = v.strictObject({
  type: v.literal('blobs'),
  centers: v.optional(integerBetween(2, MOST_CLASSES), 3),
  features: v.optional(integerBetween(1, 100), 2),
  cluster_std: v.optional(size(), 0.2),
  ...classification,
});

export const GENERATORS = [
  PolynomialData,
  SineData,
  LinearData,
  MoonsData,
  CirclesData,
  SpiralsData,
  XorData,
  BlobsData,
] as const;

export type GeneratedSpec = v.InferOutput<(typeof GENERATORS)[number]>;
export type GeneratedType = GeneratedSpec['type'];
export type GeneratedOf<T extends GeneratedType> = Extract<GeneratedSpec, { readonly type: T }>;
/** Generated data whose targets are classes. */
export type GeneratedClassesSpec = Extract<GeneratedSpec, { readonly label_noise: number }>;
/** Generated data whose targets are numbers. */
export type GeneratedValuesSpec = Exclude<GeneratedSpec, GeneratedClassesSpec>;

const TYPES: ReadonlySet<string> = new Set(GENERATORS.map(({ entries }) => entries.type.literal));

/** Whether the lab draws the data from a description of points; the tutorial's line and the pictures are kinds of their own. */
export const isGenerated = <D extends { readonly type: string }>(data: D): data is Extract<D, GeneratedSpec> =>
  TYPES.has(data.type);

export const hasClasses = (data: GeneratedSpec): data is GeneratedClassesSpec => 'label_noise' in data;

/** How many classes there are. */
export function generatedClasses(data: GeneratedClassesSpec): number {
  switch (data.type) {
    case 'moons':
    case 'circles':
    case 'xor':
      return 2;
    case 'spirals':
      return data.arms;
    case 'blobs':
      return data.centers;
    default:
      return data satisfies never;
  }
}

/** Numbers that one example's input has. */
export function generatedFeatures(data: GeneratedSpec): number {
  switch (data.type) {
    case 'polynomial':
    case 'sine':
      return 1;
    case 'linear':
    case 'blobs':
      return data.features;
    case 'moons':
    case 'circles':
    case 'spirals':
    case 'xor':
      return 2;
    default:
      return data satisfies never;
  }
}

export const generatedShape = (data: GeneratedSpec): DataShape => ({
  input: [generatedFeatures(data)],
  target: hasClasses(data) ? { kind: 'classes', classes: generatedClasses(data) } : { kind: 'values', shape: [1] },
  trainRows: data.train,
  validationRows: data.validation,
  testRows: data.test,
});
