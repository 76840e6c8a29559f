// A frame drawn over the diagram: its box, and the layers that it touches.
import { NODE_WIDTH, type Diagram } from './diagram.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The box between two corners, drawn in any direction. */
export const boxBetween = (a: Point, b: Point): Box => ({
  left: Math.min(a.x, b.x),
  top: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});

/** Layers that a box touches, in the order of the list. @param box in the diagram's own units. */
export const touched = ({ layers }: Diagram, { left, top, width, height }: Box): readonly string[] =>
  layers
    .filter((x) => x.x <= left + width && x.x + NODE_WIDTH >= left && x.y <= top + height && x.y + x.height >= top)
    .map((x) => x.id);
