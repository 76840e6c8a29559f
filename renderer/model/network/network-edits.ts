// Building as edit commands of the experiment's document: layers come, go, move and change their kind, and what variants change
// follows them.
import {
  DATA_INPUT,
  DocumentError,
  Layer,
  parseExperiment,
  parseWith,
  type ExperimentSpec,
  type LayerSpec,
  type LayerType,
} from '../../../engine/spec/index.ts';
import type { Edit } from '../edits.ts';
import { freshLayer, freshName, isFreshlyNamed, isTrained, LAYER_KINDS, takesSeveral } from './layer-kinds.ts';
import { namesOf, readNetwork, writeNetwork, type Network } from './network.ts';
import * as groups from './groups.ts';
import * as rewire from './rewire.ts';
import {
  byName,
  changedInputs,
  renamed,
  withoutLayers,
  withoutMissingFields,
  withoutPaths,
} from './variant-changes.ts';

export type { Place } from './rewire.ts';

/** Applies a change of the network; changes of variants lose the layers that are gone. */
const rewired =
  (change: (network: Network) => Network): Edit =>
  (document) => {
    const { layers } = document.model;
    const before = readNetwork(layers);
    const after = change(before);
    if (after === before) return document;
    const left = namesOf(after);
    const gone = new Set([...namesOf(before)].filter((x) => !left.has(x)));
    const variants = withoutLayers(byName(document.variants, layers), gone);
    return { ...document, model: { layers: writeNetwork(after, changedInputs(variants)) }, variants };
  };

/** Names of the document's layers, and the data's. */
export const takenNames = (document: ExperimentSpec): ReadonlySet<string> =>
  new Set([DATA_INPUT, ...document.model.layers.map((x) => x.name)]);

/** The layer that inserting a kind would make. */
export const layerToInsert = (document: ExperimentSpec, type: LayerType): LayerSpec =>
  freshLayer(type, takenNames(document));

export const insertLayers = (place: rewire.Place, layers: readonly LayerSpec[]): Edit =>
  rewired((network) => rewire.insert(network, place, layers));

export const removeLayers = (names: readonly string[]): Edit =>
  rewired((network) => names.reduce(rewire.remove, network));

/** Layers that went with those that were removed. */
export const goneAlong = (
  before: readonly LayerSpec[],
  after: readonly LayerSpec[],
  removed: ReadonlySet<string>,
): readonly string[] => {
  const left = new Set(after.map((x) => x.name));
  return before.map((x) => x.name).filter((name) => !removed.has(name) && !left.has(name));
};

/** One place earlier or later on the way of the layers, together; they stay where `placeBeside` gives a reason. */
export const moveLayers = (names: ReadonlySet<string>, direction: groups.Direction): Edit =>
  rewired((network) => {
    const place = groups.placeBeside(network, names, direction);
    return 'why' in place ? network : groups.moveTo(network, names, place);
  });

export const moveLayersTo = (names: ReadonlySet<string>, place: rewire.Place): Edit =>
  rewired((network) => groups.moveTo(network, names, place));

export const connectLayers = (source: string, target: string): Edit =>
  rewired((network) => rewire.connect(network, source, target));

export const disconnectLayer = (target: string, slot: number): Edit =>
  rewired((network) => rewire.disconnect(network, target, slot));

export const setLayerInput = (target: string, slot: number, source: string): Edit =>
  rewired((network) => rewire.setInput(network, target, slot, source));

/** @param names layers with one way in and one way out (groups.passage). */
export const addSkip =
  (names: ReadonlySet<string>): Edit =>
  (document) =>
    rewired((network) => groups.addSkip(network, names, layerToInsert(document, 'Add')))(document);

/** Other layers in place of all; changes of variants that fit them stay. */
export const replaceLayers =
  (layers: readonly LayerSpec[]): Edit =>
  (document) => {
    const next = { ...document, model: { layers: [...layers] } };
    const left = new Set(layers.map((x) => x.name));
    const gone = new Set(document.model.layers.map((x) => x.name).filter((x) => !left.has(x)));
    const named = byName(document.variants, document.model.layers);
    return layers.reduce<ExperimentSpec>((now, { name }) => ({ ...now, variants: withoutMissingFields(now, name) }), {
      ...next,
      variants: withoutLayers(named, gone),
    });
  };

/** A whole new model; what variants changed of an old layer and does not fit the new one of that name goes. */
export const useModel =
  (layers: readonly LayerSpec[]): Edit =>
  (document) => {
    const next = replaceLayers(layers)(document);
    try {
      parseExperiment(next);
      return next;
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      const wrong = new Set(error.problems.map((x) => x.path));
      return { ...next, variants: withoutPaths(next.variants, wrong) };
    }
  };

/** Why a layer cannot be called so; null: it can. */
export function nameProblem(
  document: ExperimentSpec,
  from: string,
  to: string,
): 'empty' | 'taken' | 'reserved' | 'bad' | null {
  if (to === from) return null;
  if (to.trim() === '') return 'empty';
  if (to === DATA_INPUT) return 'reserved';
  if (document.model.layers.some((x) => x.name === to)) return 'taken';
  return /[.\u0000-\u001f\u007f]/.test(to) || to.length > 80 ? 'bad' : null;
}

/** Everywhere: the layer, those that take its output, and what variants change of it. */
export const renameLayer =
  (from: string, to: string): Edit =>
  (document) => {
    if (to === from || nameProblem(document, from, to) !== null) return document;
    const layers = document.model.layers.map((layer) => {
      const own = layer.name === from ? { ...layer, name: to } : layer;
      return own.inputs?.includes(from) ? { ...own, inputs: own.inputs.map((x) => (x === from ? to : x)) } : own;
    });
    const variants = renamed(byName(document.variants, document.model.layers), from, to);
    return { ...document, model: { layers }, variants };
  };

const WEIGHTED: ReadonlySet<LayerType> = new Set<LayerType>(['Linear', 'Conv2d', 'DropConnect']);

/** Another kind of layer in a layer's place: name and inputs stay, and every argument that the new kind has too. */
function changed(layer: LayerSpec, type: LayerType, name: string): LayerSpec {
  const fresh: Record<string, unknown> = { ...parseWith(Layer, { type, name, ...LAYER_KINDS[type].fresh }, 'Layer') };
  const old: Record<string, unknown> = { ...layer };
  const width = old['out_features'] ?? old['out_channels'];
  const kept = Object.fromEntries(Object.entries(old).filter(([key]) => key in fresh && key !== 'type'));
  for (const key of ['out_features', 'out_channels']) if (key in fresh && width !== undefined) kept[key] = width;
  if ('regularization' in layer && isTrained(type)) kept['regularization'] = layer.regularization;
  if ('init' in layer && WEIGHTED.has(type)) kept['init'] = layer.init;
  if (layer.inputs !== undefined) kept['inputs'] = layer.inputs;
  // What was typed may be wrong, and then stands in its field as before.
  return { ...fresh, ...kept, type, name } as unknown as LayerSpec;
}

/** The name that a layer has after its kind is changed: a fresh one's follows the kind. */
export function nameAfterChange(document: ExperimentSpec, layer: LayerSpec, type: LayerType): string {
  const follows = isFreshlyNamed(layer) && LAYER_KINDS[type].stem !== LAYER_KINDS[layer.type].stem;
  return follows ? freshName(LAYER_KINDS[type].stem, takenNames(document)) : layer.name;
}

export const changeType =
  (name: string, type: LayerType): Edit =>
  (document) => {
    const layer = document.model.layers.find((x) => x.name === name);
    if (layer === undefined || layer.type === type) return document;
    const to = nameAfterChange(document, layer, type);
    const next = renameLayer(name, to)(document);
    const network = readNetwork(next.model.layers).map((station) => {
      if (station.layer.name !== to) return station;
      const made = changed(station.layer, type, to);
      return { layer: made, inputs: takesSeveral(made) ? station.inputs : station.inputs.slice(0, 1) };
    });
    const result = { ...next, model: { layers: writeNetwork(network, changedInputs(next.variants)) } };
    return { ...result, variants: withoutMissingFields(result, to) };
  };

export const LAYER_PENALTIES = ['l1', 'l2', 'decoupled_decay', 'max_norm', 'weight_decay'] as const;
export type LayerPenalty = (typeof LAYER_PENALTIES)[number];

/** A layer's own penalty; null: the model's. */
export const setLayerPenalty =
  (name: string, penalty: LayerPenalty, value: unknown): Edit =>
  (document) => ({
    ...document,
    model: {
      layers: document.model.layers.map((layer) => {
        if (layer.name !== name) return layer;
        const { regularization, ...rest } = layer as LayerSpec & { regularization?: object };
        const { [penalty]: _, ...others } = { ...regularization } as Record<string, unknown>;
        const own = value === null ? others : { ...others, [penalty]: value };
        return (Object.keys(own).length > 0 ? { ...rest, regularization: own } : rest) as LayerSpec;
      }),
    },
  });
