// A network as a list of named layers, with torch.nn's names for layers and arguments. Input sizes are inferred.
import * as v from 'valibot';
import { dropProbability, integerBetween, name } from './fields.ts';

export const Linear = v.strictObject({
  type: v.literal('Linear'),
  name: name(),
  out_features: integerBetween(1, 65_536),
  bias: v.optional(v.boolean(), true),
});
export const ReLU = v.strictObject({ type: v.literal('ReLU'), name: name() });
export const Tanh = v.strictObject({ type: v.literal('Tanh'), name: name() });
export const Sigmoid = v.strictObject({ type: v.literal('Sigmoid'), name: name() });
/** Inverted dropout: kept units are scaled by 1/(1-p) in training; identity in evaluation. p = 0 draws nothing. */
export const Dropout = v.strictObject({ type: v.literal('Dropout'), name: name(), p: dropProbability() });

export const Layer = v.variant('type', [Linear, ReLU, Tanh, Sigmoid, Dropout]);
export const Model = v.strictObject({
  layers: v.pipe(
    v.array(Layer),
    v.minLength(1, 'empty|at least one layer'),
    v.maxLength(1000, 'too_long|at most 1000 layers'),
  ),
});

export type LayerSpec = v.InferOutput<typeof Layer>;
export type LayerType = LayerSpec['type'];
export type ModelSpec = v.InferOutput<typeof Model>;
