// Every op's gradient against central differences of its own forward pass, in double precision.
import { describe, expect, it } from 'vitest';
import { Generator, uniform } from '../random/index.ts';
import { dropout, l1Penalty, l2Penalty, linear, mseLoss, OP_NAMES, relu, sigmoid, tanh, type OpName } from './index.ts';

const generator = Generator.manualSeed(7);
/** Values in ±1, none within 0.01 of zero, where |w| and ReLU have their kinks. */
const values = (length: number): Float64Array =>
  Float64Array.from(uniform(generator, new Float32Array(length), -1, 1), (x) => (Math.abs(x) < 0.01 ? 0.5 : x));

const STEP = 1e-5;
/** Central differences of a smooth function of order 1 in f64 are right to about STEP². */
const TOLERANCE = 1e-8;

/** d f / d x by central differences; f reads x afresh. */
function numeric(f: () => number, x: Float64Array): Float64Array {
  return Float64Array.from(x, (value, i) => {
    x[i] = value + STEP;
    const above = f();
    x[i] = value - STEP;
    const below = f();
    x[i] = value;
    return (above - below) / (2 * STEP);
  });
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

function expectClose(actual: Float64Array, expected: Float64Array): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, x] of actual.entries())
    expect(Math.abs(x - (expected[i] as number)), `element ${i}`).toBeLessThan(TOLERANCE);
}

/** Checks dx of y = f(x) through the scalar dy·f(x). */
function checkElementwise(
  forward: (x: Float64Array) => Float64Array,
  backward: (dy: Float64Array) => Float64Array,
  x: Float64Array,
): void {
  const dy = values(x.length);
  expectClose(
    backward(dy),
    numeric(() => dot(forward(x), dy), x),
  );
}

const CHECKS: Readonly<Record<OpName, () => void>> = {
  linear: () => {
    for (const sizes of [
      { batch: 1, inFeatures: 1, outFeatures: 1 },
      { batch: 3, inFeatures: 5, outFeatures: 2 },
      { batch: 2, inFeatures: 1, outFeatures: 7 },
    ]) {
      const { batch, inFeatures, outFeatures } = sizes;
      const [x, w, b] = [values(batch * inFeatures), values(inFeatures * outFeatures), values(outFeatures)];
      const dy = values(batch * outFeatures);
      const f = (): number => dot(linear.forward(x, w, b, sizes), dy);
      const { dx, dw, db } = linear.backward(x, w, dy, sizes);
      expectClose(dx, numeric(f, x));
      expectClose(dw, numeric(f, w));
      expectClose(db, numeric(f, b));
    }
  },
  relu: () => {
    const x = values(9);
    checkElementwise(relu.forward, (dy) => relu.backward(relu.forward(x), dy), x);
  },
  tanh: () => {
    const x = values(9);
    checkElementwise(tanh.forward, (dy) => tanh.backward(tanh.forward(x), dy), x);
  },
  sigmoid: () => {
    const x = values(9);
    checkElementwise(sigmoid.forward, (dy) => sigmoid.backward(sigmoid.forward(x), dy), x);
  },
  dropout: () => {
    const mask = [0, 2, 2, 0, 2];
    const x = values(5);
    checkElementwise(
      (v) => dropout.forward(v, mask),
      (dy) => dropout.backward(dy, mask),
      x,
    );
  },
  mse_loss: () => {
    const [y, target] = [values(11), values(11)];
    expectClose(
      mseLoss.backward(y, target),
      numeric(() => mseLoss.forward(y, target), y),
    );
  },
  l1_penalty: () => {
    const w = values(8);
    expectClose(
      l1Penalty.backward(w, 0.3),
      numeric(() => l1Penalty.forward(w, 0.3), w),
    );
  },
  l2_penalty: () => {
    const w = values(8);
    for (const form of ['sum', 'half'] as const)
      expectClose(
        l2Penalty.backward(w, 0.3, form),
        numeric(() => l2Penalty.forward(w, 0.3, form), w),
      );
  },
};

describe('gradients against finite differences', () => {
  it.each(OP_NAMES)('%s', (name) => CHECKS[name]());

  it('are torch’s at the kinks: sign(0) = 0, and ReLU’s derivative at 0 is 0', () => {
    expect([...l1Penalty.backward([0, -2, 3], 0.5)]).toEqual([0, -0.5, 0.5]);
    expect([...relu.backward([0, 1], [5, 5])]).toEqual([0, 5]);
  });
});
