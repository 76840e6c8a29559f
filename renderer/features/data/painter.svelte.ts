// The hand that paints: which tool, what it makes, where it is, what is selected. Steps of a stroke change a working copy; the
// end of the stroke goes to the editor as one edit, which is one step of undo.
import type { Split, TableSpec } from '../../../engine/spec/index.ts';
import { withData } from '../../model/data-edits.ts';
import type { Edit } from '../../model/edits.ts';
import { countBySplit, tableOfDots, type Dot, type PaintKind } from '../../model/paint/dots.ts';
import { indexDots, type DotIndex } from '../../model/paint/grid-index.ts';
import {
  clampTo,
  reachAt,
  roundedTo,
  toPlace,
  unitsPerPixel,
  type Pixel,
  type Place,
} from '../../model/paint/plane.ts';
import type { Random } from '../../model/paint/seeded-random.ts';
import { extended, NOTHING, selected, type Selection } from '../../model/paint/selection.ts';
import * as tools from '../../model/paint/tools.ts';
import { valueSpan } from '../../model/paint/value-colours.ts';
import { PlaneView } from './plane-view.svelte.ts';

/** How far the crosshair goes at a key, in px. */
const KEY_STEP_PX = 8;
const LARGE_KEY_STEP_PX = 48;
/** A point is hit within this distance, by a finger within a larger one. */
const HIT_PX = 9;
const FINGER_HIT_PX = 22;
/** A brush that moved this far sprays again. */
const SPRAY_EVERY_PX = 7;
/** What is painted on, or only looked at. */
export interface Canvas {
  readonly kind: PaintKind;
  readonly dots: readonly Dot[];
  /** The document's table when it can be edited. */
  readonly table: TableSpec | null;
}

export interface PainterPorts {
  readonly apply: (edit: Edit, coalesceKey: string) => void;
  readonly random: Random;
}

interface Stroke {
  readonly tool: tools.Tool;
  readonly key: string;
  readonly before: readonly Dot[];
  readonly selectionBefore: Selection;
  /** Moving the selection instead of drawing a rectangle. */
  readonly moves: boolean;
  /** Adds to the selection. */
  readonly adds: boolean;
  readonly from: Place;
  at: Pixel;
}

export class Painter {
  kind = $state<PaintKind>('height');
  dots = $state.raw<readonly Dot[]>([]);
  tool = $state<tools.Tool>('brush');
  radiusPx = $state(30);
  /** Points of one puff of the brush. */
  density = $state(3);
  /** The number, and the class, that new points get. */
  value = $state(0);
  paintedClass = $state(0);
  split = $state<Split>('train');
  selection = $state.raw<Selection>(NOTHING);
  /** The rectangle being drawn. */
  rectangle = $state.raw<{ readonly a: Place; readonly b: Place } | null>(null);
  /** Where the keyboard's crosshair stands; null: the keyboard was not used yet. */
  crosshair = $state.raw<Place | null>(null);
  /** Where the pointer is over the area. */
  pointer = $state.raw<Pixel | null>(null);
  /** The split that had no room in the last step, and how many points it refused. */
  refused = $state.raw<{ readonly split: Split; readonly count: number } | null>(null);
  readonly view = new PlaneView();
  /** The document's table; null: only to look at. */
  table = $state.raw<TableSpec | null>(null);
  #stroke = $state.raw<Stroke | null>(null);
  #shown = false;
  #strokes = 0;
  #moveKey: string | null = null;
  #index: { readonly of: readonly Dot[]; readonly index: DotIndex } | null = null;
  readonly #ports: PainterPorts;

  readonly counts = $derived.by(() => countBySplit(this.dots));
  readonly values = $derived.by(() => valueSpan(this.dots));
  readonly editable = $derived.by(() => this.table !== null);
  readonly painting = $derived.by(() => this.#stroke !== null);

  constructor(ports: PainterPorts) {
    this.#ports = ports;
  }

  /** Takes over what the document holds; what was painted here last is known already. */
  adopt(canvas: Canvas): void {
    const own = canvas.table !== null && canvas.table === this.table;
    if (own && canvas.kind === this.kind) return;
    const another = !this.#shown || canvas.kind !== this.kind || (canvas.table === null) !== (this.table === null);
    this.#stroke = null;
    this.rectangle = null;
    this.table = canvas.table;
    this.kind = canvas.kind;
    this.dots = canvas.dots;
    this.selection = NOTHING;
    this.refused = null;
    this.#moveKey = null;
    this.paintedClass = Math.min(this.paintedClass, Math.max(0, (canvas.table?.classes ?? 1) - 1));
    if (another || (canvas.table === null && !this.view.own)) this.view.fit(this.dots);
    this.#shown = true;
  }

  choose(tool: tools.Tool): void {
    this.cancel();
    this.tool = tool;
  }

  // A stroke of the pointer.

  begin(at: Pixel, adds: boolean, finger = false): void {
    if (!this.editable) return;
    const from = toPlace(this.view.plane, at);
    const hit = this.tool === 'select' ? this.#dotAt(from, finger ? FINGER_HIT_PX : HIT_PX) : null;
    const selectionBefore = this.selection;
    if (hit !== null && !this.selection.has(hit)) this.selection = extended(this.selection, [hit], adds);
    const moves = hit !== null;
    this.#start(from, at, adds, moves, selectionBefore);
    if (this.tool === 'select' && !moves) {
      if (!adds) this.selection = NOTHING;
      this.rectangle = { a: from, b: from };
    }
    this.#act(from);
  }

  move(at: Pixel): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    const place = clampTo(this.view.plane, toPlace(this.view.plane, at));
    if (stroke.tool === 'select') {
      if (stroke.moves) this.#drag(stroke, place);
      else this.rectangle = { a: stroke.from, b: place };
    } else if (stroke.tool === 'erase') this.#act(place);
    else if (stroke.tool === 'brush') {
      if (Math.hypot(at.px - stroke.at.px, at.py - stroke.at.py) < SPRAY_EVERY_PX) return;
      this.#act(place);
    }
    stroke.at = at;
  }

  /** A moment passed while the pointer was held down: what goes on by itself. */
  hold(): void {
    const stroke = this.#stroke;
    if (stroke?.tool === 'jitter' || stroke?.tool === 'magnet') this.#act(toPlace(this.view.plane, stroke.at));
  }

  end(): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    this.#stroke = null;
    if (this.rectangle) this.#select(this.rectangle, stroke.adds);
    this.rectangle = null;
    if (this.dots !== stroke.before) this.#commit(stroke.key);
  }

  /** Leaves everything as it was before the stroke. */
  cancel(): void {
    const stroke = this.#stroke;
    this.rectangle = null;
    if (!stroke) return;
    this.#stroke = null;
    this.dots = stroke.before;
    this.selection = stroke.selectionBefore;
  }

  // The keyboard.

  /** Moves the crosshair, or the selection when there is one and `crosshair` is not asked for. */
  step(right: number, up: number, large: boolean, crosshair: boolean): void {
    const unit = unitsPerPixel(this.view.plane);
    const px = large ? LARGE_KEY_STEP_PX : KEY_STEP_PX;
    const by = { u: right * px * unit.u, v: up * px * unit.v };
    if (this.editable && this.tool === 'select' && this.selection.size > 0 && !crosshair) {
      this.#moveKey ??= this.#nextKey();
      this.dots = tools.moved(this.dots, this.selection, by, this.#rounding);
      this.#commit(this.#moveKey);
      return;
    }
    const at = this.crosshair ?? this.#middle;
    const next = clampTo(this.view.plane, this.crosshair ? { u: at.u + by.u, v: at.v + by.v } : at);
    this.crosshair = roundedTo(this.view.plane, next);
    if (this.rectangle && !this.#stroke) this.rectangle = { ...this.rectangle, b: this.crosshair };
  }

  /** The tool at the crosshair. @param again the key is still held: the same stroke goes on. */
  press(adds: boolean, again: boolean): void {
    if (!this.editable) return;
    const at = (this.crosshair ??= this.#middle);
    if (this.tool === 'select') {
      if (!again) this.#pressSelect(at, adds);
      return;
    }
    if (!again) this.#nextKey();
    const before = this.dots;
    this.#moveKey = null;
    this.#act(at);
    if (this.dots !== before) this.#commit(`paint:${String(this.#strokes)}`);
  }

  /** @returns false when there was nothing to leave. */
  escape(): boolean {
    if (!this.painting && !this.rectangle && this.selection.size === 0) return false;
    const wasDrawing = this.painting || this.rectangle !== null;
    this.cancel();
    if (!wasDrawing) this.selection = NOTHING;
    this.#moveKey = null;
    return true;
  }

  selectAll(): void {
    this.tool = 'select';
    this.selection = selected(this.dots.keys());
  }

  // What is done to the selection, and to everything.

  removeSelected(): void {
    if (this.selection.size === 0) return;
    this.#deed(tools.without(this.dots, this.selection), NOTHING);
  }
  setValueOfSelected(value: number): void {
    if (!Number.isFinite(value)) return;
    this.#deed(tools.revalued(this.dots, this.selection, value));
  }
  setSplitOfSelected(split: Split): void {
    const { dots, refused } = tools.assigned(this.dots, this.selection, split);
    this.#deed(dots);
    this.refused = refused > 0 ? { split, count: refused } : null;
  }
  clear(): void {
    this.#deed([], NOTHING);
  }
  addClass(): void {
    const classes = this.table?.classes;
    if (!classes) return;
    this.#commit(this.#nextKey(), classes + 1);
    this.paintedClass = classes;
  }
  /** The points of the class go with it. */
  removeClass(gone: number): void {
    const classes = this.table?.classes;
    if (!classes || classes <= 2) return;
    this.dots = tools.withoutClass(this.dots, gone);
    this.selection = NOTHING;
    this.paintedClass = Math.min(this.paintedClass, classes - 2);
    this.#commit(this.#nextKey(), classes - 1);
  }

  readonly #rounding: tools.Rounding = (place) => roundedTo(this.view.plane, place);

  get #dotIndex(): DotIndex {
    if (this.#index?.of !== this.dots) this.#index = { of: this.dots, index: indexDots(this.dots) };
    return this.#index.index;
  }

  get #middle(): Place {
    const { x, y } = this.view.plane;
    return roundedTo(this.view.plane, { u: (x[0] + x[1]) / 2, v: (y[0] + y[1]) / 2 });
  }
  #dotAt = (place: Place, hitPx = HIT_PX): number | null =>
    this.#dotIndex.nearest(reachAt(this.view.plane, place, hitPx));

  #nextKey(): string {
    this.#strokes += 1;
    return `paint:${String(this.#strokes)}`;
  }

  #start(from: Place, at: Pixel, adds: boolean, moves: boolean, selectionBefore: Selection): void {
    this.#moveKey = null;
    this.#stroke = {
      tool: this.tool,
      key: this.#nextKey(),
      before: this.dots,
      selectionBefore,
      moves,
      adds,
      from,
      at,
    };
  }

  /** One step of the tool at a place of the working copy. */
  #act(at: Place): void {
    const { dots, refused } = tools.applied(this.tool, this.dots, () => this.#dotIndex, {
      reach: reachAt(this.view.plane, at, this.radiusPx),
      paint: { split: this.split, value: this.#painted() },
      density: this.density,
      random: this.#ports.random,
      rounding: this.#rounding,
    });
    if (dots.length < this.dots.length) this.selection = NOTHING;
    this.dots = dots;
    this.refused = refused > 0 ? { split: this.split, count: refused } : null;
  }

  #painted(): number {
    const painted = { height: 0, value: this.value, class: this.paintedClass } as const satisfies Record<
      PaintKind,
      number
    >;
    return painted[this.kind];
  }

  #drag({ before, from }: Stroke, to: Place): void {
    this.dots = tools.moved(before, this.selection, { u: to.u - from.u, v: to.v - from.v }, this.#rounding);
  }

  #select({ a, b }: { readonly a: Place; readonly b: Place }, adds: boolean): void {
    const found = this.#dotIndex.inside(a, b);
    this.selection = extended(this.selection, found, adds);
  }

  /** The first press takes the point under the crosshair, or begins a rectangle; the next one ends it. */
  #pressSelect(at: Place, adds: boolean): void {
    if (this.rectangle) {
      this.#select(this.rectangle, adds);
      this.rectangle = null;
      return;
    }
    const hit = this.#dotAt(at);
    if (hit === null) this.rectangle = { a: at, b: at };
    else this.selection = extended(this.selection, [hit], adds);
  }

  /** A whole edit at once. */
  #deed(dots: readonly Dot[], selection: Selection = this.selection): void {
    if (!this.editable || dots === this.dots) return;
    this.cancel();
    this.#moveKey = null;
    this.refused = null;
    this.dots = dots;
    this.selection = selection;
    this.#commit(this.#nextKey());
  }

  #commit(key: string, classes?: number): void {
    const { kind, dots } = this;
    this.#ports.apply((document) => {
      if (document.data.type !== 'table') return document;
      const data = tableOfDots({ ...document.data, ...(classes !== undefined && { classes }) }, kind, dots);
      this.table = data;
      // Another number of classes asks for another number of scores.
      return classes === undefined ? { ...document, data } : withData(document, data);
    }, key);
  }
}
