// The static training program of one variant: what is computed in which order, and where everything lies in one arena.
import * as layout from '../kernels/cpu/assembly/layout.ts';
import { ROOT_LINES } from '../kernels/cpu/root-table.ts';
import { dataShape, FIT_GRID_POINTS, type ResolvedVariant } from '../spec/index.ts';
import { aligned, ALIGNMENT, packArena } from './arena.ts';
import { encodeProgram } from './encode.ts';
import { EngineError } from './engine-error.ts';
import type { Buffer, Instruction } from './instruction.ts';
import { buildNetwork, padded, type LinearLayer, type Network, type Parameter } from './network.ts';
import { derivePhases, type Lifetime, type Phases } from './phases.ts';

/** Rows that one call into the kernels can write: training steps between two returns to JavaScript. */
export const ROW_CAPACITY = 1024;
/** Examples that pass through the network together at most, so that their activations stay in the cache. */
const CHUNK = 48;
/** WASM addresses have 32 bits; the last page is kept free. */
const LIMIT_BYTES = 2 ** 32 - 2 ** 16;
const GUARD_WORD = 0xa5c3_3c5a;

/** One set of examples in the arena: chunks of [features][stride] f32, examples innermost. */
export interface DataRegion {
  readonly name: 'train' | 'test' | 'fit';
  readonly rows: number;
  readonly chunk: number;
  readonly chunks: number;
  readonly stride: number;
  readonly features: number;
  readonly targets: number;
  /** Addresses; 0 = none. */
  readonly descriptor: number;
  readonly x: number;
  readonly target: number;
  readonly output: number;
}

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly phases: Phases;
  readonly address: number;
}

export interface PlanOptions {
  /** Puts guard words around every buffer and shares no memory among them, so that a stray write shows. */
  readonly guards?: boolean;
}

export interface TrainingPlan {
  readonly resolved: ResolvedVariant;
  readonly train: Program;
  readonly evaluate: Program;
  readonly layers: readonly LinearLayer[];
  readonly parameters: readonly Parameter[];
  readonly data: { readonly train: DataRegion; readonly test: DataRegion; readonly fit: DataRegion | null };
  readonly optimizer: number;
  readonly generator: number;
  /** Columns of the step rows, f64 [ROW_CAPACITY] each. */
  readonly rows: { readonly trainLoss: number; readonly penaltyL1: number; readonly penaltyL2: number };
  /** Bytes of the arena, from address 0. */
  readonly bytes: number;
  /** The part shared by lifetimes: its size, and the size that no packing can go below. */
  readonly pool: { readonly bytes: number; readonly lowerBoundBytes: number };
  readonly addressOf: (buffer: Buffer) => number;
  /** Addresses of the guard words, each ALIGNMENT bytes, with the buffer they stand before or after. */
  readonly guards: readonly { readonly address: number; readonly beside: string }[];
}

/** Hands out addresses one after another. */
class Region {
  end: number = layout.ARENA_START;
  readonly guards: { address: number; beside: string }[] = [];
  readonly #guarded: boolean;
  constructor(guarded: boolean) {
    this.#guarded = guarded;
  }
  take(name: string, bytes: number): number {
    this.#guard(name);
    const address = this.end;
    this.end += aligned(bytes);
    this.#guard(name);
    return address;
  }
  #guard(beside: string): void {
    if (!this.#guarded) return;
    this.guards.push({ address: this.end, beside });
    this.end += ALIGNMENT;
  }
}

/** Several chunks are cut at multiples of 16 examples, where torch's sums over the batch have their seams. */
function chunking(rows: number): { chunk: number; chunks: number } {
  return { chunk: rows > CHUNK ? CHUNK : padded(rows), chunks: Math.ceil(rows / CHUNK) };
}

type Sizes = Pick<DataRegion, 'rows' | 'features' | 'targets'>;

function placeData(region: Region, name: DataRegion['name'], sizes: Sizes): DataRegion {
  const { chunk, chunks } = chunking(sizes.rows);
  const isFit = name === 'fit';
  const bytes = (features: number): number => 4 * chunks * features * chunk;
  return {
    name,
    ...sizes,
    chunk,
    chunks,
    stride: chunk,
    descriptor: region.take(`${name}.descriptor`, layout.D_SIZE),
    x: region.take(`${name}.x`, bytes(sizes.features)),
    target: isFit ? 0 : region.take(`${name}.target`, bytes(sizes.targets)),
    output: isFit ? region.take(`${name}.output`, bytes(sizes.targets)) : 0,
  };
}

/** Transient buffers of both programs share one pool: they never run at once. */
function placePool(
  region: Region,
  programs: readonly Phases[],
  guarded: boolean,
  addresses: Map<Buffer, number>,
): TrainingPlan['pool'] {
  const pools = programs.map(
    ({ lifetimes }) => new Map<Buffer, Lifetime>([...lifetimes].filter(([buffer]) => !buffer.persistent)),
  );
  const packings = pools.map(packArena);
  const lowerBoundBytes = Math.max(...packings.map((x) => x.lowerBoundBytes));
  if (guarded) {
    const start = region.end;
    for (const pool of pools)
      for (const buffer of pool.keys()) addresses.set(buffer, region.take(buffer.name, buffer.bytes));
    return { bytes: region.end - start, lowerBoundBytes };
  }
  const bytes = Math.max(...packings.map((x) => x.bytes));
  const start = region.take('pool', bytes);
  for (const { offsets } of packings) for (const [buffer, offset] of offsets) addresses.set(buffer, start + offset);
  return { bytes, lowerBoundBytes };
}

function persistentBuffers(network: Network): Buffer[] {
  const ofParameters = network.parameters.flatMap(({ value, gradient, state1, state2 }) => [
    value,
    gradient,
    ...(state1 ? [state1] : []),
    ...(state2 ? [state2] : []),
  ]);
  return [...ofParameters, ...network.persistent];
}

/**
 * Plans a variant's training: nothing is allocated yet.
 * @throws EngineError OUT_OF_MEMORY with the bytes that it would take, when 32-bit addresses cannot reach them.
 * @throws DocumentError when the model's output does not fit the data.
 */
export function planTraining(resolved: ResolvedVariant, options: PlanOptions = {}): TrainingPlan {
  const shape = dataShape(resolved.data);
  const [features, targets] = [shape.input[0] ?? 1, shape.target[0] ?? 1];
  const region = new Region(options.guards === true);
  const sizes = (rows: number): Sizes => ({ rows, features, targets });
  const fitRows = shape.input.length === 1 && features === 1 && targets === 1 ? FIT_GRID_POINTS : 0;
  const data = {
    train: placeData(region, 'train', sizes(shape.trainRows)),
    test: placeData(region, 'test', sizes(shape.testRows)),
    fit: fitRows > 0 ? placeData(region, 'fit', sizes(fitRows)) : null,
  };
  const network = buildNetwork(resolved, {
    examples: shape.trainRows,
    trainStride: data.train.stride,
    evaluateStride: Math.max(data.train.stride, data.test.stride, data.fit?.stride ?? 0),
  });
  const optimizer = region.take('optimizer', layout.O_SIZE);
  const generator = region.take('generator', layout.G_SIZE);
  const row = (name: string): number => region.take(name, 8 * ROW_CAPACITY);
  const rows = { trainLoss: row('train_loss'), penaltyL1: row('penalty_l1'), penaltyL2: row('penalty_l2') };
  const trainRecords = region.take('train.records', network.train.length * layout.R_SIZE);
  const evaluateRecords = region.take('evaluate.records', network.evaluate.length * layout.R_SIZE);

  const addresses = new Map<Buffer, number>();
  for (const buffer of persistentBuffers(network)) addresses.set(buffer, region.take(buffer.name, buffer.bytes));
  const phases = { train: derivePhases(network.train), evaluate: derivePhases(network.evaluate) };
  const pool = placePool(region, [phases.train, phases.evaluate], options.guards === true, addresses);
  if (region.end > LIMIT_BYTES)
    throw new EngineError(
      'OUT_OF_MEMORY',
      `this model and data need ${describeBytes(region.end)}, but the engine can address ${describeBytes(LIMIT_BYTES)}`,
      { neededBytes: region.end, limitBytes: LIMIT_BYTES },
    );
  return {
    resolved,
    train: { instructions: network.train, phases: phases.train, address: trainRecords },
    evaluate: { instructions: network.evaluate, phases: phases.evaluate, address: evaluateRecords },
    layers: network.layers,
    parameters: network.parameters,
    data,
    optimizer,
    generator,
    rows,
    bytes: region.end,
    pool,
    guards: region.guards,
    addressOf: (buffer) => {
      const address = addresses.get(buffer);
      if (address === undefined) throw new Error(`${buffer.name} is not in the plan`);
      return address;
    },
  };
}

export function describeBytes(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function writeDescriptor(view: DataView, region: DataRegion): void {
  const at = region.descriptor;
  view.setUint32(at + layout.D_X, region.x, true);
  view.setUint32(at + layout.D_TARGET, region.target, true);
  view.setUint32(at + layout.D_OUTPUT, region.output, true);
  view.setInt32(at + layout.D_ROWS, region.rows, true);
  view.setInt32(at + layout.D_CHUNK, region.chunk, true);
  view.setInt32(at + layout.D_STRIDE, region.stride, true);
  view.setInt32(at + layout.D_CHUNKS, region.chunks, true);
  view.setInt32(at + layout.D_FEATURES, region.features, true);
  view.setInt32(at + layout.D_TARGETS, region.targets, true);
}

function writeOptimizer(view: DataView, at: number, { recipe }: ResolvedVariant): void {
  const { optimizer } = recipe;
  view.setFloat64(at + layout.O_LR, optimizer.lr, true);
  view.setFloat64(at + layout.O_WEIGHT_DECAY, optimizer.weight_decay, true);
  switch (optimizer.type) {
    case 'SGD':
      view.setInt32(at + layout.O_KIND, layout.OPTIMIZER_SGD, true);
      view.setInt32(at + layout.O_NESTEROV, optimizer.nesterov ? 1 : 0, true);
      view.setFloat64(at + layout.O_MOMENTUM, optimizer.momentum, true);
      break;
    case 'Adam':
      view.setInt32(at + layout.O_KIND, layout.OPTIMIZER_ADAM, true);
      view.setFloat64(at + layout.O_BETA1, optimizer.betas[0], true);
      view.setFloat64(at + layout.O_BETA2, optimizer.betas[1], true);
      view.setFloat64(at + layout.O_EPS, optimizer.eps, true);
      view.setFloat64(at + layout.O_POWER1, 1, true);
      view.setFloat64(at + layout.O_POWER2, 1, true);
      break;
    default:
      optimizer satisfies never;
  }
}

/** Writes what does not change during training into fresh (zeroed) memory of `plan.bytes` or more. */
export function writePlan(plan: TrainingPlan, memory: ArrayBufferLike): void {
  const view = new DataView(memory);
  for (const region of [plan.data.train, plan.data.test, plan.data.fit]) if (region) writeDescriptor(view, region);
  writeOptimizer(view, plan.optimizer, plan.resolved);
  for (const { instructions, phases, address } of [plan.train, plan.evaluate])
    encodeProgram(view, address, instructions, phases, plan.addressOf);
  new Int32Array(memory, layout.ROOT_TABLE, ROOT_LINES.length).set(ROOT_LINES);
  view.setUint32(layout.C_GENERATOR, plan.generator, true);
  view.setUint32(layout.C_OPTIMIZER, plan.optimizer, true);
  view.setUint32(layout.C_OUT_LOSS, plan.rows.trainLoss, true);
  view.setUint32(layout.C_OUT_L1, plan.rows.penaltyL1, true);
  view.setUint32(layout.C_OUT_L2, plan.rows.penaltyL2, true);
  for (const { address } of plan.guards) new Uint32Array(memory, address, ALIGNMENT / 4).fill(GUARD_WORD);
}

/** @returns names of the buffers beside which something was written; empty when all guards stand. */
export function damagedGuards(plan: TrainingPlan, memory: ArrayBufferLike): string[] {
  return plan.guards
    .filter(({ address }) => new Uint32Array(memory, address, ALIGNMENT / 4).some((word) => word !== GUARD_WORD))
    .map(({ beside }) => beside);
}
