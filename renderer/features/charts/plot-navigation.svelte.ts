// What part of the loss chart is seen and how people move it: buttons, keys, wheel and box all end here.
import {
  keepInside,
  panSpan,
  partOf,
  WHOLE_VIEW,
  zoomSpan,
  type ChartView,
  type Span,
} from '../../model/chart-view.ts';
import type { LossGeometry } from './loss-chart-view.ts';

export interface PlotPoint {
  /** CSS px from the canvas' left and top edge. */
  readonly x: number;
  readonly y: number;
}
export interface PlotBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Narrowest window: a few steps; a hundredth of the smallest decade or of the loss range. */
const SMALLEST_STEPS = 4;
const SMALLEST_Y_PART = 1e-4;
/** A box flatter or narrower than this (px) means only the other axis. */
const BOX_THRESHOLD = 10;
const KEY_ZOOM = 0.7;
const KEY_PAN = 0.1;

const widthOf = ([low, high]: Span): number => high - low;

export class PlotNavigation {
  view = $state.raw<ChartView>(WHOLE_VIEW);
  /** The zoom box while it is drawn. */
  box = $state.raw<PlotBox | null>(null);
  readonly #geometry: () => LossGeometry | null;

  /** @param geometry of the last drawn frame; null before the first. */
  constructor(geometry: () => LossGeometry | null) {
    this.#geometry = geometry;
  }

  get zoomed(): boolean {
    return this.view.x !== null || this.view.y !== null;
  }

  reset(): void {
    this.view = WHOLE_VIEW;
  }

  /** Follows the data again vertically, e.g. when the axis changes between linear and log. */
  resetY(): void {
    if (this.view.y !== null) this.view = { ...this.view, y: null };
  }

  /** @param anchor 0…1 along the axis, stays where it is. */
  zoom(axis: 'x' | 'y', factor: number, anchor: number): void {
    const g = this.#geometry();
    if (!g) return;
    if (axis === 'x') this.view = { ...this.view, x: zoomSpan(g.x, g.xBounds, factor, anchor, SMALLEST_STEPS) };
    else
      this.view = { ...this.view, y: zoomSpan(g.y, g.yBounds, factor, anchor, widthOf(g.yBounds) * SMALLEST_Y_PART) };
  }

  /** Moves by fractions of what is visible; an axis that shows everything stays. */
  pan(xFraction: number, yFraction: number): void {
    const g = this.#geometry();
    if (!g) return;
    const { x, y } = this.view;
    this.view = { x: x && panSpan(x, g.xBounds, xFraction), y: y && panSpan(y, g.yBounds, yFraction) };
  }

  /** Draws the box between two corners, without looking outside the plot. */
  stretchBox(from: PlotPoint, to: PlotPoint): void {
    const g = this.#geometry();
    if (!g) return;
    const inX = (x: number): number => Math.min(Math.max(x, g.left), g.right);
    const inY = (y: number): number => Math.min(Math.max(y, g.top), g.bottom);
    const flat = Math.abs(from.y - to.y) < BOX_THRESHOLD;
    const narrow = Math.abs(from.x - to.x) < BOX_THRESHOLD;
    const [x1, x2] = narrow && !flat ? [g.left, g.right] : [inX(from.x), inX(to.x)];
    const [y1, y2] = flat ? [g.top, g.bottom] : [inY(from.y), inY(to.y)];
    this.box = {
      left: Math.min(x1, x2),
      top: Math.min(y1, y2),
      width: Math.abs(x2 - x1),
      height: Math.abs(y2 - y1),
    };
  }

  cancelBox(): void {
    this.box = null;
  }

  /** Zooms to the box that was drawn. */
  zoomToBox(): void {
    const [g, box] = [this.#geometry(), this.box];
    this.box = null;
    if (!g || !box) return;
    const plotWidth = g.right - g.left;
    const plotHeight = g.bottom - g.top;
    let { x, y } = this.view;
    if (box.width < plotWidth) {
      const from = (box.left - g.left) / plotWidth;
      const part = partOf(g.x, from, from + box.width / plotWidth, Number.MIN_VALUE);
      if (part) x = widest(part, SMALLEST_STEPS, g.xBounds);
    }
    if (box.height < plotHeight) {
      const from = (g.bottom - box.top - box.height) / plotHeight;
      const part = partOf(g.y, from, from + box.height / plotHeight, Number.MIN_VALUE);
      if (part) y = widest(part, widthOf(g.yBounds) * SMALLEST_Y_PART, g.yBounds);
    }
    this.view = { x, y };
  }

  /** @returns false when the key means nothing here, so that the page may have it. */
  key(key: string): boolean {
    switch (key) {
      case '+':
      case '=':
        this.zoom('x', KEY_ZOOM, 0.5);
        return true;
      case '-':
      case '_':
        this.zoom('x', 1 / KEY_ZOOM, 0.5);
        return true;
      case '0':
        this.reset();
        return true;
      case 'ArrowLeft':
        this.pan(-KEY_PAN, 0);
        return true;
      case 'ArrowRight':
        this.pan(KEY_PAN, 0);
        return true;
      case 'ArrowUp':
        this.pan(0, KEY_PAN);
        return true;
      case 'ArrowDown':
        this.pan(0, -KEY_PAN);
        return true;
      default:
        return false;
    }
  }
}

/** The span itself, or one of the smallest width around its middle. */
function widest(span: Span, smallest: number, bounds: Span): Span {
  if (widthOf(span) >= smallest) return span;
  const middle = (span[0] + span[1]) / 2;
  return keepInside([middle - smallest / 2, middle + smallest / 2], bounds);
}
