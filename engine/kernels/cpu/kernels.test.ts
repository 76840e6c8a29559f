// Both builds of the kernels against the double-precision references, layer by layer, loss by loss and recipe by recipe, over
// awkward shapes, with guard words around every buffer, alone and on several threads.
import { describe, expect, it } from 'vitest';
import { damagedGuards } from '../../plan/index.ts';
import { nodeThreadLauncher } from '../../process/node-threads.ts';
import { Generator } from '../../random/index.ts';
import { openSession } from '../../train/create-session.ts';
import { sampleExperiment, type Sample } from '../../train/sample-experiments.ts';
import { readGenerator } from '../../train/state.ts';
import { agreement, SEED } from '../../../test/fixtures/kernel-agreement.ts';
import { LAYER_CASES, LOSS_CASES, named, NETS, RECIPES } from '../../../test/fixtures/kernel-cases.ts';

const BUILDS = ['relaxed', 'plain'] as const;
const SGD = { type: 'SGD', lr: 0.01 };

/** One step in f32 against f64: sums of up to some thousands of products, relative to the array's largest value. */
const STEP_TOLERANCE = 5e-6;
/** Several steps, whose differences feed back. */
const RUN_TOLERANCE = 2e-5;

async function expectAgreement(sample: Sample, tolerance: number, options: Parameters<typeof agreement>[1]) {
  const { differences, damaged } = await agreement(sample, options);
  expect(damaged).toEqual([]);
  const apart = [...differences].filter(([, x]) => !(x <= tolerance)).map(([name, x]) => `${name}: ${x}`);
  expect(apart).toEqual([]);
}

describe.each(BUILDS)('%s kernels', (simd) => {
  it.each(named(LAYER_CASES))('layer %s', async (_, sample) => {
    await expectAgreement({ recipe: { optimizer: SGD }, ...sample }, STEP_TOLERANCE, { simd, steps: 2 });
  });
  it.each(named(LOSS_CASES))('loss %s', async (_, sample) => {
    await expectAgreement({ ...sample, recipe: { optimizer: SGD, ...sample.recipe } }, STEP_TOLERANCE, {
      simd,
      steps: 2,
    });
  });
  it.each(named(NETS))('net %s', async (_, sample) => {
    await expectAgreement({ recipe: { optimizer: SGD }, ...sample }, STEP_TOLERANCE, { simd, steps: 1 });
  });
  it.each(named(RECIPES))('ten steps of %s', async (_, sample) => {
    await expectAgreement(sample, RUN_TOLERANCE, { simd, steps: 10 });
  });

  it('notices a write beside a buffer', async () => {
    const session = await openSession(
      { experiment: sampleExperiment(), variant: 'base', seed: SEED, threads: 1 },
      { simd, guards: true },
    );
    const guard = session.plan.guards[3];
    new Uint8Array(session.memory)[guard?.address ?? 0] = 1;
    expect(damagedGuards(session.plan, session.memory)).toEqual([guard?.beside]);
  });

  it.each([0.5, 0.1, 0.9, 0.999])('masks of p = %f leave the stream where engine/random does', async (p) => {
    const experiment = sampleExperiment({ layers: [13, p, 'ReLU', 6, p, 1], points: 49, recipe: { optimizer: SGD } });
    const session = await openSession({ experiment, variant: 'base', seed: SEED, threads: 1 }, { simd, guards: true });
    const before = Generator.fromState(readGenerator(session.plan, session.memory));
    session.advance(3);
    const draws = 3 * 49 * (13 + 6) * 2;
    for (let i = 0; i < draws; i++) before.random();
    const after = Generator.fromState(readGenerator(session.plan, session.memory));
    // A state right before a twist and one right after it draw the same.
    expect(Array.from({ length: 700 }, () => after.random())).toEqual(
      Array.from({ length: 700 }, () => before.random()),
    );
  });
});

describe('threads', () => {
  it.each([...named(LAYER_CASES), ...named(NETS)].filter((_, i) => i % 3 === 0))(
    '3 threads compute %s',
    async (_, sample) => {
      await expectAgreement({ recipe: { optimizer: SGD }, ...sample }, STEP_TOLERANCE, {
        steps: 2,
        threads: 3,
        launcher: nodeThreadLauncher(),
      });
    },
  );

  /** Parameters after three steps, and the losses on the way. */
  async function trained(sample: Sample, threads: number): Promise<unknown> {
    const experiment = sampleExperiment({ ...sample, recipe: { optimizer: SGD, ...sample.recipe } });
    const launcher = nodeThreadLauncher();
    const session = await openSession({ experiment, variant: 'base', seed: SEED, threads, launcher }, {});
    try {
      const { steps } = session.advance(3);
      return [steps?.train_loss, [...session.parameters()].map(([name, { values }]) => [name, [...values]])];
    } finally {
      await session.dispose();
    }
  }

  it.each([
    ...named({ Softmax: LAYER_CASES.Softmax.slice(2, 6), LogSoftmax: LAYER_CASES.LogSoftmax.slice(2, 6) }),
    ...named(LOSS_CASES).filter((_, i) => i % 4 === 0),
    ...named({ mixed: NETS['of all activations'] ?? [] }),
  ])('any number of threads trains %s to the same bits', async (_, sample) => {
    const alone = await trained(sample, 1);
    expect(await trained(sample, 2)).toEqual(alone);
    expect(await trained(sample, 5)).toEqual(alone);
  });
});
