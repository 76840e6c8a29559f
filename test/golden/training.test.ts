// Ten updates of small nets against PyTorch: everything a document can say, by the references in double precision and by the engine's
// kernels on one and two threads.
import { describe, expect, it } from 'vitest';
import { nodeThreadLauncher } from '../../engine/process/node-threads.ts';
import { Layer, Loss, Optimizer, parseExperiment, Schedule } from '../../engine/spec/index.ts';
import { readFixture } from '../../main/node/parity-fixtures.ts';
import type { RecordedTraining } from '../../engine/parity/recorded-run.ts';
import { replay, startDifferences } from '../../engine/parity/replay-runs.ts';
import { runDifferences } from '../../engine/parity/run-differences.ts';

const { cases } = readFixture<RecordedTraining>('training');

it('some run has every kind of layer, loss, optimizer, schedule', () => {
  const texts = cases.map((x) => JSON.stringify(x.experiment));
  for (const { options } of [Layer, Loss, Optimizer, Schedule])
    for (const { entries } of options)
      expect(
        texts.some((text) => text.includes(`"type":"${entries.type.literal}"`)),
        entries.type.literal,
      ).toBe(true);
});

describe.each(cases)('ten updates: $experiment.name', (recorded) => {
  const experiment = parseExperiment(recorded.experiment);

  it.each([1, 2])('agree with PyTorch to 1e-5 on %i threads', async (threads) => {
    const run = await replay(recorded, { experiment, threads, launcher: nodeThreadLauncher() });
    expect(startDifferences(recorded, run)).toEqual([]);
    expect(run.train_loss).toHaveLength(recorded.train_loss.length);
    const { largest, where, comparisons } = runDifferences(recorded, run, experiment.name);
    expect(comparisons).toBeGreaterThan(60);
    expect(largest, where).toBeLessThanOrEqual(1e-5);
  });
});
