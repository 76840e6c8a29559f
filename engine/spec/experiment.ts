// The experiment document: one data set, one model, one recipe, and variants that change named fields of them.
import * as v from 'valibot';
import { Data } from './data.ts';
import { integerBetween, name } from './fields.ts';
import { Model } from './model.ts';
import { Recipe } from './recipe.ts';

/**
 * `changes` maps a field's path to its new value. Paths start at `data`, `model` or `recipe`; list elements go by
 * their name: `model.layers.dropout1.p`, `recipe.regularization.l1`. A path that does not exist is refused.
 */
export const Variant = v.strictObject({
  name: name(),
  changes: v.optional(v.record(v.string(), v.unknown()), {}),
});

export const Experiment = v.strictObject({
  format: v.literal('overfit-experiment'),
  version: v.literal(1),
  name: name(),
  description: v.optional(v.pipe(v.string(), v.maxLength(2000, 'too_long|at most 2000 characters')), ''),
  /** torch.manual_seed's argument. */
  seed: integerBetween(0, Number.MAX_SAFE_INTEGER),
  /**
   * Which part of the generator's stream initialises a variant. `sequential`: after the data draws, variants are
   * initialised in document order (as a script that builds one net after another), and a variant's masks follow its own
   * initialisation. `same`: every variant starts from the same position after the data draws (paired comparison).
   */
  initialization: v.optional(v.picklist(['sequential', 'same']), 'sequential'),
  data: Data,
  model: Model,
  recipe: Recipe,
  variants: v.pipe(
    v.array(Variant),
    v.minLength(1, 'empty|at least one variant'),
    v.maxLength(64, 'too_long|at most 64 variants'),
  ),
});

export type VariantSpec = v.InferOutput<typeof Variant>;
export type ExperimentSpec = v.InferOutput<typeof Experiment>;
export type ExperimentInput = v.InferInput<typeof Experiment>;
