// Everything that building does to a network, as functions from one network to the next. Names are unique and stay so.
import { DATA_INPUT, type LayerSpec } from '../../../engine/spec/index.ts';
import { takesSeveral } from './layer-kinds.ts';
import { consumersOf, isDownstream, stationOf, type Network, type Station } from './network.ts';

/** Where something new goes. `slot`: which of the target's inputs. */
export type Place =
  | { readonly at: 'after' | 'branch'; readonly name: string }
  | { readonly at: 'before'; readonly name: string; readonly slot?: number }
  | { readonly at: 'end' };

export const replaceInput = (station: Station, from: string, to: string): Station =>
  station.inputs.includes(from) ? { ...station, inputs: station.inputs.map((x) => (x === from ? to : x)) } : station;

const positionOf = (network: Network, name: string): number => network.findIndex((x) => x.layer.name === name);

const withStation = (network: Network, position: number, ...stations: readonly Station[]): Network => [
  ...network.slice(0, position),
  ...stations,
  ...network.slice(position),
];

/** A chain of layers behind each other: the first takes `inputs`, the others the layer before unless they say otherwise. */
const chained = (layers: readonly LayerSpec[], inputs: readonly string[]): readonly Station[] => {
  const own = new Set(layers.map((x) => x.name));
  return layers.map((layer, i) => {
    const before = layers[i - 1];
    if (layer.inputs === undefined) return { layer, inputs: before ? [before.name] : inputs };
    const inner = layer.inputs.map((x) => (own.has(x) ? x : (inputs[0] ?? DATA_INPUT)));
    return { layer, inputs: inner };
  });
};

/**
 * Puts layers, one behind the other, into the network. `after`: whatever took that layer's output takes theirs. `before`: on the way
 * into that input alone. `branch`: beside what is there. `end`: behind the last layer.
 */
export function insert(network: Network, place: Place, layers: readonly LayerSpec[]): Network {
  const last = layers.at(-1);
  if (last === undefined) return network;
  switch (place.at) {
    case 'end':
      return insert(network, { at: 'after', name: network.at(-1)?.layer.name ?? DATA_INPUT }, layers);
    case 'after': {
      const position = positionOf(network, place.name) + 1;
      const rewired = network.map((x) => replaceInput(x, place.name, last.name));
      return withStation(rewired, position, ...chained(layers, [place.name]));
    }
    case 'branch':
      return withStation(network, positionOf(network, place.name) + 1, ...chained(layers, [place.name]));
    case 'before': {
      const target = stationOf(network, place.name);
      if (target === undefined) return network;
      const slot = place.slot ?? 0;
      const source = target.inputs[slot];
      const inputs =
        source === undefined
          ? [...target.inputs, last.name]
          : target.inputs.map((x, i) => (i === slot ? last.name : x));
      const rewired = network.map((x) => (x === target ? { ...target, inputs } : x));
      return withStation(
        rewired,
        positionOf(network, place.name),
        ...chained(layers, source === undefined ? [] : [source]),
      );
    }
    default:
      return place satisfies never;
  }
}

/** Takes a layer out; what took its output takes its first input instead. */
export function detach(network: Network, name: string): Network {
  const station = stationOf(network, name);
  if (station === undefined) return network;
  const [source] = station.inputs;
  return network
    .filter((x) => x !== station)
    .map((x) =>
      source === undefined
        ? { ...x, inputs: x.inputs.filter((input) => input !== name) }
        : replaceInput(x, name, source),
    );
}

/** Removes a layer. An Add or Concat that is left with one and the same input is nothing any more, and goes with it. */
export function remove(network: Network, name: string): Network {
  const touched = consumersOf(network, name).map((x) => x.layer.name);
  return touched.reduce<Network>(
    (now, consumer) => {
      const station = stationOf(now, consumer);
      if (station === undefined || !takesSeveral(station.layer)) return now;
      const inputs = [...new Set(station.inputs)];
      return inputs.length < 2 ? remove(now, consumer) : now.map((x) => (x === station ? { ...station, inputs } : x));
    },
    detach(network, name),
  );
}

/** Whether an input could lead from `source` to `target` without a circle. */
export const canConnect = (network: Network, source: string, target: string): boolean =>
  stationOf(network, target) !== undefined &&
  (source === DATA_INPUT || stationOf(network, source) !== undefined) &&
  !isDownstream(network, target, source);

/** Leads a layer's output into another one: one more input where several are taken, else in the place of its input. */
export function connect(network: Network, source: string, target: string): Network {
  if (!canConnect(network, source, target)) return network;
  return network.map((x) => {
    if (x.layer.name !== target || x.inputs.includes(source)) return x;
    return { ...x, inputs: takesSeveral(x.layer) ? [...x.inputs, source] : [source] };
  });
}

export const disconnect = (network: Network, target: string, slot: number): Network =>
  network.map((x) => (x.layer.name === target ? { ...x, inputs: x.inputs.filter((_, i) => i !== slot) } : x));

/** Another source for one of a layer's inputs. */
export function setInput(network: Network, target: string, slot: number, source: string): Network {
  if (!canConnect(network, source, target)) return network;
  return network.map((x) =>
    x.layer.name === target ? { ...x, inputs: x.inputs.map((input, i) => (i === slot ? source : input)) } : x,
  );
}
