// Layer by layer: what flows in and out, what is learned, and what does not fit. One misfit does not hide the rest: it stands at
// its layer, and what follows from the document all the same is known after it.
import * as v from 'valibot';
import { dataShape, type DataSpec, type Shape } from './data.ts';
import { elements, layerRule, LayerShapeError, type ParameterShape, type StateShape } from './layers.ts';
import { DATA_INPUT, Layer, type LayerSpec, type LayerType, type ModelSpec } from './model.ts';
import type { Problem } from './problem.ts';

export interface LayerShape {
  readonly name: string;
  /** Positions in the model of the layers it takes its inputs from; -1 is the data. */
  readonly sources: readonly number[];
  readonly inputs: readonly Shape[];
  /** The first input's shape. */
  readonly input: Shape;
  readonly output: Shape;
  readonly parameterShapes: readonly ParameterShape[];
  readonly state: readonly StateShape[];
  /** Number of trained values. */
  readonly parameters: number;
  /** Of one example's forward pass. */
  readonly multiplyAdds: number;
}

/** What can be said of one layer of a model that may not fit together yet. */
export interface LayerAnalysis {
  readonly name: string;
  /** As in LayerShape; names that are no earlier layer are left out. */
  readonly sources: readonly number[];
  /** Everything about it; null where its inputs are not known or do not fit. */
  readonly shape: LayerShape | null;
  /** What it gives as far as the document says so; null: not known. */
  readonly output: Shape | null;
  /** Its inputs are named as they must be. */
  readonly wired: boolean;
  readonly problems: readonly Problem[];
}

export const mismatch = (layer: string, expected: string, received: string, message: string): Problem => ({
  path: `model.layers.${layer}`,
  code: 'shape_mismatch',
  message,
  params: { received, expected },
});

/** Where a layer's inputs come from; what is wrong with how they are named becomes problems. */
function sourcesOf(
  layer: LayerSpec,
  position: number,
  positions: ReadonlyMap<string, number>,
): { readonly sources: readonly number[]; readonly problems: readonly Problem[] } {
  if (layer.inputs === undefined) return { sources: [position - 1], problems: [] };
  const problems: Problem[] = [];
  const expected = layerRule(layer).arity === 'one' ? 1 : null;
  if (layer.inputs.length === 0 || (expected !== null && layer.inputs.length !== expected)) {
    const wanted = expected === null ? 'two inputs or more' : 'one input';
    problems.push(
      mismatch(layer.name, wanted, String(layer.inputs.length), `needs ${wanted}, but has ${layer.inputs.length}`),
    );
  }
  const sources = layer.inputs.flatMap((name) => {
    if (name === DATA_INPUT) return [-1];
    const source = positions.get(name);
    if (source !== undefined && source < position) return [source];
    problems.push({
      path: `model.layers.${layer.name}.inputs`,
      code: 'unknown_layer',
      message: `there is no layer "${name}" before it`,
      params: { name },
    });
    return [];
  });
  return { sources, problems };
}

/** Whether all fields of a layer are as they must be. */
export const isLayer = (layer: unknown): layer is LayerSpec => v.is(Layer, layer);

/** Kinds whose output is their input's shape, whatever that is. */
const KEEPS_SHAPE: ReadonlySet<LayerType> = new Set<LayerType>([
  'BatchNorm1d',
  'BatchNorm2d',
  'LayerNorm',
  'ReLU',
  'LeakyReLU',
  'ELU',
  'GELU',
  'SiLU',
  'Sigmoid',
  'Tanh',
  'Softmax',
  'LogSoftmax',
  'Dropout',
  'Dropout2d',
  'AlphaDropout',
  'GaussianDropout',
]);

/** What a layer would give if its inputs were right. */
function meantOutput(layer: LayerSpec, inputs: readonly (Shape | null)[]): Shape | null {
  if (layer.type === 'Linear' || layer.type === 'DropConnect') return [layer.out_features];
  if (KEEPS_SHAPE.has(layer.type) || layer.type === 'Add') return inputs.find((x) => x !== null) ?? null;
  return null;
}

function shapeOf(layer: LayerSpec, sources: readonly number[], inputs: readonly Shape[]): LayerShape {
  const rule = layerRule(layer);
  const output = rule.output(layer, inputs);
  const input = inputs[0] ?? [];
  const parameterShapes = rule.parameters?.(layer, input) ?? [];
  return {
    name: layer.name,
    sources,
    inputs,
    input,
    output,
    parameterShapes,
    state: rule.state?.(layer, input) ?? [],
    parameters: parameterShapes.reduce((sum, { shape }) => sum + elements(shape), 0),
    multiplyAdds: rule.multiplyAdds?.(layer, input, output) ?? 0,
  };
}

/**
 * Never throws for what a document can say.
 * @param usable false for layers whose own fields are wrong; nothing is concluded from those.
 */
export function analyzeLayers(
  model: ModelSpec,
  data: DataSpec,
  usable: (position: number) => boolean = () => true,
): readonly LayerAnalysis[] {
  const positions = new Map<string, number>();
  for (const [i, { name }] of model.layers.entries()) if (!positions.has(name)) positions.set(name, i);
  const found: LayerAnalysis[] = [];
  const given = dataShape(data).input;
  for (const [i, layer] of model.layers.entries()) {
    const { name } = layer;
    const { sources, problems } = sourcesOf(layer, i, positions);
    const inputs = sources.map((source) => (source < 0 ? given : (found[source]?.output ?? null)));
    const wired = problems.length === 0;
    const known = inputs.filter((x) => x !== null);
    const meant = usable(i) ? meantOutput(layer, inputs) : null;
    const partly = { name, sources, shape: null, output: meant, wired };
    if (!usable(i) || !wired || known.length < inputs.length) {
      found.push({ ...partly, problems });
      continue;
    }
    try {
      const shape = shapeOf(layer, sources, known);
      found.push({ name, sources, shape, output: shape.output, wired, problems });
    } catch (error) {
      if (!(error instanceof LayerShapeError)) throw error;
      found.push({ ...partly, problems: [mismatch(name, error.expected, error.received, error.message)] });
    }
  }
  return found;
}
