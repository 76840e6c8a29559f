// Sessions: evaluation schedule, equal results however the steps are cut or shared out, resuming, diverging, refusing.
import { afterEach, describe, expect, it } from 'vitest';
import { nodeThreadLauncher } from '../process/node-threads.ts';
import { bernoulli, Generator, initializeLinear } from '../random/index.ts';
import type { Checkpoint, ExperimentSpec } from '../spec/index.ts';
import { crc32 } from './digest.ts';
import { openSession } from './create-session.ts';
import { createSession, type SessionOptions, type TrainingSession } from './index.ts';
import { loadData } from '../data/index.ts';
import { readGenerator } from './state.ts';
import { ADAM, sampleExperiment, type Sample } from './sample-experiments.ts';

const open: TrainingSession[] = [];
afterEach(async () => {
  for (const session of open.splice(0)) await session.dispose();
});

async function start(
  sample: Sample | ExperimentSpec = {},
  options: Partial<SessionOptions> = {},
): Promise<TrainingSession> {
  const experiment = 'format' in sample ? sample : sampleExperiment(sample);
  const session = await createSession({ experiment, variant: 'base', seed: 1, threads: 1, ...options });
  open.push(session);
  return session;
}

/** Everything that a session is, as plain data. */
function outcome(session: TrainingSession) {
  const parameters = [...session.parameters()].map(([name, { shape, values }]) => [name, shape, [...values]] as const);
  return { step: session.step, parameters, checkpoint: [...session.checkpoint().bytes] };
}

function run(session: TrainingSession, cuts: readonly number[]) {
  const losses: number[] = [];
  const evaluations: unknown[] = [];
  for (const steps of cuts) {
    const advance = session.advance(steps);
    const rows = advance.steps;
    if (rows)
      for (const [i, loss] of rows.train_loss.entries())
        losses.push(loss, rows.penalty_l1[i] ?? NaN, rows.penalty_l2[i] ?? NaN);
    evaluations.push(...advance.evaluations.map((x) => ({ ...x, fit: x.fit && [...x.fit.values] })));
  }
  return { losses, evaluations, ...outcome(session) };
}

/** Every kind of layer and term; batch of two chunks; widths that no block divides. */
const BUSY: Sample = {
  layers: [37, 0.3, 'Tanh', 29, 'Sigmoid', 0.1, 53, 'ReLU', 1],
  points: 61,
  recipe: { regularization: { l1: 1e-4, l2: 1e-3 }, optimizer: { ...ADAM, weight_decay: 1e-3 }, evaluate_every: 7 },
};
const WIDE: Sample = { layers: [300, 0.5, 'ReLU', 300, 0.5, 'ReLU', 1], points: 20 };

describe('a session', () => {
  it('says what it trains', async () => {
    const session = await start({ layers: [16, 'ReLU', 1] });
    expect(session).toMatchObject({ totalSteps: 40, parameterCount: 16 + 16 + 16 + 1, step: 0 });
    expect(session.device).toEqual({ kind: 'cpu', simd: 'relaxed', threads: 1 });
    expect([...session.parameters()].map(([name, { shape }]) => [name, shape])).toEqual([
      ['fc0.weight', [16, 1]],
      ['fc0.bias', [16]],
      ['fc2.weight', [1, 16]],
      ['fc2.bias', [1]],
    ]);
  });

  it('evaluates at step 0, at every interval and at the end, once each', async () => {
    const session = await start({ recipe: { steps: 25, evaluate_every: 10 } });
    const first = session.advance(0);
    expect(first).toMatchObject({ steps: null, failure: null, done: false });
    expect(first.evaluations.map((x) => x.step)).toEqual([0]);
    expect(first.evaluations[0]?.fit?.values).toHaveLength(201);
    const second = session.advance(14);
    expect(second.evaluations.map((x) => x.step)).toEqual([10]);
    expect([...(second.steps?.step ?? [])]).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
    const last = session.advance(1000);
    expect(last.evaluations.map((x) => x.step)).toEqual([20, 25]);
    expect(last.done).toBe(true);
    expect(session.advance(5)).toEqual({ steps: null, evaluations: [], failure: null, done: true });
  });

  it('evaluates without dropout, and before the update that the step’s loss belongs to', async () => {
    const session = await start({ layers: [16, 'ReLU', 1], recipe: { steps: 3, evaluate_every: 1 } });
    const { steps, evaluations } = session.advance(3);
    expect(evaluations.slice(0, 3).map((x) => x.train.loss)).toEqual([...(steps?.train_loss ?? [])]);
    const dropped = (await start({ layers: [16, 0.5, 'ReLU', 1], recipe: { steps: 1 } })).advance(1);
    expect(dropped.evaluations[0]?.train).toEqual(evaluations[0]?.train);
    expect(dropped.steps?.train_loss[0]).not.toBe(steps?.train_loss[0]);
  });

  it('draws data, then earlier variants, then its own values, then masks from one stream', async () => {
    const variants = [{ name: 'first', changes: { 'model.layers.fc0.out_features': 9 } }, { name: 'base' }];
    const layers = [5, 0.5, 'ReLU', 1] as const;
    const experiment = sampleExperiment({ layers, variants, points: 20 });
    const generator = Generator.manualSeed(1);
    const { splits } = await loadData(experiment.data, generator);
    const session = await openSession({ experiment, variant: 'base', seed: 1, threads: 1 });
    const { x = [], y = [] } = splits.train ?? {};
    expect(session.data).toMatchObject({ kind: 'points', train: { x, y } });
    for (const [fanIn, fanOut] of [
      [1, 9],
      [9, 1],
    ] as const)
      initializeLinear(generator, fanIn, fanOut, true);
    const fc0 = initializeLinear(generator, 1, 5, true);
    expect(session.parameters().get('fc0.weight')?.values).toEqual(fc0.weight);
    expect(session.parameters().get('fc0.bias')?.values).toEqual(fc0.bias);
    const fc3 = initializeLinear(generator, 5, 1, true);
    expect(session.parameters().get('fc3.weight')?.values).toEqual(fc3.weight);
    session.advance(1);
    bernoulli(generator, 20 * 5, 0.5);
    expect(readGenerator(session.plan, session.memory)).toEqual(generator.getState());
  });

  it('starts every variant at the same place when asked to, and from p = 0 draws nothing', async () => {
    const variants = [{ name: 'first' }, { name: 'base' }];
    const experiment = sampleExperiment({ layers: [8, 'ReLU', 1], variants, initialization: 'same' });
    const [a, b] = [await start(experiment, { variant: 'first' }), await start(experiment)];
    expect(outcome(a).parameters).toEqual(outcome(b).parameters);
    const zero = structuredClone(experiment) as { model: { layers: unknown[] } };
    zero.model.layers.splice(1, 0, { type: 'Dropout', name: 'none', p: 0 });
    const c = await start(zero as unknown as ExperimentSpec);
    expect(run(c, [40]).losses).toEqual(run(b, [40]).losses);
  });
});

describe('results are equal to the last bit', () => {
  it.each([
    ['busy', BUSY],
    ['wide', WIDE],
  ] as const)(
    'on 1, 2 and 3 threads (%s)',
    async (_, sample) => {
      const launcher = nodeThreadLauncher();
      const alone = run(await start(sample), [12]);
      for (const threads of [2, 3])
        expect(run(await start(sample, { threads, launcher }), [12]), `${threads} threads`).toEqual(alone);
    },
    30_000,
  );

  it('however the steps are cut', async () => {
    const whole = run(await start(BUSY), [40]);
    expect(run(await start(BUSY), [0, 1, 1, 5, 13, 0, 20])).toEqual(whole);
    expect(
      run(
        await start(BUSY),
        Array.from({ length: 40 }, () => 1),
      ),
    ).toEqual(whole);
  });

  it('when resumed from a checkpoint, also beyond the former end', async () => {
    const whole = await start(BUSY);
    const [before, after] = [run(whole, [13]), run(whole, [27])];
    const stopped = await start(BUSY);
    stopped.advance(13);
    const resumed = await start(BUSY, { resume: stopped.checkpoint() });
    expect(resumed.step).toBe(13);
    expect(outcome(resumed)).toEqual({
      step: before.step,
      parameters: before.parameters,
      checkpoint: before.checkpoint,
    });
    expect(run(resumed, [40])).toEqual(after);

    const short = await start({ ...BUSY, recipe: { ...BUSY.recipe, steps: 20 } });
    short.advance(20);
    const longer = await start(BUSY, { resume: short.checkpoint() });
    longer.advance(20);
    expect(outcome(longer).parameters).toEqual(after.parameters);
  });

  it('when SGD with momentum is resumed', async () => {
    const sample: Sample = { ...BUSY, recipe: { optimizer: { type: 'SGD', lr: 0.05, momentum: 0.9, nesterov: true } } };
    const whole = await start(sample);
    whole.advance(20);
    const stopped = await start(sample);
    stopped.advance(10);
    const resumed = await start(sample, { resume: stopped.checkpoint() });
    resumed.advance(10);
    expect(outcome(resumed)).toEqual(outcome(whole));
  });
});

it('the plain build follows the relaxed one to 1e-4 over 40 steps of a smooth net', async () => {
  const experiment = sampleExperiment({ layers: [24, 'Tanh', 24, 'Tanh', 1] });
  const options = { experiment, variant: 'base', seed: 1, threads: 1 };
  const [relaxed, plain] = [await openSession(options), await openSession(options, { simd: 'plain' })];
  expect(plain.device.simd).toBe('plain');
  const [a, b] = [relaxed.advance(40).steps?.train_loss, plain.advance(40).steps?.train_loss];
  for (let i = 0; i < 40; i++)
    expect(Math.abs((a?.[i] ?? NaN) / (b?.[i] ?? NaN) - 1), `step ${i + 1}`).toBeLessThan(1e-4);
});

describe('diverging', () => {
  const wild = (optimizer: unknown, extra: Record<string, unknown> = {}): Sample => ({
    layers: [16, 'ReLU', 16, 'ReLU', 1],
    recipe: { steps: 100, optimizer, evaluate_every: 1000, ...extra },
  });

  it.each([1, 2])(
    'stops with the step and the parameter named, and keeps the rows before (%i threads)',
    async (threads) => {
      const session = await start(wild({ type: 'SGD', lr: 1e6 }), { threads, launcher: nodeThreadLauncher() });
      const { steps, failure, done } = session.advance(100);
      expect(done).toBe(false);
      expect(failure).toMatchObject({ code: 'DIVERGED' });
      expect(steps?.step.at(-1)).toBe((failure?.step ?? 0) - 1);
      expect(steps?.train_loss.every(Number.isFinite)).toBe(true);
      expect(session.step).toBe((failure?.step ?? 0) - 1);
      expect(session.advance(5)).toMatchObject({ steps: null, evaluations: [], failure });
    },
  );

  it('names a parameter that is not finite, and the loss when all are', async () => {
    const overflow = (await start(wild({ type: 'SGD', lr: 1e38, weight_decay: 1e10 }))).advance(100).failure;
    expect(overflow?.quantity).toBe('parameter');
    expect(overflow?.parameter).toMatch(/^fc\d\.(weight|bias)$/);
    const loss = (await start(wild({ type: 'Adam', lr: 1e15 }))).advance(100).failure;
    expect(loss).toEqual({ code: 'DIVERGED', step: 2, quantity: 'train_loss', parameter: null, layer: 'fc4' });
  });

  it('names a penalty, and the test loss', async () => {
    const penalty = wild({ type: 'Adam', lr: 1e-3 }, { regularization: { l1: 1e38 } });
    expect((await start(penalty)).advance(1).failure).toEqual({
      code: 'DIVERGED',
      step: 1,
      quantity: 'penalty_l1',
      parameter: null,
      layer: null,
    });
    const evaluated = wild({ type: 'Adam', lr: 1e15 }, { evaluate_every: 1 });
    const { failure, evaluations, steps } = (await start(evaluated)).advance(10);
    expect(failure).toEqual({ code: 'DIVERGED', step: 1, quantity: 'test_loss', parameter: null, layer: 'fc4' });
    expect([evaluations.length, steps?.step.length]).toEqual([1, 1]);
  });
});

describe('refusals', () => {
  const refusal = (code: string, message: RegExp) =>
    expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error;

  it('of options', async () => {
    const launcher = nodeThreadLauncher();
    for (const threads of [0, 65, 1.5])
      await expect(start({}, { threads, launcher })).rejects.toThrow(refusal('BAD_OPTION', /threads/));
    await expect(start({}, { threads: 2 })).rejects.toThrow(refusal('BAD_OPTION', /launcher/));
    await expect(start({}, { variant: 'none' })).rejects.toThrow(/no such variant/);
    const session = await start();
    for (const steps of [-1, 0.5, NaN]) expect(() => session.advance(steps)).toThrow(refusal('BAD_OPTION', /maxSteps/));
  });

  it('of models beyond any memory', async () => {
    await expect(start({ layers: [65_536, 'ReLU', 65_536, 1] })).rejects.toThrow(
      refusal('OUT_OF_MEMORY', /need 48\.\d GiB/),
    );
  });

  it('after disposal', async () => {
    const session = await start();
    await session.dispose();
    await session.dispose();
    expect(() => session.advance(1)).toThrow(refusal('SESSION_OVER', /disposed/));
    expect(() => session.checkpoint()).toThrow(refusal('SESSION_OVER', /disposed/));
  });

  it('of checkpoints that are cut off, damaged, newer, or of another run', async () => {
    const session = await start();
    session.advance(3);
    const { step, bytes } = session.checkpoint();
    const resume = (changed: Uint8Array, options: Partial<SessionOptions> = {}) =>
      start({}, { resume: { step, bytes: changed } satisfies Checkpoint, ...options });
    for (const length of [0, 7, 15, 100, bytes.length - 1])
      await expect(resume(bytes.slice(0, length))).rejects.toThrow(refusal('BAD_CHECKPOINT', /cut off/));
    for (const at of [25, 900, bytes.length - 1]) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ 4;
      await expect(resume(damaged)).rejects.toThrow(refusal('BAD_CHECKPOINT', /damaged/));
    }
    const foreign = bytes.slice();
    foreign[0] = 0;
    await expect(resume(foreign)).rejects.toThrow(refusal('BAD_CHECKPOINT', /no checkpoint/));
    const newer = bytes.slice();
    newer[8] = 3;
    await expect(resume(newer)).rejects.toThrow(refusal('BAD_CHECKPOINT', /version 3/));
    await expect(resume(bytes, { seed: 2 })).rejects.toThrow(
      refusal('BAD_CHECKPOINT', /another experiment, variant or seed/),
    );
    await expect(start({ layers: [17, 'ReLU', 1] }, { resume: { step, bytes } })).rejects.toThrow(
      refusal('BAD_CHECKPOINT', /another/),
    );
    expect((await resume(bytes)).step).toBe(3);
  });

  it('CRC-32 is the usual one', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});
