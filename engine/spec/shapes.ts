// The whole model before it is compiled or trained: what flows into each layer, every shape and parameter count, and what does not fit.
import { dataShape, outputShape, type DataSpec, type Shape } from './data.ts';
import { elements, layerRule, LayerShapeError, shapeText, type ParameterShape, type StateShape } from './layers.ts';
import { DATA_INPUT, type ModelSpec } from './model.ts';
import { DocumentError, type Problem } from './problem.ts';

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

export interface ModelAnalysis {
  /** Up to the first layer whose inputs do not fit. */
  readonly shapes: readonly LayerShape[];
  readonly problems: readonly Problem[];
}

const mismatch = (layer: string, expected: string, received: string, message: string): Problem => ({
  path: `model.layers.${layer}`,
  code: 'shape_mismatch',
  message,
  params: { received, expected },
});

/** Where each layer's inputs come from; names that are no earlier layer become problems. */
function findSources(model: ModelSpec): { readonly sources: readonly (readonly number[])[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const sources = model.layers.map((layer, i) => {
    if (layer.inputs === undefined) return [i - 1];
    const expected = layerRule(layer).arity === 'one' ? 1 : null;
    if (layer.inputs.length === 0 || (expected !== null && layer.inputs.length !== expected)) {
      const wanted = expected === null ? 'two inputs or more' : 'one input';
      problems.push(
        mismatch(layer.name, wanted, String(layer.inputs.length), `needs ${wanted}, but has ${layer.inputs.length}`),
      );
    }
    return layer.inputs.flatMap((name) => {
      const source = name === DATA_INPUT ? -1 : model.layers.slice(0, i).findIndex((x) => x.name === name);
      if (source >= 0 || name === DATA_INPUT) return [source];
      problems.push({
        path: `model.layers.${layer.name}.inputs`,
        code: 'unknown_layer',
        message: `there is no layer "${name}" before it`,
        params: { name },
      });
      return [];
    });
  });
  return { sources, problems };
}

/** Every layer but the last must feed another one. */
function unusedLayers(model: ModelSpec, sources: readonly (readonly number[])[]): Problem[] {
  const used = new Set(sources.flat());
  return model.layers
    .filter((_, i) => i < model.layers.length - 1 && !used.has(i))
    .map(({ name }) => ({
      path: `model.layers.${name}`,
      code: 'unused_layer',
      message: 'feeds no other layer, and only the last one is the answer',
      params: { name },
    }));
}

function outputProblem(model: ModelSpec, data: DataSpec, output: Shape): Problem[] {
  const expected = outputShape(dataShape(data).target);
  if (output.join() === expected.join()) return [];
  const [received, wanted] = [shapeText(output), shapeText(expected)];
  return [
    mismatch(
      model.layers.at(-1)?.name ?? '',
      wanted,
      received,
      `gives ${received} per example, but the data's target is ${wanted}`,
    ),
  ];
}

/** Infers every layer's shape and finds what does not fit, layer by layer. Never throws for what a document can say. */
export function analyzeModel(model: ModelSpec, data: DataSpec): ModelAnalysis {
  const { sources, problems } = findSources(model);
  if (problems.length > 0) return { shapes: [], problems };
  const shapes: LayerShape[] = [];
  const outputOf = (source: number): Shape => (source < 0 ? dataShape(data).input : (shapes[source]?.output ?? []));
  for (const [i, layer] of model.layers.entries()) {
    const rule = layerRule(layer);
    const from = sources[i] ?? [];
    const inputs = from.map(outputOf);
    const input = inputs[0] ?? [];
    try {
      const output = rule.output(layer, inputs);
      const parameterShapes = rule.parameters?.(layer, input) ?? [];
      shapes.push({
        name: layer.name,
        sources: from,
        inputs,
        input,
        output,
        parameterShapes,
        state: rule.state?.(layer, input) ?? [],
        parameters: parameterShapes.reduce((sum, { shape }) => sum + elements(shape), 0),
        multiplyAdds: rule.multiplyAdds?.(layer, input, output) ?? 0,
      });
    } catch (error) {
      if (!(error instanceof LayerShapeError)) throw error;
      return { shapes, problems: [mismatch(layer.name, error.expected, error.received, error.message)] };
    }
  }
  const output = shapes.at(-1)?.output ?? [];
  return { shapes, problems: [...unusedLayers(model, sources), ...outputProblem(model, data, output)] };
}

/**
 * Infers every layer's shape and checks that the model's output fits the data's target.
 * @throws DocumentError naming the layers that do not fit.
 */
export function layerShapes(model: ModelSpec, data: DataSpec): readonly LayerShape[] {
  const { shapes, problems } = analyzeModel(model, data);
  if (problems.length > 0) throw new DocumentError('Experiment', problems);
  return shapes;
}
