// What acts on one layer besides its gradient: its own penalties or else the model's, written as the formula in use.
import type { ExperimentSpec, LayerSpec } from '../../../engine/spec/index.ts';
import { fieldText } from '../numbers.ts';
import { isTrained } from './layer-kinds.ts';

export interface Acting {
  readonly formula: string;
  /** Whether the layer has it of its own. */
  readonly own: boolean;
}

/** Penalties and constraints in force at a layer, in the base document. */
export function actingOn(document: ExperimentSpec, layer: LayerSpec): readonly Acting[] {
  if (!isTrained(layer.type)) return [];
  const { regularization: model, optimizer } = document.recipe;
  const own = 'regularization' in layer ? (layer.regularization ?? {}) : {};
  const inForce = <K extends 'l1' | 'l2' | 'decoupled_decay' | 'max_norm' | 'weight_decay'>(key: K, whole: unknown) => {
    const value: unknown = own[key] === undefined ? whole : own[key];
    return { value, own: own[key] !== undefined };
  };
  const l1 = inForce('l1', model.l1);
  const l2 = inForce('l2', model.l2);
  const decay = inForce('decoupled_decay', model.decoupled_decay);
  const norm = inForce('max_norm', model.max_norm);
  const weightDecay = inForce('weight_decay', optimizer.weight_decay);
  const half = model.l2_form === 'half' ? '½·' : '';
  const text = (x: unknown) => fieldText(x);
  const all: readonly (Acting & { readonly value: unknown })[] = [
    {
      ...l1,
      formula:
        model.l1_method === 'proximal'
          ? `w ← sign(w)·max(|w| − lr·${text(l1.value)}, 0)`
          : `L + ${text(l1.value)}·Σ|w|`,
    },
    { ...l2, formula: `L + ${half}${text(l2.value)}·Σw²` },
    {
      ...weightDecay,
      formula:
        optimizer.type === 'AdamW' ? `w ← w − lr·${text(weightDecay.value)}·w` : `g ← g + ${text(weightDecay.value)}·w`,
    },
    { ...decay, formula: `w ← w − lr·${text(decay.value)}·w` },
    { ...norm, formula: `‖w‖₂ ≤ ${text(norm.value)}` },
  ];
  return all
    .filter(({ value }) => typeof value === 'number' && value > 0)
    .map(({ formula, own: isOwn }) => ({ formula, own: isOwn }));
}
