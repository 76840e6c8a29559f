// How many updates a run takes, and how they fall into epochs.
import type { RecipeSpec } from './recipe.ts';

/**
 * Updates of one pass over the train data.
 * @param trainRows examples of the train data, ≥ 1.
 */
export function stepsPerEpoch({ batch_size: size, drop_last }: RecipeSpec, trainRows: number): number {
  if (size === null) return 1;
  return drop_last ? Math.floor(trainRows / size) : Math.ceil(trainRows / size);
}

/**
 * Updates of the whole run.
 * @param trainRows null when not known yet; only needed for a recipe that counts epochs.
 * @returns null when it cannot be known yet.
 */
export function totalSteps(recipe: RecipeSpec, trainRows: number | null): number | null {
  if (recipe.steps !== undefined) return recipe.steps;
  if (recipe.epochs === undefined || trainRows === null) return null;
  return recipe.epochs * stepsPerEpoch(recipe, trainRows);
}
