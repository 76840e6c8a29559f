// What the diagram shows: nodes and connections of a document that may not fit yet, with shapes, counts and problems.
import {
  analyzeLayers,
  DATA_INPUT,
  dataShape,
  fitProblems,
  isLayer,
  type ExperimentSpec,
  type LayerAnalysis,
  type LayerSpec,
  type Problem,
  type Shape,
} from '../../../engine/spec/index.ts';
import { badgesOf, keyArguments } from './arguments.ts';
import { connectionKey, layOut } from './layout.ts';

export const NODE_WIDTH = 220;
const NODE_HEIGHT = 46;
/** With a sentence that says what is wrong. */
const PROBLEM_HEIGHT = 62;
const ROW = 88;
const COLUMN = 252;

interface NodeBase {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly output: Shape | null;
}
export interface DataNode extends NodeBase {
  readonly kind: 'data';
}
export interface LayerNode extends NodeBase {
  readonly kind: 'layer';
  readonly layer: LayerSpec;
  readonly analysis: LayerAnalysis;
  readonly text: string;
  readonly badges: readonly string[];
  readonly problems: readonly Problem[];
}
export type DiagramNode = DataNode | LayerNode;

export interface DiagramEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly slot: number;
  readonly shape: Shape | null;
  /** Trained values of the layer that it comes from; null: not known, or the data. */
  readonly parameters: number | null;
  /** Where it passes rows in between, left edge of the column. */
  readonly passing: number | null;
}

export interface Diagram {
  readonly data: DataNode;
  readonly layers: readonly LayerNode[];
  readonly edges: readonly DiagramEdge[];
}

/** What is wrong at a layer: the fields of it and the way it fits; what the editor knows of it, and what follows here. */
function problemsAt(name: string, all: readonly Problem[]): readonly Problem[] {
  const path = `model.layers.${name}`;
  const own = all.filter((x) => x.path === path || x.path.startsWith(`${path}.`));
  return [...new Map(own.map((x) => [`${x.path} ${x.code} ${x.message}`, x])).values()];
}

/** Layers as the building sees them, wrong fields and all. */
export function analyzeDraft({ model, data }: ExperimentSpec): readonly LayerAnalysis[] {
  return analyzeLayers(model, data, (i) => isLayer(model.layers[i]));
}

/** @param known what the editor says is wrong with the document. */
export function diagramOf(document: ExperimentSpec, known: readonly Problem[]): Diagram {
  const { layers } = document.model;
  const analysis = analyzeDraft(document);
  const all = [...known, ...fitProblems(analysis, document.data)];
  const layout = layOut(analysis);
  const seen = new Set<string>([DATA_INPUT]);
  const ids = layers.map(({ name }, i) => {
    // Two of one name are a problem to be shown, and must both be seen.
    const id = seen.has(name) ? `${name}\0${String(i)}` : name;
    seen.add(name);
    return id;
  });
  const at = ({ row, column }: { readonly row: number; readonly column: number }) => ({
    x: column * COLUMN,
    y: row * ROW,
  });
  const nameOf = (source: number): string => (source < 0 ? DATA_INPUT : (layers[source]?.name ?? ''));
  const idOf = (source: number): string => (source < 0 ? DATA_INPUT : (ids[source] ?? ''));
  /** Of each source that was found, which of the layer's inputs it is. */
  const slots = layers.map(({ inputs = [] }, target) => {
    const found = new Set(analysis[target]?.sources.map(nameOf));
    return inputs.flatMap((name, slot) => (found.has(name) ? [slot] : []));
  });
  const data: DataNode = {
    kind: 'data',
    id: DATA_INPUT,
    ...at(layout.data),
    height: NODE_HEIGHT,
    output: dataShape(document.data).input,
  };
  return {
    data,
    layers: layers.map((layer, i) => {
      const own = analysis[i] as LayerAnalysis;
      const problems = problemsAt(layer.name, all);
      return {
        kind: 'layer',
        id: idOf(i),
        ...at(layout.cells[i] ?? { row: i + 1, column: 0 }),
        layer,
        analysis: own,
        output: own.output,
        text: keyArguments(layer).join(', '),
        badges: badgesOf(layer),
        height: problems.length > 0 ? PROBLEM_HEIGHT : NODE_HEIGHT,
        problems,
      };
    }),
    edges: analysis.flatMap(({ sources }, target) =>
      sources.map((source, n) => {
        const slot = slots[target]?.[n] ?? n;
        const passing = layout.passing.get(connectionKey(source, target, n));
        return {
          id: `${idOf(source)}\0${idOf(target)}\0${String(slot)}`,
          source: idOf(source),
          target: idOf(target),
          slot,
          shape: source < 0 ? data.output : (analysis[source]?.output ?? null),
          parameters: source < 0 ? null : (analysis[source]?.shape?.parameters ?? null),
          passing: passing === undefined ? null : passing * COLUMN,
        };
      }),
    ),
  };
}

/** Of chosen layers, those that are there. */
export function presentIn(diagram: Diagram | null, chosen: readonly string[]): ReadonlySet<string> {
  const ids = new Set(diagram?.layers.map((x) => x.id));
  return new Set(chosen.filter((x) => ids.has(x)));
}

/** The neighbour in the direction of an arrow key; null: there is none. */
export function neighbour(
  diagram: Diagram,
  id: string,
  key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight',
): string | null {
  const nodes: readonly DiagramNode[] = [diagram.data, ...diagram.layers];
  const here = nodes.find((x) => x.id === id);
  if (!here) return null;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const linked = diagram.edges.flatMap(({ source, target }) =>
      key === 'ArrowUp' ? (target === id ? [source] : []) : source === id ? [target] : [],
    );
    const candidates = nodes.filter((x) => linked.includes(x.id));
    const nearest = candidates.sort((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0];
    if (nearest) return nearest.id;
    const inOrder = nodes[nodes.indexOf(here) + (key === 'ArrowUp' ? -1 : 1)];
    return inOrder?.id ?? null;
  }
  const sideways = nodes.filter((x) => (key === 'ArrowLeft' ? x.x < here.x : x.x > here.x));
  const distance = (x: DiagramNode) => Math.abs(x.x - here.x) + Math.abs(x.y - here.y) * 2;
  return sideways.sort((a, b) => distance(a) - distance(b))[0]?.id ?? null;
}
