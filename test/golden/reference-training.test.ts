// Ten updates of small nets against PyTorch, by the double-precision references: the step that kernels are held to means what PyTorch does.
import { describe, expect, it } from 'vitest';
import { parseExperiment, writeField } from '../../engine/spec/index.ts';
import { readFixture } from '../../main/node/parity-fixtures.ts';
import type { RecordedTraining } from '../../engine/parity/recorded-run.ts';
import { replayReference } from '../../engine/parity/replay-reference.ts';
import { runDifferences } from '../../engine/parity/run-differences.ts';

const { cases } = readFixture<RecordedTraining>('training');
const nameOf = (recorded: RecordedTraining): string => parseExperiment(recorded.experiment).name;

describe.each(cases)('ten updates: $experiment.name', (recorded) => {
  const experiment = parseExperiment(recorded.experiment);

  it('are of a document whose left-out fields both sides fill alike', () => {
    expect(experiment).toEqual(recorded.experiment);
  });

  it('agree with PyTorch to 1e-5', () => {
    const run = replayReference(recorded, experiment);
    const { largest, where, comparisons } = runDifferences(recorded, run, experiment.name);
    expect(comparisons).toBeGreaterThan(60);
    expect(largest, where).toBeLessThanOrEqual(1e-5);
  });
});

describe('another document is noticed', () => {
  it.each<[string, string, unknown]>([
    ['sgd dampening', 'recipe.optimizer.dampening', 0.5],
    ['sgd weight_decay without biases', 'recipe.optimizer.weight_decay_biases', true],
    ['rmsprop centered', 'recipe.optimizer.centered', false],
    ['l1 without biases', 'recipe.regularization.biases', true],
    ['l1 proximal', 'recipe.regularization.l1_method', 'subgradient'],
    ['max norm', 'recipe.regularization.max_norm', 0.5],
    ['layers with their own values', 'model.layers.fc3.regularization.max_norm', 0.3],
    ['clipping by norm', 'recipe.gradient_clipping.max_norm', 0.6],
    ['one cycle, adam', 'recipe.schedule.cycle_momentum', false],
    ['cosine', 'recipe.schedule.T_max', 5],
    ['plateau', 'recipe.schedule.patience', 1],
    ['shuffled', 'recipe.shuffle', false],
    ['batches with dropout', 'recipe.batch_size', null],
    ['batches without the last', 'recipe.drop_last', false],
    ['pictures augmented', 'recipe.augmentation.1.padding', 3],
    ['pictures normalised', 'model.layers.bn2.momentum', 0.4],
    ['pictures normalised', 'model.layers.conv2.dilation', 1],
    ['numpy dropout as printed', 'model.layers.dropout1.gradient', 'chain_rule'],
    ['branches', 'model.layers.sum.inputs', ['fc2', 'fc1']],
  ])('%s: %s = %j', (name, path, value) => {
    const recorded = cases.find((x) => nameOf(x) === name) as RecordedTraining;
    const document = structuredClone(recorded.experiment) as {
      model: { layers: { padding?: number; name: string }[] };
    };
    expect(writeField(document, path, value)).toBe(true);
    // A smaller dilation with a smaller padding keeps every shape.
    if (path.endsWith('dilation'))
      for (const layer of document.model.layers) if (layer.name === 'conv2') layer.padding = 1;
    const run = replayReference(recorded, parseExperiment(document));
    expect(runDifferences(recorded, run, name).largest).toBeGreaterThan(1e-3);
  });

  it('and another place in the stream', () => {
    const recorded = cases.find((x) => nameOf(x) === 'dropout') as RecordedTraining;
    const stream = { ...recorded.stream, draws: recorded.stream.draws + 2 };
    const run = replayReference({ ...recorded, stream }, parseExperiment(recorded.experiment));
    expect(runDifferences(recorded, run, 'dropout').largest).toBeGreaterThan(1e-3);
  });
});
