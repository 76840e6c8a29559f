// Which array of a file belongs to which part of a model: every accepted way of naming, and errors that list what is wrong.
import { describe, expect, it } from 'vitest';
import { expected, fixtureBytes, thrown } from '../../test/interop/fixtures.ts';
import { Model, parseWith, type DataSpec, type ModelSpec } from '../spec/index.ts';
import type { InteropError } from './interop-error.ts';
import { matchWeights } from './match-weights.ts';
import type { NamedArrays } from './named-arrays.ts';
import { readOnnxWeights } from './onnx/read.ts';
import { namedArrays, readSafetensors } from './safetensors.ts';

const DATA: DataSpec = { type: 'table', x: [[1, 2, 3]], y: [[1, 2]], test_x: [], test_y: [] };
const model = (layers: readonly unknown[]): ModelSpec => parseWith(Model, { layers }, 'Model');

/** The net of the fixtures under names of its own. */
const NET = model([
  { type: 'Linear', name: 'fc1', out_features: 4 },
  { type: 'BatchNorm1d', name: 'norm' },
  { type: 'ReLU', name: 'relu' },
  { type: 'Linear', name: 'fc2', out_features: 2 },
]);
const ORDER = [
  'fc1.weight',
  'fc1.bias',
  'norm.weight',
  'norm.bias',
  'norm.running_mean',
  'norm.running_var',
  'fc2.weight',
  'fc2.bias',
];
/** Names in the fixtures, in the same order. */
const NUMBERED = ['0.weight', '0.bias', '1.weight', '1.bias', '1.running_mean', '1.running_var', '3.weight', '3.bias'];

const saved = (name: string): NamedArrays => namedArrays(readSafetensors(fixtureBytes(name), name).tensors, name);
const named = (entries: readonly (readonly [string, readonly number[]])[]): NamedArrays =>
  new Map(
    entries.map(([name, shape], i) => [
      name,
      { shape, values: new Float32Array(shape.reduce((product, x) => product * x, 1)).fill(i) },
    ]),
  );
const SHAPES = [[4, 3], [4], [4], [4], [4], [4], [2, 4], [2]];
const renamed = (names: readonly string[]): NamedArrays => named(names.map((name, i) => [name, SHAPES[i] ?? []]));

function requireFixture(arrays: NamedArrays): void {
  expect([...arrays.keys()]).toEqual(ORDER);
  for (const [i, name] of ORDER.entries())
    expect(arrays.get(name)?.values, name).toEqual(
      Float32Array.from(expected.sequential[NUMBERED[i] ?? '']?.values ?? []),
    );
}

describe('a file of', () => {
  it("torch's Sequential: numbers in place of names", () =>
    requireFixture(matchWeights(NET, DATA, saved('sequential.safetensors'))));
  it('a wrapped Sequential: numbers after a prefix', () =>
    requireFixture(matchWeights(NET, DATA, saved('prefixed.safetensors'))));
  it('ONNX, with the numbers of torch', () =>
    requireFixture(matchWeights(NET, DATA, readOnnxWeights(fixtureBytes('torch.onnx'), 'torch.onnx'))));
});

const values = (arrays: NamedArrays): (number | undefined)[] => [...arrays.values()].map((x) => x.values[0]);

describe('names', () => {
  it.each(['', 'module.', 'net.', 'a.b.c.'])('may have the prefix "%s"', (prefix) => {
    const arrays = renamed(ORDER.map((x) => prefix + x));
    expect(values(matchWeights(NET, DATA, arrays))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('count before order', () => {
    const arrays = new Map([...renamed(ORDER)].reverse());
    expect(values(matchWeights(NET, DATA, arrays))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('of other modules are taken in their order, and numbers by size', () => {
    const arrays = renamed([
      'first.weight',
      'first.bias',
      'bn.weight',
      'bn.bias',
      'bn.running_mean',
      'bn.running_var',
      'last.weight',
      'last.bias',
    ]);
    expect(values(matchWeights(NET, DATA, arrays))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const numbered = new Map([...renamed(NUMBERED.map((x) => `features.${x.replace('3.', '10.')}`))].reverse());
    expect(values(matchWeights(NET, DATA, numbered))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('that say nothing are taken in order when every shape agrees', () => {
    expect(values(matchWeights(NET, DATA, renamed(ORDER.map((_, i) => `onnx::Gemm_${i}`))))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  it("of torch's batch counters are passed over", () => {
    const arrays = new Map([...renamed(ORDER), ...named([['norm.num_batches_tracked', []]])]);
    expect(matchWeights(NET, DATA, arrays).size).toBe(8);
  });
});

describe('what does not fit', () => {
  const errorOf = (arrays: NamedArrays): InteropError => thrown(() => matchWeights(NET, DATA, arrays)) as InteropError;

  it('is listed: missing, unexpected, wrong shape', () => {
    const arrays = new Map([
      ...renamed(ORDER),
      ...named([
        ['extra', [1]],
        ['fc2.weight', [4, 2]],
      ]),
    ]);
    arrays.delete('fc1.bias');
    const error = errorOf(arrays);
    expect(error.code).toBe('WRONG_WEIGHTS');
    expect(error.message).toBe(
      'the weights do not fit the model: missing: fc1.bias; unexpected: extra; wrong shape: fc2.weight is [4, 2], not [2, 4]',
    );
    expect(error.details).toEqual({
      missing: ['fc1.bias'],
      unexpected: ['extra'],
      wrongShape: ['fc2.weight is [4, 2], not [2, 4]'],
    });
  });

  it('is listed without the prefix that fits best', () => {
    const arrays = new Map([...renamed(ORDER.map((x) => `module.${x}`))]);
    arrays.delete('module.fc2.bias');
    expect(errorOf(arrays).message).toBe('the weights do not fit the model: missing: fc2.bias');
  });

  it('is not listed for ever', () => {
    const error = errorOf(named(Array.from({ length: 30 }, (_, i) => [`x${i}`, [1]] as const)));
    expect(error.message).toContain('unexpected: x0, x1, x2, x3, x4, x5, x6, x7 and 22 more');
    expect(error.details['unexpected']).toHaveLength(30);
  });

  it('is never guessed from shapes that agree in part', () => {
    expect(errorOf(renamed(ORDER.slice(0, 7))).details['missing']).toEqual(['fc2.bias']);
    expect(errorOf(renamed([...ORDER.slice(0, 6), 'fc2.bias', 'fc2.weight'])).details['wrongShape']).toHaveLength(2);
  });

  it('is named even when the file is empty', () => {
    expect(errorOf(new Map()).details['missing']).toEqual(ORDER);
  });
});
