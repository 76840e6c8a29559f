// Which penalty, decay and limit each parameter gets, from the model's values and its layers' own.
import { describe, expect, it } from 'vitest';
import { parseExperiment, resolveVariant, type ResolvedVariant } from '../spec/index.ts';
import { parameterTreatments } from './index.ts';

function resolved(recipe: object, own: object = {}): ResolvedVariant {
  const experiment = parseExperiment({
    format: 'overfit-experiment',
    version: 1,
    name: 'treated',
    seed: 1,
    data: { type: 'linear_noise', points: 5, x_min: -1, x_max: 1, slope: 1, noise: 0 },
    model: {
      layers: [
        { type: 'Linear', name: 'fc1', out_features: 4, regularization: own },
        { type: 'BatchNorm1d', name: 'bn1' },
        { type: 'Linear', name: 'fc2', out_features: 1 },
      ],
    },
    recipe: { steps: 1, loss: { type: 'MSELoss' }, optimizer: { type: 'SGD', lr: 1, weight_decay: 0.5 }, ...recipe },
    variants: [{ name: 'only' }],
  });
  return resolveVariant(experiment, 'only');
}

const column = (variant: ResolvedVariant, key: 'l1' | 'l2' | 'decoupledDecay' | 'maxNorm' | 'weightDecay') =>
  Object.fromEntries(parameterTreatments(variant).map((x) => [x.name, x[key]]));

describe('parameter treatments', () => {
  it('stand in torch’s order', () => {
    expect(parameterTreatments(resolved({})).map(({ name, role }) => `${name} ${role}`)).toEqual([
      'fc1.weight weight',
      'fc1.bias bias',
      'bn1.weight scale',
      'bn1.bias shift',
      'fc2.weight weight',
      'fc2.bias bias',
    ]);
  });

  it('are the model’s for every parameter', () => {
    const everywhere = (value: number) =>
      Object.fromEntries(
        ['fc1.weight', 'fc1.bias', 'bn1.weight', 'bn1.bias', 'fc2.weight', 'fc2.bias'].map((x) => [x, value]),
      );
    const variant = resolved({ regularization: { l1: 1, l2: 2, decoupled_decay: 3 } });
    expect(column(variant, 'l1')).toEqual(everywhere(1));
    expect(column(variant, 'l2')).toEqual(everywhere(2));
    expect(column(variant, 'decoupledDecay')).toEqual(everywhere(3));
    expect(column(variant, 'weightDecay')).toEqual(everywhere(0.5));
  });

  it('leave biases and normalisation out when told to, also where the layer has its own values', () => {
    const own = { l1: 7, l2: 8, decoupled_decay: 9, weight_decay: 10 };
    const variant = resolved(
      {
        regularization: { l1: 1, l2: 2, decoupled_decay: 3, biases: false },
        optimizer: { type: 'SGD', lr: 1, weight_decay: 0.5, weight_decay_biases: false },
      },
      own,
    );
    const only = (first: number, second: number) => ({
      'fc1.weight': first,
      'fc1.bias': 0,
      'bn1.weight': 0,
      'bn1.bias': 0,
      'fc2.weight': second,
      'fc2.bias': 0,
    });
    expect(column(variant, 'l1')).toEqual(only(7, 1));
    expect(column(variant, 'l2')).toEqual(only(8, 2));
    expect(column(variant, 'decoupledDecay')).toEqual(only(9, 3));
    expect(column(variant, 'weightDecay')).toEqual(only(10, 0.5));
  });

  it('limit the norms of weights only; a layer can be without a limit', () => {
    const limits = {
      'fc1.weight': 2,
      'fc1.bias': null,
      'bn1.weight': null,
      'bn1.bias': null,
      'fc2.weight': 2,
      'fc2.bias': null,
    };
    const recipe = { regularization: { max_norm: 2 } };
    expect(column(resolved(recipe), 'maxNorm')).toEqual(limits);
    expect(column(resolved(recipe, { max_norm: null }), 'maxNorm')).toEqual({ ...limits, 'fc1.weight': null });
    expect(column(resolved(recipe, { max_norm: 5 }), 'maxNorm')).toEqual({ ...limits, 'fc1.weight': 5 });
  });

  it('take a layer’s own zero for zero', () => {
    expect(column(resolved({ regularization: { l1: 1 } }, { l1: 0, weight_decay: 0 }), 'l1')).toMatchObject({
      'fc1.weight': 0,
      'fc2.weight': 1,
    });
  });
});
