// Both builds of the kernels against the double-precision references, over awkward shapes, with guard words around every buffer.
import { describe, expect, it } from 'vitest';
import { damagedGuards } from '../../plan/index.ts';
import { Generator } from '../../random/index.ts';
import { resolveVariant } from '../../spec/index.ts';
import { openSession } from '../../train/create-session.ts';
import { ReferenceTraining } from '../../train/reference-training.ts';
import { sampleExperiment, type Layers, type Sample } from '../../train/sample-experiments.ts';
import { readGenerator, readRows } from '../../train/state.ts';

const BUILDS = ['relaxed', 'plain'] as const;
const SGD = { type: 'SGD', lr: 0.01 };

/** One step in f32 against f64: sums of up to 301 products, relative to the array's largest value. */
const STEP_TOLERANCE = 5e-6;
/** Ten steps, whose differences feed back. */
const RUN_TOLERANCE = 2e-5;

function difference(actual: ArrayLike<number>, expected: Float64Array): number {
  expect(actual.length).toBe(expected.length);
  const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3);
  return expected.reduce((most, x, i) => Math.max(most, Math.abs((actual[i] as number) - x)), 0) / scale;
}

async function open(sample: Sample, simd: (typeof BUILDS)[number]) {
  const experiment = sampleExperiment(sample);
  const session = await openSession({ experiment, variant: 'base', seed: 3, threads: 1 }, { simd, guards: true });
  const generator = Generator.fromState(readGenerator(session.plan, session.memory, null));
  const resolved = resolveVariant(experiment, 'base');
  const reference = new ReferenceTraining(resolved, session.parameters(), session.points.train, generator);
  return { session, reference };
}

const SHAPES: readonly Sample[] = [
  { layers: [1], points: 2 },
  { layers: [1], points: 20, bias: false },
  { layers: [5, 'ReLU', 1], points: 3 },
  { layers: [1, 'Tanh', 1, 'Tanh', 1], points: 19 },
  { layers: [13, 'Sigmoid', 1, 'Tanh', 6, 'ReLU', 1], points: 7 },
  { layers: [31, 'ReLU', 33, 'ReLU', 1], points: 17, bias: false },
  { layers: [301, 'Tanh', 7, 'Sigmoid', 64, 'ReLU', 1], points: 20 },
  { layers: [0.25, 'Tanh', 9, 0.5, 'ReLU', 11, 0.1, 1], points: 21 },
  { layers: [24, 'Tanh', 300, 0.3, 1], points: 48 },
  { layers: [12, 'Tanh', 10, 0.3, 5, 'Sigmoid', 1], points: 49 },
  { layers: [7, 'ReLU', 0.5, 10, 'Tanh', 1], points: 203 },
];
const named = SHAPES.map(
  (sample) =>
    [`${sample.layers?.join(' ')} × ${sample.points}${sample.bias === false ? ' no bias' : ''}`, sample] as const,
);

describe.each(BUILDS)('%s kernels', (simd) => {
  it.each(named)('loss, gradients and guards of %s', async (_, sample) => {
    const { session, reference } = await open({ ...sample, recipe: { optimizer: SGD } }, simd);
    const { steps, failure } = session.advance(1);
    const expected = reference.step();
    expect(failure).toBeNull();
    expect(Math.abs((steps?.train_loss[0] ?? NaN) - expected.loss)).toBeLessThan(
      STEP_TOLERANCE * Math.max(1, expected.loss),
    );
    const { plan, memory } = session;
    for (const parameter of plan.parameters) {
      const gradient = expected.gradients.get(parameter.name) ?? new Float64Array();
      expect(difference(readRows(plan, memory, parameter, parameter.gradient), gradient), parameter.name).toBeLessThan(
        STEP_TOLERANCE,
      );
    }
    expect(damagedGuards(plan, memory)).toEqual([]);
  });

  it('notices a write beside a buffer', async () => {
    const { session } = await open({}, simd);
    const guard = session.plan.guards[3];
    new Uint8Array(session.memory)[guard?.address ?? 0] = 1;
    expect(damagedGuards(session.plan, session.memory)).toEqual([guard?.beside]);
  });

  const net = { layers: [19, 'Tanh', 10, 0.2, 'Sigmoid', 1], points: 20 } as const satisfies Sample;
  // eps is large so that f32 noise in a vanishing gradient does not become a whole step.
  const adam = { type: 'Adam', lr: 0.01, eps: 1e-3 };
  const recipes: readonly (readonly [string, Record<string, unknown>])[] = [
    ['SGD', { optimizer: { type: 'SGD', lr: 0.1 } }],
    ['SGD momentum', { optimizer: { type: 'SGD', lr: 0.05, momentum: 0.9, weight_decay: 0.01 } }],
    ['SGD nesterov', { optimizer: { type: 'SGD', lr: 0.05, momentum: 0.8, nesterov: true } }],
    ['Adam', { optimizer: adam }],
    ['Adam weight decay', { optimizer: { ...adam, weight_decay: 0.1 } }],
    ['Adam small betas', { optimizer: { ...adam, betas: [0.3, 0.5] } }],
    ['L1', { optimizer: SGD, regularization: { l1: 0.02 } }],
    ['L2 half', { optimizer: SGD, regularization: { l2: 0.3, l2_form: 'half' } }],
    ['both, no biases', { optimizer: adam, regularization: { l1: 0.01, l2: 0.1, biases: false } }],
  ];
  it.each(recipes)('ten steps of %s', async (_, recipe) => {
    const { session, reference } = await open({ ...net, recipe: { ...recipe, steps: 10 } }, simd);
    const { steps } = session.advance(10);
    for (let i = 0; i < 10; i++) {
      const expected = reference.step();
      expect(difference([steps?.train_loss[i] ?? NaN], Float64Array.of(expected.loss))).toBeLessThan(RUN_TOLERANCE);
      expect(difference([steps?.penalty_l1[i] ?? NaN], Float64Array.of(expected.penaltyL1))).toBeLessThan(
        RUN_TOLERANCE,
      );
      expect(difference([steps?.penalty_l2[i] ?? NaN], Float64Array.of(expected.penaltyL2))).toBeLessThan(
        RUN_TOLERANCE,
      );
    }
    for (const [name, { values }] of session.parameters())
      expect(difference(values, reference.parameters.get(name) ?? new Float64Array()), name).toBeLessThan(
        RUN_TOLERANCE,
      );
    expect(damagedGuards(session.plan, session.memory)).toEqual([]);
  });

  it.each([0.5, 0.1, 0.9, 0.999])('masks of p = %f and the stream after them are engine/random’s', async (p) => {
    const layers: Layers = [13, p, 'ReLU', 6, p, 1];
    const { session, reference } = await open({ layers, points: 49, recipe: { optimizer: SGD } }, simd);
    const before = Generator.fromState(readGenerator(session.plan, session.memory, null));
    session.advance(3);
    for (let i = 0; i < 3; i++) reference.step();
    const draws = 3 * 49 * (13 + 6) * 2;
    for (let i = 0; i < draws; i++) before.random();
    const after = Generator.fromState(readGenerator(session.plan, session.memory, null));
    // A state right before a twist and one right after it draw the same.
    expect(Array.from({ length: 700 }, () => after.random())).toEqual(
      Array.from({ length: 700 }, () => before.random()),
    );
    for (const [name, { values }] of session.parameters())
      expect(difference(values, reference.parameters.get(name) ?? new Float64Array()), name).toBeLessThan(
        RUN_TOLERANCE,
      );
  });
});

describe('activation functions', () => {
  it('are right to half a unit in the last place of f32 and a little, from tiny to saturated', async () => {
    for (const [name, f] of [
      ['Tanh', Math.tanh],
      ['Sigmoid', (x: number) => 1 / (1 + Math.exp(-x))],
    ] as const) {
      const session = await openSession(
        { experiment: sampleExperiment({ layers: [name, 1], points: 48 }), variant: 'base', seed: 1, threads: 1 },
        { guards: true },
      );
      const { plan, memory } = session;
      const inputs = Float32Array.from({ length: 48 }, (_, i) => (i % 2 ? -1 : 1) * 10 ** (i / 5 - 7));
      new Float32Array(memory, plan.data.train.x, 48).set(inputs);
      session.advance(1);
      const y = plan.train.instructions[0]?.operands.y;
      const outputs = new Float32Array(memory, y ? plan.addressOf(y) : 0, 48);
      for (const [i, x] of inputs.entries()) {
        const exact = f(x);
        expect(Math.abs((outputs[i] as number) - exact), `${name}(${x})`).toBeLessThanOrEqual(
          Math.abs(exact) * 2 ** -24 * 1.01 + 2 ** -150,
        );
      }
    }
  });
});
