// What a run does on its way: batches and epochs, schedules, changes, going back, looking inside, stopping early, the best step.
import { afterEach, describe, expect, it } from 'vitest';
import { nodeThreadLauncher } from '../process/node-threads.ts';
import { bernoulli, Generator } from '../random/index.ts';
import type { RunEvent, StepColumns } from '../spec/index.ts';
import { openSession } from './create-session.ts';
import { createSession, type SessionOptions, type TrainingSession } from './index.ts';
import { sampleExperiment, sampleTable, type Sample } from './sample-experiments.ts';
import { readGenerator } from './state.ts';

const open: TrainingSession[] = [];
afterEach(async () => {
  for (const session of open.splice(0)) await session.dispose();
});

async function start(sample: Sample, options: Partial<SessionOptions> = {}): Promise<TrainingSession> {
  const session = await createSession({
    experiment: sampleExperiment(sample),
    variant: 'base',
    seed: 1,
    threads: 1,
    ...options,
  });
  open.push(session);
  return session;
}

const state = (session: TrainingSession): readonly number[] => [...session.checkpoint().bytes];
const losses = (steps: StepColumns | null): readonly number[] => [...(steps?.train_loss ?? [])];

const SGD = { type: 'SGD', lr: 0.05, momentum: 0.9 };
const DATA = sampleTable({ rows: 23, testRows: 7, input: 3, targets: 1 });
const BATCHES: Sample = {
  layers: [8, 0.3, 'Tanh', 1],
  data: DATA,
  recipe: { epochs: 4, batch_size: 5, shuffle: true, optimizer: SGD, evaluate_every: 7 },
};
/** A net of images in several blocks of examples, with everything that draws. */
const IMAGES: Sample = {
  layers: [
    { type: 'Conv2d', out_channels: 7, kernel_size: 3, padding: 1 },
    'ReLU',
    { type: 'MaxPool2d', kernel_size: 2 },
    { type: 'Dropout2d', p: 0.2 },
    { type: 'Conv2d', out_channels: 13, kernel_size: 3 },
    'Tanh',
    'Flatten',
    0.4,
    20,
    'ReLU',
    3,
  ],
  data: sampleTable({ rows: 70, testRows: 9, input: [2, 8, 8], classes: 3 }),
  recipe: {
    epochs: 3,
    batch_size: 33,
    shuffle: true,
    loss: { type: 'CrossEntropyLoss' },
    optimizer: SGD,
    gradient_clipping: { type: 'norm', max_norm: 1 },
    evaluate_every: 4,
  },
};

describe('batches', () => {
  it('make an epoch with a smaller last one, or without it', async () => {
    expect((await start(BATCHES)).totalSteps).toBe(4 * 5);
    expect((await start({ ...BATCHES, recipe: { ...BATCHES.recipe, drop_last: true } })).totalSteps).toBe(4 * 4);
  });

  it('draw the order of an epoch before its masks', async () => {
    const experiment = sampleExperiment(BATCHES);
    const session = await openSession({ experiment, variant: 'base', seed: 1, threads: 1 });
    open.push(session);
    const generator = Generator.fromState(readGenerator(session.plan, session.memory));
    session.advance(6);
    for (const batches of [[5, 5, 5, 5, 3], [5]]) {
      // Base seed and sampler's seed of the loader, 63 bits each.
      generator.random64();
      generator.random64();
      for (const rows of batches) bernoulli(generator, rows * 8, 0.7);
    }
    expect(readGenerator(session.plan, session.memory)).toEqual(generator.getState());
  });

  it('see every example once an epoch', async () => {
    // A model of one bias learns the mean of what it has seen: with lr 1 / n of a sum of n squares' halves …
    const data = sampleTable({ rows: 12, input: 1, targets: 1 });
    const recipe = { epochs: 1, batch_size: 4, shuffle: true, optimizer: { type: 'SGD', lr: 1e-6 } };
    const session = await start({ layers: [1], data, recipe });
    const whole = await start({ layers: [1], data, recipe: { steps: 1, optimizer: { type: 'SGD', lr: 1e-6 } } });
    const { steps } = session.advance(3);
    const mean = losses(steps).reduce((sum, x) => sum + x, 0) / 3;
    expect(mean).toBeCloseTo(losses(whole.advance(1).steps)[0] as number, 4);
  });

  it('go on equally however the steps are cut, and from a checkpoint in the middle of an epoch', async () => {
    const whole = await start(BATCHES);
    const all = losses(whole.advance(20).steps);
    const cut = await start(BATCHES);
    const parts = [3, 1, 0, 9, 7].flatMap((n) => losses(cut.advance(n).steps));
    expect(parts).toEqual(all);
    const stopped = await start(BATCHES);
    stopped.advance(8);
    const resumed = await start(BATCHES, { resume: stopped.checkpoint() });
    expect(losses(resumed.advance(12).steps)).toEqual(all.slice(8));
    expect(state(resumed)).toEqual(state(whole));
  });

  it('larger than the data are refused with both numbers', async () => {
    const sample = { ...BATCHES, recipe: { ...BATCHES.recipe, batch_size: 24 } };
    expect(() => sampleExperiment(sample)).toThrow(/at most the number of train examples \(23\), but is 24/);
  });
});

describe('threads', () => {
  it.each([
    ['vectors', BATCHES],
    ['images', IMAGES],
  ] as const)(
    '1, 2, 3 and 5 of them give the same bits (%s)',
    async (_, sample) => {
      const launcher = nodeThreadLauncher();
      const alone = await start(sample);
      const expected = alone.advance(9);
      for (const threads of [2, 3, 5]) {
        const session = await start(sample, { threads, launcher });
        expect(session.advance(9), `${threads} threads`).toEqual(expected);
        expect(state(session), `${threads} threads`).toEqual(state(alone));
      }
    },
    60_000,
  );
});

describe('schedules', () => {
  it('set the learning rate of every step', async () => {
    const schedule = { type: 'StepLR', step_size: 2, gamma: 0.5, interval: 'epoch' };
    const session = await start({ ...BATCHES, recipe: { ...BATCHES.recipe, schedule } });
    const { steps } = session.advance(20);
    expect([...(steps?.lr ?? [])]).toEqual([...Array<number>(10).fill(0.05), ...Array<number>(10).fill(0.025)]);
  });

  it('stand where they stood after a resumption', async () => {
    const schedule = { type: 'OneCycleLR', max_lr: 0.1 };
    const sample = { ...BATCHES, recipe: { ...BATCHES.recipe, schedule } };
    const whole = await start(sample);
    const all = whole.advance(20).steps;
    const stopped = await start(sample);
    stopped.advance(11);
    const resumed = await start(sample, { resume: stopped.checkpoint() });
    const { steps } = resumed.advance(9);
    expect([...(steps?.lr ?? [])]).toEqual([...(all?.lr ?? [])].slice(11));
    expect(state(resumed)).toEqual(state(whole));
  });
});

describe('changes', () => {
  it('act from the next update on, and replay to the same bits', async () => {
    const live = await start(BATCHES);
    const parts = [live.advance(6).steps];
    const events: RunEvent[] = [live.change('recipe.optimizer.lr', 0.01)];
    parts.push(live.advance(3).steps);
    events.push(live.change('model.layers.dropout1.p', 0), live.change('recipe.regularization.l1', 0.01));
    parts.push(live.advance(11).steps);
    expect(events.map((x) => x.step)).toEqual([6, 9, 9]);
    expect([...(parts[1]?.lr ?? [])]).toEqual([0.01, 0.01, 0.01]);
    expect([...(parts[1]?.penalty_l1 ?? [])]).toEqual([0, 0, 0]);
    expect(parts[2]?.penalty_l1.every((x) => x > 0)).toBe(true);

    const replayed = await start(BATCHES, { events });
    expect(losses(replayed.advance(20).steps)).toEqual(parts.flatMap(losses));
    expect(state(replayed)).toEqual(state(live));
  });

  it('of the learning rate hold at once, and the schedule goes on from there', async () => {
    const schedule = { type: 'StepLR', step_size: 1, gamma: 0.5, interval: 'epoch' };
    const session = await start({ ...BATCHES, recipe: { ...BATCHES.recipe, schedule } });
    session.advance(7);
    session.change('recipe.optimizer.lr', 0.4);
    expect([...(session.advance(5).steps?.lr ?? [])]).toEqual([0.4, 0.4, 0.4, 0.2, 0.2]);
  });

  it('that torch cannot make are refused', async () => {
    const cycle = await start({
      ...BATCHES,
      recipe: { ...BATCHES.recipe, schedule: { type: 'OneCycleLR', max_lr: 0.1 } },
    });
    expect(() => cycle.change('recipe.optimizer.lr', 0.01)).toThrow(/OneCycleLR alone moves the learning rate/);
    const plain = await start({ ...BATCHES, recipe: { ...BATCHES.recipe, optimizer: { type: 'RMSprop', lr: 0.01 } } });
    expect(() => plain.change('recipe.optimizer.momentum', 0.9)).toThrow(/RMSprop began without momentum/);
  });

  it('survive a checkpoint', async () => {
    const live = await start(BATCHES);
    live.advance(6);
    live.change('recipe.optimizer.momentum', 0.5);
    live.advance(2);
    const resumed = await start(BATCHES, { resume: live.checkpoint() });
    expect(losses(resumed.advance(5).steps)).toEqual(losses(live.advance(5).steps));
  });

  it('that make no sense are refused and change nothing', async () => {
    const session = await start(BATCHES);
    session.advance(3);
    const before = state(session);
    for (const [path, value, message] of [
      ['recipe.optimizer.lr', -1, /recipe\.optimizer\.lr: must be lr > 0, but is -1/],
      ['recipe.optimizer.lrr', 1, /there is no such field/],
      ['model.layers.dropout1.p', 1, /0 ≤ p < 1/],
      ['model.layers.fc0.out_features', 9, /it would be another model/],
      ['data.x', [], /the data is drawn when it begins/],
      ['recipe.batch_size', 3, /it decides what has been trained so far/],
      ['recipe.optimizer.nesterov', true, null],
    ] as const) {
      if (message === null) session.change(path, value);
      else expect(() => session.change(path, value), path).toThrow(message);
      if (message !== null) expect(state(session)).toEqual(before);
    }
  });
});

describe('going back', () => {
  it.each([
    ['vectors', BATCHES],
    ['images', IMAGES],
  ] as const)('undoes steps to the last bit, in and across epochs (%s)', async (_, sample) => {
    const session = await start(sample);
    const states: (readonly number[])[] = [state(session)];
    const rows: number[] = [];
    for (let i = 0; i < 9; i++) {
      rows.push(...losses(session.advance(1).steps));
      states.push(state(session));
    }
    for (const [back, at] of [
      [1, 8],
      [3, 5],
      [4, 1],
    ] as const) {
      expect(session.stepBack(back)).toBe(at);
      expect(session.step).toBe(at);
    }
    const again = session.advance(8);
    expect(losses(again.steps)).toEqual(rows.slice(1));
    expect(state(session)).toEqual(states[9]);
    expect(session.stepBack(100)).toBe(0);
    session.advance(0);
    expect(losses(session.advance(9).steps)).toEqual(rows);
  });

  it('forgets changes made after the step it goes back to, and keeps those before', async () => {
    const session = await start(BATCHES);
    session.advance(4);
    session.change('recipe.optimizer.lr', 0.02);
    session.advance(4);
    session.change('recipe.optimizer.lr', 0.003);
    session.advance(4);
    expect(session.stepBack(5)).toBe(7);
    expect([...(session.advance(2).steps?.lr ?? [])]).toEqual([0.02, 0.02]);
  });

  it('lets a diverged run go on with another learning rate', async () => {
    const session = await start({
      layers: [16, 'ReLU', 1],
      recipe: { steps: 50, optimizer: { type: 'SGD', lr: 0.1 } },
    });
    session.advance(10);
    session.change('recipe.optimizer.lr', 1e6);
    expect(session.advance(40).failure).not.toBeNull();
    expect(session.stepBack(session.step - 10)).toBe(10);
    const { failure, steps } = session.advance(40);
    expect(failure).toBeNull();
    expect(steps?.lr[0]).toBe(0.1);
  });
});

describe('looking inside', () => {
  it('takes the next update apart as it then happens', async () => {
    const session = await start(BATCHES);
    session.advance(7);
    const before = state(session);
    const { step, tensors } = session.inspect();
    expect(state(session)).toEqual(before);
    const of = (name: string) => tensors.find((x) => x.name === name);
    const { steps } = session.advance(1);
    expect(step).toBe(8);
    expect(of('loss')?.values[0]).toBe(steps?.train_loss[0]);
    for (const [name, { shape, values }] of session.parameters()) {
      expect(of(`${name}.updated`)?.shape).toEqual(shape);
      expect(of(`${name}.updated`)?.values, name).toEqual(values);
    }
    expect(of('fc0.output')?.shape).toEqual([5, 8]);
    const [masked, mask, plain] = ['dropout1.output', 'dropout1.mask', 'fc0.output'].map((name) => of(name)?.values);
    expect(masked).toEqual(plain?.map((x, i) => x * (mask?.[i] ?? NaN)));
    expect(of('fc0.weight.gradient')?.values.some((x) => x !== 0)).toBe(true);
  });

  it('refuses models with too many values', async () => {
    const session = await start({
      layers: [4000, 'ReLU', 1],
      points: 2000,
    });
    expect(() => session.inspect()).toThrow(/too many to be looked at/);
  });
});

describe('validation data', () => {
  const noise = { type: 'linear_noise', points: 20, x_min: -1, x_max: 1, slope: 1, noise: 0.3, validation_points: 15 };
  const overfitting = (recipe: object): Sample => ({
    layers: [100, 'ReLU', 100, 'ReLU', 1],
    data: noise,
    recipe: { steps: 400, evaluate_every: 10, optimizer: { type: 'Adam', lr: 0.01 }, ...recipe },
  });

  it('is scored apart, and its lowest loss is the best step', async () => {
    const session = await start(overfitting({}));
    const { evaluations } = session.advance(400);
    const scores = evaluations.map((x) => x.validation?.loss ?? NaN);
    const lowest = Math.min(...scores);
    expect(session.best).toMatchObject({ step: evaluations[scores.indexOf(lowest)]?.step, loss: lowest });
    const best = session.best?.checkpoint;
    if (!best) throw new Error('no checkpoint of the best step');
    const there = await start(overfitting({}), { resume: best });
    expect(there.step).toBe(session.best?.step);
  });

  it('ends a run that gets no better, and never test data', async () => {
    const patience = 3;
    const session = await start(overfitting({ early_stopping: { patience } }));
    const { evaluations, done } = session.advance(400);
    expect(done).toBe(true);
    expect(session.step).toBeLessThan(400);
    const best = session.best?.step ?? NaN;
    expect(evaluations.at(-1)?.step).toBe(best + 10 * patience);
    expect(() => sampleExperiment({ layers: [1], recipe: { early_stopping: { patience } } })).toThrow(
      /there is no validation data/,
    );
  });

  it('goes on where it stood after a resumption', async () => {
    const recipe = { early_stopping: { patience: 4 }, schedule: { type: 'ReduceLROnPlateau', patience: 1 } };
    const whole = await start(overfitting(recipe));
    whole.advance(400);
    const stopped = await start(overfitting(recipe));
    stopped.advance(25);
    const resumed = await start(overfitting(recipe), { resume: stopped.checkpoint() });
    resumed.advance(400);
    expect(resumed.step).toBe(whole.step);
    expect(state(resumed)).toEqual(state(whole));
  });
});

describe('scores', () => {
  it('of classes count what is right', async () => {
    const session = await start(IMAGES);
    const { evaluations } = session.advance(9);
    const last = evaluations.at(-1);
    expect(last?.step).toBe(9);
    const { confusion, test } = last ?? {};
    expect(confusion?.reduce((sum, x) => sum + x, 0)).toBe(9);
    const right = [0, 4, 8].reduce((sum, i) => sum + (confusion?.[i] ?? NaN), 0);
    expect(test).toMatchObject({ accuracy: right / 9, top5: null, mae: null, r2: null });
    expect(last?.parameters.map((x) => x.name)).toEqual([...session.parameters().keys()]);
    expect(last?.parameters.every((x) => x.norm > 0 && (x.gradientNorm ?? 0) > 0 && x.zeros === 0)).toBe(true);
  });

  it('exact zeros are counted', async () => {
    const recipe = { optimizer: { type: 'SGD', lr: 0.1 }, regularization: { l1: 0.5, l1_method: 'proximal' } };
    const session = await start({ layers: [12, 'ReLU', 1], recipe });
    const { evaluations } = session.advance(40);
    const [weight] = evaluations.at(-1)?.parameters ?? [];
    const values = session.parameters().get('fc0.weight')?.values ?? new Float32Array();
    expect(weight?.zeros).toBe(values.filter((x) => x === 0).length / values.length);
    expect(weight?.zeros).toBeGreaterThan(0.5);
  });
});

describe('given weights', () => {
  it('are what training starts from, with the masks that it would have had', async () => {
    const first = await start(BATCHES);
    first.advance(10);
    const weights = first.parameters();
    const second = await start(BATCHES, { weights });
    expect(second.parameters()).toEqual(weights);
    const plain = await start(BATCHES);
    const noise = (session: TrainingSession) =>
      session.inspect().tensors.find((x) => x.name === 'dropout1.mask')?.values;
    expect(noise(second)).toEqual(noise(plain));
  });

  it('of the wrong size are refused by name', async () => {
    const weights = new Map([['fc0.weight', { shape: [1], values: new Float32Array(1) }]]);
    await expect(start(BATCHES, { weights })).rejects.toThrow(
      /weights: fc0\.weight has 1 values, but the model needs 24/,
    );
  });
});
