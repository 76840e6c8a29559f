// A trained model as an ONNX file for other programs: the inference graph in evaluation mode, weights inside, any batch size.
import {
  dataShape,
  DATA_INPUT,
  layerShapes,
  type DataSpec,
  type LayerOf,
  type LayerSpec,
  type LayerType,
  type ModelSpec,
} from '../../spec/index.ts';
import { matchWeights } from '../match-weights.ts';
import type { NamedArray, NamedArrays } from '../named-arrays.ts';
import { NODE_RULES, OPSET, type LayerInputs, type NodeSink } from './layer-nodes.ts';
import { encodeModel, type Attribute, type Graph, type GraphNode } from './messages.ts';

/** The oldest file format that has this opset, so that older readers open it. */
const IR_VERSION = 8;

type AnyRule = (layer: LayerSpec, inputs: LayerInputs, sink: NodeSink) => string;
const ruleOf = (type: LayerType): AnyRule =>
  NODE_RULES[type] as (layer: LayerOf<LayerType>, i: LayerInputs, s: NodeSink) => string;

/** Gathers nodes; the last node of a layer gets the layer's name, inner ones `<layer>.<part>` (no layer's name has a dot). */
class GraphBuilder {
  readonly nodes: GraphNode[] = [];

  sinkFor(layer: string): NodeSink {
    const node = (
      op: string,
      inputs: readonly string[],
      attributes: GraphNode['attributes'] = {},
      part?: string,
    ): string => {
      const name = part === undefined ? layer : `${layer}.${part}`;
      this.nodes.push({ op, name, inputs, output: name, attributes });
      return name;
    };
    return {
      node,
      constant: (part, value: NamedArray): string =>
        node('Constant', [], { value: { kind: 'tensor', value } satisfies Attribute }, part),
      parameter: (part) => `${layer}.${part}`,
    };
  }
}

/** The inference graph of a model. */
function buildGraph(name: string, model: ModelSpec, data: DataSpec, weights: NamedArrays): Graph {
  const shapes = layerShapes(model, data);
  const builder = new GraphBuilder();
  /** Of each layer: the name of what it gives. */
  const values: string[] = [];
  for (const [i, layer] of model.layers.entries()) {
    const shape = shapes[i];
    if (shape === undefined) break;
    const inputs = shape.sources.map((source) => (source < 0 ? DATA_INPUT : (values[source] ?? DATA_INPUT)));
    values.push(ruleOf(layer.type)(layer, { shape, values: inputs }, builder.sinkFor(layer.name)));
  }
  const last = shapes.at(-1);
  const output = last?.name ?? '';
  // A model that ends in a dropout ends, in evaluation, in the layer before it; the graph's output is called after the last layer all the same.
  if (values.at(-1) !== output) builder.sinkFor(output).node('Identity', [values.at(-1) ?? DATA_INPUT]);
  return {
    name,
    input: { name: DATA_INPUT, shape: dataShape(data).input },
    output: { name: output, shape: last?.output ?? [] },
    nodes: builder.nodes,
    initializers: weights,
  };
}

/**
 * An ONNX file (opset 17). Its input is called `input` [batch, …], its output after the last layer, weights as in torch
 * (`fc1.weight`); dropout is left out, as evaluation does.
 * @param name of the graph, for programs that show it.
 * @param weights every trained array and running statistic of the model, under any names that `matchWeights` accepts.
 * @throws InteropError WRONG_WEIGHTS; DocumentError when the model does not fit the data.
 */
export function writeOnnx(name: string, model: ModelSpec, data: DataSpec, weights: NamedArrays): Uint8Array {
  const graph = buildGraph(name, model, data, matchWeights(model, data, weights));
  return encodeModel({ irVersion: IR_VERSION, opset: OPSET, producer: 'Overfit Lab', graph });
}
