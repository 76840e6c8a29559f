// The whole model before it is compiled or trained: every shape and parameter count, and everything that does not fit.
import { dataShape, outputShape, type DataSpec, type Shape } from './data.ts';
import { analyzeLayers, mismatch, type LayerAnalysis, type LayerShape } from './layer-analysis.ts';
import { shapeText } from './layers.ts';
import type { ModelSpec } from './model.ts';
import { DocumentError, type Problem } from './problem.ts';

export interface ModelAnalysis {
  /** Of the layers whose inputs are known and fit; all of them when there are no problems. */
  readonly shapes: readonly LayerShape[];
  readonly problems: readonly Problem[];
}

/** Every layer but the last must feed another one. */
function unusedLayers(layers: readonly LayerAnalysis[]): Problem[] {
  const used = new Set(layers.flatMap(({ sources }) => sources));
  return layers
    .filter((_, i) => i < layers.length - 1 && !used.has(i))
    .map(({ name }) => ({
      path: `model.layers.${name}`,
      code: 'unused_layer',
      message: 'feeds no other layer, and only the last one is the answer',
      params: { name },
    }));
}

function outputProblem(name: string, data: DataSpec, output: Shape): Problem[] {
  const expected = outputShape(dataShape(data).target);
  if (output.join() === expected.join()) return [];
  const [received, wanted] = [shapeText(output), shapeText(expected)];
  return [mismatch(name, wanted, received, `gives ${received} per example, but the data's target is ${wanted}`)];
}

/** What is wrong with layers together; a model without layers is nobody's misfit. */
export function fitProblems(layers: readonly LayerAnalysis[], data: DataSpec): readonly Problem[] {
  const last = layers.at(-1);
  return [
    ...layers.flatMap(({ problems }) => problems),
    // While a name leads nowhere, the layer that it should name looks unused.
    ...(layers.every(({ wired }) => wired) ? unusedLayers(layers) : []),
    ...(last?.output ? outputProblem(last.name, data, last.output) : []),
  ];
}

/** Infers every layer's shape and finds what does not fit, layer by layer. Never throws for what a document can say. */
export function analyzeModel(model: ModelSpec, data: DataSpec): ModelAnalysis {
  const layers = analyzeLayers(model, data);
  return {
    shapes: layers.flatMap(({ shape }) => (shape === null ? [] : [shape])),
    problems: fitProblems(layers, data),
  };
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
