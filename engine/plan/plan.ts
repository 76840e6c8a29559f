// The static training program of one variant: what is computed in which order, and where everything lies in one arena.
import * as layout from '../kernels/cpu/assembly/layout.ts';
import { ROOT_LINES } from '../kernels/cpu/root-table.ts';
import {
  dataShape,
  elements,
  fitSides,
  hasPixels,
  layerShapes,
  outputShape,
  type LayerShape,
  type ResolvedVariant,
  type Split,
} from '../spec/index.ts';
import { aligned, ALIGNMENT, packArena } from './arena.ts';
import { checkBatchStatistics } from './batch-statistics.ts';
import { encodeProgram, programBytes } from './encode.ts';
import { EngineError } from './engine-error.ts';
import { chooseGeometry, hasImages, type Geometry } from './geometry.ts';
import type { Buffer, Instruction } from './instruction.ts';
import { buildNetwork, type Network, type Traced } from './network.ts';
import type { Parameter, StoredArray } from './parameters.ts';
import { derivePhases, type Lifetime, type Phases } from './phases.ts';

/** Rows that one call into the kernels can write: training steps between two returns to JavaScript. */
export const ROW_CAPACITY = 1024;
/** WASM addresses have 32 bits; the last page is kept free. */
const LIMIT_BYTES = 2 ** 32 - 2 ** 16;
const GUARD_WORD = 0xa5c3_3c5a;

export type RegionName = Split | 'fit';

/** One set of examples in the arena, row by row: inputs f32 or u8 (pixels), targets f32 or i32 (classes). */
export interface DataRegion {
  readonly name: RegionName;
  readonly rows: number;
  /** Values of an input and of an output. */
  readonly features: number;
  readonly outputs: number;
  /** Addresses; 0 = none. */
  readonly descriptor: number;
  readonly x: number;
  readonly target: number;
  readonly output: number;
}

/** The train data as training walks through it: batch by batch, in the epoch's order. */
export interface Batches {
  readonly descriptor: number;
  /** Examples per batch at most. */
  readonly size: number;
  /** Address of i32 [rows]; 0 = as they lie. */
  readonly order: number;
}

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly phases: Phases;
  readonly geometry: Geometry;
  /** Address of the first record. */
  readonly address: number;
  readonly traced: readonly Traced[];
}

/** What the planner must know of the data. */
export interface DataSizes {
  readonly rows: Readonly<Record<Split, number>>;
}

export interface PlanOptions {
  readonly threads?: number;
  /** Puts guard words around every buffer and shares no memory among them, so that a stray write shows. */
  readonly guards?: boolean;
  /** Keeps every intermediate value where it was computed. */
  readonly keepAll?: boolean;
}

export interface TrainingPlan {
  readonly resolved: ResolvedVariant;
  readonly shapes: readonly LayerShape[];
  readonly train: Program;
  readonly evaluate: Program;
  /** In torch's order: weight then bias, layer by layer. */
  readonly parameters: readonly Parameter[];
  /** Running statistics. */
  readonly state: readonly StoredArray[];
  readonly data: Readonly<Record<RegionName, DataRegion | null>> & { readonly train: DataRegion };
  readonly batches: Batches;
  readonly optimizer: number;
  readonly generator: number;
  /** f32 [channels][256]; 0 = none. */
  readonly pixelTable: number;
  /** Columns that steps read (rates, momenta) and write, f64 [ROW_CAPACITY] each. */
  readonly rows: {
    readonly rates: number;
    readonly momenta: number;
    readonly trainLoss: number;
    readonly penaltyL1: number;
    readonly penaltyL2: number;
  };
  /** Bytes of the arena, from address 0. */
  readonly bytes: number;
  /** Where the data ends; it lies first, so that a plan for the same data leaves it in place. */
  readonly dataEnd: number;
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

function placeData(region: Region, resolved: ResolvedVariant, name: RegionName, rows: number): DataRegion | null {
  if (rows === 0) return null;
  const { input, target } = dataShape(resolved.data);
  const features = elements(input);
  const outputs = elements(outputShape(target));
  const isFit = name === 'fit';
  const targetBytes = 4 * rows * (target.kind === 'values' ? outputs : 1);
  const take = (part: string, bytes: number): number => region.take(`${name}.${part}`, bytes);
  return {
    name,
    rows,
    features,
    outputs,
    descriptor: take('descriptor', layout.D_SIZE),
    x: take('x', rows * features * (hasPixels(resolved.data) ? 1 : 4)),
    target: isFit ? 0 : take('target', targetBytes),
    output: take('output', 4 * rows * outputs),
  };
}

/** Transient buffers of both programs share one pool: they never run at once. */
function placePool(
  region: Region,
  programs: readonly Phases[],
  separate: boolean,
  addresses: Map<Buffer, number>,
): TrainingPlan['pool'] {
  const pools = programs.map(
    ({ lifetimes }) => new Map<Buffer, Lifetime>([...lifetimes].filter(([buffer]) => !buffer.persistent)),
  );
  const packings = pools.map(packArena);
  const lowerBoundBytes = Math.max(...packings.map((x) => x.lowerBoundBytes));
  if (separate) {
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

/** Everything that keeps its contents between steps, once each. */
function persistentBuffers({ arrays }: Network, phases: readonly Phases[]): Set<Buffer> {
  return new Set([
    ...arrays.parameters.flatMap(({ value, states }) => [value, ...states]),
    ...arrays.state.map(({ value }) => value),
    arrays.norms,
    ...phases.flatMap(({ lifetimes }) => [...lifetimes.keys()].filter((x) => x.persistent && !x.within)),
  ]);
}

/** Whether the document says how many examples there are. */
export function isDescribed({ data }: ResolvedVariant): boolean {
  const { trainRows, testRows } = dataShape(data);
  return trainRows !== null && testRows !== null;
}

/** Rows of the splits as the document says them. */
function describedSizes({ data }: ResolvedVariant): DataSizes {
  const { trainRows, validationRows, testRows } = dataShape(data);
  if (trainRows === null || testRows === null)
    throw new Error(`how many rows ${data.type} has is known when it is read`);
  return { rows: { train: trainRows, validation: validationRows, test: testRows } };
}

/**
 * Plans a variant's training: nothing is allocated yet.
 * @throws EngineError OUT_OF_MEMORY with the bytes that it would take, when 32-bit addresses cannot reach them.
 * @throws EngineError BATCH_TOO_LARGE when a batch is larger than the train data.
 * @throws EngineError BATCH_TOO_SMALL naming a BatchNorm layer that would get one value per channel.
 * @throws DocumentError when the model does not fit the data.
 */
export function planTraining(
  resolved: ResolvedVariant,
  options: PlanOptions = {},
  sizes: DataSizes = describedSizes(resolved),
): TrainingPlan {
  const { guards = false, keepAll = false, threads = 1 } = options;
  const { rows: counts } = sizes;
  const shapes = layerShapes(resolved.model, resolved.data);
  const batchSize = resolved.recipe.batch_size ?? counts.train;
  if (batchSize > counts.train)
    throw new EngineError(
      'BATCH_TOO_LARGE',
      `recipe.batch_size is ${batchSize}, but there are only ${counts.train} train examples`,
      { batchSize, trainRows: counts.train },
    );
  checkBatchStatistics(resolved, shapes, counts.train);
  const sides = fitSides(dataShape(resolved.data));
  const fitRows = sides ? sides.reduce((product, points) => product * points) : 0;
  const trainGeometry = chooseGeometry(resolved.model, shapes, batchSize, true);
  // A fit passes through in as many chunks as it needs: recording it moves no bit of a loss. (That of lines always had its say.)
  const mostRows = Math.max(...Object.values(counts), resolved.data.type === 'linear_noise' ? fitRows : 0);
  const evaluateGeometry = chooseGeometry(resolved.model, shapes, mostRows, false);
  const network = buildNetwork(resolved, {
    shapes,
    trainGeometry,
    evaluateGeometry,
    split: hasImages(shapes) && trainGeometry.blocks >= threads ? 'blocks' : 'rows',
    batch: batchSize,
    threads,
    inPlace: !keepAll,
    keepGradients: guards || keepAll,
  });

  const region = new Region(guards);
  const place = (name: RegionName, rows: number): DataRegion | null => placeData(region, resolved, name, rows);
  const data = {
    train: place('train', counts.train) as DataRegion,
    validation: place('validation', counts.validation),
    test: place('test', counts.test),
    fit: place('fit', fitRows),
  };
  const batches = {
    descriptor: region.take('batches.descriptor', layout.D_SIZE),
    size: batchSize,
    order: region.take('batches.order', 4 * counts.train),
  };
  const { pixelTable } = network;
  const addresses = new Map<Buffer, number>();
  if (pixelTable) addresses.set(pixelTable, region.take(pixelTable.name, pixelTable.bytes));
  const dataEnd = region.end;

  const phases = { train: derivePhases(network.train), evaluate: derivePhases(network.evaluate) };
  const optimizer = region.take('optimizer', layout.O_SIZE);
  const generator = region.take('generator', layout.G_SIZE);
  const column = (name: string): number => region.take(name, 8 * ROW_CAPACITY);
  const rows = {
    rates: column('rates'),
    momenta: column('momenta'),
    trainLoss: column('train_loss'),
    penaltyL1: column('penalty_l1'),
    penaltyL2: column('penalty_l2'),
  };
  const placeProgram = (name: 'train' | 'evaluate', geometry: Geometry): Program => {
    const instructions = network[name];
    const address = region.take(`${name}.records`, programBytes(instructions));
    return { instructions, phases: phases[name], geometry, address, traced: network.traces[name] };
  };
  const programs = {
    train: placeProgram('train', trainGeometry),
    evaluate: placeProgram('evaluate', evaluateGeometry),
  };

  for (const buffer of persistentBuffers(network, [phases.train, phases.evaluate]))
    if (!addresses.has(buffer)) addresses.set(buffer, region.take(buffer.name, buffer.bytes));
  const pool = placePool(region, [phases.train, phases.evaluate], guards || keepAll, addresses);
  if (region.end > LIMIT_BYTES)
    throw new EngineError(
      'OUT_OF_MEMORY',
      `this model and data need ${describeBytes(region.end)}, but the engine can address ${describeBytes(LIMIT_BYTES)}`,
      { neededBytes: region.end, limitBytes: LIMIT_BYTES },
    );
  const addressOf = (buffer: Buffer): number => {
    const { within } = buffer;
    const address = addresses.get(within?.buffer ?? buffer);
    if (address === undefined) throw new Error(`${buffer.name} is not in the plan`);
    return address + (within?.offset ?? 0);
  };
  return {
    resolved,
    shapes,
    ...programs,
    parameters: network.arrays.parameters,
    state: network.arrays.state,
    data,
    batches,
    optimizer,
    generator,
    pixelTable: pixelTable ? addressOf(pixelTable) : 0,
    rows,
    bytes: region.end,
    dataEnd,
    pool,
    guards: region.guards,
    addressOf,
  };
}

export function describeBytes(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function writeDescriptor(view: DataView, at: number, region: DataRegion): void {
  view.setUint32(at + layout.D_X, region.x, true);
  view.setUint32(at + layout.D_TARGET, region.target, true);
  view.setUint32(at + layout.D_OUTPUT, region.output, true);
  view.setInt32(at + layout.D_ROWS, region.rows, true);
  view.setInt32(at + layout.D_BATCH_SIZE, region.rows, true);
}

function writeBatches(view: DataView, { data, batches, resolved }: TrainingPlan): void {
  const at = batches.descriptor;
  writeDescriptor(view, at, { ...data.train, output: 0 });
  view.setInt32(at + layout.D_BATCH_SIZE, batches.size, true);
  view.setUint32(at + layout.D_ORDER, resolved.recipe.shuffle ? batches.order : 0, true);
}

function writeOptimizer(view: DataView, at: number, { recipe }: ResolvedVariant): void {
  const { optimizer, gradient_clipping: clipping, schedule } = recipe;
  const f32 = (offset: number, value: number): void => view.setFloat32(at + offset, value, true);
  f32(layout.O_CLIP_VALUE, clipping?.type === 'value' ? clipping.clip_value : 0);
  if ('eps' in optimizer) f32(layout.O_EPS, optimizer.eps);
  switch (optimizer.type) {
    case 'SGD':
      view.setInt32(at + layout.O_KIND, layout.OPTIMIZER_SGD, true);
      view.setInt32(at + layout.O_NESTEROV, optimizer.nesterov ? 1 : 0, true);
      f32(layout.O_UNDAMPED, 1 - optimizer.dampening);
      break;
    case 'Adam':
    case 'AdamW': {
      const [beta1, beta2] = optimizer.betas;
      const cycles = schedule.type === 'OneCycleLR' && schedule.cycle_momentum;
      view.setInt32(at + layout.O_KIND, layout.OPTIMIZER_ADAM, true);
      // A beta that changes has no running power: the kernels raise it anew in every step.
      view.setFloat64(at + layout.O_BETA1, cycles ? NaN : beta1, true);
      view.setFloat64(at + layout.O_BETA2, beta2, true);
      view.setFloat64(at + layout.O_POWER1, 1, true);
      view.setFloat64(at + layout.O_POWER2, 1, true);
      f32(layout.O_BETA2_F, beta2);
      f32(layout.O_WEIGHT2, 1 - beta2);
      break;
    }
    case 'RMSprop':
      view.setInt32(at + layout.O_KIND, layout.OPTIMIZER_RMSPROP, true);
      view.setInt32(at + layout.O_CENTERED, optimizer.centered ? 1 : 0, true);
      f32(layout.O_BETA2_F, optimizer.alpha);
      f32(layout.O_WEIGHT2, 1 - optimizer.alpha);
      break;
    case 'Adagrad':
      view.setInt32(at + layout.O_KIND, layout.OPTIMIZER_ADAGRAD, true);
      view.setFloat64(at + layout.O_LR_DECAY, optimizer.lr_decay, true);
      break;
    default:
      optimizer satisfies never;
  }
}

/** Writes what does not change during training into memory that is zero from `plan.dataEnd` on. */
export function writePlan(plan: TrainingPlan, memory: ArrayBufferLike): void {
  const view = new DataView(memory);
  for (const region of Object.values(plan.data)) if (region) writeDescriptor(view, region.descriptor, region);
  writeBatches(view, plan);
  writeOptimizer(view, plan.optimizer, plan.resolved);
  for (const { instructions, phases, address } of [plan.train, plan.evaluate])
    encodeProgram(view, address, instructions, phases, plan.addressOf);
  new Int32Array(memory, layout.ROOT_TABLE, ROOT_LINES.length).set(ROOT_LINES);
  view.setUint32(layout.C_GENERATOR, plan.generator, true);
  view.setUint32(layout.C_OPTIMIZER, plan.optimizer, true);
  view.setUint32(layout.C_RATES, plan.rows.rates, true);
  view.setUint32(layout.C_MOMENTA, plan.rows.momenta, true);
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
