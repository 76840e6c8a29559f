// Layers as text: what is copied can be pasted into another project, a mail or an editor, and comes back from there.
import { DATA_INPUT, Layer, parseWith, type ExperimentSpec, type LayerSpec } from '../../../engine/spec/index.ts';
import { clippingText } from '../clippings.ts';
import { freshName, isFreshlyNamed, LAYER_KINDS, takesSeveral } from './layer-kinds.ts';
import { readNetwork, type Station } from './network.ts';
import { takenNames } from './network-edits.ts';

/**
 * What a copied layer takes: another copied one, through those that stay behind along their first inputs (as when they are
 * removed); else the data, in whose place the layer comes behind which it is pasted.
 */
function copiedInput(stations: ReadonlyMap<string, Station>, names: ReadonlySet<string>, input: string): string {
  const seen = new Set<string>();
  let at = input;
  while (!names.has(at)) {
    const first = stations.get(at)?.inputs[0];
    if (first === undefined || seen.has(at)) return DATA_INPUT;
    seen.add(at);
    at = first;
  }
  return at;
}

/** @param names layers to copy, in any order; they come in the order of the model. */
export function copyText(document: ExperimentSpec, names: ReadonlySet<string>): string {
  const network = readNetwork(document.model.layers);
  const stations = new Map(network.map((x) => [x.layer.name, x]));
  let before: string | null = null;
  const written = network
    .filter((x) => names.has(x.layer.name))
    .map(({ layer, inputs }) => {
      const taken = inputs.map((x) => copiedInput(stations, names, x));
      const copied = takesSeveral(layer) ? [...new Set(taken)] : taken;
      // The first of a chain takes what it is pasted behind, the others the one before.
      const follows = copied.length === 1 && copied[0] === (before ?? DATA_INPUT);
      before = layer.name;
      const { inputs: _, ...rest } = layer;
      return follows ? rest : { ...rest, inputs: copied };
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
