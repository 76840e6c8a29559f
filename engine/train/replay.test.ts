// Changes that are made again: each once, in their order, whatever a run was resumed from, and not after it went back behind them.
import { afterEach, expect, it } from 'vitest';
import type { RunEvent } from '../spec/index.ts';
import { createSession, type SessionOptions, type TrainingSession } from './index.ts';
import { sampleExperiment, type Sample } from './sample-experiments.ts';

const open: TrainingSession[] = [];
afterEach(async () => {
  for (const session of open.splice(0)) await session.dispose();
});

const SAMPLE: Sample = { layers: [8, 0.3, 'Tanh', 1], points: 20 };
const lr = (step: number, value: number): RunEvent => ({ step, path: 'recipe.optimizer.lr', value });

async function start(options: Partial<SessionOptions> = {}): Promise<TrainingSession> {
  const session = await createSession({
    experiment: sampleExperiment(SAMPLE),
    variant: 'base',
    seed: 1,
    threads: 1,
    ...options,
  });
  open.push(session);
  return session;
}
const state = (session: TrainingSession): readonly number[] => [...session.checkpoint().bytes];
const rates = (session: TrainingSession, steps: number): readonly number[] => [
  ...(session.advance(steps).steps?.lr ?? []),
];

/** A session that was changed at step 10, twice, and twice the same in the end. */
async function changed(): Promise<{ session: TrainingSession; events: readonly RunEvent[] }> {
  const session = await start();
  session.advance(10);
  const events = [0.05, 0.02, 0.05].map((value) => session.change('recipe.optimizer.lr', value));
  return { session, events };
}

it('a checkpoint of the very step at which changes were made holds them: they are not made again', async () => {
  const { session, events } = await changed();
  const resumed = await start({ resume: session.checkpoint(), events });
  session.advance(5);
  resumed.advance(5);
  expect(state(resumed)).toEqual(state(session));
});

it('a checkpoint from before them lacks them: they are made, in their order', async () => {
  const before = await start();
  before.advance(4);
  const { session, events } = await changed();
  const resumed = await start({ resume: before.checkpoint(), events });
  session.advance(5);
  resumed.advance(11);
  expect(state(resumed)).toEqual(state(session));
});

it('a change at a step where others are still to be made comes after them', async () => {
  const session = await start({ events: [lr(10, 0.05)] });
  session.advance(10);
  session.change('recipe.optimizer.lr', 0.001);
  expect(rates(session, 2)).toEqual([0.001, 0.001]);
  const again = await start({ events: [lr(10, 0.05), lr(10, 0.001)] });
  again.advance(12);
  expect(state(again)).toEqual(state(session));
});

it('going back keeps the changes before, each once', async () => {
  const session = await start({ events: [lr(3, 0.05), lr(10, 0.02)] });
  session.advance(15);
  expect(session.stepBack(3)).toBe(12);
  session.advance(3);
  const straight = await start({ events: [lr(3, 0.05), lr(10, 0.02)] });
  straight.advance(15);
  expect(state(session)).toEqual(state(straight));
});

it('going back behind a change that was still to come takes it away', async () => {
  const before = await start();
  before.advance(4);
  const session = await start({ resume: before.checkpoint(), events: [lr(10, 0.05)] });
  session.advance(4);
  session.stepBack(2);
  const [rate = 0] = rates(session, 1);
  expect(rates(session, 10)).toEqual(Array.from({ length: 10 }, () => rate));
});
