// Building a model: which layers are selected, where the next one goes, and the deeds of the model place, all through the editor.
import { DATA_INPUT, DocumentError, type LayerSpec, type LayerType } from '../../engine/spec/index.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import type { Translator } from '../messages/translator.ts';
import { readClipping } from '../model/clippings.ts';
import type { Edit } from '../model/edits.ts';
import { copyText, readLayers, withFreshNames } from '../model/network/clipboard.ts';
import { diagramOf, neighbour, presentIn, type Diagram } from '../model/network/diagram.ts';
import { passage, placeBeside, stayReason, type Direction } from '../model/network/groups.ts';
import * as edits from '../model/network/network-edits.ts';
import { readNetwork } from '../model/network/network.ts';
import { templateFor, type TemplateName } from '../model/network/templates.ts';
import type { ExperimentEditor } from './experiment-editor.svelte.ts';
import { ModelCodes } from './model-code.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import { stayWords } from './stay-words.ts';

export const MODEL_VIEWS = ['diagram', 'list', 'code', 'json'] as const;
export type ModelView = (typeof MODEL_VIEWS)[number];

/** Where a new layer goes, seen from the selected one. */
export const INSERT_MODES = ['after', 'before', 'branch'] as const;
export type InsertMode = (typeof INSERT_MODES)[number];

interface Parts {
  readonly client: LabClient;
  readonly notices: Notices;
  readonly editor: () => ExperimentEditor | null;
  readonly readOnly: () => boolean;
}

export class ModelBuilding {
  view = $state<ModelView>('diagram');
  analyzer = $state(false);
  mode = $state<InsertMode>('after');
  /** Names of the chosen layers, the last one is the one that is edited; may name layers that are gone. */
  #chosen = $state.raw<readonly string[]>([]);
  /** The connection that is chosen. */
  #edge = $state.raw<string | null>(null);
  /** Layers inside the frame that is being drawn. */
  framed = $state.raw<readonly string[]>([]);
  /** Who is to get the keyboard's focus: a layer, or the search for kinds of layers. */
  wantsFocus = $state.raw<{ readonly layer: string } | 'search' | 'name' | null>(null);
  readonly code: ModelCodes;
  readonly #parts: Parts;

  readonly diagram: Diagram | null = $derived.by(() => {
    const editor = this.#parts.editor();
    return editor && diagramOf(editor.draft, editor.problems);
  });
  readonly selected: ReadonlySet<string> = $derived(presentIn(this.diagram, this.#chosen));
  /** The layer that has the keyboard and the inspector; null: none, or the data. */
  readonly current: string | null = $derived([...this.selected].at(-1) ?? null);
  readonly edge = $derived(this.diagram?.edges.find((x) => x.id === this.#edge) ?? null);
  /** Where a new layer goes. */
  readonly place: edits.Place = $derived.by(() => {
    if (this.edge) return { at: 'before', name: this.edge.target, slot: this.edge.slot };
    if (this.atData) return { at: this.mode === 'branch' ? 'branch' : 'after', name: DATA_INPUT };
    return this.current === null ? { at: 'end' } : { at: this.mode, name: this.current };
  });
  /** Whether a skip can be led around the selected layers. */
  readonly canSkip = $derived.by(() => {
    const document = this.#parts.editor()?.draft;
    return document !== undefined && passage(readNetwork(document.model.layers), this.selected) !== null;
  });

  constructor(parts: Parts) {
    this.#parts = parts;
    this.code = new ModelCodes(parts);
  }

  /** The data are chosen: what is inserted goes right behind them. */
  get atData(): boolean {
    return this.#chosen.at(-1) === DATA_INPUT;
  }

  /** @param how `range`: all from the first chosen one on, in the order of the list; `extend`: one more, or back again by one. */
  select(id: string, how: 'only' | 'toggle' | 'range' | 'extend' = 'only'): void {
    this.#edge = null;
    const chosen = [...this.selected];
    const others = chosen.filter((x) => x !== id);
    if (how === 'toggle') this.#chosen = this.selected.has(id) ? others : [...chosen, id];
    else if (how === 'range') this.#chosen = this.#range(id);
    else if (how === 'extend') this.#chosen = chosen.at(-2) === id ? chosen.slice(0, -1) : [...others, id];
    else this.#chosen = [id];
  }

  /** Chooses what the frame holds. @param add besides what is chosen. */
  endFrame(add: boolean): void {
    const kept = add ? [...this.selected].filter((x) => !this.framed.includes(x)) : [];
    const ids = [...kept, ...this.framed];
    this.framed = [];
    if (ids.length === 0) this.selectNone();
    else this.#choose(ids);
  }

  #range(id: string): readonly string[] {
    const ids = this.diagram?.layers.map((x) => x.id) ?? [];
    const [from, to] = [ids.indexOf([...this.selected][0] ?? id), ids.indexOf(id)];
    if (from < 0 || to < 0) return [id];
    const between = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
    return from <= to ? between : between.reverse();
  }

  selectAll(): void {
    this.#edge = null;
    this.#chosen = this.diagram?.layers.map((x) => x.id) ?? [];
  }

  selectNone(): void {
    this.#edge = null;
    this.#chosen = [];
  }

  selectEdge(id: string): void {
    this.#chosen = [];
    this.#edge = id;
  }

  /** Goes to the neighbour of what has the keyboard. @returns false when there is none. */
  walk(from: string, key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight', extend: boolean): boolean {
    const next = this.diagram && neighbour(this.diagram, from, key);
    if (!next || (extend && next === DATA_INPUT)) return false;
    this.select(next, extend ? 'extend' : 'only');
    this.wantsFocus = { layer: next };
    return true;
  }

  /** Goes to the next or previous row of the list. */
  step(from: string, by: 1 | -1 | 'first' | 'last', extend: boolean): void {
    const ids = this.diagram?.layers.map((x) => x.id) ?? [];
    const next = by === 'first' ? ids[0] : by === 'last' ? ids.at(-1) : ids[ids.indexOf(from) + by];
    if (next === undefined) return;
    this.select(next, extend ? 'range' : 'only');
    this.wantsFocus = { layer: next };
  }

  insert(type: LayerType, place: edits.Place = this.place): void {
    const document = this.#parts.editor()?.draft;
    if (!document) return;
    const layer = edits.layerToInsert(document, type);
    if (!this.#apply(edits.insertLayers(place, [layer]))) return;
    this.#goTo([layer.name]);
  }

  remove(): void {
    const { edge } = this;
    if (edge) {
      this.#apply(edits.disconnectLayer(edge.target, edge.slot));
      this.#edge = null;
      return;
    }
    if (this.selected.size === 0) return;
    const next = this.#leftBeside();
    const { selected } = this;
    const before = this.#layers;
    if (!this.#apply(edits.removeLayers([...selected]))) return;
    const along = edits.goneAlong(before, this.#layers, selected);
    if (along.length > 0)
      this.#say('building.wentToo', (t) => t.text('building.wentToo', { layers: along.join(', ') }));
    this.#goTo([along.includes(next) ? DATA_INPUT : next]);
  }

  /** The layer that has the keyboard once the selected ones are gone: the one before them, else the one behind, else the data. */
  #leftBeside(): string {
    const ids = this.diagram?.layers.map((x) => x.id) ?? [];
    const first = ids.findIndex((x) => this.selected.has(x));
    return ids[first - 1] ?? ids.find((x) => !this.selected.has(x)) ?? DATA_INPUT;
  }

  /** The selected layers change places with their neighbour, together; says why when they stay. */
  move(direction: Direction): void {
    const ids = [...this.selected];
    if (ids.length === 0 || this.#parts.readOnly()) return;
    const place = placeBeside(readNetwork(this.#layers), this.selected, direction);
    if ('why' in place) this.#say('building.stay', stayWords(place));
    else if (this.#apply(edits.moveLayers(this.selected, direction))) this.#goTo(ids);
  }

  /** Moves a layer, and with it the others that are selected with it. */
  moveTo(name: string, place: edits.Place): void {
    const group = this.selected.has(name) ? this.selected : presentIn(this.diagram, [name]);
    if (this.#parts.readOnly() || (place.at !== 'end' && group.has(place.name))) return;
    const reason = stayReason(readNetwork(this.#layers), group);
    if (reason) this.#say('building.stay', stayWords(reason));
    else if (this.#apply(edits.moveLayersTo(group, place))) this.#goTo([...group]);
  }

  skip(): void {
    if (!this.canSkip) return;
    const document = this.#parts.editor()?.draft;
    if (!document) return;
    const { name } = edits.layerToInsert(document, 'Add');
    if (this.#apply(edits.addSkip(this.selected))) this.#goTo([name]);
  }

  connect(source: string, target: string): void {
    this.#apply(edits.connectLayers(source, target));
  }

  rename(from: string, to: string): void {
    if (this.#apply(edits.renameLayer(from, to))) this.#chosen = [to];
  }

  changeType(name: string, type: LayerType): void {
    const document = this.#parts.editor()?.draft;
    const layer = document?.model.layers.find((x) => x.name === name);
    if (!document || !layer) return;
    const to = edits.nameAfterChange(document, layer, type);
    if (this.#apply(edits.changeType(name, type))) this.#chosen = [to];
  }

  useTemplate(name: TemplateName): void {
    const document = this.#parts.editor()?.draft;
    const layers = document && templateFor(name, document).layers;
    if (layers && this.#apply(edits.useModel(layers))) this.#goTo([layers[0]?.name ?? DATA_INPUT]);
  }

  /** The selected layers as text; null: none is. */
  copy(): string | null {
    const document = this.#parts.editor()?.draft;
    return document && this.selected.size > 0 ? copyText(document, this.selected) : null;
  }

  cut(): string | null {
    const text = this.#parts.readOnly() ? null : this.copy();
    if (text !== null) this.remove();
    return text;
  }

  duplicate(): void {
    const text = this.copy();
    if (text === null) return;
    const last = this.diagram?.layers.findLast((x) => this.selected.has(x.id))?.id;
    this.#paste(text, last === undefined ? this.place : { at: 'after', name: last });
  }

  /** Layers from the clipboard; says so when there are none in it. @param text null: it may not be read. */
  paste(text: string | null): void {
    if (text !== null) {
      this.#paste(text, this.place);
      return;
    }
    this.#say('building.pasteRefused', (t) => t.text('building.pasteRefused'));
    // The keys do it from there.
    this.wantsFocus = { layer: this.current ?? DATA_INPUT };
  }

  #paste(text: string, place: edits.Place): void {
    const document = this.#parts.editor()?.draft;
    if (!document) return;
    try {
      const clipping = readClipping(text);
      const layers = clipping?.newer ? null : readLayers(text);
      if (layers === null) {
        const other = clipping?.kind === 'variant' ? 'take.pasteVariantThere' : 'building.pasteNone';
        const key = clipping?.newer ? 'take.pasteNewer' : other;
        this.#say(key, (t) => t.text(key));
        return;
      }
      const fresh = withFreshNames(document, layers);
      if (this.#apply(edits.insertLayers(place, fresh))) this.#goTo(fresh.map((x) => x.name));
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      const [problem] = error.problems;
      if (problem)
        this.#say('building.pasteWrong', (t) =>
          t.text('building.pasteWrong', { field: problem.path, problem: t.problem(problem) }),
        );
    }
  }

  /** @returns whether the document changed. */
  #apply(edit: Edit): boolean {
    const editor = this.#parts.editor();
    if (!editor || this.#parts.readOnly()) return false;
    const before = editor.draft;
    const after = edit(before);
    if (after === before) return false;
    editor.apply(() => after);
    return true;
  }

  #goTo(ids: readonly string[]): void {
    this.mode = 'after';
    this.#choose(ids);
  }

  /** The last one gets the keyboard. */
  #choose(ids: readonly string[]): void {
    this.#edge = null;
    this.#chosen = ids;
    const last = ids.at(-1);
    if (last !== undefined) this.wantsFocus = { layer: last };
  }

  get #layers(): readonly LayerSpec[] {
    return this.#parts.editor()?.draft.model.layers ?? [];
  }

  #say(same: string, word: (t: Translator) => string): void {
    this.#parts.notices.info(same, word);
  }
}
