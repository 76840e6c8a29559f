// Every layer's and every loss's gradient against central differences of its own forward pass, in double precision: one exhaustive
// table, so that a layer without a case does not compile.
import { parse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { Generator, uniform } from '../random/index.ts';
import {
  Layer,
  layerRule,
  Loss,
  elements,
  type LayerSpec,
  type LayerType,
  type LossSpec,
  type LossType,
} from '../spec/index.ts';
import {
  drawNoise,
  evaluateLoss,
  forwardLayer,
  l1Penalty,
  l2Penalty,
  type LayerContext,
  type NamedValues,
  type ParameterName,
  type StateName,
  type Tensor,
} from './index.ts';

const generator = Generator.manualSeed(7);
/** Values in ±1, none within 0.01 of zero, where |w| and ReLU have their kinks. */
const values = (length: number): Float64Array =>
  Float64Array.from(uniform(generator, new Float32Array(length), -1, 1), (x) => (Math.abs(x) < 0.01 ? 0.5 : x));
const randomTensor = (shape: readonly number[]): Tensor => ({ shape, data: values(elements(shape)) });

const STEP = 1e-4;
const TOLERANCE = 1e-8;

/** d f / d x by central differences at two distances, extrapolated (error of order STEP⁴); f reads x afresh. */
function numeric(f: () => number, x: Float64Array): Float64Array {
  return Float64Array.from(x, (value, i) => {
    const at = (offset: number): number => {
      x[i] = value + offset;
      return f();
    };
    const [near, far] = [at(STEP) - at(-STEP), at(2 * STEP) - at(-2 * STEP)];
    x[i] = value;
    return (8 * near - far) / (12 * STEP);
  });
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

function expectClose(actual: Float64Array | undefined, expected: Float64Array, what: string): void {
  expect(actual?.length, what).toBe(expected.length);
  for (const [i, x] of expected.entries())
    expect(Math.abs((actual?.[i] ?? NaN) - x), `${what}[${i}]`).toBeLessThan(TOLERANCE);
}

/** Arguments of a layer, then the shapes of its inputs, [batch, …]. */
type LayerCase = readonly [options: Readonly<Record<string, unknown>>, ...inputs: (readonly number[])[]];
type Cases<T> = readonly [T, ...T[]];

const curves: Cases<LayerCase> = [
  [{}, [1, 1]],
  [{}, [3, 7]],
  [{}, [2, 3, 2, 5]],
];

const LAYER_CASES: { readonly [T in LayerType]: Cases<LayerCase> } = {
  Linear: [
    [{ out_features: 1 }, [1, 1]],
    [{ out_features: 2 }, [3, 5]],
    [{ out_features: 7, bias: false }, [2, 1]],
  ],
  Conv2d: [
    [{ out_channels: 1, kernel_size: 1 }, [1, 1, 1, 1]],
    [{ out_channels: 3, kernel_size: 3 }, [2, 2, 5, 7]],
    [{ out_channels: 2, kernel_size: 3, stride: 2, padding: 1 }, [1, 3, 6, 5]],
    [{ out_channels: 2, kernel_size: 2, stride: 3 }, [1, 1, 7, 8]],
    [
      {
        out_channels: 4,
        kernel_size: [3, 2],
        stride: [1, 2],
        padding: [2, 0],
        dilation: [2, 3],
        groups: 2,
        bias: false,
      },
      [2, 4, 5, 6],
    ],
    [{ out_channels: 6, kernel_size: 3, padding: 2, groups: 3 }, [1, 3, 3, 3]],
    [{ out_channels: 2, kernel_size: 5, padding: 4 }, [1, 1, 2, 1]],
  ],
  MaxPool2d: [
    [{ kernel_size: 1 }, [1, 1, 1, 1]],
    [{ kernel_size: 2 }, [2, 3, 5, 4]],
    [{ kernel_size: 3, stride: 2, padding: 1 }, [1, 2, 7, 6]],
    [{ kernel_size: 2, stride: 3, ceil_mode: true }, [1, 2, 5, 8]],
    [{ kernel_size: [3, 2], stride: [1, 2], padding: [1, 1], dilation: [2, 3] }, [2, 1, 6, 7]],
    [{ kernel_size: 3, stride: 2, padding: 1, ceil_mode: true }, [1, 1, 6, 4]],
  ],
  AvgPool2d: [
    [{ kernel_size: 1 }, [1, 1, 1, 1]],
    [{ kernel_size: 2 }, [2, 3, 5, 4]],
    [{ kernel_size: 3, stride: 2, padding: 1 }, [1, 2, 7, 6]],
    [{ kernel_size: 3, stride: 2, padding: 1, count_include_pad: false }, [1, 2, 7, 6]],
    [{ kernel_size: 3, stride: 2, padding: 1, ceil_mode: true }, [1, 2, 6, 8]],
    [{ kernel_size: [3, 2], stride: [2, 3], padding: [1, 0], ceil_mode: true, count_include_pad: false }, [1, 1, 6, 7]],
  ],
  AdaptiveAvgPool2d: [
    [{ output_size: 1 }, [2, 3, 4, 5]],
    [{ output_size: [3, 2] }, [1, 2, 7, 5]],
    [{ output_size: [5, 4] }, [1, 1, 3, 4]],
  ],
  Flatten: [
    [{}, [2, 3, 2, 2]],
    [{}, [3, 4]],
  ],
  BatchNorm1d: [
    [{}, [2, 1]],
    [{ eps: 0.1, momentum: 0.3 }, [5, 3]],
    [{ affine: false }, [3, 4]],
  ],
  BatchNorm2d: [
    [{}, [1, 2, 1, 3]],
    [{ eps: 0.01 }, [3, 2, 3, 2]],
    [{ affine: false }, [2, 1, 2, 2]],
  ],
  LayerNorm: [
    [{}, [1, 5]],
    [{ eps: 0.1, bias: false }, [3, 4]],
    [{ elementwise_affine: false }, [2, 2, 3, 1]],
  ],
  ReLU: curves,
  LeakyReLU: [
    [{}, [3, 7]],
    [{ negative_slope: 0.3 }, [1, 9]],
  ],
  ELU: [
    [{}, [3, 7]],
    [{ alpha: 2.5 }, [1, 9]],
  ],
  GELU: [
    [{}, [3, 7]],
    [{ approximate: 'tanh' }, [3, 7]],
  ],
  SiLU: curves,
  Sigmoid: curves,
  Tanh: curves,
  Softmax: curves,
  LogSoftmax: curves,
  Dropout: [
    [{ p: 0.5 }, [3, 7]],
    [{ p: 0.1 }, [2, 3, 2, 2]],
    [{ p: 0 }, [2, 3]],
  ],
  Dropout2d: [
    [{ p: 0.5 }, [3, 4, 2, 3]],
    [{ p: 0.1 }, [1, 5, 1, 1]],
    [{ p: 0 }, [1, 2, 2, 2]],
  ],
  AlphaDropout: [
    [{ p: 0.5 }, [3, 7]],
    [{ p: 0.1 }, [2, 3, 2, 2]],
    [{ p: 0 }, [2, 3]],
  ],
  GaussianDropout: [
    [{ p: 0.5 }, [3, 7]],
    [{ p: 0.1 }, [2, 3, 2, 2]],
    [{ p: 0 }, [2, 3]],
  ],
  DropConnect: [
    [{ p: 0.5, out_features: 3 }, [2, 5]],
    [{ p: 0.2, out_features: 1, bias: false }, [1, 4]],
    [{ p: 0, out_features: 2 }, [3, 1]],
  ],
  Add: [
    [{}, [2, 3], [2, 3]],
    [{}, [1, 2, 3, 1], [1, 2, 3, 1], [1, 2, 3, 1]],
  ],
  Concat: [
    [{}, [2, 3], [2, 1]],
    [{}, [2, 1, 2, 3], [2, 3, 2, 3], [2, 2, 2, 3]],
  ],
};

function contextOf(layer: LayerSpec, inputs: readonly Tensor[], mode: LayerContext['mode']): LayerContext {
  const shape = inputs[0]?.shape ?? [];
  const rule = layerRule(layer);
  const arrays = (list: readonly { readonly name: string; readonly shape: readonly number[] }[] | undefined) =>
    Object.fromEntries((list ?? []).map((x) => [x.name, values(elements(x.shape))]));
  const state = arrays(rule.state?.(layer, shape.slice(1))) as NamedValues<StateName>;
  for (const [i, x] of (state.running_var ?? []).entries()) if (state.running_var) state.running_var[i] = 1 + 0.5 * x;
  return {
    parameters: arrays(rule.parameters?.(layer, shape.slice(1))) as NamedValues<ParameterName>,
    state,
    mode,
    noise: mode === 'train' ? drawNoise(layer, shape, generator) : null,
  };
}

/** Checks the gradients of every input and parameter through the scalar dy·layer(x). */
function checkLayer(layer: LayerSpec, shapes: readonly (readonly number[])[], mode: LayerContext['mode']): void {
  const inputs = shapes.map(randomTensor);
  const context = contextOf(layer, inputs, mode);
  const tape = forwardLayer(layer, inputs, context);
  expect(tape.output.data.length).toBe(elements(tape.output.shape));
  const dy = values(tape.output.data.length);
  const gradients = tape.backward(dy);
  const f = (): number => dot(forwardLayer(layer, inputs, context).output.data, dy);
  expect(gradients.inputs.length).toBe(inputs.length);
  for (const [i, { data }] of inputs.entries()) expectClose(gradients.inputs[i], numeric(f, data), `input ${i}`);
  expect(Object.keys(gradients.parameters).sort()).toEqual(Object.keys(context.parameters).sort());
  for (const [name, w] of Object.entries(context.parameters))
    expectClose(gradients.parameters[name as ParameterName], numeric(f, w), name);
}

describe.each(Object.entries(LAYER_CASES))('gradient of %s', (type, cases) => {
  it.each(
    cases.map(
      ([options, ...inputs]) =>
        [JSON.stringify(options), inputs.map((x) => `[${x.join()}]`).join(' '), options, inputs] as const,
    ),
  )('%s of %s', (_, __, options, inputs) => {
    const layer = parse(Layer, { type, name: 'layer', ...options });
    checkLayer(layer, inputs, 'train');
    checkLayer(layer, inputs, 'evaluate');
  });
});

type LossCase = readonly [options: Readonly<Record<string, unknown>>, output: readonly number[]];
const numbers: Cases<LossCase> = [
  [{}, [1, 1]],
  [{}, [5, 3]],
  [{ reduction: 'sum' }, [3, 2]],
];
const LOSS_CASES: { readonly [T in LossType]: Cases<LossCase> } = {
  MSELoss: numbers,
  L1Loss: numbers,
  SmoothL1Loss: [...numbers, [{ beta: 0.3 }, [4, 3]], [{ beta: 0.3, reduction: 'sum' }, [4, 3]]],
  HuberLoss: [...numbers, [{ delta: 0.3 }, [4, 3]], [{ delta: 0.3, reduction: 'sum' }, [4, 3]]],
  CrossEntropyLoss: [
    ...numbers,
    [{ label_smoothing: 0.2 }, [4, 3]],
    [{ label_smoothing: 1, reduction: 'sum' }, [2, 5]],
  ],
  NLLLoss: numbers,
  BCEWithLogitsLoss: numbers,
};

const targetOf = (loss: LossSpec, [batch = 0, classes = 0]: readonly number[]): Float64Array => {
  if (loss.type === 'CrossEntropyLoss' || loss.type === 'NLLLoss')
    return Float64Array.from({ length: batch }, (_, n) => (n * 2) % classes);
  const target = values(batch * classes);
  return loss.type === 'BCEWithLogitsLoss' ? target.map((t) => (t + 1) / 2) : target;
};

describe.each(Object.entries(LOSS_CASES))('gradient of %s', (type, cases) => {
  it.each(cases.map(([options, shape]) => [JSON.stringify(options), shape] as const))('%s of %s', (options, shape) => {
    const loss = parse(Loss, { type, ...(JSON.parse(options) as object) });
    const output = randomTensor(shape);
    const target = targetOf(loss, shape);
    expectClose(
      evaluateLoss(loss, output, target).gradient,
      numeric(() => evaluateLoss(loss, output, target).value, output.data),
      'output',
    );
  });
});

describe('gradient of the penalties', () => {
  it('L1', () => {
    const w = values(8);
    expectClose(
      l1Penalty.gradient(w, 0.3),
      numeric(() => l1Penalty.value(w, 0.3), w),
      'w',
    );
  });

  it.each(['sum', 'half'] as const)('L2, %s', (form) => {
    const w = values(8);
    expectClose(
      l2Penalty.gradient(w, 0.3, form),
      numeric(() => l2Penalty.value(w, 0.3, form), w),
      'w',
    );
  });
});
