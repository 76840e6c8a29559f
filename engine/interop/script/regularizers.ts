// Which λ acts on which parameter: the model's, or a layer's own; biases and normalisation layers in or out. For all scripts.
import type { LayerRegularizationSpec, LayerSpec } from '../../spec/index.ts';
import { isChanged, type ScriptContext, type ScriptLayer, type ScriptParameter } from './context.ts';

/** Regularizers that a layer may set for itself. */
export type Regularizer = 'l1' | 'l2' | 'decoupled_decay' | 'max_norm' | 'weight_decay';

/** Parameters that share one λ. */
export interface RegularizedSet {
  /** The layer that set its own λ; null: the model's. */
  readonly layer: ScriptLayer | null;
  /** Path of the field in the document. */
  readonly path: string;
  /** Infinity: no limit (max_norm). */
  readonly value: number;
  readonly parameters: readonly ScriptParameter[];
}

const ownOf = (spec: LayerSpec): LayerRegularizationSpec | undefined =>
  'regularization' in spec ? spec.regularization : undefined;

const isWeight = ({ role }: ScriptParameter): boolean => role === 'weight';

interface ModelValue {
  readonly path: string;
  readonly value: number;
  /** Whether it acts on a parameter. */
  readonly acts: (parameter: ScriptParameter) => boolean;
}

function modelValue({ variant: { recipe } }: ScriptContext, regularizer: Regularizer): ModelValue {
  const { regularization, optimizer } = recipe;
  const everything = (): boolean => true;
  if (regularizer === 'weight_decay')
    return {
      path: 'recipe.optimizer.weight_decay',
      value: optimizer.weight_decay,
      acts: optimizer.weight_decay_biases ? everything : isWeight,
    };
  const path = `recipe.regularization.${regularizer}`;
  if (regularizer === 'max_norm') return { path, value: regularization.max_norm ?? Infinity, acts: isWeight };
  return { path, value: regularization[regularizer], acts: regularization.biases ? everything : isWeight };
}

/**
 * The sets on which a regularizer acts: the model's own, then those of layers with a value of their own. Sets on which it
 * never acts (λ = 0 for the whole run) are left out.
 */
export function regularizedSets(context: ScriptContext, regularizer: Regularizer): readonly RegularizedSet[] {
  const { path, value, acts } = modelValue(context, regularizer);
  const own = ({ spec }: ScriptLayer): number | undefined => {
    const set = ownOf(spec)?.[regularizer];
    return set === null ? Infinity : set;
  };
  const parameters = context.parameters.filter(acts);
  const shared = parameters.filter(({ layer }) => own(layer) === undefined);
  const separate = context.layers.flatMap((layer): RegularizedSet[] => {
    const set = own(layer);
    return set === undefined
      ? []
      : [
          {
            layer,
            path: `model.layers.${layer.spec.name}.regularization.${regularizer}`,
            value: set,
            parameters: parameters.filter((x) => x.layer === layer),
          },
        ];
  });
  const idle = regularizer === 'max_norm' ? Infinity : 0;
  return [{ layer: null, path, value, parameters: shared }, ...separate].filter(
    (x) => x.parameters.length > 0 && (x.value !== idle || isChanged(context, x.path)),
  );
}
