// Columns of an imported table: counted one after the other, kept until newer figures come, given up when nobody looks.
import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { parseExperiment, type DatasetSpec } from '../../engine/spec/index.ts';
import { LabError } from '../../main/contract/errors.ts';
import { fakeDataset } from '../host/fake-datasets.ts';
import { createFakeLab } from '../host/fake.ts';
import { Translator } from '../messages/translator.ts';
import { DatasetSummaries } from './dataset-summaries.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { createTestEnvironment } from './test-environment.ts';

const iris = fakeDataset(1).described;
/** To be learnt from it: the width of a petal. */
const data: DatasetSpec = {
  ...iris,
  columns: iris.columns.map((x, i) => ({ ...x, role: i === 3 ? 'target' : 'feature' })),
  class_names: [],
  split: { ...iris.split, method: 'random' },
};
/** The same table with its rows divided otherwise. */
const divided: DatasetSpec = { ...data, split: { ...data.split, seed: 1 } };

function summariesOf() {
  const client = createFakeLab('empty', { ...parseExperiment(EXAMPLES['regression']), data });
  const summaries = new DatasetSummaries(client, new Notices(createTestEnvironment()));
  const asked = (method: string) => client.calls.filter((x) => x.method === method).map((x) => x.input);
  return {
    client,
    summaries,
    columns: () => asked('dataset.column').map((x) => (x as { column: number }).column),
    pairs: () => asked('dataset.pair'),
  };
}
const stored = { experimentId: 'experiment-1', data };
const other = { ...stored, data: divided };
const done = async (summaries: DatasetSummaries) => {
  await vi.waitFor(() => {
    expect([summaries.progress, summaries.pairing]).toEqual([null, false]);
  });
  flushSync();
};

describe('columns', () => {
  it('are asked for one after the other, once, and each is there as soon as it is counted', async () => {
    const { client, summaries, columns } = summariesOf();
    summaries.look(stored, [0, 1, 5]);
    expect(summaries.progress).toEqual({ done: 0, total: 3 });
    client.holdNext('dataset.column');
    await vi.waitFor(() => {
      expect(summaries.progress).toEqual({ done: 1, total: 3 });
    });
    expect(summaries.isCurrent(data, 0)).toBe(true);
    expect(summaries.of(data, 1)).toBeUndefined();
    // Looking elsewhere does not wait for what is held up, nor asks again for what is there.
    summaries.look(stored, [0, 5]);
    await done(summaries);
    expect(summaries.of(data, 5)).toMatchObject({ name: 'species', kind: 'category' });
    expect(columns()).toEqual([0, 1, 5]);
  });

  it('stay after an edit until their new figures come, and are not counted again for what moves no row', async () => {
    const { client, summaries, columns } = summariesOf();
    summaries.look(stored, [0]);
    await done(summaries);
    summaries.look({ ...stored, data: { ...data, standardize: false, name: 'lilies' } }, [0]);
    await done(summaries);
    expect(columns()).toEqual([0]);
    client.holdNext('dataset.column');
    summaries.look(other, [0]);
    expect(summaries.of(divided, 0)).toBeDefined();
    expect(summaries.isCurrent(divided, 0)).toBe(false);
    expect(columns()).toEqual([0, 0]);
    summaries.leave();
    summaries.look(other, [0]);
    await done(summaries);
    expect(summaries.isCurrent(divided, 0)).toBe(true);
  });

  it('of another data set are not those', async () => {
    const { summaries } = summariesOf();
    summaries.look(stored, [0]);
    await done(summaries);
    expect(summaries.of({ ...data, digest: 'f'.repeat(64) }, 0)).toBeUndefined();
    const renamed = data.columns.map((x, i) => (i === 0 ? { ...x, name: 'other' } : x));
    expect(summaries.of({ ...data, columns: renamed }, 0)).toBeUndefined();
  });

  it('that cannot be counted say why, naming the file, and may be asked for again', async () => {
    const { client, summaries } = summariesOf();
    client.failNext('dataset.column', new LabError('BAD_DATA_FILE', 'damaged', { file: 'flowers' }));
    summaries.look(stored, [0]);
    await done(summaries);
    expect(summaries.problem?.(new Translator('en'))).toContain('flowers');
    summaries.look(stored, [0]);
    await done(summaries);
    expect([summaries.problem, summaries.isCurrent(data, 0)]).toEqual([null, true]);
  });
});

describe('two columns', () => {
  it('are asked for once, and the newest question wins', async () => {
    const { client, summaries, pairs } = summariesOf();
    client.holdNext('dataset.pair');
    void summaries.lookAtPair(stored, { across: 0, up: 1, split: null });
    await summaries.lookAtPair(stored, { across: 2, up: 1, split: 'test' });
    await summaries.lookAtPair(stored, { across: 2, up: 1, split: 'test' });
    expect(pairs()).toHaveLength(2);
    expect(summaries.pair).toMatchObject({ total: 150, names: { x: 'petal length', y: 'sepal width' } });
    expect(summaries.pairing).toBe(false);
  });

  it('of another data set are no earlier picture of these', async () => {
    const { client, summaries } = summariesOf();
    const pair = { across: 0, up: 1, split: null };
    await summaries.lookAtPair(stored, pair);
    client.holdNext('dataset.pair');
    void summaries.lookAtPair(other, pair);
    expect([summaries.pair === null, summaries.pairing]).toEqual([false, true]);
    client.holdNext('dataset.pair');
    void summaries.lookAtPair({ ...stored, data: { ...data, digest: 'f'.repeat(64) } }, pair);
    expect(summaries.pair).toBeNull();
  });

  it('that cannot be had say why, and may be asked for again', async () => {
    const { client, summaries } = summariesOf();
    client.failNext('dataset.pair', new LabError('DATA_MISSING', 'gone', { dataset: 'flowers' }));
    await summaries.lookAtPair(stored, { across: 0, up: 1, split: null });
    expect(summaries.pairProblem?.(new Translator('en'))).toContain('flowers');
    await summaries.lookAtPair(stored, { across: 0, up: 1, split: null });
    expect([summaries.pairProblem, summaries.pair?.x.length]).toEqual([null, 150]);
  });
});
