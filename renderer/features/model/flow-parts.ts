// The diagram as the canvas library takes it: nodes of a fixed size with their handles known, so that nothing is measured first.
import { Position, type Edge, type Node } from '@xyflow/svelte';
import { NODE_WIDTH, type Diagram, type DiagramEdge, type DiagramNode } from '../../model/network/diagram.ts';

export type FlowNode = Node<{ readonly node: DiagramNode }, 'station'>;
export type FlowEdge = Edge<
  { readonly edge: DiagramEdge; readonly label: string; readonly chosen: boolean; readonly meant: boolean },
  'way'
>;

const HANDLE = 12;

export const flowNodes = ({ data, layers }: Diagram): FlowNode[] =>
  [data, ...layers].map((node) => {
    const size = { width: NODE_WIDTH, height: node.height };
    const handle = { x: NODE_WIDTH / 2 - HANDLE / 2, width: HANDLE, height: HANDLE };
    return {
      id: node.id,
      type: 'station',
      position: { x: node.x, y: node.y },
      ...size,
      measured: size,
      handles: [
        ...(node.kind === 'layer'
          ? [{ ...handle, type: 'target' as const, position: Position.Top, y: -HANDLE / 2 }]
          : []),
        { ...handle, type: 'source' as const, position: Position.Bottom, y: node.height - HANDLE / 2 },
      ],
      data: { node },
      // The library calls it a node to screen readers; the button in it says what it is.
      domAttributes: { 'aria-roledescription': undefined },
    };
  });

export function flowEdges(
  { edges }: Diagram,
  words: (edge: DiagramEdge) => { readonly label: string; readonly name: string },
  chosen: string | null,
  meant: string | null,
): FlowEdge[] {
  // Labels of short connections lie over the long ones that pass behind them.
  const inOrder = [...edges].sort((a, b) => Number(a.passing === null) - Number(b.passing === null));
  return inOrder.map((edge) => {
    const { label, name } = words(edge);
    return {
      id: edge.id,
      type: 'way',
      source: edge.source,
      target: edge.target,
      ariaLabel: name,
      data: { edge, label, chosen: edge.id === chosen, meant: edge.id === meant },
      domAttributes: { 'aria-roledescription': undefined },
    };
  });
}

/** The way of a connection, and where its label stands. */
export function wayPath(
  {
    sourceX: x1,
    sourceY: y1,
    targetX: x2,
    targetY: y2,
  }: Readonly<Record<'sourceX' | 'sourceY' | 'targetX' | 'targetY', number>>,
  passing: number | null,
): { readonly path: string; readonly x: number; readonly y: number } {
  const point = (x: number, y: number) => `${String(x)} ${String(y)}`;
  if (passing === null) {
    const bend = (y2 - y1) / 2;
    const path =
      x1 === x2
        ? `M ${point(x1, y1)} L ${point(x2, y2)}`
        : `M ${point(x1, y1)} C ${point(x1, y1 + bend)} ${point(x2, y2 - bend)} ${point(x2, y2)}`;
    return { path, x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
  }
  const x = passing + NODE_WIDTH / 2;
  const bend = 40;
  const [top, bottom] = [y1 + bend, Math.max(y1 + bend, y2 - bend)];
  const path = [
    `M ${point(x1, y1)}`,
    `C ${point(x1, y1 + bend / 1.5)} ${point(x, y1 + bend / 4)} ${point(x, top)}`,
    `L ${point(x, bottom)}`,
    `C ${point(x, y2 - bend / 4)} ${point(x2, y2 - bend / 1.5)} ${point(x2, y2)}`,
  ].join(' ');
  return { path, x, y: (top + bottom) / 2 };
}
