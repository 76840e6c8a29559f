// A model as a network: every layer with the names of all its inputs, so that it can be rewired without thinking of the order of
// the list. Read from the list, and written back in an order that works with as few `inputs` as it needs.
import { DATA_INPUT, type LayerSpec } from '../../../engine/spec/index.ts';

export interface Station {
  readonly layer: LayerSpec;
  /** Names of its inputs in order, the data's included. */
  readonly inputs: readonly string[];
}
export type Network = readonly Station[];

export const readNetwork = (layers: readonly LayerSpec[]): Network =>
  layers.map((layer, i) => ({ layer, inputs: layer.inputs ?? [layers[i - 1]?.name ?? DATA_INPUT] }));

export const stationOf = (network: Network, name: string): Station | undefined =>
  network.find((x) => x.layer.name === name);

export const namesOf = (network: Network): ReadonlySet<string> => new Set(network.map((x) => x.layer.name));

export const consumersOf = (network: Network, name: string): readonly Station[] =>
  network.filter((x) => x.inputs.includes(name));

/** Sources before their consumers, and otherwise as they stood; a circle stays where it is. */
function ordered(network: Network): Network {
  const names = namesOf(network);
  const waiting = [...network];
  const placed = new Set<string>();
  const result: Station[] = [];
  while (waiting.length > 0) {
    const ready = waiting.findIndex(({ inputs }) => inputs.every((x) => !names.has(x) || placed.has(x)));
    const [next] = waiting.splice(Math.max(0, ready), 1);
    if (next === undefined) break;
    placed.add(next.layer.name);
    result.push(next);
  }
  return result;
}

/**
 * The list of layers, sources before consumers; `inputs` only where it is not simply the layer before.
 * @param keep layers whose `inputs` stay written out.
 */
export function writeNetwork(network: Network, keep: ReadonlySet<string> = new Set()): LayerSpec[] {
  let before: string = DATA_INPUT;
  return ordered(network).map(({ layer, inputs }) => {
    const follows = inputs.length === 1 && inputs[0] === before && !keep.has(layer.name);
    before = layer.name;
    if (follows) {
      if (layer.inputs === undefined) return layer;
      const { inputs: _, ...rest } = layer;
      return rest;
    }
    return layer.inputs?.join('\0') === inputs.join('\0') && layer.inputs.length === inputs.length
      ? layer
      : { ...layer, inputs: [...inputs] };
  });
}

/** Whether `name` is `from` or comes after it on some path. */
export function isDownstream(network: Network, from: string, name: string): boolean {
  const stations = new Map(network.map((x) => [x.layer.name, x]));
  const seen = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === from) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(stations.get(next)?.inputs ?? []));
  }
  return false;
}
