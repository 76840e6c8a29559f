// A session's training state in the arena: reading and writing it without its padding.
import * as layout from '../kernels/cpu/assembly/layout.ts';
import type { Buffer, DataRegion, Parameter, StoredArray, TrainingPlan } from '../plan/index.ts';
import type { GeneratorState } from '../random/index.ts';

/** Rows of `columns` floats taken out of rows of `stride` floats. */
export function readRows(
  plan: TrainingPlan,
  memory: ArrayBufferLike,
  { rows, columns, stride }: StoredArray,
  buffer: Buffer,
): Float32Array {
  const source = new Float32Array(memory, plan.addressOf(buffer), rows * stride);
  if (columns === stride) return source.slice();
  const out = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) out.set(source.subarray(r * stride, r * stride + columns), r * columns);
  return out;
}

export function writeRows(
  plan: TrainingPlan,
  memory: ArrayBufferLike,
  { rows, columns, stride }: StoredArray,
  buffer: Buffer,
  values: Float32Array,
): void {
  const target = new Float32Array(memory, plan.addressOf(buffer), rows * stride);
  for (let r = 0; r < rows; r++) target.set(values.subarray(r * columns, (r + 1) * columns), r * stride);
}

/** Buffers that decide the steps to come, by their names in checkpoints. */
export const stateBuffers = (plan: TrainingPlan): { readonly array: StoredArray; readonly buffer: Buffer }[] => [
  ...plan.parameters.flatMap((array) => [array.value, ...array.states].map((buffer) => ({ array, buffer }))),
  ...plan.state.map((array) => ({ array, buffer: array.value })),
];

/** The region's outputs, f32 [rows, outputs]. */
export const readOutputs = (memory: ArrayBufferLike, { output, rows, outputs }: DataRegion): Float32Array =>
  new Float32Array(memory, output, rows * outputs).slice();

export function writeGenerator(plan: TrainingPlan, memory: ArrayBufferLike, state: GeneratorState): void {
  const at = plan.generator;
  new Uint32Array(memory, at, 624).set(state.mt);
  const view = new DataView(memory);
  view.setInt32(at + layout.G_INDEX, state.index, true);
  view.setInt32(at + layout.G_HAS_NORMAL, state.cachedNormal === null ? 0 : 1, true);
  view.setFloat64(at + layout.G_NORMAL, state.cachedNormal ?? 0, true);
}

export function readGenerator(plan: TrainingPlan, memory: ArrayBufferLike): GeneratorState {
  const at = plan.generator;
  const view = new DataView(memory);
  return {
    mt: new Uint32Array(memory, at, 624).slice(),
    index: view.getInt32(at + layout.G_INDEX, true),
    cachedNormal:
      view.getInt32(at + layout.G_HAS_NORMAL, true) === 0 ? null : view.getFloat64(at + layout.G_NORMAL, true),
  };
}

/** Adam's running products of its betas. */
export const optimizerPowers = (plan: TrainingPlan, memory: ArrayBufferLike): Float64Array =>
  new Float64Array(memory, plan.optimizer + layout.O_POWER1, 2);

/** @returns the first parameter with a value that is not finite. */
export function brokenParameter(plan: TrainingPlan, memory: ArrayBufferLike): Parameter | null {
  const isBroken = (parameter: Parameter): boolean =>
    readRows(plan, memory, parameter, parameter.value).some((x) => !Number.isFinite(x));
  return plan.parameters.find(isBroken) ?? null;
}
