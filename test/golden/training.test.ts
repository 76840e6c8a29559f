// Ten updates of small nets by the engine's kernels against PyTorch: optimizers, penalties, layers, dropout, odd sizes.
import { describe, expect, it } from 'vitest';
import { nodeThreadLauncher } from '../../engine/process/node-threads.ts';
import { parseExperiment } from '../../engine/spec/index.ts';
import { readFixture } from './fixture.ts';
import { replay, runDifferences, startDifferences, type RecordedTraining } from './replay-runs.ts';

describe.each(readFixture<RecordedTraining>('training').cases)('ten updates: $experiment.name', (recorded) => {
  const experiment = parseExperiment(recorded.experiment);

  it.each([1, 2])('agree with PyTorch to 1e-5 on %i threads', async (threads) => {
    const run = await replay(recorded, { experiment, threads, launcher: nodeThreadLauncher() });
    expect(startDifferences(recorded, run)).toEqual([]);
    expect(run.train_loss).toHaveLength(10);
    const { largest, where, comparisons } = runDifferences(recorded, run, experiment.name);
    expect(comparisons).toBeGreaterThan(200);
    expect(largest, where).toBeLessThanOrEqual(1e-5);
  });
});
