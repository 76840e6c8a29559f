// What regularization and the optimizer do to each parameter of a model: the document's values with every layer's own in their place.
import {
  layerShapes,
  type LayerRegularizationSpec,
  type LayerSpec,
  type ParameterRole,
  type ResolvedVariant,
  type Shape,
} from '../spec/index.ts';

export interface ParameterTreatment {
  /** torch's name, `fc1.weight`. */
  readonly name: string;
  readonly layer: string;
  readonly role: ParameterRole;
  readonly shape: Shape;
  /** λ of the L1 penalty or, with `proximal`, of the soft threshold. */
  readonly l1: number;
  readonly l2: number;
  readonly decoupledDecay: number;
  /** Of each row; null: none. */
  readonly maxNorm: number | null;
  /** The optimizer's. */
  readonly weightDecay: number;
}

const ownOf = (layer: LayerSpec): LayerRegularizationSpec =>
  'regularization' in layer ? (layer.regularization ?? {}) : {};

/**
 * Every trained parameter in torch's order: layer by layer, weight before bias.
 * `biases: false` and `weight_decay_biases: false` leave biases and the parameters of normalisation layers out, also where a layer
 * has its own values. max_norm is for weights only.
 * @throws DocumentError when the model does not fit the data.
 */
export function parameterTreatments({ model, data, recipe }: ResolvedVariant): readonly ParameterTreatment[] {
  const { regularization, optimizer } = recipe;
  const shapes = layerShapes(model, data);
  return model.layers.flatMap((layer, i) => {
    const own = ownOf(layer);
    return (shapes[i]?.parameterShapes ?? []).map(({ name, role, shape }) => {
      const isWeight = role === 'weight';
      const penalized = isWeight || regularization.biases;
      const decayed = isWeight || optimizer.weight_decay_biases;
      const limit = own.max_norm === undefined ? regularization.max_norm : own.max_norm;
      return {
        name: `${layer.name}.${name}`,
        layer: layer.name,
        role,
        shape,
        l1: penalized ? (own.l1 ?? regularization.l1) : 0,
        l2: penalized ? (own.l2 ?? regularization.l2) : 0,
        decoupledDecay: penalized ? (own.decoupled_decay ?? regularization.decoupled_decay) : 0,
        maxNorm: isWeight ? limit : null,
        weightDecay: decayed ? (own.weight_decay ?? optimizer.weight_decay) : 0,
      };
    });
  });
}
