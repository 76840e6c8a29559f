// Trains a sample with the kernels and, beside them, with the double-precision references, and measures how far they part.
// Used by tests only.
import { loadData, type Examples } from '../../data/index.ts';
import { damagedGuards } from '../../plan/index.ts';
import { Generator } from '../../random/index.ts';
import { resolveVariant } from '../../spec/index.ts';
import { openSession, type SessionInternals } from '../../train/create-session.ts';
import { ReferenceTraining, type ReferenceStep } from '../../train/reference-training.ts';
import { sampleExperiment, type Sample } from '../../train/sample-experiments.ts';
import type { ThreadLauncher } from '../../train/session.ts';
import { readGenerator, readRows } from '../../train/state.ts';

export const SEED = 3;

/** Largest |a-b| in units of the largest |b| (at least `floor`, so that arrays of zeros can be compared). */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-3): number {
  if (actual.length !== expected.length) return Infinity;
  let [scale, most] = [floor, 0];
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i] as number, expected[i] as number];
    scale = Math.max(scale, Math.abs(b));
    const apart = Math.abs(a - b);
    most = Number.isNaN(apart) ? Infinity : Math.max(most, apart);
  }
  return most / scale;
}

export interface Agreement {
  /** By what was compared: `loss`, `fc1.weight` (after the last step), `fc1.weight.gradient` (of the first step), … */
  readonly differences: ReadonlyMap<string, number>;
  readonly damaged: readonly string[];
}

const featuresOf = ({ rows, x }: Examples): number => x.length / rows;

/**
 * Full batches, or batches in the order of the data.
 * @param steps updates to take; gradients are compared at the first one.
 */
export async function agreement(
  sample: Sample,
  options: SessionInternals & { readonly steps: number; readonly threads?: number; readonly launcher?: ThreadLauncher },
): Promise<Agreement> {
  const { steps, threads = 1, launcher, ...internals } = options;
  const experiment = sampleExperiment({ ...sample, recipe: { steps, evaluate_every: steps, ...sample.recipe } });
  const resolved = resolveVariant(experiment, 'base');
  const session = await openSession(
    { experiment, variant: 'base', seed: SEED, threads, ...(launcher && { launcher }) },
    { guards: true, ...internals },
  );
  try {
    const differences = new Map<string, number>();
    const note = (name: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
      differences.set(name, Math.max(differences.get(name) ?? 0, difference(actual, expected)));
    };
    const { train, test } = (await loadData(resolved.data, Generator.manualSeed(SEED))).splits;
    const examples = train as Examples;
    // Draws of batches come first in an epoch.
    const batch = resolved.recipe.batch_size ?? examples.rows;
    let reference: ReferenceTraining | null = null;
    for (let step = 0; step < steps; step++) {
      const { plan, memory } = session;
      if (!reference) {
        session.advance(0);
        reference = new ReferenceTraining(
          resolved,
          session.parameters(),
          Generator.fromState(readGenerator(plan, memory)),
        );
        if (test) note('evaluation', session.outputs('test') ?? [], reference.evaluate(test.x).data);
      }
      const { steps: rows, failure } = session.advance(1);
      if (failure) throw new Error(`${failure.quantity} is not finite at step ${failure.step}`);
      const start = (step * batch) % (Math.ceil(examples.rows / batch) * batch);
      const end = Math.min(start + batch, examples.rows);
      const [features, targets] = [featuresOf(examples), examples.y.length / examples.rows];
      const expected: ReferenceStep = reference.step({
        x: examples.x.subarray(start * features, end * features),
        y: examples.y.subarray(start * targets, end * targets),
      });
      note('loss', rows?.train_loss ?? [], [expected.loss]);
      note('penalty_l1', rows?.penalty_l1 ?? [], [expected.penaltyL1]);
      note('penalty_l2', rows?.penalty_l2 ?? [], [expected.penaltyL2]);
      if (step === 0 && resolved.recipe.optimizer.type === 'SGD' && !resolved.recipe.gradient_clipping)
        for (const parameter of plan.parameters)
          note(
            `${parameter.name}.gradient`,
            readRows(plan, memory, parameter, parameter.gradient),
            expected.gradients.data.get(parameter.name) ?? [],
          );
    }
    const ended = reference as ReferenceTraining;
    for (const [name, { values }] of session.parameters())
      note(name, values, ended.parameters.get(name) ?? ended.state.get(name) ?? []);
    if (test) note('evaluation', session.outputs('test') ?? [], ended.evaluate(test.x).data);
    return { differences, damaged: damagedGuards(session.plan, session.memory) };
  } finally {
    await session.dispose();
  }
}
