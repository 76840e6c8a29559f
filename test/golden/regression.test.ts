// The regression example, whole, from the seed alone, against PyTorch: the article's two nets on one stream, and L1, L2 and both.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeThreadLauncher } from '../../engine/process/node-threads.ts';
import { DifferenceTally } from '../../engine/parity/difference.ts';
import { readFixture } from '../../main/node/parity-fixtures.ts';
import type { RecordedExample } from '../../engine/parity/recorded-run.ts';
import { replay, startDifferences, withInitialization } from '../../engine/parity/replay-runs.ts';
import { curveDifferences, fitDifferences } from '../../engine/parity/run-differences.ts';

const example = JSON.parse(
  readFileSync(new URL('../../assets/examples/regression.json', import.meta.url), 'utf8'),
) as object;
/** Steps over which the loss curve is held to 1e-4. */
const STEPS = 100;

const recordings = ['regression', 'regression-same'].flatMap((name) => readFixture<RecordedExample>(name).cases);

describe.each(recordings)('regression example: $variant, seed $seed, initialization $initialization', (recorded) => {
  const experiment = withInitialization(example, recorded.initialization);

  it.each([1, 2])('follows PyTorch on %i threads', async (threads) => {
    const run = await replay(recorded, { experiment, threads, launcher: nodeThreadLauncher() });
    expect(startDifferences(recorded, run)).toEqual([]);
    expect(run.train_loss).toHaveLength(recorded.train_loss.length);
    expect(run.evaluations.map((x) => x.step)).toEqual(recorded.evaluations.map((x) => x.step));
    const { trainLoss, evaluations, final, equalSteps } = curveDifferences(recorded, run, STEPS);
    expect(trainLoss.comparisons).toBe(STEPS);
    expect(trainLoss.largest, trainLoss.where).toBeLessThanOrEqual(1e-4);
    expect(evaluations.comparisons).toBe(2 * (STEPS / 10 + 1));
    expect(evaluations.largest, evaluations.where).toBeLessThanOrEqual(1e-4);
    expect(final.comparisons).toBe(2);
    expect(final.largest, final.where).toBeLessThanOrEqual(0.05);
    expect(equalSteps, 'steps before the first loss that is not PyTorch’s, bit for bit').toBe(
      recorded.train_loss.length,
    );
    const fits = new DifferenceTally();
    fitDifferences(recorded, run, STEPS, fits);
    expect(fits.result.comparisons).toBe(2 * 201);
    expect(fits.result.largest, fits.result.where).toBeLessThanOrEqual(1e-4);
  });
});

describe('the comparison itself', () => {
  it('notices another seed', async () => {
    const [recorded] = recordings;
    if (!recorded) throw new Error('no recorded run');
    const other = { ...recorded, seed: recorded.seed + 1 };
    const run = await replay(other, { experiment: withInitialization(example, 'sequential'), threads: 1 });
    expect(startDifferences(recorded, run)).toContain('initial fc2.weight');
    expect(curveDifferences(recorded, run, STEPS).trainLoss.largest).toBeGreaterThan(1e-2);
  });
});
