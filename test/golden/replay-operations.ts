// Computes the recorded operations again with the plain-TypeScript reference of each op.
import {
  adam,
  dropout,
  l1Penalty,
  l2Penalty,
  linear,
  mseLoss,
  relu,
  sgd,
  sigmoid,
  tanh,
} from '../../engine/ops/index.ts';
import type { AdamOptions, SgdOptions, Values } from '../../engine/ops/index.ts';
import { dropoutNoise, Generator, randn } from '../../engine/random/index.ts';
import { DifferenceTally, relativeDifference, type Tally } from './difference.ts';
import { recordedAt, type Fixture, type RecordedValues } from './fixture.ts';

type Outputs = Readonly<Record<string, RecordedValues & { readonly scale: number }>>;
interface Recorded {
  readonly seed: number;
  readonly outputs: Outputs;
}
export type OperationCase = Recorded &
  (
    | {
        readonly operation: 'linear';
        readonly batch: number;
        readonly in_features: number;
        readonly out_features: number;
        readonly bias: boolean;
      }
    | { readonly operation: 'relu' | 'tanh' | 'sigmoid' | 'mse_loss'; readonly size: number }
    | { readonly operation: 'dropout'; readonly size: number; readonly p: number }
    | {
        readonly operation: 'penalty';
        readonly size: number;
        readonly form: 'l1' | 'l2_sum' | 'l2_half';
        readonly weight: number;
      }
    | { readonly operation: 'updates'; readonly size: number; readonly optimizer: 'SGD'; readonly options: SgdOptions }
    | {
        readonly operation: 'updates';
        readonly size: number;
        readonly optimizer: 'Adam';
        readonly options: AdamOptions;
      }
  );

/** Our value of one output; `terms` holds Σ|terms| per element where the element is a sum of products. */
interface Output {
  readonly values: Values;
  readonly terms?: Values;
}

const absolute = (values: Values): Float64Array => Float64Array.from(values, Math.abs);

function linearOutputs(generator: Generator, sizes: OperationCase & { operation: 'linear' }): Record<string, Output> {
  const { batch, in_features: inFeatures, out_features: outFeatures, bias } = sizes;
  const shape = { batch, inFeatures, outFeatures };
  const x = randn(generator, batch * inFeatures);
  const w = randn(generator, outFeatures * inFeatures);
  const b = bias ? randn(generator, outFeatures) : null;
  const dy = randn(generator, batch * outFeatures);
  const gradients = linear.backward(x, w, dy, shape);
  const terms = linear.backward(absolute(x), absolute(w), absolute(dy), shape);
  return {
    y: {
      values: linear.forward(x, w, b, shape),
      terms: linear.forward(absolute(x), absolute(w), b && absolute(b), shape),
    },
    dx: { values: gradients.dx, terms: terms.dx },
    dw: { values: gradients.dw, terms: terms.dw },
    ...(bias && { db: { values: gradients.db, terms: terms.db } }),
  };
}

const ELEMENTWISE = { relu, tanh, sigmoid };

function penaltyOutputs(generator: Generator, { size, form, weight }: OperationCase & { operation: 'penalty' }) {
  const w = randn(generator, size).map((x, i) => (i % 5 === 0 ? 0 : x));
  if (form === 'l1')
    return { value: { values: [l1Penalty.forward(w, weight)] }, dx: { values: l1Penalty.backward(w, weight) } };
  const l2Form = form === 'l2_sum' ? 'sum' : 'half';
  return {
    value: { values: [l2Penalty.forward(w, weight, l2Form)] },
    dx: { values: l2Penalty.backward(w, weight, l2Form) },
  };
}

function updatedParameter(generator: Generator, recorded: OperationCase & { operation: 'updates' }): Float64Array {
  const { size } = recorded;
  const w = Float64Array.from(randn(generator, size));
  const gradient = (): Float32Array => randn(generator, size).map((x) => Math.fround(x * Math.fround(0.1)));
  const [sgdState, adamState] = [sgd.initialState(size), adam.initialState(size)];
  for (let step = 0; step < 10; step++) {
    if (recorded.optimizer === 'SGD') sgd.step(w, gradient(), sgdState, recorded.options);
    else adam.step(w, gradient(), adamState, recorded.options);
  }
  return w;
}

function outputsOf(recorded: OperationCase): Record<string, Output> {
  const generator = Generator.manualSeed(recorded.seed);
  switch (recorded.operation) {
    case 'linear':
      return linearOutputs(generator, recorded);
    case 'relu':
    case 'tanh':
    case 'sigmoid': {
      const op = ELEMENTWISE[recorded.operation];
      const x = randn(generator, recorded.size).map((v) => Math.fround(v * 3));
      const y = op.forward(x);
      // The derivative is a function of the output; near saturation (1 - y²) the last bit of y decides all its digits,
      // so it is taken at PyTorch's y where that is recorded.
      const output = Float32Array.from(y);
      for (const { index, value } of recordedAt(recorded.outputs['y'] as RecordedValues)) output[index] = value;
      return { y: { values: y }, dx: { values: op.backward(output, randn(generator, recorded.size)) } };
    }
    case 'dropout': {
      const [x, dy] = [randn(generator, recorded.size), randn(generator, recorded.size)];
      const mask = dropoutNoise(generator, recorded.size, recorded.p);
      return {
        y: { values: dropout.forward(x, mask) },
        dx: { values: dropout.backward(dy, mask) },
        evaluated: { values: x },
      };
    }
    case 'mse_loss': {
      const [y, target] = [randn(generator, recorded.size), randn(generator, recorded.size)];
      return { loss: { values: [mseLoss.forward(y, target)] }, dx: { values: mseLoss.backward(y, target) } };
    }
    case 'penalty':
      return penaltyOutputs(generator, recorded);
    case 'updates':
      return { w: { values: updatedParameter(generator, recorded) } };
    default:
      return recorded satisfies never;
  }
}

export interface OperationDifferences {
  /** |a-b| / (|b| + 1e-6·scale), every output that is not a sum of products. */
  readonly elements: Tally;
  /**
   * |a-b| / Σ|terms|, outputs of Linear. A sum of products that nearly cancels has no digits that two orders of
   * summation share (PyTorch's own differ between processors), so its error is measured against what was summed.
   */
  readonly sums: Tally;
}

/** @throws Error when a recorded output has no counterpart. */
export function compareOperations(fixture: Fixture<OperationCase>): OperationDifferences {
  const [elements, sums] = [new DifferenceTally(), new DifferenceTally()];
  for (const recorded of fixture.cases) {
    const outputs = outputsOf(recorded);
    for (const [name, theirs] of Object.entries(recorded.outputs)) {
      const ours = outputs[name];
      const title = `${recorded.operation} (seed ${recorded.seed}, ${theirs.length} values): ${name}`;
      if (ours?.values.length !== theirs.length)
        throw new Error(`${title}: ${ours?.values.length ?? 'no'} values of ours`);
      for (const { index, value } of recordedAt(theirs)) {
        const a = ours.values[index] as number;
        const where = `${title}[${index}]`;
        if (ours.terms) sums.add(Math.abs(a - value) / (ours.terms[index] as number), where);
        else elements.add(relativeDifference(a, value, theirs.scale), where);
      }
    }
  }
  return { elements: elements.result, sums: sums.result };
}
