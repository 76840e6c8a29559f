// Where a layer that is dropped on the diagram goes: behind the layer under it, on the connection near it, else at the end.
import { NODE_WIDTH, type Diagram, type DiagramEdge, type DiagramNode } from './diagram.ts';
import type { Place } from './network-edits.ts';

const NEAR = 48;

export interface DropTarget {
  readonly place: Place;
  /** The node or connection that is meant; null: the end. */
  readonly id: string | null;
}

const inside = (node: DiagramNode, x: number, y: number): boolean =>
  x >= node.x && x <= node.x + NODE_WIDTH && y >= node.y && y <= node.y + node.height;

const middle = (x: number): number => x + NODE_WIDTH / 2;

/** How far a point is from a connection, across it, while it is beside it; infinite above and below. */
function distance(edge: DiagramEdge, nodes: ReadonlyMap<string, DiagramNode>, x: number, y: number): number {
  const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)];
  if (!source || !target) return Infinity;
  const [from, to] = [source.y + source.height, target.y];
  if (y < from - NEAR / 4 || y > to + NEAR / 4) return Infinity;
  const share = Math.min(1, Math.max(0, (y - from) / Math.max(1, to - from)));
  const straight = middle(source.x) + share * (middle(target.x) - middle(source.x));
  return Math.abs(x - (edge.passing === null ? straight : middle(edge.passing)));
}

/** @param x, y in the diagram's own units. */
export function dropTarget(diagram: Diagram, x: number, y: number): DropTarget {
  const all: readonly DiagramNode[] = [diagram.data, ...diagram.layers];
  const under = all.find((node) => inside(node, x, y));
  if (under) return { place: { at: 'after', name: under.id }, id: under.id };
  const nodes = new Map(all.map((node) => [node.id, node]));
  const nearest = diagram.edges
    .map((edge) => ({ edge, far: distance(edge, nodes, x, y) }))
    .sort((a, b) => a.far - b.far)[0];
  if (!nearest || nearest.far > NEAR) return { place: { at: 'end' }, id: null };
  const { target, slot, id } = nearest.edge;
  return { place: { at: 'before', name: target, slot }, id };
}
