// What the benchmark trains: the examples of the tutorial and two nets beyond them. peer.py trains the same ones in PyTorch.
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import { parseExperiment, type ExperimentSpec } from '../../engine/spec/index.ts';
import { sampleTable } from '../../engine/train/sample-experiments.ts';

/** Nothing but training steps: no evaluation, no end. */
const ENDLESS = { steps: 10_000_000, evaluate_every: 10_000_000, checkpoint_every: 10_000_000 };

export interface Workload {
  readonly name: string;
  readonly batch: number;
  /** Steps of one timing: about 50 to 150 ms. */
  readonly steps: number;
  /** Multiply-adds of one step's matrix products and convolutions, forward and both backward passes. */
  readonly multiplyAdds: number | null;
  document(): ExperimentSpec;
  readonly variant: string;
}

const experiment = (data: unknown, layers: readonly unknown[], recipe: object): ExperimentSpec =>
  parseExperiment({
    format: 'overfit-experiment',
    version: 1,
    name: 'bench',
    seed: 1,
    data,
    model: { layers },
    recipe: { ...recipe, ...ENDLESS },
    variants: [{ name: 'base' }],
  });

const regressionOf = (variant: string): Workload => ({
  name: `regression-${variant}`,
  batch: regression.data.points,
  steps: 200,
  multiplyAdds: null,
  document: () => parseExperiment({ ...regression, recipe: { ...regression.recipe, ...ENDLESS } }),
  variant,
});

const conv = (name: string, out_channels: number, kernel_size: number, more: object = {}): unknown => ({
  type: 'Conv2d',
  name,
  out_channels,
  kernel_size,
  ...more,
});
const linear = (name: string, out_features: number): unknown => ({ type: 'Linear', name, out_features });
const plain = (type: string, name: string): unknown => ({ type, name });
const SHAPES = { type: 'shapes32', train: 2048, test: 10 };
const CLASSES = { loss: { type: 'CrossEntropyLoss' } };

/** The tutorial's net with its recipe (EXAMPLES.md §3). */
const cnn = (batch: number): Workload => ({
  name: `cnn-${batch}`,
  batch,
  steps: Math.max(4, Math.round(800 / batch)),
  multiplyAdds: null,
  document: () =>
    experiment(
      SHAPES,
      [
        conv('conv1', 6, 5),
        plain('ReLU', 'relu1'),
        { type: 'MaxPool2d', name: 'pool1', kernel_size: 2 },
        conv('conv2', 16, 5),
        plain('ReLU', 'relu2'),
        { type: 'MaxPool2d', name: 'pool2', kernel_size: 2 },
        plain('Flatten', 'flatten'),
        linear('fc1', 120),
        plain('ReLU', 'relu3'),
        linear('fc2', 84),
        plain('ReLU', 'relu4'),
        linear('fc3', 10),
      ],
      {
        ...CLASSES,
        batch_size: batch,
        optimizer: { type: 'SGD', lr: 0.001, momentum: 0.9, weight_decay: 0.001 },
      },
    ),
  variant: 'base',
});

const MLP_BATCH = 128;
const mlp: Workload = {
  name: 'mlp-784-1024-1024-10',
  batch: MLP_BATCH,
  steps: 5,
  // The first layer's input needs no gradient.
  multiplyAdds: MLP_BATCH * (2 * 784 * 1024 + 3 * 1024 * 1024 + 3 * 1024 * 10),
  document: () =>
    experiment(
      sampleTable({ rows: MLP_BATCH, input: 784, classes: 10 }),
      [linear('fc1', 1024), plain('ReLU', 'relu1'), linear('fc2', 1024), plain('ReLU', 'relu2'), linear('fc3', 10)],
      { ...CLASSES, batch_size: MLP_BATCH, optimizer: { type: 'SGD', lr: 0.01 } },
    ),
  variant: 'base',
};

const block = (i: number, channels: number, stride: number): unknown[] => [
  conv(`conv${i}`, channels, 3, { padding: 1, stride, bias: false }),
  plain('BatchNorm2d', `norm${i}`),
  plain('ReLU', `relu${i}`),
];
const convNet: Workload = {
  name: 'conv8-batchnorm',
  batch: 64,
  steps: 2,
  multiplyAdds: null,
  document: () =>
    experiment(
      SHAPES,
      [
        ...[16, 16, 32, 32, 64, 64, 64, 64].flatMap((channels, i) =>
          block(i + 1, channels, i === 2 || i === 4 ? 2 : 1),
        ),
        { type: 'AdaptiveAvgPool2d', name: 'pool', output_size: 1 },
        plain('Flatten', 'flatten'),
        linear('fc', 10),
      ],
      { ...CLASSES, batch_size: 64, optimizer: { type: 'SGD', lr: 0.01, momentum: 0.9 } },
    ),
  variant: 'base',
};

export const WORKLOADS: readonly Workload[] = [
  regressionOf('overfitting'),
  regressionOf('dropout'),
  cnn(4),
  cnn(32),
  cnn(128),
  mlp,
  convNet,
];
