// One update of the fake lab: the small net of dropout from scratch, worked out in the open, for component tests and the gallery.
import type { NamedTensor, ResolvedVariant, StepArithmetic } from '../../engine/spec/index.ts';

const X = [
  [0, 0, 1],
  [0, 1, 1],
  [1, 0, 1],
  [1, 1, 1],
];
const TARGETS = [0, 1, 1, 0];
const UNITS = 4;
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Weights as training leaves them: large enough that some units are saturated. */
const weight = (j: number, i: number, step: number): number =>
  (((j * 5 + i * 3) % 7) - 3) * (0.4 + 1.6 * (1 - Math.exp(-step / 100)));

/** @param step updates taken before it. */
export function fakeArithmetic({ model }: ResolvedVariant, step: number): StepArithmetic {
  const dropout = model.layers.find((x) => x.type === 'Dropout');
  const p = dropout?.p ?? 0;
  const printed = dropout?.gradient === 'as_printed';
  const each = <T>(f: (row: number, unit: number) => T): T[] =>
    X.flatMap((_, row) => Array.from({ length: UNITS }, (__, unit) => f(row, unit)));
  const w1 = Array.from({ length: UNITS * 3 }, (_, k) => weight(Math.floor(k / 3), k % 3, step));
  const w2 = Array.from({ length: UNITS }, (_, j) => weight(j, 2, step));
  const z = each((row, j) => (X[row] ?? []).reduce((sum, x, i) => sum + x * (w1[j * 3 + i] ?? 0), 0));
  const a = z.map(sigmoid);
  const mask = each((row, j) => ((row * UNITS + j + step) % 5 === 0 && p > 0 ? 0 : 1 / (1 - p)));
  const h = a.map((x, k) => x * (mask[k] ?? 0));
  const z2 = X.map((_, row) => w2.reduce((sum, w, j) => sum + w * (h[row * UNITS + j] ?? 0), 0));
  const y = z2.map(sigmoid);
  const loss = y.reduce((sum, x, row) => sum + (x - (TARGETS[row] ?? 0)) ** 2, 0);
  const delta2 = y.map((x, row) => 2 * (x - (TARGETS[row] ?? 0)) * x * (1 - x));
  const g = each((row, j) => (delta2[row] ?? 0) * (w2[j] ?? 0));
  const delta1 = g.map((x, k) => {
    const slope = (at: number) => at * (1 - at);
    return printed ? x * slope(h[k] ?? 0) : x * (mask[k] ?? 0) * slope(a[k] ?? 0);
  });
  const gradient2 = w2.map((_, j) => delta2.reduce((sum, d, row) => sum + d * (h[row * UNITS + j] ?? 0), 0));
  const gradient1 = w1.map((_, k) =>
    X.reduce((sum, x, row) => sum + (delta1[row * UNITS + Math.floor(k / 3)] ?? 0) * (x[k % 3] ?? 0), 0),
  );
  const after = (w: readonly number[], gradient: readonly number[]) => w.map((x, k) => x - 0.25 * (gradient[k] ?? 0));
  const tensor = (name: string, shape: readonly number[], values: readonly number[]): NamedTensor => ({
    name,
    shape,
    values: Float32Array.from(values),
  });
  return {
    step: step + 1,
    tensors: [
      tensor('fc1.weight', [UNITS, 3], w1),
      tensor('fc2.weight', [1, UNITS], w2),
      tensor('input', [4, 3], X.flat()),
      tensor('target', [4, 1], TARGETS),
      tensor('fc1.output', [4, UNITS], z),
      tensor('sigmoid1.output', [4, UNITS], a),
      tensor('dropout1.mask', [4, UNITS], mask),
      tensor('dropout1.output', [4, UNITS], h),
      tensor('fc2.output', [4, 1], z2),
      tensor('sigmoid2.output', [4, 1], y),
      tensor('loss', [], [loss]),
      tensor('fc2.output.gradient', [4, 1], delta2),
      tensor('dropout1.output.gradient', [4, UNITS], g),
      tensor('fc1.output.gradient', [4, UNITS], delta1),
      tensor('fc1.weight.gradient', [UNITS, 3], gradient1),
      tensor('fc2.weight.gradient', [1, UNITS], gradient2),
      tensor('fc1.weight.updated', [UNITS, 3], after(w1, gradient1)),
      tensor('fc2.weight.updated', [1, UNITS], after(w2, gradient2)),
    ],
  };
}
