// The fit that evaluations record: the model's own answers over the data's range, and nothing of the training by it.
import { afterEach, describe, expect, it } from 'vitest';
import { damagedGuards } from '../plan/index.ts';
import { nodeThreadLauncher } from '../process/node-threads.ts';
import { Generator } from '../random/index.ts';
import { fitInputs, resolveVariant, type Evaluation, type ExperimentSpec, type Fit } from '../spec/index.ts';
import { openSession, type SessionInternals } from './create-session.ts';
import type { CpuSession } from './cpu-session.ts';
import type { SessionOptions } from './index.ts';
import { ReferenceTraining } from './reference-training.ts';
import { ADAM, sampleExperiment, sampleTable, type Layers, type TableSample } from './sample-experiments.ts';

const open: CpuSession[] = [];
afterEach(async () => {
  for (const session of open.splice(0)) await session.dispose();
});

async function start(
  experiment: ExperimentSpec,
  options: Partial<SessionOptions> = {},
  internals: SessionInternals = {},
): Promise<CpuSession> {
  const session = await openSession({ experiment, variant: 'base', seed: 1, threads: 1, ...options }, internals);
  open.push(session);
  return session;
}

const last = (evaluations: readonly Evaluation[]): Evaluation => {
  const found = evaluations.at(-1);
  if (!found) throw new Error('nothing was evaluated');
  return found;
};

const HIDDEN: Layers = [24, { type: 'BatchNorm1d' }, 'Tanh', 0.3, 17, 'ReLU', 0.5];

function sample(data: TableSample, recipe: Readonly<Record<string, unknown>> = {}): ExperimentSpec {
  const isClasses = data.classes !== undefined;
  return sampleExperiment({
    layers: [...HIDDEN, data.classes ?? 1],
    data: sampleTable(data),
    recipe: {
      steps: 30,
      batch_size: 16,
      shuffle: true,
      optimizer: ADAM,
      evaluate_every: 10,
      ...(isClasses && { loss: { type: 'CrossEntropyLoss' } }),
      ...recipe,
    },
  });
}

const CASES: readonly (readonly [string, TableSample])[] = [
  ['one feature and a number', { rows: 37, testRows: 11, input: 1 }],
  ['two features and a number', { rows: 37, testRows: 11, input: 2 }],
  ['two features and a class', { rows: 37, testRows: 11, input: 2, classes: 3 }],
  ['very few examples', { rows: 3, input: 2, classes: 2 }],
];
const recipeOf = ({ rows }: TableSample) => (rows < 16 ? { batch_size: null, shuffle: false } : {});

/** The model's outputs at every place, by the reference in double precision. */
function reference(experiment: ExperimentSpec, session: CpuSession, { axes }: Fit): Float64Array {
  const resolved = resolveVariant(experiment, 'base');
  const training = new ReferenceTraining(resolved, session.parameters(), Generator.manualSeed(9));
  return Float64Array.from(training.evaluate(fitInputs(axes)).data);
}

describe('a recorded fit', () => {
  it.each(CASES)('of %s is what the model answers there', async (_, data) => {
    const experiment = sample(data, recipeOf(data));
    const session = await start(experiment);
    const { fit } = last(session.advance(30).evaluations);
    if (!fit) throw new Error('no fit');
    const expected = reference(experiment, session, fit);
    const places = fit.values.length;
    expect(places).toBe(data.input === 1 ? 201 : 41 * 41);
    const count = data.classes ?? 1;
    let farthest = 0;
    for (let place = 0; place < places; place++) {
      const scores = [...expected.subarray(place * count, (place + 1) * count)];
      const predicted = fit.classes?.[place] ?? 0;
      const most = scores[predicted] as number;
      // The class with the highest score, up to what f32 can tell apart.
      expect(most).toBeGreaterThan(Math.max(...scores) - 1e-4);
      const value = fit.classes ? 1 / scores.reduce((sum, x) => sum + Math.exp(x - most), 0) : most;
      farthest = Math.max(farthest, Math.abs(value - (fit.values[place] as number)));
    }
    expect(farthest).toBeLessThan(1e-4);
  });

  it('reaches over the examples of every split', async () => {
    const data = {
      type: 'table',
      x: [
        [0, 1],
        [1, 2],
      ],
      y: [[0], [1]],
      validation_x: [[-9, 1]],
      validation_y: [[0]],
      test_x: [[1, 12]],
      test_y: [[0]],
      classes: 2,
    };
    const recipe = { loss: { type: 'CrossEntropyLoss' } };
    const session = await start(sampleExperiment({ layers: [4, 'ReLU', 2], data, recipe }));
    expect(last(session.advance(0).evaluations).fit?.axes).toEqual([
      { low: -9.5, high: 1.5, points: 41 },
      { low: 1 - 11 * 0.05, high: 12 + 11 * 0.05, points: 41 },
    ]);
  });

  it('is there for lines as before, and not for data of three features', async () => {
    const lines = await start(sampleExperiment());
    expect(last(lines.advance(0).evaluations).fit).toMatchObject({ axes: [{ points: 201 }], classes: null });
    const three = await start(sample({ rows: 37, input: 3, classes: 2 }));
    expect(last(three.advance(0).evaluations).fit).toBeNull();
  });

  it.each(CASES)('of %s is bit-equal for any number of threads', async (_, data) => {
    const of = async (threads: number): Promise<Fit | null> => {
      const session = await start(sample(data, recipeOf(data)), { threads, launcher: nodeThreadLauncher() });
      return last(session.advance(30).evaluations).fit;
    };
    const alone = await of(1);
    expect(alone).not.toBeNull();
    expect(await of(2)).toEqual(alone);
    expect(await of(3)).toEqual(alone);
  });

  it.each(CASES)('of %s leaves masks, order and losses alone, however often it is made', async (_, data) => {
    const of = async (every: number) => {
      const session = await start(sample(data, { ...recipeOf(data), evaluate_every: every }));
      const { steps, evaluations } = session.advance(30);
      const { train, test } = last(evaluations);
      return { losses: [...(steps?.train_loss ?? [])], train, test, parameters: [...session.parameters()] };
    };
    expect(await of(1)).toEqual(await of(30));
  });

  it.each(CASES)('of %s writes nowhere else', async (_, data) => {
    const session = await start(sample(data, recipeOf(data)), {}, { guards: true });
    session.advance(20);
    expect(damagedGuards(session.plan, session.memory)).toEqual([]);
  });

  it('goes on after changes and going back', async () => {
    const experiment = sample({ rows: 37, testRows: 11, input: 2, classes: 3 });
    const session = await start(experiment);
    session.advance(10);
    session.change('recipe.optimizer.lr', 0.001);
    const before = last(session.advance(10).evaluations).fit;
    expect(session.stepBack(5)).toBe(15);
    expect(last(session.advance(5).evaluations).fit).toEqual(before);
  });
});
