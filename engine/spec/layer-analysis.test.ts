// A model that does not fit yet: every misfit at its layer, and what is known after it all the same.
import { describe, expect, it } from 'vitest';
import type { DataSpec } from './data.ts';
import { analyzeLayers } from './layer-analysis.ts';
import { Model } from './model.ts';
import { analyzeModel } from './shapes.ts';
import { parseWith } from './validate.ts';

const pictures = {
  type: 'shapes32',
  train: 100,
  validation: 0,
  test: 0,
  label_noise: 0,
  seed: 0,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
} satisfies DataSpec;
const line: DataSpec = {
  type: 'linear_noise',
  points: 20,
  x_min: -1,
  x_max: 1,
  slope: 1,
  noise: 0.3,
  validation_points: 0,
};
const model = (...layers: readonly object[]) => parseWith(Model, { layers }, 'Model');

describe('a model that does not fit', () => {
  it('has each misfit at its own layer, and shapes after it', () => {
    const layers = analyzeLayers(
      model(
        { type: 'Linear', name: 'fc1', out_features: 8 },
        { type: 'ReLU', name: 'relu1' },
        { type: 'Conv2d', name: 'conv1', out_channels: 4, kernel_size: 3 },
        { type: 'MaxPool2d', name: 'pool1', kernel_size: 2 },
        { type: 'Linear', name: 'fc2', out_features: 10 },
      ),
      pictures,
    );
    expect(layers.map(({ name, output }) => [name, output])).toEqual([
      ['fc1', [8]],
      ['relu1', [8]],
      ['conv1', null],
      ['pool1', null],
      ['fc2', [10]],
    ]);
    expect(layers.flatMap(({ problems }) => problems.map((x) => x.path))).toEqual([
      'model.layers.fc1',
      'model.layers.conv1',
    ]);
    expect(layers.map(({ shape }) => shape?.parameters ?? null)).toEqual([null, 0, null, null, null]);
  });

  it('says that the last layer does not answer the target, along with other misfits', () => {
    const { problems } = analyzeModel(
      model(
        { type: 'Conv2d', name: 'conv1', out_channels: 4, kernel_size: 3 },
        { type: 'Linear', name: 'fc1', out_features: 2 },
      ),
      line,
    );
    expect(problems.map(({ path, code }) => [path, code])).toEqual([
      ['model.layers.conv1', 'shape_mismatch'],
      ['model.layers.fc1', 'shape_mismatch'],
    ]);
  });

  it('knows the branches beside a name that leads nowhere', () => {
    const layers = analyzeLayers(
      model(
        { type: 'Linear', name: 'fc1', out_features: 3 },
        { type: 'Linear', name: 'fc2', out_features: 3, inputs: ['gone'] },
        { type: 'Add', name: 'add1', inputs: ['fc1', 'fc2'] },
        { type: 'Linear', name: 'fc3', out_features: 1 },
      ),
      line,
    );
    expect(layers.map(({ output }) => output)).toEqual([[3], [3], [3], [1]]);
    expect(layers.flatMap(({ problems }) => problems.map((x) => [x.path, x.code]))).toEqual([
      ['model.layers.fc2.inputs', 'unknown_layer'],
    ]);
  });

  it('concludes nothing from a layer whose fields are wrong', () => {
    const wrong = model({ type: 'Linear', name: 'fc1', out_features: 3 }, { type: 'ReLU', name: 'relu1' });
    const layers = analyzeLayers(wrong, line, (i) => i !== 0);
    expect(layers.map(({ output, sources }) => [output, sources])).toEqual([
      [null, [-1]],
      [null, [0]],
    ]);
  });

  it('is nothing at all without layers', () => {
    expect(analyzeModel({ layers: [] }, line)).toEqual({ shapes: [], problems: [] });
  });
});
