// Nets that normalise and branch, as sessions: bit-equal on any number of threads and after a resume, running statistics that
// belong to the last good step, batches that cannot be normalised.
import { afterEach, describe, expect, it } from 'vitest';
import { loadData, type Examples } from '../data/index.ts';
import { difference } from '../../test/fixtures/kernel-agreement.ts';
import { nodeThreadLauncher } from '../process/node-threads.ts';
import { Generator } from '../random/index.ts';
import { resolveVariant } from '../spec/index.ts';
import type { CpuSession } from './cpu-session.ts';
import { openSession } from './create-session.ts';
import { ReferenceTraining } from './reference-training.ts';
import { sampleExperiment, sampleTable, type Layers, type Sample } from './sample-experiments.ts';
import type { SessionOptions } from './session.ts';

const open: CpuSession[] = [];
afterEach(async () => {
  for (const session of open.splice(0)) await session.dispose();
});

async function start(sample: Sample, options: Partial<SessionOptions> = {}): Promise<CpuSession> {
  const session = await openSession({
    experiment: sampleExperiment(sample),
    variant: 'base',
    seed: 1,
    threads: 1,
    ...options,
  });
  open.push(session);
  return session;
}

const arrays = (session: CpuSession) =>
  [...session.parameters()].map(([name, { values }]) => [name, [...values]] as const);
const statistics = (session: CpuSession) => arrays(session).filter(([name]) => name.includes('running'));

const SGD = { type: 'SGD', lr: 0.05, momentum: 0.9 };
const from = (type: string, inputs: readonly string[]): Layers[number] => ({ type, inputs });

const IMAGES: Sample = {
  layers: [
    { type: 'Conv2d', out_channels: 5, kernel_size: 3, padding: 1 },
    'BatchNorm2d',
    'ReLU',
    { type: 'Conv2d', out_channels: 5, kernel_size: 3, padding: 1 },
    from('Add', ['conv2d3', 'relu2']),
    'LayerNorm',
    { type: 'AvgPool2d', kernel_size: 2 },
    { type: 'AdaptiveAvgPool2d', output_size: 2 },
    'Flatten',
    7,
    from('Concat', ['fc9', 'flatten8']),
    'BatchNorm1d',
    'Tanh',
    3,
  ],
  data: sampleTable({ rows: 26, testRows: 5, input: [2, 6, 7], targets: 3 }),
};

describe('a net that normalises and branches is equal to the last bit', () => {
  // Of 8 examples per block: enough blocks for every thread, and fewer blocks than threads.
  it.each([26, 21, 5])('on 1, 2 and 3 threads with batches of %i', async (size) => {
    const sample = { ...IMAGES, recipe: { steps: 12, optimizer: SGD, batch_size: size, drop_last: true } };
    const launcher = nodeThreadLauncher();
    const alone = await start(sample);
    const { steps } = alone.advance(12);
    for (const threads of [2, 3]) {
      const together = await start(sample, { threads, launcher });
      expect([...(together.advance(12).steps?.train_loss ?? [])], `${threads} threads`).toEqual([
        ...(steps?.train_loss ?? []),
      ]);
      expect(arrays(together), `${threads} threads`).toEqual(arrays(alone));
      expect(together.outputs('test')).toEqual(alone.outputs('test'));
    }
  });

  it('when resumed in the middle of an epoch', async () => {
    const sample = { ...IMAGES, recipe: { steps: 12, optimizer: SGD, batch_size: 7, shuffle: true } };
    const whole = await start(sample);
    whole.advance(12);
    const first = await start(sample);
    first.advance(6);
    const second = await start(sample, { resume: first.checkpoint() });
    second.advance(6);
    expect(statistics(second)).toHaveLength(4);
    expect(arrays(second)).toEqual(arrays(whole));
  });
});

describe('running statistics', () => {
  const sample = {
    layers: [4, 'BatchNorm1d', 1],
    points: 20,
    recipe: { steps: 10, optimizer: SGD, evaluate_every: 100 },
  };

  it('are those of the steps taken: evaluation changes none, a step that diverges neither', async () => {
    const wild = { ...sample, recipe: { ...sample.recipe, optimizer: { type: 'SGD', lr: 1e30 } } };
    const session = await start(wild);
    const before = statistics(session);
    session.advance(1);
    const after = statistics(session);
    expect(after).not.toEqual(before);
    session.outputs('train');
    expect(statistics(session)).toEqual(after);
    expect(session.advance(1).failure).toMatchObject({ code: 'DIVERGED', step: 2 });
    expect(statistics(session)).toEqual(after);
  });

  it('stay when a step is taken apart', async () => {
    const session = await start(sample);
    session.advance(3);
    const before = arrays(session);
    session.inspect();
    expect(arrays(session)).toEqual(before);
    const other = await start(sample);
    expect([...(session.advance(3).steps?.train_loss ?? [])]).toEqual(
      [...(other.advance(6).steps?.train_loss ?? [])].slice(3),
    );
  });
});

it('a step taken apart shows every output and its whole gradient, also where it is used twice', async () => {
  const sample = { ...IMAGES, recipe: { steps: 2, optimizer: SGD } };
  const session = await start(sample);
  session.advance(0);
  const resolved = resolveVariant(sampleExperiment(sample), 'base');
  const { train } = (await loadData(resolved.data, Generator.manualSeed(1))).splits;
  const reference = new ReferenceTraining(resolved, session.parameters(), Generator.manualSeed(1));
  const { outputs, outputGradients } = reference.step(train as Examples);
  const shown = new Map(session.inspect().tensors.map(({ name, values }) => [name, values]));
  expect(outputs.size).toBe(IMAGES.layers?.length);
  for (const [name, { data }] of outputs)
    expect(difference(shown.get(`${name}.output`) ?? [], data), `${name}.output`).toBeLessThan(1e-5);
  for (const [name, values] of outputGradients)
    expect(difference(shown.get(`${name}.output.gradient`) ?? [], values), `${name}.output.gradient`).toBeLessThan(
      1e-5,
    );
});

describe('one value per channel is refused', () => {
  const refused = (layer: string, advice: RegExp) =>
    expect.objectContaining({
      code: 'BATCH_TOO_SMALL',
      message: expect.stringMatching(advice) as string,
      details: { layer, batchSize: 1 },
    }) as Error;
  const vectors = (rows: number, recipe: Readonly<Record<string, unknown>> = {}): Sample => ({
    layers: [4, { type: 'BatchNorm1d', name: 'norm' }, 1],
    data: sampleTable({ rows, testRows: 2, input: 3 }),
    recipe: { optimizer: SGD, ...recipe },
  });

  it('with the layer and the way out named', async () => {
    await expect(start(vectors(1))).rejects.toThrow(refused('norm', /norm \(BatchNorm1d\).*more train data/));
    await expect(start(vectors(5, { batch_size: 1 }))).rejects.toThrow(refused('norm', /larger recipe\.batch_size/));
    await expect(start(vectors(5, { batch_size: 2 }))).rejects.toThrow(refused('norm', /last batch.*drop_last/));
  });

  it('but not where no such batch is met', async () => {
    await expect(start(vectors(5, { batch_size: 2, drop_last: true }))).resolves.toBeDefined();
    await expect(start(vectors(5, { batch_size: 2, steps: 2 }))).resolves.toBeDefined();
    const pixels = {
      ...IMAGES,
      layers: ['BatchNorm2d', 'Flatten', 3] as const,
      recipe: { optimizer: SGD, batch_size: 1 },
    };
    await expect(start(pixels)).resolves.toBeDefined();
  });
});
