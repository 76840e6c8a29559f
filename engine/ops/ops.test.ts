// Known answers of the references: torch's choices where there is one to make, what layers do to their state, and every refusal.
import { parse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { Generator, randn } from '../random/index.ts';
import { Layer, LayerShapeError, Loss, type LayerSpec } from '../spec/index.ts';
import { erf, erfc } from './error-function.ts';
import {
  clipGradients,
  decoupledDecay,
  drawNoise,
  evaluateLoss,
  forwardLayer,
  l1Penalty,
  LabelRangeError,
  limitNorms,
  OperandError,
  softThreshold,
  tensor,
  totalNorm,
  type LayerContext,
  type Tape,
} from './index.ts';

const layerOf = (type: string, options: Readonly<Record<string, unknown>> = {}): LayerSpec =>
  parse(Layer, { type, name: 'it', ...options });
const EVALUATE: LayerContext = { parameters: {}, state: {}, mode: 'evaluate', noise: null };
const f64 = (...values: number[]): Float64Array => Float64Array.from(values);

/** A pass of one row of features. */
const row = (
  type: string,
  options: Readonly<Record<string, unknown>>,
  values: readonly number[],
  context = EVALUATE,
): Tape => forwardLayer(layerOf(type, options), [tensor([1, values.length], values)], context);
const slopes = (tape: Tape): number[] => [...(tape.backward(tape.output.data.map(() => 1)).inputs[0] ?? [])];

describe('torch’s choices', () => {
  it.each<[string, Record<string, unknown>, number]>([
    ['ReLU', {}, 0],
    ['LeakyReLU', { negative_slope: 0.25 }, 0.25],
    ['ELU', { alpha: 3 }, 3],
  ])('derivative of %s %j at 0', (type, options, slope) => {
    expect(slopes(row(type, options, [0]))).toEqual([slope]);
  });

  it('sign(0) is 0 in the L1 penalty and in L1Loss', () => {
    expect([...l1Penalty.gradient([0, -2, 3], 0.5)]).toEqual([0, -0.5, 0.5]);
    const loss = parse(Loss, { type: 'L1Loss', reduction: 'sum' });
    expect([...evaluateLoss(loss, tensor([1, 2], [1, 0]), [1, 5]).gradient]).toEqual([0, -1]);
  });

  it('the first of equal values is the maximum of a window; the last NaN comes before any number', () => {
    const pool = layerOf('MaxPool2d', { kernel_size: 2 });
    const tape = (values: readonly number[]): Tape => forwardLayer(pool, [tensor([1, 1, 2, 2], values)], EVALUATE);
    expect(slopes(tape([1, 3, 3, 3]))).toEqual([0, 1, 0, 0]);
    expect(tape([1, NaN, 3, 3]).output.data).toEqual(f64(NaN));
    expect(slopes(tape([1, NaN, 3, 3]))).toEqual([0, 1, 0, 0]);
    expect(slopes(tape([NaN, 1, NaN, 3]))).toEqual([0, 0, 1, 0]);
    expect(slopes(tape([-Infinity, -Infinity, -Infinity, -Infinity]))).toEqual([1, 0, 0, 0]);
  });

  it('NaN goes through ReLU', () => {
    expect(row('ReLU', {}, [NaN]).output.data).toEqual(f64(NaN));
  });

  it('a gradient norm just above the limit ends just below it', () => {
    const clipped = clipGradients(
      new Map([
        ['a', f64(3)],
        ['b', f64(4)],
      ]),
      { type: 'norm', max_norm: 5 },
    );
    expect(totalNorm(clipped.values())).toBeCloseTo(5 * (5 / (5 + 1e-6)), 12);
    expect([...clipGradients(new Map([['a', f64(-3, 0.5)]]), { type: 'value', clip_value: 1 }).values()]).toEqual([
      f64(-1, 0.5),
    ]);
  });
});

describe('the printed gradient of dropout', () => {
  it('leaves the mask out and takes the sigmoid’s derivative at the scaled activation', () => {
    const a = [0.5, 0.8];
    const context: LayerContext = { ...EVALUATE, mode: 'train', noise: f64(0, 1.25) };
    const printed = row('Dropout', { p: 0.2, gradient: 'as_printed' }, a, context);
    expect(printed.output.data).toEqual(f64(0, 1));
    expect(printed.backward(f64(2, 3)).inputs).toEqual([f64(0, 0)]);
    const kept = row('Dropout', { p: 0.5, gradient: 'as_printed' }, a, { ...context, noise: f64(2, 2) });
    expect(kept.backward(f64(2, 3)).inputs[0]?.[1]).toBeCloseTo(3 * 1.6 * (1 - 1.6), 12);
  });

  it('is the derivative while nothing is dropped', () => {
    const [gradient] = row('Dropout', { p: 0, gradient: 'as_printed' }, [0.8]).backward(f64(3)).inputs;
    expect(gradient?.[0]).toBeCloseTo(3 * 0.8 * 0.2, 12);
  });
});

describe('running statistics', () => {
  const norm = layerOf('BatchNorm1d', { momentum: 0.25, affine: false });
  const state = { running_mean: f64(8), running_var: f64(4) };

  it('take the mean and the unbiased variance, weighted by momentum', () => {
    const { state: after } = forwardLayer(norm, [tensor([2, 1], [1, 3])], { ...EVALUATE, mode: 'train', state });
    expect(after).toEqual({ running_mean: f64(0.25 * 2 + 0.75 * 8), running_var: f64(0.25 * 2 + 0.75 * 4) });
  });

  it('are what evaluation uses, and stay', () => {
    const tape = forwardLayer(norm, [tensor([1, 1], [10])], { ...EVALUATE, state });
    expect(tape.output.data[0]).toBeCloseTo(2 / Math.sqrt(4 + 1e-5), 12);
    expect(tape.state).toEqual({});
  });
});

describe('noise', () => {
  it.each(['Dropout', 'AlphaDropout', 'GaussianDropout', 'Dropout2d', 'DropConnect'])(
    'of %s with p = 0 draws nothing',
    (type) => {
      const generator = Generator.manualSeed(1);
      const options = type === 'DropConnect' ? { out_features: 2, p: 0 } : { p: 0 };
      expect(drawNoise(layerOf(type, options), [2, 3, 2, 2], generator)).toBeNull();
      expect(generator.random()).toBe(Generator.manualSeed(1).random());
    },
  );

  it('is one value per unit, channel or weight', () => {
    const count = (type: string, shape: readonly number[], options = {}): number | undefined =>
      drawNoise(layerOf(type, { p: 0.5, ...options }), shape, Generator.manualSeed(1))?.length;
    expect(count('Dropout', [2, 3, 4, 5])).toBe(120);
    expect(count('Dropout2d', [2, 3, 4, 5])).toBe(6);
    expect(count('DropConnect', [2, 3], { out_features: 7 })).toBe(21);
  });

  it('of layers without any is none', () => {
    expect(drawNoise(layerOf('ReLU'), [1, 1], Generator.manualSeed(1))).toBeNull();
  });

  it('of AlphaDropout keeps mean and variance', () => {
    const x = randn(Generator.manualSeed(3), 20_000);
    const layer = layerOf('AlphaDropout', { p: 0.3 });
    const noise = drawNoise(layer, [1, x.length], Generator.manualSeed(4));
    const y = forwardLayer(layer, [tensor([1, x.length], x)], { ...EVALUATE, mode: 'train', noise }).output.data;
    const mean = y.reduce((sum, v) => sum + v, 0) / y.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(y.reduce((sum, v) => sum + (v - mean) ** 2, 0) / y.length - 1)).toBeLessThan(0.03);
  });
});

describe('weights around an update', () => {
  it('decoupled decay shrinks by lr·λ', () => {
    const w = f64(10, -4);
    decoupledDecay(w, 0.1, 0.5);
    expect(w).toEqual(f64(9.5, -3.8));
  });

  it('the proximal step makes exact zeros', () => {
    const w = f64(1, -0.05, 0.04, -3);
    softThreshold(w, 0.1, 0.5);
    expect(w).toEqual(f64(0.95, -0, 0, -2.95));
  });

  it('max_norm scales only rows that exceed it', () => {
    const w = f64(3, 4, 0.3, 0.4);
    limitNorms(w, 2, 1);
    expect(totalNorm([w.subarray(0, 2)])).toBeCloseTo(1, 12);
    expect(w.subarray(2)).toEqual(f64(0.3, 0.4));
  });
});

describe('the error function', () => {
  // Abramowitz & Stegun, table 7.1, and erfc of large arguments to 15 digits.
  it.each([
    [0, 0],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [2.6, 0.9997639655834707],
    [-1, -0.8427007929497149],
    [-3, -0.9999779095030014],
    [Infinity, 1],
  ])('erf(%f) = %f', (x, expected) => {
    expect(Math.abs(erf(x) - expected)).toBeLessThan(3e-16);
    expect(Math.abs(erfc(x) - (1 - expected))).toBeLessThan(5e-16);
  });

  it('erfc keeps its digits where erf is 1', () => {
    expect(erfc(5) / 1.5374597944280349e-12).toBeCloseTo(1, 13);
    expect(erfc(10) / 2.088487583762545e-45).toBeCloseTo(1, 13);
    expect(erfc(1.499) / 0.03401396234814331).toBeCloseTo(1, 13);
    expect(erfc(1.5) / 0.033894853524689274).toBeCloseTo(1, 13);
  });

  it('passes NaN on', () => {
    expect([erf(NaN), erfc(NaN)]).toEqual([NaN, NaN]);
  });
});

describe('bad operands are refused by name', () => {
  const image = tensor([1, 2, 3, 3], new Float64Array(18));
  const norm = {
    state: { running_mean: f64(0, 0), running_var: f64(1, 1) },
    parameters: { weight: f64(1, 1), bias: f64(0, 0) },
  };
  const train = { ...EVALUATE, mode: 'train' } as const;
  it.each<[string, string, () => unknown]>([
    ['weight', 'is missing', () => row('Linear', { out_features: 2 }, [1])],
    [
      'bias',
      'needs 2 values',
      () => row('Linear', { out_features: 2 }, [1], { ...EVALUATE, parameters: { weight: f64(1, 2), bias: f64(1) } }),
    ],
    ['running_mean', 'is missing', () => row('BatchNorm1d', {}, [1, 2], { ...EVALUATE, parameters: norm.parameters })],
    [
      'running_var',
      'needs 2 values',
      () => row('BatchNorm1d', {}, [1, 2], { ...EVALUATE, ...norm, state: { ...norm.state, running_var: f64(1) } }),
    ],
    ['input 0', 'one value per channel', () => row('BatchNorm1d', {}, [1, 2], { ...train, ...norm })],
    ['noise', 'is missing', () => row('Dropout', { p: 0.5 }, [1, 2], train)],
    ['noise', 'needs 2 values', () => row('Dropout', { p: 0.5 }, [1, 2], { ...train, noise: f64(1) })],
    ['noise', 'needs no values', () => row('ReLU', {}, [1, 2], { ...train, noise: f64(1) })],
    ['input 0', 'is missing', () => forwardLayer(layerOf('ReLU'), [], EVALUATE)],
    ['input 0', 'needs 4 values', () => forwardLayer(layerOf('ReLU'), [tensor([2, 2], [1, 2])], EVALUATE)],
    [
      'input 1',
      'must have 1 examples',
      () => forwardLayer(layerOf('Add'), [tensor([1, 1], [1]), tensor([2, 1], [1, 2])], EVALUATE),
    ],
  ])('%s %s', (operand, problem, call) => {
    expect(call).toThrow(OperandError);
    expect(call).toThrow(`it (`);
    expect(call).toThrow(`${operand} ${problem}`.replace('input 0 one', 'input 0 has one'));
  });

  it('shapes are refused as the document’s checks refuse them', () => {
    expect(() => forwardLayer(layerOf('Linear', { out_features: 1 }), [image], EVALUATE)).toThrow(LayerShapeError);
  });

  it.each([-1, 3, 0.5, NaN])('label %f of three classes', (label) => {
    for (const type of ['CrossEntropyLoss', 'NLLLoss']) {
      const call = (): unknown => evaluateLoss(parse(Loss, { type }), tensor([2, 3], new Float64Array(6)), [1, label]);
      expect(call).toThrow(LabelRangeError);
      expect(call).toThrow(`row 1 must be a whole number from 0 to 2, but is ${label}`);
    }
  });

  it('too few targets', () => {
    for (const type of ['MSELoss', 'CrossEntropyLoss'])
      expect(() => evaluateLoss(parse(Loss, { type }), tensor([2, 3], new Float64Array(6)), [1])).toThrow(
        'target must have',
      );
  });
});
