// Layers as text: what is copied can be pasted into another project, a mail or an editor, and comes back from there.
import { Layer, parseWith, type ExperimentSpec, type LayerSpec } from '../../../engine/spec/index.ts';
import { clippingText } from '../clippings.ts';
import { freshName, isFreshlyNamed, LAYER_KINDS } from './layer-kinds.ts';
import { takenNames } from './network-edits.ts';

/** @param names layers to copy, in any order; they come in the order of the model. */
export function copyText(document: ExperimentSpec, names: ReadonlySet<string>): string {
  const layers = document.model.layers.filter((x) => names.has(x.name));
  const isFirst = (layer: LayerSpec, i: number) => {
    const position = document.model.layers.indexOf(layer);
    // A layer that took the one before it, which stays behind, follows the pasted ones' entry; others say what they take.
    return i > 0 && layer.inputs === undefined && document.model.layers[position - 1] !== layers[i - 1];
  };
  const written = layers.map((layer, i) => {
    const before = document.model.layers[document.model.layers.indexOf(layer) - 1];
    return isFirst(layer, i) && before ? { ...layer, inputs: [before.name] } : layer;
  });
  return clippingText('layers', { layers: written });
}

const listIn = (value: unknown): unknown => {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return null;
  if ('layers' in value) return value.layers;
  if ('model' in value) return listIn(value.model);
  return 'type' in value ? [value] : null;
};

/**
 * The layers of a text: copied ones, a list, one layer, a model or a whole experiment.
 * @returns null when the text is none of these.
 * @throws DocumentError naming what is wrong with a layer.
 */
export function readLayers(text: string): readonly LayerSpec[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const list = listIn(value);
  return Array.isArray(list) && list.length > 0 ? list.map((x) => parseWith(Layer, x, 'Layer')) : null;
}

/** The same layers under names that are free in a document, and their inputs with them. */
export function withFreshNames(document: ExperimentSpec, layers: readonly LayerSpec[]): readonly LayerSpec[] {
  const taken = new Set(takenNames(document));
  const given = layers.map((layer) => {
    const stem = isFreshlyNamed(layer) ? LAYER_KINDS[layer.type].stem : layer.name.replace(/\d+$/, '') || layer.name;
    const name = taken.has(layer.name) ? freshName(stem, taken) : layer.name;
    taken.add(name);
    return name;
  });
  // Of two that were called the same, the first is meant.
  const names = new Map(layers.map((layer, i) => [layer.name, given[i] ?? layer.name] as const).reverse());
  return layers.map((layer, i) => ({
    ...layer,
    name: given[i] ?? layer.name,
    ...(layer.inputs && { inputs: layer.inputs.map((x) => names.get(x) ?? x) }),
  }));
}
