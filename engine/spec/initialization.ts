// How a parameter gets its first values when torch's default is not wanted: the functions of torch.nn.init.
import * as v from 'valibot';
import { anyFinite, nonNegative, positive } from './fields.ts';

const fanMode = () => v.optional(v.picklist(['fan_in', 'fan_out']), 'fan_in');
const nonlinearity = () =>
  v.optional(v.picklist(['linear', 'sigmoid', 'tanh', 'relu', 'leaky_relu', 'selu']), 'leaky_relu');
const gain = () => v.optional(positive('gain > 0'), 1);

/**
 * Drawn after the whole model has its default values, layer by layer, weight before bias, from the run's generator.
 * The xavier and kaiming kinds need a weight of two dimensions or more.
 */
export const Initializer = v.variant('type', [
  v.strictObject({ type: v.literal('uniform'), a: v.optional(anyFinite(), 0), b: v.optional(anyFinite(), 1) }),
  v.strictObject({
    type: v.literal('normal'),
    mean: v.optional(anyFinite(), 0),
    std: v.optional(nonNegative('std ≥ 0'), 1),
  }),
  v.strictObject({
    type: v.literal('trunc_normal'),
    mean: v.optional(anyFinite(), 0),
    std: v.optional(positive('std > 0'), 1),
    a: v.optional(anyFinite(), -2),
    b: v.optional(anyFinite(), 2),
  }),
  v.strictObject({ type: v.literal('constant'), val: anyFinite() }),
  v.strictObject({ type: v.literal('zeros') }),
  v.strictObject({ type: v.literal('ones') }),
  v.strictObject({ type: v.literal('xavier_uniform'), gain: gain() }),
  v.strictObject({ type: v.literal('xavier_normal'), gain: gain() }),
  v.strictObject({
    type: v.literal('kaiming_uniform'),
    a: v.optional(nonNegative('a ≥ 0'), 0),
    mode: fanMode(),
    nonlinearity: nonlinearity(),
  }),
  v.strictObject({
    type: v.literal('kaiming_normal'),
    a: v.optional(nonNegative('a ≥ 0'), 0),
    mode: fanMode(),
    nonlinearity: nonlinearity(),
  }),
]);

export const LayerInitialization = v.strictObject({
  weight: v.optional(Initializer),
  bias: v.optional(Initializer),
});

export type InitializerSpec = v.InferOutput<typeof Initializer>;
export type LayerInitializationSpec = v.InferOutput<typeof LayerInitialization>;
