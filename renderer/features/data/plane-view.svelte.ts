// The range of the data that is shown, and the room it has: fitted to the points until the person chooses otherwise.
import type { Span } from '../../model/chart-view.ts';
import type { Dot } from '../../model/paint/dots.ts';
import { fitted, zoomed, type Plane } from '../../model/paint/plane.ts';

/** Room for the axes' words around the drawn area, in px. */
const ROOM = { left: 58, top: 10, right: 14, bottom: 40 } as const;
/** Before the page has said how large it is. */
const UNMEASURED = { width: 640, height: 400 } as const;

export class PlaneView {
  widthPx = $state(0);
  heightPx = $state(0);
  /** The person chose the range. */
  own = false;
  #x = $state.raw<Span>([-1, 1]);
  #y = $state.raw<Span>([-1, 1]);

  readonly plane: Plane = $derived.by(() => ({
    x: this.#x,
    y: this.#y,
    left: ROOM.left,
    top: ROOM.top,
    width: Math.max(1, (this.widthPx || UNMEASURED.width) - ROOM.left - ROOM.right),
    height: Math.max(1, (this.heightPx || UNMEASURED.height) - ROOM.top - ROOM.bottom),
  }));

  fit(dots: readonly Dot[]): void {
    const { x, y } = fitted(dots);
    [this.#x, this.#y, this.own] = [x, y, false];
  }

  zoom(factor: number): void {
    this.set(zoomed(this.#x, factor), zoomed(this.#y, factor));
  }

  /** Ends that are the wrong way round change nothing. */
  set(x: Span, y: Span): void {
    if (!(x[0] < x[1]) || !(y[0] < y[1])) return;
    [this.#x, this.#y, this.own] = [x, y, true];
  }
}
