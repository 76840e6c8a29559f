// A session's training state in the arena: reading and writing it without its padding.
import * as layout from '../kernels/cpu/assembly/layout.ts';
import type { Buffer, DataRegion, Parameter, TrainingPlan } from '../plan/index.ts';
import type { GeneratorState } from '../random/index.ts';

/** Rows of `columns` floats taken out of rows of `stride` floats. */
export function readRows(
  plan: TrainingPlan,
  memory: ArrayBufferLike,
  parameter: Parameter,
  buffer: Buffer,
): Float32Array {
  const { rows, columns, stride } = parameter;
  const source = new Float32Array(memory, plan.addressOf(buffer), rows * stride);
  const out = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) out.set(source.subarray(r * stride, r * stride + columns), r * columns);
  return out;
}

export function writeRows(
  plan: TrainingPlan,
  memory: ArrayBufferLike,
  parameter: Parameter,
  buffer: Buffer,
  values: Float32Array,
): void {
  const { rows, columns, stride } = parameter;
  const target = new Float32Array(memory, plan.addressOf(buffer), rows * stride);
  for (let r = 0; r < rows; r++) target.set(values.subarray(r * columns, (r + 1) * columns), r * stride);
}

/** Copies [rows, features] into the region's chunks of [features][stride]. */
export function writeExamples(
  memory: ArrayBufferLike,
  region: DataRegion,
  address: number,
  features: number,
  values: Float32Array,
): void {
  const target = new Float32Array(memory, address, region.chunks * features * region.stride);
  for (let row = 0; row < region.rows; row++) {
    const start = Math.floor(row / region.chunk) * features * region.stride + (row % region.chunk);
    for (let f = 0; f < features; f++) target[start + f * region.stride] = values[row * features + f] as number;
  }
}

/** The region's outputs as [rows, targets]. */
export function readOutputs(memory: ArrayBufferLike, region: DataRegion): Float32Array {
  const { rows, targets, stride, chunk } = region;
  const source = new Float32Array(memory, region.output, region.chunks * targets * stride);
  return Float32Array.from({ length: rows * targets }, (_, i) => {
    const [row, target] = [Math.floor(i / targets), i % targets];
    return source[(Math.floor(row / chunk) * targets + target) * stride + (row % chunk)] as number;
  });
}

export function writeGenerator(plan: TrainingPlan, memory: ArrayBufferLike, state: GeneratorState): void {
  new Uint32Array(memory, plan.generator, 624).set(state.mt);
  new Int32Array(memory, plan.generator + layout.G_INDEX, 1)[0] = state.index;
}

/** @param cachedNormal the kernels draw no normals, so it is the session's own. */
export function readGenerator(
  plan: TrainingPlan,
  memory: ArrayBufferLike,
  cachedNormal: number | null,
): GeneratorState {
  return {
    mt: new Uint32Array(memory, plan.generator, 624).slice(),
    index: new Int32Array(memory, plan.generator + layout.G_INDEX, 1)[0] as number,
    cachedNormal,
  };
}

/** Adam's running products of its betas. */
export function optimizerPowers(plan: TrainingPlan, memory: ArrayBufferLike): Float64Array {
  return new Float64Array(memory, plan.optimizer + layout.O_POWER1, 2);
}

/** @returns name of the first parameter with a value that is not finite. */
export function brokenParameter(plan: TrainingPlan, memory: ArrayBufferLike): string | null {
  const broken = plan.parameters.find((parameter) =>
    readRows(plan, memory, parameter, parameter.value).some((x) => !Number.isFinite(x)),
  );
  return broken?.name ?? null;
}
