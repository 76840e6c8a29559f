// Activations and losses value by value: right to half a unit in the last place of float32 (and a hundredth), from tiny to saturated;
// signs of zero, infinities, NaN and slopes at kinks as PyTorch has them.
import { describe, expect, it } from 'vitest';
import type { KernelName } from '../../plan/kernel-table.ts';
import { openSession } from '../../train/create-session.ts';
import { sampleExperiment, type Layers } from '../../train/sample-experiments.ts';
import exact from './exact-curves.json' with { type: 'json' };

const BUILDS = ['relaxed', 'plain'] as const;
type Build = (typeof BUILDS)[number];
type Layer = Layers[number];

/** Inputs that a chunk of vectors takes. */
const CHUNK = 48;

const chunksOf = (values: readonly number[]): number[][] =>
  Array.from({ length: Math.ceil(values.length / CHUNK) }, (_, i) => values.slice(i * CHUNK, (i + 1) * CHUNK));

interface Step {
  readonly loss: number;
  /** Values that a kernel of the step left in one of its operands. */
  read(kernel: KernelName, operand: string): number[];
}

interface StepOptions {
  readonly layers: Layers;
  readonly x: readonly (readonly number[])[];
  readonly y: readonly (readonly number[])[];
  readonly loss: object;
  readonly simd: Build;
}

/** One step of a net whose weights are all 1, of inputs and targets that a document need not be able to hold. */
async function step({ layers, x, y, loss, simd }: StepOptions): Promise<Step> {
  const blank = (rows: readonly (readonly number[])[]): number[][] => rows.map((row) => row.map(() => 0));
  const experiment = sampleExperiment({
    layers,
    bias: false,
    data: { type: 'table', x: blank(x), y: blank(y) },
    recipe: { loss, optimizer: { type: 'SGD', lr: 0.01 } },
  });
  const session = await openSession({ experiment, variant: 'base', seed: 1, threads: 1 }, { simd, keepAll: true });
  const { plan, memory } = session;
  session.advance(0);
  const { train } = plan.data;
  new Float32Array(memory, train.x, x.flat().length).set(x.flat());
  new Float32Array(memory, train.target, y.flat().length).set(y.flat());
  for (const { value } of plan.parameters) new Float32Array(memory, plan.addressOf(value), value.bytes / 4).fill(1);
  const { steps } = session.advance(1);
  return {
    loss: steps?.train_loss[0] ?? NaN,
    read(kernel, operand) {
      const buffer = plan.train.instructions.find((instruction) => instruction.kernel === kernel)?.operands[operand];
      if (!buffer) throw new Error(`no ${kernel} with ${operand}`);
      const { stride } = plan.train.geometry;
      const values = new Float32Array(memory, plan.addressOf(buffer), buffer.bytes / 4);
      return x.flatMap((_, example) => Array.from(values).filter((__, i) => i % stride === example));
    },
  };
}

const columns = (values: readonly number[]): number[][] => values.map((x) => [x]);
const SUM_OF_OUTPUTS = { type: 'L1Loss', reduction: 'sum' };

/** y of every x. */
async function outputs(layer: Layer, kernel: KernelName, x: readonly number[], simd: Build): Promise<number[]> {
  const y: number[] = [];
  for (const chunk of chunksOf(x)) {
    const layers = [layer, 1];
    const { read } = await step({
      layers,
      x: columns(chunk),
      y: columns(chunk.map(() => 0)),
      loss: SUM_OF_OUTPUTS,
      simd,
    });
    y.push(...read(kernel, 'y'));
  }
  return y;
}

/** dy/dx at every x: the targets lie below the outputs, so that the loss rises with them. */
async function slopes(layer: Layer, kernel: KernelName, x: readonly number[], simd: Build): Promise<number[]> {
  const dx: number[] = [];
  for (const chunk of chunksOf(x)) {
    const layers = [1, layer, 1];
    const below = columns(chunk.map((value) => Math.min(0, 4 * value) - 1));
    const { read } = await step({ layers, x: columns(chunk), y: below, loss: SUM_OF_OUTPUTS, simd });
    dx.push(...read(kernel, 'dx'));
  }
  return dx;
}

/** Where slopes are looked at, so that the loss stays finite. */
const LARGEST = 1e36;

const CURVES: readonly (readonly [string, Layer, KernelName, KernelName | null])[] = [
  ['Sigmoid', 'Sigmoid', 'sigmoid_forward', null],
  ['Tanh', 'Tanh', 'tanh_forward', null],
  ['ELU', { type: 'ELU', alpha: 0.3 }, 'elu_forward', 'elu_backward'],
  ['GELU none', 'GELU', 'gelu_forward', 'gelu_backward'],
  ['GELU tanh', { type: 'GELU', approximate: 'tanh' }, 'gelu_tanh_forward', 'gelu_tanh_backward'],
  ['SiLU', 'SiLU', 'silu_forward', 'silu_backward'],
];

/** Half a unit in the last place, also of a denormal, and a hundredth. */
function expectRounded(actual: readonly number[], expected: readonly number[], x: readonly number[]): void {
  const wrong = expected.flatMap((value, i) => {
    const found = actual[i] ?? NaN;
    if (found === Math.fround(value)) return [];
    const apart = Math.abs(found - value);
    return apart <= 1.01 * Math.abs(value) * 2 ** -24 + 2 ** -150 ? [] : [`${x[i]}: ${found} instead of ${value}`];
  });
  expect(wrong).toEqual([]);
}

describe.each(BUILDS)('%s activations', (simd) => {
  it.each(CURVES)('%s is right to the last place from tiny to saturated', async (name, layer, forward, backward) => {
    const curve = exact.curves.find((x) => x.name === name);
    expectRounded(await outputs(layer, forward, exact.x, simd), curve?.y ?? [NaN], exact.x);
    if (!backward) return;
    const places = [...exact.x.keys()].filter((i) => Math.abs(exact.x[i] ?? NaN) < LARGEST);
    const x = places.map((i) => exact.x[i] ?? NaN);
    const expected = places.map((i) => curve?.slope?.[i] ?? NaN);
    expectRounded(await slopes(layer, backward, x, simd), expected, x);
  });

  it.each([0.01, 0.3, 0, 1.5])('LeakyReLU of %f is right in every bit', async (slope) => {
    const layer = { type: 'LeakyReLU', negative_slope: slope };
    const below = Math.fround(slope);
    const x = [...exact.x, 0];
    expect(await outputs(layer, 'leaky_relu_forward', x, simd)).toEqual(
      x.map((value) => (value > 0 ? value : Math.fround(below * value))),
    );
    const smaller = x.filter((value) => Math.abs(value) < LARGEST);
    expect(await slopes(layer, 'leaky_relu_backward', smaller, simd)).toEqual(
      smaller.map((value) => (value > 0 ? 1 : below)),
    );
  });

  const EDGES = [0, -0, NaN, Infinity, -Infinity, -200, -1000, -3e38, 3e38].map(Math.fround);
  it.each([
    ['LeakyReLU', 'leaky_relu_forward', [0, -0, NaN, Infinity, -Infinity]],
    [{ type: 'LeakyReLU', negative_slope: 0 }, 'leaky_relu_forward', [0, -0, NaN, Infinity, NaN, -0, -0, -0]],
    ['ELU', 'elu_forward', [0, -0, NaN, Infinity, -1, -1, -1, -1, Math.fround(3e38)]],
    ['GELU', 'gelu_forward', [0, -0, NaN, Infinity, NaN, -0, -0, -0, Math.fround(3e38)]],
    [
      { type: 'GELU', approximate: 'tanh' },
      'gelu_tanh_forward',
      [0, -0, NaN, Infinity, NaN, -0, -0, -0, Math.fround(3e38)],
    ],
    ['SiLU', 'silu_forward', [0, -0, NaN, Infinity, NaN, -0, -0, -0, Math.fround(3e38)]],
    ['Sigmoid', 'sigmoid_forward', [0.5, 0.5, NaN, 1, 0, 0, 0, 0, 1]],
    ['Tanh', 'tanh_forward', [0, -0, NaN, 1, -1, -1, -1, -1, 1]],
  ] as const)('%o is torch’s at the edges', async (layer, kernel, expected) => {
    expect(await outputs(layer, kernel, EDGES.slice(0, expected.length), simd)).toEqual(expected);
  });

  it.each([
    ['LeakyReLU', 'leaky_relu_backward', [Math.fround(0.01), 1]],
    [{ type: 'ELU', alpha: 2 }, 'elu_backward', [2, 1, 0, NaN]],
    ['GELU', 'gelu_backward', [0.5, NaN, NaN, NaN]],
    [{ type: 'GELU', approximate: 'tanh' }, 'gelu_tanh_backward', [0.5, NaN, NaN, NaN]],
    ['SiLU', 'silu_backward', [0.5, NaN, NaN, NaN]],
  ] as const)('the slope of %o is torch’s at the edges', async (layer, kernel, expected) => {
    const x = [0, Infinity, -Infinity, NaN].slice(0, expected.length);
    expect(await slopes(layer, kernel, x, simd)).toEqual(expected);
  });
});

describe.each(BUILDS)('%s softmax', (simd) => {
  /** Scores from -40 to 40, around 0 and around 3000. */
  const rows = Array.from({ length: 40 }, (_, n) =>
    Array.from({ length: 7 }, (__, k) => Math.fround(40 * Math.sin(7 * n + 3 * k * k) + (n % 2) * 3000)),
  );
  const zeros = (x: readonly (readonly number[])[]): number[][] => x.map(() => [0]);

  it.each([
    ['Softmax', 'softmax_forward', (x: number, log: number) => Math.exp(x - log)],
    ['LogSoftmax', 'log_softmax_forward', (x: number, log: number) => x - log],
  ] as const)('%s is right to a unit in the last place', async (layer, kernel, value) => {
    const { read } = await step({ layers: [layer, 1], x: rows, y: zeros(rows), loss: { type: 'MSELoss' }, simd });
    const expected = rows.flatMap((row) => {
      const most = Math.max(...row);
      const rest = row.reduce((sum, x) => sum + Math.exp(x - most), 0) - 1;
      return row.map((x) => value(x - most, Math.log1p(rest)));
    });
    const wrong = read(kernel, 'y').filter(
      (y, i) => !(Math.abs(y - (expected[i] ?? NaN)) <= 2 ** -23 * Math.abs(expected[i] ?? NaN) + 1e-15),
    );
    expect(wrong).toEqual([]);
  });

  it('is torch’s at infinities', async () => {
    const x = [
      [-Infinity, 0, 0],
      [Infinity, 1, 2],
      [-Infinity, -Infinity, -Infinity],
      [NaN, 0, 1],
    ];
    const of = async (layer: string, kernel: KernelName): Promise<number[]> =>
      (await step({ layers: [layer, 1], x, y: zeros(x), loss: { type: 'MSELoss' }, simd })).read(kernel, 'y');
    const lost = Array.from({ length: 9 }, () => NaN);
    expect(await of('Softmax', 'softmax_forward')).toEqual([0, 0.5, 0.5, ...lost]);
    const half = Math.fround(-Math.LN2);
    expect(await of('LogSoftmax', 'log_softmax_forward')).toEqual([-Infinity, half, half, ...lost]);
  });
});

describe.each(BUILDS)('%s losses', (simd) => {
  /** The gradient of one output of 0 against each target; the inputs are 0. */
  async function gradients(loss: object, kernel: KernelName, targets: readonly number[]): Promise<number[]> {
    const x = columns(targets.map(() => 0));
    return (await step({ layers: [1], x, y: columns(targets), loss, simd })).read(kernel, 'dx');
  }

  it('have torch’s slopes where they bend', async () => {
    const sum = { reduction: 'sum' };
    expect(await gradients({ type: 'L1Loss', ...sum }, 'l1_backward', [0, 1, -1, 1e-30])).toEqual([0, -1, 1, -1]);
    const beta = Math.fround(0.3);
    const inside = Math.fround(0.15);
    expect(
      await gradients({ type: 'SmoothL1Loss', beta: 0.3, ...sum }, 'smooth_l1_backward', [0, beta, -beta, -inside, 9]),
    ).toEqual([0, -1, 1, 0.5, -1]);
    expect(
      await gradients({ type: 'HuberLoss', delta: 0.3, ...sum }, 'huber_backward', [0, beta, -beta, -inside, 9]),
    ).toEqual([0, -beta, beta, inside, -beta]);
  });

  it('keep the digits of sure scores', async () => {
    const loss = { type: 'BCEWithLogitsLoss', reduction: 'sum' };
    for (const t of [0, 1, 0.25])
      for (const y of [-1e4, -700, -90, -30, -1e-3, 0, 2, 17, 30, 90, 1e4].map(Math.fround)) {
        const { read, loss: value } = await step({ layers: [1], x: [[y]], y: [[t]], loss, simd });
        const [gradient = NaN] = read('bce_with_logits_backward', 'dx');
        const e = Math.exp(-Math.abs(y));
        // Each from the side on which nothing cancels.
        const slope = y < 0 ? e / (1 + e) - t : 1 - t - e / (1 + e);
        expectRounded([gradient], [slope], [y]);
        expectRounded([value], [(1 - t) * y + Math.max(-y, 0) + Math.log1p(e)], [y]);
      }
  });
});
