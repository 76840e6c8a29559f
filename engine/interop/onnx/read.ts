// The weights of an ONNX file that some other program wrote, as named arrays in torch's layout. The graph itself is only read
// to see how each weight is used. Nothing recursive: messages are opened to a fixed depth, and every length is checked first.
import { elements, shapeText } from '../../spec/index.ts';
import { badFile, unsupported } from '../interop-error.ts';
import type { NamedArray, NamedArrays } from '../named-arrays.ts';
import { tensorBytes, toFloat32, type Dtype } from '../stored-tensor.ts';
import { DATA_TYPE, FIELDS } from './messages.ts';
import { readFields, readVarints, WIRE, type Field, type Message } from './protobuf.ts';

/** More tensors or nodes than this are no model that the lab could hold. */
const MOST_PARTS = 100_000;
const MOST_DIMENSIONS = 16;
/** onnx.TensorProto.DataLocation.EXTERNAL. */
const EXTERNAL = 1n;

const FLOAT_TYPES: ReadonlyMap<number, Dtype> = new Map([
  [DATA_TYPE.FLOAT, 'F32'],
  [DATA_TYPE.DOUBLE, 'F64'],
  [DATA_TYPE.FLOAT16, 'F16'],
  [DATA_TYPE.BFLOAT16, 'BF16'],
]);

type BytesField = Exclude<Field, { readonly wire: typeof WIRE.varint }>;

function requireBytes(field: Field, { file, at }: Message): BytesField {
  if (field.wire === WIRE.varint)
    throw badFile(file, `byte ${at}`, `field ${field.field} has a number where a text or message belongs`);
  return field;
}

const requireNumber = (field: Field, { file, at }: Message): bigint => {
  if (field.wire !== WIRE.varint) throw badFile(file, `byte ${at}`, `field ${field.field} must be a number`);
  return field.value;
};

const inner = (field: Field, message: Message): Message => {
  const { bytes, at } = requireBytes(field, message);
  return { file: message.file, bytes, at };
};

function text(field: Field, message: Message): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(requireBytes(field, message).bytes);
  } catch {
    throw badFile(message.file, `byte ${message.at}`, `field ${field.field} is no UTF-8 text`);
  }
}

/** Of a repeated field of numbers, packed or not: their little-endian bytes one after another. */
function gather(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const out = new Uint8Array(parts.reduce((sum, x) => sum + x.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Half-precision numbers that are stored as whole numbers. */
function halfBits(fields: readonly Field[], file: string, most: number): Uint8Array {
  const bits = fields.flatMap((field) => readVarints(field, file, most));
  return new Uint8Array(Uint16Array.from(bits).buffer);
}

interface Tensor {
  readonly name: string;
  /** Null for element types that are no weights (whole numbers: shapes, indices). */
  readonly array: NamedArray | null;
}

function readTensor(message: Message): Tensor {
  const f = FIELDS.tensor;
  const { file } = message;
  const bad = (reason: string) => badFile(file, `tensor ${JSON.stringify(name)}`, reason);
  let [name, type, external] = ['', 0, false];
  let raw: Uint8Array | null = null;
  const shape: number[] = [];
  /** f32 and f64 each in a field of their own, and the bits of half-precision numbers as whole numbers. */
  const numbers: Uint8Array[] = [];
  const bits: Field[] = [];
  for (const field of readFields(message)) {
    if (field.field === f.dims) shape.push(...readVarints(field, file, MOST_DIMENSIONS));
    else if (field.field === f.dataType) type = Number(requireNumber(field, message));
    else if (field.field === f.name) name = text(field, message);
    else if (field.field === f.rawData) raw = requireBytes(field, message).bytes;
    else if (field.field === f.floatData || field.field === f.doubleData)
      numbers.push(requireBytes(field, message).bytes);
    else if (field.field === f.int32Data) bits.push(field);
    else if (field.field === f.externalData || field.field === f.segment) external = true;
    else if (field.field === f.dataLocation) external ||= requireNumber(field, message) === EXTERNAL;
    if (shape.length > MOST_DIMENSIONS) throw bad(`has more than ${MOST_DIMENSIONS} dimensions`);
  }
  if (external)
    throw unsupported(
      `${file}: tensor ${JSON.stringify(name)}`,
      'lies in a file of its own; save the model with its weights inside',
    );
  const dtype = FLOAT_TYPES.get(type);
  if (dtype === undefined) return { name, array: null };
  if (!shape.every((x) => Number.isSafeInteger(x) && x >= 0))
    throw bad(`has the shape ${shapeText(shape)}, which is none`);
  const halves = dtype === 'F16' || dtype === 'BF16';
  const bytes = raw ?? (halves ? halfBits(bits, file, elements(shape)) : gather(numbers));
  const needed = tensorBytes(dtype, shape);
  if (bytes.length !== needed)
    throw bad(`must have ${needed} bytes for ${dtype} ${shapeText(shape)}, but has ${bytes.length}`);
  return {
    name,
    array: { shape, values: toFloat32({ dtype, shape, bytes }, `${file}: tensor ${JSON.stringify(name)}`) },
  };
}

interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Gemm's flag that its weight is stored [out, in], as torch stores it. */
  readonly transB: boolean;
}

function readNode(message: Message): Node {
  const f = FIELDS.node;
  const inputs: string[] = [];
  let [op, output, transB] = ['', '', false];
  for (const field of readFields(message)) {
    if (field.field === f.input) inputs.push(text(field, message));
    else if (field.field === f.output) output ||= text(field, message);
    else if (field.field === f.opType) op = text(field, message);
    else if (field.field === f.attribute) {
      const attribute = inner(field, message);
      let [name, value] = ['', 0n];
      for (const part of readFields(attribute)) {
        if (part.field === FIELDS.attribute.name) name = text(part, attribute);
        else if (part.field === FIELDS.attribute.int) value = requireNumber(part, attribute);
      }
      if (name === 'transB') transB = value !== 0n;
    }
  }
  return { op, inputs, output, transB };
}

interface ReadGraph {
  readonly nodes: readonly Node[];
  readonly tensors: ReadonlyMap<string, NamedArray>;
}

function readGraph(message: Message): ReadGraph {
  const f = FIELDS.graph;
  const nodes: Node[] = [];
  const tensors = new Map<string, NamedArray>();
  const names = new Set<string>();
  for (const field of readFields(message)) {
    if (nodes.length + names.size > MOST_PARTS)
      throw badFile(message.file, `byte ${message.at}`, `has more than ${MOST_PARTS} nodes and tensors`);
    if (field.field === f.node) nodes.push(readNode(inner(field, message)));
    else if (field.field === f.initializer) {
      const { name, array } = readTensor(inner(field, message));
      if (names.has(name)) throw badFile(message.file, `tensor ${JSON.stringify(name)}`, 'is there twice');
      names.add(name);
      if (array !== null) tensors.set(name, array);
    }
  }
  return { nodes, tensors };
}

function findGraph(file: Message): Message {
  let graph: Message | null = null;
  for (const field of readFields(file)) {
    if (field.field !== FIELDS.model.graph) continue;
    if (graph !== null) throw badFile(file.file, 'model', 'has two graphs');
    graph = inner(field, file);
  }
  if (graph === null) throw badFile(file.file, 'model', 'has no graph; it is no ONNX file');
  return graph;
}

function transposed({ shape, values }: NamedArray): NamedArray {
  const [rows = 0, columns = 0] = shape;
  const out = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j] as number;
  return { shape: [columns, rows], values: out };
}

/** Whether a node multiplies by a matrix stored [in, out], the other way round than torch keeps it. */
const inputFirst = ({ op, transB }: Node, position: number): boolean =>
  position === 1 && (op === 'MatMul' || (op === 'Gemm' && !transB));

/** A weight as a node sees it. */
interface Seen {
  readonly name: string;
  readonly array: NamedArray;
  /** Whether it came through a Transpose. */
  readonly turned: boolean;
}

/**
 * What a node makes of a weight that it only passes on; null for every other node. Exporters write equal arrays once and an
 * Identity for each further name, and a Transpose before MatMul.
 */
function passedOn({ op, output }: Node, seen: Seen): Seen | null {
  if (op === 'Identity') return { ...seen, name: output };
  if (op === 'Cast') return seen;
  return op === 'Transpose' && seen.array.shape.length === 2 ? { ...seen, turned: !seen.turned } : null;
}

/**
 * The floating-point weights of an ONNX file, f32, in the order in which the graph uses them; matrices of Gemm and MatMul are
 * turned to torch's [out, in]. Single numbers (constants of activations) and whole numbers (shapes) are no weights.
 * @param file name for messages, without folders.
 * @throws InteropError BAD_FILE naming the byte or the tensor; UNSUPPORTED when the weights lie in another file.
 */
export function readOnnxWeights(bytes: Uint8Array, file: string): NamedArrays {
  const { nodes, tensors } = readGraph(findGraph({ file, bytes, at: 0 }));
  const values = new Map<string, Seen>([...tensors].map(([name, array]) => [name, { name, array, turned: false }]));
  const weights = new Map<string, NamedArray>();
  for (const node of nodes)
    for (const [position, input] of node.inputs.entries()) {
      const seen = values.get(input);
      if (seen === undefined || seen.array.shape.length === 0) continue;
      const further = passedOn(node, seen);
      if (further !== null) values.set(node.output, further);
      else if (!weights.has(seen.name)) {
        const turned = seen.array.shape.length === 2 && inputFirst(node, position) !== seen.turned;
        weights.set(seen.name, turned ? transposed(seen.array) : seen.array);
      }
    }
  if (weights.size === 0) throw badFile(file, 'graph', 'has no weights');
  return weights;
}
