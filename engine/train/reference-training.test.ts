// The reference of a whole step: its gradients against differences of its own loss, through branches, pictures and noise; what an
// update does beside the optimizer; and what it refuses.
import { describe, expect, it } from 'vitest';
import { totalNorm } from '../ops/index.ts';
import { Generator, randn } from '../random/index.ts';
import {
  dataShape,
  elements,
  layerShapes,
  parseExperiment,
  resolveVariant,
  type ResolvedVariant,
} from '../spec/index.ts';
import { ReferenceTraining, type Batch } from './reference-training.ts';

const TABLE = { type: 'table', x: [[0, 0, 0]], y: [[0, 0]] };
const PICTURES = { type: 'shapes32', train: 10, test: 0 };
const SGD = { type: 'SGD', lr: 0.1 };

function resolved(data: object, layers: readonly object[], recipe: object): ResolvedVariant {
  const experiment = parseExperiment({
    format: 'overfit-experiment',
    version: 1,
    name: 'reference',
    seed: 1,
    data,
    model: { layers },
    recipe: { steps: 1, optimizer: SGD, loss: { type: 'MSELoss' }, ...recipe },
    variants: [{ name: 'only' }],
  });
  return resolveVariant(experiment, 'only');
}

type Start = Map<string, { readonly values: Float64Array }>;

function start({ model, data }: ResolvedVariant): Start {
  const generator = Generator.manualSeed(3);
  const values: Start = new Map();
  for (const layer of layerShapes(model, data)) {
    for (const { name, shape } of layer.parameterShapes)
      values.set(`${layer.name}.${name}`, {
        values: Float64Array.from(randn(generator, elements(shape)), (x) => 0.4 * x),
      });
    for (const { name, shape, initial } of layer.state)
      values.set(`${layer.name}.${name}`, { values: new Float64Array(elements(shape)).fill(initial) });
  }
  return values;
}

function batchOf({ data }: ResolvedVariant, rows: number): Batch {
  const { input, target } = dataShape(data);
  const generator = Generator.manualSeed(4);
  const x = randn(generator, rows * elements(input));
  return target.kind === 'classes'
    ? { x, y: Array.from({ length: rows }, (_, n) => (n * 3) % target.classes) }
    : { x, y: randn(generator, rows * elements(target.shape)) };
}

const train = (variant: ResolvedVariant, values = start(variant)): ReferenceTraining =>
  new ReferenceTraining(variant, values, Generator.manualSeed(5));

const BRANCHES = [
  { type: 'Linear', name: 'fc1', out_features: 4 },
  { type: 'Tanh', name: 'tanh1' },
  { type: 'Linear', name: 'fc2', out_features: 4 },
  { type: 'Add', name: 'sum', inputs: ['fc2', 'tanh1', 'tanh1'] },
  { type: 'Concat', name: 'all', inputs: ['sum', 'input', 'fc1'] },
  { type: 'GaussianDropout', name: 'noise', p: 0.3 },
  { type: 'DropConnect', name: 'fc3', out_features: 2, p: 0.4 },
];
const PICTURE_BRANCHES = [
  { type: 'Conv2d', name: 'conv1', out_channels: 2, kernel_size: 8, stride: 8, bias: false },
  { type: 'BatchNorm2d', name: 'bn1' },
  { type: 'SiLU', name: 'silu1' },
  { type: 'Conv2d', name: 'conv2', out_channels: 2, kernel_size: 3, padding: 1, groups: 2 },
  { type: 'Dropout2d', name: 'drop1', p: 0.5 },
  { type: 'Add', name: 'residual', inputs: ['drop1', 'silu1'] },
  { type: 'AvgPool2d', name: 'pool1', kernel_size: 2 },
  { type: 'MaxPool2d', name: 'pool2', inputs: ['residual'], kernel_size: 2 },
  { type: 'Concat', name: 'pools', inputs: ['pool1', 'pool2'] },
  { type: 'LayerNorm', name: 'norm' },
  { type: 'Flatten', name: 'flat' },
  { type: 'Linear', name: 'fc', out_features: 10 },
];

describe('gradients of whole models against finite differences', () => {
  it.each([
    ['branches of features', TABLE, BRANCHES, { loss: { type: 'SmoothL1Loss' } }, 5],
    [
      'branches of pictures',
      PICTURES,
      PICTURE_BRANCHES,
      { loss: { type: 'CrossEntropyLoss', label_smoothing: 0.1 } },
      3,
    ],
  ] as const)('%s', (_, data, layers, recipe, rows) => {
    const variant = resolved(data, layers, recipe);
    const batch = batchOf(variant, rows);
    const { gradients } = train(variant).step(batch);
    const lossAt = (name: string, i: number, offset: number): number => {
      const values = start(variant);
      const w = values.get(name)?.values as Float64Array;
      w[i] = (w[i] as number) + offset;
      return train(variant, values).step(batch).loss;
    };
    const step = 1e-4;
    let compared = 0;
    for (const [name, gradient] of gradients.data)
      for (let i = 0; i < gradient.length; i += Math.ceil(gradient.length / 6)) {
        const near = lossAt(name, i, step) - lossAt(name, i, -step);
        const far = lossAt(name, i, 2 * step) - lossAt(name, i, -2 * step);
        expect(Math.abs((8 * near - far) / (12 * step) - (gradient[i] as number)), `${name}[${i}]`).toBeLessThan(1e-8);
        compared += 1;
      }
    expect(compared).toBeGreaterThan(25);
    expect([...gradients.data.keys()].sort()).toEqual(
      train(variant)
        .treatments.map((x) => x.name)
        .sort(),
    );
  });
});

describe('the printed gradient', () => {
  const layers = (gradient: string) => [
    { type: 'Linear', name: 'fc1', out_features: 4, bias: false },
    { type: 'Sigmoid', name: 'hidden' },
    { type: 'Dropout', name: 'drop', p: 0.5, gradient },
    { type: 'Linear', name: 'fc2', out_features: 2, bias: false },
  ];

  it('goes past the sigmoid with its derivative at the masked and scaled activation', () => {
    const variant = resolved(TABLE, layers('as_printed'), {});
    const { outputs, outputGradients, noise } = train(variant).step(batchOf(variant, 3));
    const y = outputs.get('drop')?.data as Float64Array;
    const dy = outputGradients.get('drop') as Float64Array;
    expect(noise.get('drop')).toContain(0);
    expect(outputGradients.has('hidden')).toBe(false);
    for (const [i, d] of (outputGradients.get('fc1') ?? []).entries())
      expect(d).toBeCloseTo((dy[i] as number) * (y[i] as number) * (1 - (y[i] as number)), 14);
  });

  it('is another one than the chain rule’s, from the same mask', () => {
    const steps = ['as_printed', 'chain_rule'].map((gradient) => {
      const variant = resolved(TABLE, layers(gradient), {});
      return train(variant).step(batchOf(variant, 3));
    });
    expect(steps[0]?.loss).toBe(steps[1]?.loss);
    expect(steps[0]?.gradients.data.get('fc2.weight')).toEqual(steps[1]?.gradients.data.get('fc2.weight'));
    expect(steps[0]?.gradients.data.get('fc1.weight')).not.toEqual(steps[1]?.gradients.data.get('fc1.weight'));
  });
});

describe('an update', () => {
  const net = [
    { type: 'Linear', name: 'fc1', out_features: 5, regularization: { max_norm: 0.5, l1: 0 } },
    { type: 'ReLU', name: 'relu1' },
    { type: 'Linear', name: 'fc2', out_features: 2 },
  ];
  const step = (recipe: object, now = {}) => {
    const variant = resolved(TABLE, net, recipe);
    const reference = train(variant);
    return { reference, step: reference.step(batchOf(variant, 4), now), before: start(variant) };
  };

  it('adds the penalties to the gradient before it is clipped', () => {
    const { step: taken, before } = step({
      regularization: { l1: 0.2, l2: 0.1, biases: false },
      gradient_clipping: { type: 'norm', max_norm: 0.01 },
    });
    const [data, objective, clipped] = (['data', 'objective', 'clipped'] as const).map((x) => taken.gradients[x]);
    const w = before.get('fc2.weight')?.values as Float64Array;
    for (const [i, g] of (objective?.get('fc2.weight') ?? []).entries()) {
      const x = w[i] as number;
      expect(g).toBeCloseTo((data?.get('fc2.weight')?.[i] ?? NaN) + 0.2 * Math.sign(x) + 0.2 * x, 12);
    }
    expect(objective?.get('fc2.bias')).toEqual(data?.get('fc2.bias'));
    expect(totalNorm(clipped?.values() ?? [])).toBeCloseTo(0.01, 6);
    const l1 = w.reduce((sum, x) => sum + Math.abs(x), 0);
    expect(taken.penaltyL1).toBeCloseTo(0.2 * l1, 12);
  });

  it('keeps a proximal penalty out of the gradient and makes zeros after it', () => {
    const { step: taken, reference } = step({ regularization: { l1: 5, l1_method: 'proximal' } });
    expect(taken.gradients.objective).toEqual(taken.gradients.data);
    expect(taken.penaltyL1).toBeGreaterThan(0);
    expect(reference.parameters.get('fc2.weight')).toContain(0);
    expect(reference.parameters.get('fc1.weight')).not.toContain(0);
  });

  it('limits the norm of each row, by the layer’s own limit', () => {
    const w = step({}).reference.parameters.get('fc1.weight') as Float64Array;
    for (let row = 0; row < 5; row++) expect(totalNorm([w.subarray(row * 3, row * 3 + 3)])).toBeLessThan(0.5 + 1e-12);
  });

  it('takes learning rate and momentum of a schedule', () => {
    const fresh = (now: object) => step({ optimizer: { ...SGD, lr: 1 } }, now).reference.parameters.get('fc2.bias');
    expect(fresh({ lr: 0 })).toEqual(start(resolved(TABLE, net, {})).get('fc2.bias')?.values);
    expect(fresh({ lr: 1 })).toEqual(fresh({}));
  });
});

it('evaluates without noise, with running statistics, and draws nothing', () => {
  const layers = [
    { type: 'Linear', name: 'fc1', out_features: 2 },
    { type: 'BatchNorm1d', name: 'bn1' },
    { type: 'Dropout', name: 'drop', p: 0.5 },
  ];
  const variant = resolved(TABLE, layers, {});
  const reference = train(variant);
  const batch = batchOf(variant, 6);
  const first = reference.evaluate(batch.x);
  expect(first.shape).toEqual([6, 2]);
  expect(reference.evaluate(batch.x)).toEqual(first);
  expect(reference.evaluationLoss(batch)).toBeGreaterThan(0);
  expect(reference.state.get('bn1.running_mean')).toEqual(Float64Array.of(0, 0));
  reference.step(batch, { lr: 0 });
  expect(reference.state.get('bn1.running_mean')).not.toEqual(Float64Array.of(0, 0));
  expect(reference.evaluate(batch.x)).not.toEqual(first);
});

it('names initial values that are missing or too many', () => {
  const variant = resolved(TABLE, BRANCHES, {});
  const values = start(variant);
  values.set('fc2.bias', { values: new Float64Array(3) });
  expect(() => train(variant, values)).toThrow('fc2.bias needs 4 initial values, but has 3');
  values.delete('fc2.bias');
  expect(() => train(variant, values)).toThrow('fc2.bias needs 4 initial values, but has none');
});
