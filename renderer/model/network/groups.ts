// Layers that are selected together: whether they are one piece with one way in and one way out, and what is done with pieces —
// moved, led around. What cannot be moved says why.
import { DATA_INPUT, type LayerSpec } from '../../../engine/spec/index.ts';
import { takesSeveral } from './layer-kinds.ts';
import { consumersOf, isDownstream, stationOf, type Network, type Station } from './network.ts';
import { detach, insert, replaceInput, type Place } from './rewire.ts';

export type Direction = 'earlier' | 'later';

/** Why layers stay where they are. */
export type StayReason =
  /** One layer alone that takes several: it stands where they meet. */
  | { readonly why: 'joins'; readonly layer: string }
  /** They are not one piece. */
  | { readonly why: 'apart' }
  /** A branch would be empty, and this layer would take one thing twice. */
  | { readonly why: 'onlyInBranch'; readonly layer: string }
  /** There is nothing to change places with. */
  | { readonly why: 'first' | 'last' };

/** Layers with at most one way in and one way out. */
interface Piece {
  /** null: they take nothing from outside. */
  readonly source: string | null;
  /** null: nothing takes them. */
  readonly exit: Station | null;
  readonly inside: Network;
}

function pieceOf(network: Network, names: ReadonlySet<string>): Piece | null {
  const inside = network.filter((x) => names.has(x.layer.name));
  const sources = new Set(inside.flatMap(({ inputs }) => inputs.filter((x) => !names.has(x))));
  const last = network.at(-1)?.layer.name;
  const exits = inside.filter(
    ({ layer: { name } }) => name === last || consumersOf(network, name).some((x) => !names.has(x.layer.name)),
  );
  if (sources.size > 1 || exits.length > 1) return null;
  const [source = null] = sources;
  const [exit = null] = exits;
  // What goes in may come from what came out, when the group is no piece: it would be led around in a circle.
  return source !== null && exit !== null && isDownstream(network, exit.layer.name, source)
    ? null
    : { source, exit, inside };
}

/** The way into and out of a group of layers, when there is one of each. */
export function passage(
  network: Network,
  names: ReadonlySet<string>,
): { readonly source: string; readonly exit: string } | null {
  const piece = pieceOf(network, names);
  return piece && piece.source !== null && piece.exit !== null
    ? { source: piece.source, exit: piece.exit.layer.name }
    : null;
}

/** A skip around a group of layers: their output plus what went into them. */
export function addSkip(network: Network, names: ReadonlySet<string>, add: LayerSpec): Network {
  const way = passage(network, names);
  if (way === null) return network;
  return insert(network, { at: 'after', name: way.exit }, [add]).map((x) =>
    x.layer.name === add.name ? { ...x, inputs: [way.exit, way.source] } : x,
  );
}

/** Why a group cannot be taken out and put elsewhere; null: it can. */
export function stayReason(network: Network, names: ReadonlySet<string>): StayReason | null {
  const piece = pieceOf(network, names);
  const [only, ...others] = network.filter((x) => names.has(x.layer.name));
  if (only !== undefined && others.length === 0 && takesSeveral(only.layer))
    return { why: 'joins', layer: only.layer.name };
  if (only === undefined || piece === null) return { why: 'apart' };
  const { source, exit } = piece;
  const twice =
    exit && source !== null
      ? consumersOf(network, exit.layer.name).find((x) => !names.has(x.layer.name) && x.inputs.includes(source))
      : undefined;
  return twice ? { why: 'onlyInBranch', layer: twice.layer.name } : null;
}

/** Takes a group out as it is and puts it elsewhere; a group that cannot be moved, or into itself, stays. */
export function moveTo(network: Network, names: ReadonlySet<string>, place: Place): Network {
  const piece = pieceOf(network, names);
  if (piece === null || stayReason(network, names) !== null) return network;
  if (place.at !== 'end' && (names.has(place.name) || !(place.name === DATA_INPUT || stationOf(network, place.name))))
    return network;
  const { inside, exit, source } = piece;
  const inOrder = exit ? [...inside.filter((x) => x !== exit), exit] : inside;
  const lifted = inOrder.map(({ layer, inputs }): LayerSpec => {
    const { inputs: _, ...rest } = layer;
    // A layer alone follows whatever it is put behind; in a group each says what it takes, the way in whatever it will be.
    return inside.length === 1 ? rest : { ...rest, inputs: [...inputs] };
  });
  const without =
    exit && source !== null
      ? network.filter((x) => !names.has(x.layer.name)).map((x) => replaceInput(x, exit.layer.name, source))
      : inside.reduce<Network>((now, x) => detach(now, x.layer.name), network);
  return insert(without, place, lifted);
}

/** Where a group goes that changes places with its neighbour, or why it stays. */
export function placeBeside(network: Network, names: ReadonlySet<string>, direction: Direction): Place | StayReason {
  const reason = stayReason(network, names);
  const piece = pieceOf(network, names);
  if (reason || piece === null) return reason ?? { why: 'apart' };
  const { source, exit } = piece;
  if (direction === 'earlier')
    return source === null || source === DATA_INPUT ? { why: 'first' } : { at: 'before', name: source };
  const next = exit && consumersOf(network, exit.layer.name).find((x) => !names.has(x.layer.name));
  return next ? { at: 'after', name: next.layer.name } : { why: 'last' };
}
