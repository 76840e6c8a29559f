// ONNX's messages, as far as an inference graph needs them: plain descriptions here, bytes out. Field numbers are onnx.proto's.
import type { Shape } from '../../spec/index.ts';
import type { NamedArray } from '../named-arrays.ts';
import { float32Bytes } from '../stored-tensor.ts';
import { MessageWriter } from './protobuf.ts';

export const FIELDS = {
  model: { irVersion: 1, producerName: 2, producerVersion: 3, graph: 7, opsetImport: 8, metadata: 14 },
  opset: { domain: 1, version: 2 },
  metadata: { key: 1, value: 2 },
  graph: { node: 1, name: 2, initializer: 5, doc: 10, input: 11, output: 12 },
  node: { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 },
  attribute: { name: 1, float: 2, int: 3, text: 4, tensor: 5, floats: 7, ints: 8, type: 20 },
  tensor: {
    dims: 1,
    dataType: 2,
    segment: 3,
    floatData: 4,
    int32Data: 5,
    int64Data: 7,
    name: 8,
    rawData: 9,
    doubleData: 10,
    externalData: 13,
    dataLocation: 14,
  },
  valueInfo: { name: 1, type: 2 },
  type: { tensor: 1 },
  tensorType: { element: 1, shape: 2 },
  shape: { dim: 1 },
  dim: { value: 1, parameter: 2 },
} as const;

/** onnx.TensorProto.DataType. */
export const DATA_TYPE = { FLOAT: 1, INT64: 7, FLOAT16: 10, DOUBLE: 11, BFLOAT16: 16 } as const;
/** onnx.AttributeProto.AttributeType. */
const ATTRIBUTE_TYPE = { float: 1, int: 2, tensor: 4, ints: 7 } as const;

export type Attribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'tensor'; readonly value: NamedArray };

export interface GraphNode {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Graph {
  readonly name: string;
  /** Shapes per example; the batch dimension comes before them and is left open. */
  readonly input: { readonly name: string; readonly shape: Shape };
  readonly output: { readonly name: string; readonly shape: Shape };
  readonly nodes: readonly GraphNode[];
  readonly initializers: ReadonlyMap<string, NamedArray>;
}

/** Name of the open dimension. */
const BATCH = 'batch';

function tensorMessage(name: string, { shape, values }: NamedArray): MessageWriter {
  const tensor = new MessageWriter();
  for (const size of shape) tensor.varint(FIELDS.tensor.dims, size);
  return tensor
    .varint(FIELDS.tensor.dataType, DATA_TYPE.FLOAT)
    .text(FIELDS.tensor.name, name)
    .bytes(FIELDS.tensor.rawData, float32Bytes(values));
}

function attributeMessage(name: string, attribute: Attribute): MessageWriter {
  const f = FIELDS.attribute;
  const message = new MessageWriter().text(f.name, name);
  switch (attribute.kind) {
    case 'float':
      message.float(f.float, attribute.value);
      break;
    case 'int':
      message.varint(f.int, attribute.value);
      break;
    case 'ints':
      for (const value of attribute.value) message.varint(f.ints, value);
      break;
    case 'tensor':
      message.message(f.tensor, tensorMessage(name, attribute.value));
      break;
    default:
      attribute satisfies never;
  }
  return message.varint(f.type, ATTRIBUTE_TYPE[attribute.kind]);
}

function nodeMessage({ op, name, inputs, output, attributes }: GraphNode): MessageWriter {
  const f = FIELDS.node;
  const message = new MessageWriter();
  for (const input of inputs) message.text(f.input, input);
  message.text(f.output, output).text(f.name, name).text(f.opType, op);
  for (const [key, value] of Object.entries(attributes)) message.message(f.attribute, attributeMessage(key, value));
  return message;
}

function valueMessage({ name, shape }: Graph['input']): MessageWriter {
  const sizes = new MessageWriter().message(FIELDS.shape.dim, new MessageWriter().text(FIELDS.dim.parameter, BATCH));
  for (const size of shape) sizes.message(FIELDS.shape.dim, new MessageWriter().varint(FIELDS.dim.value, size));
  const tensor = new MessageWriter()
    .varint(FIELDS.tensorType.element, DATA_TYPE.FLOAT)
    .message(FIELDS.tensorType.shape, sizes);
  return new MessageWriter()
    .text(FIELDS.valueInfo.name, name)
    .message(FIELDS.valueInfo.type, new MessageWriter().message(FIELDS.type.tensor, tensor));
}

function graphMessage({ name, input, output, nodes, initializers }: Graph): MessageWriter {
  const f = FIELDS.graph;
  const message = new MessageWriter();
  for (const node of nodes) message.message(f.node, nodeMessage(node));
  message.text(f.name, name);
  for (const [key, array] of initializers) message.message(f.initializer, tensorMessage(key, array));
  return message.message(f.input, valueMessage(input)).message(f.output, valueMessage(output));
}

export interface ModelFile {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: string;
  readonly graph: Graph;
}

/** The bytes of an ONNX file. */
export function encodeModel({ irVersion, opset, producer, graph }: ModelFile): Uint8Array {
  const f = FIELDS.model;
  return new MessageWriter()
    .varint(f.irVersion, irVersion)
    .text(f.producerName, producer)
    .message(f.opsetImport, new MessageWriter().text(FIELDS.opset.domain, '').varint(FIELDS.opset.version, opset))
    .message(f.graph, graphMessage(graph))
    .finish();
}
