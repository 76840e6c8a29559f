// Turns pointer, wheel and key events on the loss chart's canvas into navigation and a crosshair.
import type { LossGeometry } from './loss-chart-view.ts';
import type { PlotNavigation, PlotPoint } from './plot-navigation.svelte.ts';

export interface PlotInput {
  readonly geometry: () => LossGeometry | null;
  readonly navigation: PlotNavigation;
  /** The pointer is over this place of the plot; null: it left. */
  point(at: PlotPoint | null): void;
  /** Moves the crosshair to the next recorded step on that side. */
  stepCrosshair(direction: -1 | 1): void;
  /** Keeps the crosshair where it is, with full values, or lets it go. */
  togglePin(): void;
  /** @returns false when there was nothing to let go. */
  escape(): boolean;
}

/** Movement in px from which a press is a drag and no click. */
const DRAG_THRESHOLD = 4;
const WHEEL_SPEED = 0.002;

type Drag = { readonly from: PlotPoint; last: PlotPoint; readonly mode: 'box' | 'pan'; moved: boolean };

/** @returns a function that removes every listener. */
export function listenToPlot(canvas: HTMLCanvasElement, input: PlotInput): () => void {
  const { navigation } = input;
  const ended = new AbortController();
  const { signal } = ended;
  let drag: Drag | null = null;
  const place = (event: MouseEvent): PlotPoint => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const at = place(event);
    drag = { from: at, last: at, mode: event.shiftKey ? 'pan' : 'box', moved: false };
    canvas.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    const at = place(event);
    if (!drag) {
      input.point(at);
      return;
    }
    drag.moved ||= Math.hypot(at.x - drag.from.x, at.y - drag.from.y) >= DRAG_THRESHOLD;
    if (!drag.moved) return;
    input.point(null);
    const g = input.geometry();
    if (drag.mode === 'box') navigation.stretchBox(drag.from, at);
    else if (g) navigation.pan((drag.last.x - at.x) / (g.right - g.left), (at.y - drag.last.y) / (g.bottom - g.top));
    drag.last = at;
  };
  const up = (event: PointerEvent): void => {
    if (!drag) return;
    const { moved, mode } = drag;
    drag = null;
    if (moved && mode === 'box') navigation.zoomToBox();
    // A finger hovers nowhere: its tap reads, and what was read stays until the next one.
    else if (!moved && event.pointerType !== 'touch') input.togglePin();
    input.point(place(event));
  };
  const cancel = (): void => {
    drag = null;
    navigation.cancelBox();
  };
  const leave = (event: PointerEvent): void => {
    if (event.pointerType !== 'touch') input.point(null);
  };
  const wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const g = input.geometry();
    if (!g) return;
    const at = place(event);
    const factor = Math.exp(Math.max(-300, Math.min(300, event.deltaY)) * WHEEL_SPEED);
    if (event.shiftKey) navigation.zoom('y', factor, (g.bottom - at.y) / (g.bottom - g.top));
    else navigation.zoom('x', factor, (at.x - g.left) / (g.right - g.left));
  };
  const key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (drag) cancel();
      else if (!input.escape()) return;
    } else if (event.key === 'Enter' || event.key === ' ') input.togglePin();
    else if (event.shiftKey && event.key === 'ArrowLeft') input.stepCrosshair(-1);
    else if (event.shiftKey && event.key === 'ArrowRight') input.stepCrosshair(1);
    else if (!navigation.key(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  canvas.addEventListener('pointerdown', down, { signal });
  canvas.addEventListener('pointermove', move, { signal });
  canvas.addEventListener('pointerup', up, { signal });
  canvas.addEventListener('pointercancel', cancel, { signal });
  canvas.addEventListener('pointerleave', leave, { signal });
  canvas.addEventListener('wheel', wheel, { signal, passive: false });
  canvas.addEventListener('keydown', key, { signal });
  canvas.addEventListener('dblclick', () => navigation.reset(), { signal });
  return () => ended.abort();
}
