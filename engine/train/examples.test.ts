// The bundled examples are what they say: documents that train, and the from-scratch script to the letter.
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { sha256 } from '../parity/sha256.ts';
import { dropoutNoise } from '../random/index.ts';
import { parseExperiment, resolveVariant, totalSteps, type ExperimentSpec } from '../spec/index.ts';
import { drawStart } from './initialize.ts';
import { createSession } from './index.ts';

const example = (name: string): ExperimentSpec => parseExperiment(EXAMPLES[name]);

/** The same document with few pictures, where it has pictures. */
function small(experiment: ExperimentSpec): ExperimentSpec {
  const { data } = experiment;
  return data.type === 'shapes32'
    ? { ...experiment, data: { ...data, train: 40, validation: 10, test: 10 } }
    : experiment;
}

describe.each(Object.keys(EXAMPLES))('%s', (name) => {
  const experiment = small(example(name));
  it.each(experiment.variants.map((x) => x.name))('trains as %s', async (variant) => {
    const session = await createSession({ experiment, variant, seed: experiment.seed, threads: 1 });
    const { steps, failure } = session.advance(3);
    expect(failure).toBeNull();
    expect([...(steps?.step ?? [])]).toEqual([1, 2, 3]);
    expect(steps?.train_loss.every((x) => x > 0)).toBe(true);
    await session.dispose();
  });
});

describe('cnn', () => {
  const experiment = example('cnn');

  it('takes the tutorial’s steps: batches of 4, SGD with lr 0.001 and momentum 0.9', () => {
    const { recipe } = experiment;
    expect(recipe).toMatchObject({
      batch_size: 4,
      shuffle: true,
      optimizer: { type: 'SGD', lr: 0.001, momentum: 0.9 },
    });
    expect(totalSteps(recipe, 4000)).toBe(30_000);
  });

  it('starts every variant from the same values and the same pictures', async () => {
    const few = small(experiment);
    const starts = await Promise.all(few.variants.map(({ name }) => drawStart(few, resolveVariant(few, name), 1)));
    const all = starts.map(({ data, parameters }) =>
      sha256(data.splits.train.x as Uint8Array, ...[...parameters.values()].map((x) => x.values)),
    );
    expect(new Set(all).size).toBe(1);
  });
});

/** The published script, in double precision: hidden activations masked and scaled, step 0.5, no library. */
class Script {
  readonly #rows = [
    [0, 0, 1],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 1],
  ];
  readonly #answers = [0, 1, 1, 0];
  readonly #alpha = 0.5;
  readonly #printed: boolean;
  /** [4 units][3 inputs] and [4 units]. */
  readonly hidden: number[][];
  readonly output: number[];

  constructor(hidden: Float32Array, output: Float32Array, printed: boolean) {
    this.hidden = Array.from({ length: 4 }, (_, unit) => [...hidden.subarray(3 * unit, 3 * unit + 3)]);
    this.output = [...output];
    this.#printed = printed;
  }

  /** @param mask [4 rows, 4 units] of 0 and 1.25. */
  step(mask: Float32Array): void {
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    const sum = (terms: readonly number[]): number => terms.reduce((total, x) => total + x, 0);
    const hiddenSteps = this.hidden.map((row) => row.map(() => 0));
    const outputSteps = this.output.map(() => 0);
    for (const [r, x] of this.#rows.entries()) {
      const a = this.hidden.map((w) => sigmoid(sum(w.map((value, i) => value * (x[i] as number)))));
      const dropped = a.map((value, unit) => value * (mask[4 * r + unit] as number));
      const o = sigmoid(sum(dropped.map((value, unit) => value * (this.output[unit] as number))));
      const delta = ((this.#answers[r] as number) - o) * o * (1 - o);
      for (const [unit, value] of dropped.entries()) {
        const error = delta * (this.output[unit] as number);
        const slope = this.#printed
          ? value * (1 - value)
          : (mask[4 * r + unit] as number) * (a[unit] as number) * (1 - (a[unit] as number));
        outputSteps[unit] = (outputSteps[unit] as number) + delta * value;
        const steps = hiddenSteps[unit] as number[];
        for (const [i, input] of x.entries()) steps[i] = (steps[i] as number) + error * slope * input;
      }
    }
    for (const [unit, step] of outputSteps.entries())
      this.output[unit] = (this.output[unit] as number) + this.#alpha * step;
    for (const [unit, steps] of hiddenSteps.entries()) {
      const weights = this.hidden[unit] as number[];
      for (const [i, step] of steps.entries()) weights[i] = (weights[i] as number) + this.#alpha * step;
    }
  }
}

describe('numpy-dropout', () => {
  const experiment = example('numpy-dropout');
  const STEPS = 500;

  it.each([
    ['as printed', true, 0.2],
    ['corrected', false, 0.2],
    ['no dropout', false, 0],
  ] as const)('is the script, step by step: %s', async (variant, printed, p) => {
    const { parameters, generator } = await drawStart(experiment, resolveVariant(experiment, variant), 1);
    const start = (name: string): Float32Array => parameters.get(name)?.values as Float32Array;
    expect(start('fc1.weight').every((x) => x >= -1 && x < 1)).toBe(true);
    const script = new Script(start('fc1.weight'), start('fc2.weight'), printed);
    for (let i = 0; i < STEPS; i++) script.step(dropoutNoise(generator, 16, p));

    const session = await createSession({ experiment, variant, seed: 1, threads: 1 });
    while (session.step < STEPS) session.advance(STEPS - session.step);
    const trained = (name: string): number[] => [...(session.parameters().get(name)?.values ?? [])];
    for (const [i, value] of script.hidden.flat().entries()) expect(trained('fc1.weight')[i]).toBeCloseTo(value, 4);
    for (const [i, value] of script.output.entries()) expect(trained('fc2.weight')[i]).toBeCloseTo(value, 4);
    await session.dispose();
  });
});
