// ONNX: graphs that are written hold what the model needs and nothing of training; files of other exporters give their weights
// in torch's layout; damaged files are refused with the byte. That runtimes compute the same is checked by check_exports.py.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../parity/export-documents.ts';
import { expected, fixtureBytes, thrown, type ExpectedArrays } from '../../../test/interop/fixtures.ts';
import { sampleWeights } from '../../parity/sample-weights.ts';
import { LAYER_RULES, parseExperiment, resolveVariant } from '../../spec/index.ts';
import { InteropError } from '../interop-error.ts';
import { matchWeights } from '../match-weights.ts';
import type { NamedArrays } from '../named-arrays.ts';
import { DATA_TYPE, FIELDS } from './messages.ts';
import { MessageWriter, readFields, readVarints, WIRE, type Message } from './protobuf.ts';
import { readOnnxWeights } from './read.ts';
import { writeOnnx } from './write.ts';

const FILE = 'model.onnx';

const plain = (arrays: NamedArrays): ExpectedArrays =>
  Object.fromEntries([...arrays].map(([name, { shape, values }]) => [name, { shape, values: [...values] }]));
const rounded = (arrays: ExpectedArrays): ExpectedArrays =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, x]) => [name, { shape: x.shape, values: [...Float32Array.from(x.values)] }]),
  );

/** Operators of a file and its names, by the lab's own reader of fields. */
function outline(bytes: Uint8Array): { ops: string[]; inputs: string[]; outputs: string[]; nodeOutputs: string[] } {
  const decode = (x: Uint8Array): string => new TextDecoder().decode(x);
  const inner = (message: Message, wanted: number): Message[] =>
    [...readFields(message)].flatMap((x) =>
      x.field === wanted && x.wire === WIRE.bytes ? [{ file: FILE, bytes: x.bytes, at: x.at }] : [],
    );
  const texts = (message: Message, wanted: number): string[] => inner(message, wanted).map((x) => decode(x.bytes));
  const [graph] = inner({ file: FILE, bytes, at: 0 }, FIELDS.model.graph);
  if (graph === undefined) throw new Error('no graph');
  const nodes = inner(graph, FIELDS.graph.node);
  return {
    ops: nodes.flatMap((x) => texts(x, FIELDS.node.opType)),
    nodeOutputs: nodes.flatMap((x) => texts(x, FIELDS.node.output)),
    inputs: inner(graph, FIELDS.graph.input).flatMap((x) => texts(x, FIELDS.valueInfo.name)),
    outputs: inner(graph, FIELDS.graph.output).flatMap((x) => texts(x, FIELDS.valueInfo.name)),
  };
}

function resolved(document: Readonly<Record<string, unknown>>) {
  const experiment = parseExperiment(document);
  return resolveVariant(experiment, experiment.variants.at(-1)?.name ?? '');
}

function write(
  layers: readonly unknown[],
  data: unknown = { type: 'linear_noise', points: 5, x_min: -1, x_max: 1, slope: 1, noise: 0 },
) {
  const variant = resolved({
    format: 'overfit-experiment',
    version: 1,
    name: 'x',
    seed: 1,
    data,
    model: { layers },
    recipe: { steps: 1, loss: { type: 'MSELoss' }, optimizer: { type: 'SGD', lr: 1 } },
    variants: [{ name: 'base' }],
  });
  return writeOnnx('x', variant.model, variant.data, sampleWeights(variant));
}

describe('writing', () => {
  it('the documents have every kind of layer', () => {
    const used = new Set(DOCUMENTS.flatMap(({ document }) => resolved(document).model.layers.map((x) => x.type)));
    expect([...used].sort()).toEqual(Object.keys(LAYER_RULES).sort());
  });

  it.each(DOCUMENTS.map((x) => [x.name, x] as const))(
    '%s: its weights are read back under their names',
    (_, { document }) => {
      const variant = resolved(document);
      const weights = sampleWeights(variant);
      const read = readOnnxWeights(writeOnnx('x', variant.model, variant.data, weights), FILE);
      expect(plain(matchWeights(variant.model, variant.data, read))).toEqual(plain(weights));
    },
  );

  it('names input, output and values after the layers, and leaves dropout out', () => {
    const bytes = write([
      { type: 'Linear', name: 'fc1', out_features: 4 },
      { type: 'Dropout', name: 'drop', p: 0.5 },
      { type: 'ReLU', name: 'relu' },
      { type: 'Linear', name: 'fc2', out_features: 1 },
    ]);
    expect(outline(bytes)).toEqual({
      ops: ['Gemm', 'Relu', 'Gemm'],
      nodeOutputs: ['fc1', 'relu', 'fc2'],
      inputs: ['input'],
      outputs: ['fc2'],
    });
  });

  it('ends in an Identity where the last layer is a dropout', () => {
    const bytes = write([
      { type: 'Linear', name: 'fc', out_features: 1 },
      { type: 'GaussianDropout', name: 'noise', p: 0.5 },
    ]);
    expect(outline(bytes)).toMatchObject({ ops: ['Gemm', 'Identity'], outputs: ['noise'] });
  });

  it('writes every value under a name of its own', () => {
    for (const { document } of DOCUMENTS) {
      const variant = resolved(document);
      const { nodeOutputs } = outline(writeOnnx('x', variant.model, variant.data, sampleWeights(variant)));
      expect(new Set(nodeOutputs).size, String(document['name'])).toBe(nodeOutputs.length);
    }
  });

  it('refuses weights that are not all there', () => {
    const variant = resolved(DOCUMENTS[0]?.document ?? {});
    const some = new Map([...sampleWeights(variant)].slice(1));
    expect(() => writeOnnx('x', variant.model, variant.data, some)).toThrow('missing: fc1.weight');
  });
});

describe("other exporters' files", () => {
  it('torch: names of a Sequential', () => {
    const read = readOnnxWeights(fixtureBytes('torch.onnx'), FILE);
    const { ['1.num_batches_tracked']: _, ...weights } = expected.sequential;
    // In evaluation torch writes running statistics as they are, so everything can be compared.
    expect(plain(read)).toEqual(rounded(weights));
  });

  it('torch: equal arrays that are written once', () => {
    const read = readOnnxWeights(fixtureBytes('shared.onnx'), FILE);
    const { ['1.num_batches_tracked']: _, ...weights } = expected.shared;
    expect(plain(read)).toEqual(rounded(weights));
  });

  it('matrices of MatMul and Gemm are turned, halves and lists of floats are read, constants and shapes are left out', () => {
    expect(plain(readOnnxWeights(fixtureBytes('by-hand.onnx'), FILE))).toEqual(rounded(expected.by_hand));
  });
});

/** A model of one Gemm over a tensor. */
function modelOf(tensor: MessageWriter): Uint8Array {
  const node = new MessageWriter().text(1, 'x').text(1, 'w').text(2, 'y').text(4, 'Gemm');
  const graph = new MessageWriter().message(1, node).message(5, tensor);
  return new MessageWriter().varint(1, 8).message(7, graph).finish();
}
const tensor = (type: number, dims: readonly number[], dataBytes: number): MessageWriter => {
  const message = new MessageWriter();
  for (const size of dims) message.varint(FIELDS.tensor.dims, size);
  return message
    .varint(FIELDS.tensor.dataType, type)
    .text(FIELDS.tensor.name, 'w')
    .bytes(FIELDS.tensor.rawData, new Uint8Array(dataBytes));
};

describe('hostile files', () => {
  const cases: readonly (readonly [what: string, bytes: Uint8Array, message: RegExp])[] = [
    ['nothing', new Uint8Array(), /model: has no graph/],
    ['a text', new TextEncoder().encode('hello, this is no model'), /byte \d+: a field/],
    ['a number without end', new Uint8Array(20).fill(0xff), /byte 10: a number has more than ten bytes/],
    ['a cut off number', Uint8Array.of(0x08, 0x80), /byte 2: a number is cut off/],
    ['a field without number', Uint8Array.of(0x00, 0x01), /byte 1: a field has no valid number/],
    ['a group', Uint8Array.of(0x0b), /byte 1: a field is stored in a way \(3\) that is not in use/],
    [
      '10 GB in a few bytes',
      Uint8Array.of(0x3a, 0x80, 0xc8, 0xaf, 0xa0, 0x25),
      /claims 10\d{9} bytes, but only 0 follow/,
    ],
    [
      'a graph that is a number',
      new MessageWriter().varint(7, 5).finish(),
      /has a number where a text or message belongs/,
    ],
    ['two graphs', new MessageWriter().text(7, '').text(7, '').finish(), /model: has two graphs/],
    ['no weights', new MessageWriter().text(7, '').finish(), /graph: has no weights/],
    [
      'missing data',
      modelOf(tensor(DATA_TYPE.FLOAT, [2, 2], 12)),
      /tensor "w": must have 16 bytes for F32 \[2, 2\], but has 12/,
    ],
    ['a tensor of 10 GB', modelOf(tensor(DATA_TYPE.FLOAT, [2.5e9], 4)), /must have 10000000000 bytes/],
    ['a negative size', modelOf(tensor(DATA_TYPE.FLOAT, [-1], 4)), /has the shape \[\d+\], which is none/],
    [
      'a hundred dimensions',
      modelOf(tensor(DATA_TYPE.FLOAT, Array<number>(100).fill(1), 4)),
      /has more than 16 dimensions/,
    ],
    [
      'the wrong kind of field',
      modelOf(new MessageWriter().text(FIELDS.tensor.dataType, 'x')),
      /field 2 must be a number/,
    ],
    [
      'a name that is no text',
      modelOf(new MessageWriter().bytes(FIELDS.tensor.name, Uint8Array.of(0xff))),
      /field 8 is no UTF-8 text/,
    ],
    [
      'a tensor twice',
      new MessageWriter()
        .message(7, new MessageWriter().message(5, tensor(1, [1], 4)).message(5, tensor(1, [1], 4)))
        .finish(),
      /tensor "w": is there twice/,
    ],
  ];

  it.each(cases)('%s', (_, bytes, message) => {
    const error = thrown(() => readOnnxWeights(bytes, FILE));
    expect(error).toBeInstanceOf(InteropError);
    expect((error as InteropError).code).toBe('BAD_FILE');
    expect((error as InteropError).message).toMatch(message);
  });

  it('with weights in another file are refused in so many words', () => {
    const outside = tensor(DATA_TYPE.FLOAT, [1], 4).varint(FIELDS.tensor.dataLocation, 1);
    const error = thrown(() => readOnnxWeights(modelOf(outside), FILE)) as InteropError;
    expect(error.code).toBe('UNSUPPORTED');
    expect(error.message).toContain('save the model with its weights inside');
  });

  it('with millions of empty nodes are refused early', () => {
    const graph = new Uint8Array(2 * 150_000);
    for (let i = 0; i < graph.length; i += 2) graph[i] = 0x0a;
    const bytes = new MessageWriter().bytes(7, graph).finish();
    expect(() => readOnnxWeights(bytes, FILE)).toThrow('has more than 100000 nodes and tensors');
  });

  it.each(['torch.onnx', 'by-hand.onnx'])('never fail in another way, however they are damaged: %s', (name) => {
    const good = fixtureBytes(name);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(good.length),
        (changes, length) => {
          const bytes = good.slice(0, length);
          for (const [at, value] of changes) if (at < length) bytes[at] = value;
          const error = thrown(() => readOnnxWeights(bytes, FILE));
          return error === null || error instanceof InteropError;
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('numbers of the wire format', () => {
  it('come back, packed or not, negative ones as 64 bits', () => {
    const single = new MessageWriter().varint(3, 300).varint(3, -1).finish();
    const fields = [...readFields({ file: FILE, bytes: single, at: 0 })];
    expect(fields.map((x) => (x.wire === WIRE.varint ? x.value : null))).toEqual([300n, 2n ** 64n - 1n]);
    const packed = new MessageWriter().bytes(3, Uint8Array.of(0xac, 0x02, 0x05, 0x06)).finish();
    const [field] = [...readFields({ file: FILE, bytes: packed, at: 0 })];
    if (field === undefined) throw new Error('no field');
    expect(readVarints(field, FILE, 10)).toEqual([300, 5, 6]);
    expect(readVarints(field, FILE, 1)).toEqual([300, 5]);
  });
});
