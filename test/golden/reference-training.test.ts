// Ten updates of small nets against PyTorch, by the double-precision references: the step that kernels are held to means what PyTorch does.
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../engine/spec/index.ts';
import { readFixture } from './fixture.ts';
import type { RecordedTraining } from './recorded-run.ts';
import { replayReference } from './replay-reference.ts';
import { runDifferences } from './run-differences.ts';

describe.each(readFixture<RecordedTraining>('training').cases)('ten updates: $experiment.name', (recorded) => {
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
