// One value has no variance: torch refuses to train BatchNorm on it, and so does the planner, before the first step.
import {
  elements,
  stepsPerEpoch,
  totalSteps,
  type LayerShape,
  type RecipeSpec,
  type ResolvedVariant,
} from '../spec/index.ts';
import { EngineError } from './engine-error.ts';

/** Examples of the smallest batch that a run meets: the last of an epoch, if it gets that far. */
function smallestBatch(recipe: RecipeSpec, trainRows: number): number {
  const { batch_size: size, drop_last } = recipe;
  if (size === null) return trainRows;
  const rest = trainRows % size;
  const meetsLast = (totalSteps(recipe, trainRows) ?? 0) >= stepsPerEpoch(recipe, trainRows);
  return rest > 0 && !drop_last && meetsLast ? rest : size;
}

/** @throws EngineError BATCH_TOO_SMALL naming the first such layer. */
export function checkBatchStatistics(
  { model, recipe }: ResolvedVariant,
  shapes: readonly LayerShape[],
  trainRows: number,
): void {
  const batchSize = smallestBatch(recipe, trainRows);
  const layer = model.layers.find(
    ({ type }, i) => type.startsWith('BatchNorm') && batchSize * elements(shapes[i]?.input.slice(1) ?? []) === 1,
  );
  if (!layer) return;
  const isLast = recipe.batch_size !== null && batchSize < recipe.batch_size;
  const [which, advice] = isLast
    ? ['the last batch of an epoch has', 'choose another recipe.batch_size, or set recipe.drop_last']
    : ['a batch has', recipe.batch_size === null ? 'give it more train data' : 'choose a larger recipe.batch_size'];
  throw new EngineError(
    'BATCH_TOO_SMALL',
    `${layer.name} (${layer.type}) cannot be trained on one value per channel, but ${which} one example: ${advice}`,
    { layer: layer.name, batchSize },
  );
}
