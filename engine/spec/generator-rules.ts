// What a description of generated data must obey that no single field can say.
import {
  generatedClasses,
  generatedFeatures,
  hasClasses,
  MOST_GENERATED_NUMBERS,
  type GeneratedOf,
  type GeneratedSpec,
} from './generators.ts';
import { outOfRange, type Problem } from './problem.ts';

/** Far inside f32, so that squares of it still are. */
const LARGEST_TARGET = 1e18;

function balance(data: GeneratedSpec): Problem[] {
  if (!hasClasses(data) || data.balance === null) return [];
  const classes = generatedClasses(data);
  return data.balance.length === classes
    ? []
    : [outOfRange('data.balance', `${classes} weights, one for each class`, String(data.balance.length))];
}

function informative({ features, informative: count }: GeneratedOf<'linear'>): Problem[] {
  return count <= features
    ? []
    : [outOfRange('data.informative', `at most the number of features (${features})`, String(count))];
}

function steepness({ coefficients, x_min, x_max }: GeneratedOf<'polynomial'>): Problem[] {
  const farthest = Math.max(Math.abs(x_min), Math.abs(x_max));
  const largest = coefficients.reduce((sum, c, power) => sum + Math.abs(c) * farthest ** power, 0);
  return largest <= LARGEST_TARGET
    ? []
    : [
        outOfRange(
          'data.coefficients',
          `such that |y| stays below ${LARGEST_TARGET}`,
          `up to ${largest.toPrecision(2)}`,
        ),
      ];
}

function amount(data: GeneratedSpec): Problem[] {
  const rows = data.train + data.validation + data.test;
  const numbers = rows * generatedFeatures(data);
  if (numbers <= MOST_GENERATED_NUMBERS) return [];
  const path = 'features' in data ? 'data.features' : 'data.train';
  const expected = `such that all splits together have at most ${MOST_GENERATED_NUMBERS} numbers`;
  return [outOfRange(path, expected, `${numbers} numbers`)];
}

export const generatedProblems = (data: GeneratedSpec): readonly Problem[] => [
  ...balance(data),
  ...(data.type === 'linear' ? informative(data) : []),
  ...(data.type === 'polynomial' ? steepness(data) : []),
  ...amount(data),
];
