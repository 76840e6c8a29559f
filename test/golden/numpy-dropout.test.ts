// The from-scratch dropout example, whole, from the seed alone, against PyTorch: 60,000 updates as printed, corrected and without dropout.
import { expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import type { RecordedRun } from '../../engine/parity/recorded-run.ts';
import { replay, startDifferences } from '../../engine/parity/replay-runs.ts';
import { curveDifferences, parameterDifferences } from '../../engine/parity/run-differences.ts';
import { parseExperiment, totalSteps } from '../../engine/spec/index.ts';
import { readFixture } from '../../main/node/parity-fixtures.ts';

const experiment = parseExperiment(EXAMPLES['numpy-dropout']);
const STEPS = 60_000;
/** Of a busy machine: the runs take half a second each. */
const TIMEOUT_MS = 60_000;
const recordings = readFixture<RecordedRun>('numpy-dropout').cases;

it('is recorded in every variant, whole', () => {
  expect(totalSteps(experiment.recipe, 4)).toBe(STEPS);
  expect(recordings.map((x) => x.variant)).toEqual(experiment.variants.map((x) => x.name));
});

it.each(recordings)(
  'numpy-dropout example, $variant: the whole run follows PyTorch',
  { timeout: TIMEOUT_MS },
  async (recorded) => {
    const run = await replay(recorded, { experiment, threads: 1 });
    expect(startDifferences(recorded, run)).toEqual([]);
    expect(run.train_loss).toHaveLength(STEPS);
    expect(run.evaluations.map((x) => x.step)).toEqual(recorded.evaluations.map((x) => x.step));
    // It is not chaotic: what is asked of the first 100 updates and of the end holds throughout.
    const { trainLoss, evaluations } = curveDifferences(recorded, run, STEPS);
    expect(trainLoss.comparisons).toBe(1000);
    expect(trainLoss.largest, trainLoss.where).toBeLessThanOrEqual(1e-4);
    expect(evaluations.comparisons).toBe(101);
    expect(evaluations.largest, evaluations.where).toBeLessThanOrEqual(1e-4);
    const parameters = parameterDifferences(recorded, run);
    expect(parameters.comparisons).toBe(4 * 16);
    expect(parameters.largest, parameters.where).toBeLessThanOrEqual(1e-5);
  },
);

it('numpy-dropout example: the right slope is not taken for the printed one', { timeout: TIMEOUT_MS }, async () => {
  const [printed] = recordings;
  if (!printed) throw new Error('no recorded run');
  const run = await replay({ ...printed, variant: 'corrected' }, { experiment, threads: 1 });
  expect(startDifferences(printed, run)).toEqual([]);
  const { trainLoss, evaluations } = curveDifferences(printed, run, STEPS);
  expect(trainLoss.largest).toBeGreaterThan(1e-2);
  expect(evaluations.largest).toBeGreaterThan(1e-2);
});
