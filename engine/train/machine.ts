// What computes: the arena, the kernels over it and the helper threads. Knows programs and regions, not what they mean.
import * as layout from '../kernels/cpu/assembly/layout.ts';
import { instantiate, loadKernels, type KernelExports, type Kernels } from '../kernels/cpu/load.ts';
import {
  describeBytes,
  EngineError,
  ownBytes,
  ROW_CAPACITY,
  writePlan,
  type DataRegion,
  type Program,
  type TrainingPlan,
} from '../plan/index.ts';
import type { DeviceInfo } from '../spec/index.ts';
import type { ThreadLauncher } from './session.ts';

const PAGE_BYTES = 65_536;
const MOST_PAGES = 65_536;
const MAX_THREADS = 64;

export interface MachineOptions {
  readonly threads: number;
  readonly launcher?: ThreadLauncher;
  /** One build of the kernels instead of the best one. */
  readonly simd?: Kernels['simd'];
}

/** @throws EngineError BAD_OPTION. */
export function checkThreads({ threads, launcher }: MachineOptions): void {
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS)
    throw new EngineError('BAD_OPTION', `threads must be a whole number from 1 to ${MAX_THREADS}, but is ${threads}`, {
      option: 'threads',
    });
  if (threads > 1 && !launcher)
    throw new EngineError('BAD_OPTION', 'more than one thread needs a launcher', { option: 'launcher' });
}

const noMemory = (bytes: number): EngineError =>
  new EngineError(
    'OUT_OF_MEMORY',
    `this model and data need ${describeBytes(bytes)}, which this machine does not have free`,
    {
      neededBytes: bytes,
    },
  );

/** Room to grow: a change during the run (dropout switched on) may need more. */
function allocate(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: Math.min(MOST_PAGES, 2 * pages + 512), shared: true });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw noMemory(bytes);
  }
}

export class Machine {
  readonly device: DeviceInfo;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: KernelExports;
  readonly #release: () => Promise<void>;

  private constructor(
    device: DeviceInfo,
    memory: WebAssembly.Memory,
    kernels: KernelExports,
    release: () => Promise<void>,
  ) {
    this.device = device;
    this.#memory = memory;
    this.#kernels = kernels;
    this.#release = release;
  }

  /** @throws EngineError OUT_OF_MEMORY. */
  static async start(bytes: number, { threads, launcher, simd }: MachineOptions): Promise<Machine> {
    const kernels = loadKernels(simd);
    const memory = allocate(bytes);
    const helpers = threads > 1 ? await launcher?.launch(kernels.module, memory, threads - 1) : undefined;
    const device = { kind: 'cpu', simd: kernels.simd, threads } as const;
    return new Machine(device, memory, instantiate(kernels.module, memory), async () => helpers?.release());
  }

  /** One without helpers. @throws EngineError OUT_OF_MEMORY. */
  static alone(bytes: number, simd: Kernels['simd']): Machine {
    const kernels = loadKernels(simd);
    const memory = allocate(bytes);
    const device = { kind: 'cpu', simd: kernels.simd, threads: 1 } as const;
    return new Machine(device, memory, instantiate(kernels.module, memory), () => Promise.resolve());
  }

  /** The arena; another object after `load` has made it larger. */
  get memory(): ArrayBufferLike {
    return this.#memory.buffer;
  }

  /**
   * Puts a plan in place: everything behind the data becomes zero, then the program is written.
   * @throws EngineError OUT_OF_MEMORY when the arena cannot grow to it; nothing has changed then.
   */
  load(plan: TrainingPlan): void {
    const missing = Math.ceil((plan.bytes - this.memory.byteLength) / PAGE_BYTES);
    if (missing > 0) {
      try {
        this.#memory.grow(missing);
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
        throw noMemory(plan.bytes);
      }
    }
    new Uint8Array(this.memory, plan.dataEnd).fill(0);
    writePlan(plan, this.memory);
  }

  #command(command: number, { geometry, address, instructions }: Program, descriptor: number): DataView {
    const view = new DataView(this.memory);
    view.setInt32(layout.C_THREADS, this.device.threads, true);
    view.setInt32(layout.C_COMMAND, command, true);
    view.setUint32(layout.C_DATASET, descriptor, true);
    view.setUint32(layout.C_RECORDS, address, true);
    view.setUint32(layout.C_RECORDS_END, address + ownBytes(instructions), true);
    view.setInt32(layout.C_STRIDE, geometry.stride, true);
    view.setInt32(layout.C_BLOCKS, geometry.blocks, true);
    view.setInt32(layout.C_WHOLE, geometry.whole ? 1 : 0, true);
    return view;
  }

  /**
   * Takes up to `steps` training steps, at most ROW_CAPACITY, within one epoch.
   * @param rates learning rate of each step; `momenta` likewise.
   * @param position first example of the first batch, in the epoch's order.
   * @returns steps taken: fewer when a step's loss is not finite.
   */
  train(
    plan: TrainingPlan,
    options: {
      readonly steps: number;
      readonly firstStep: number;
      readonly position: number;
      readonly rates: Float64Array;
      readonly momenta: Float64Array;
      /** The last step measures its gradients. */
      readonly measure: boolean;
      /** Gradients are computed, parameters stay. */
      readonly frozen?: boolean;
    },
  ): number {
    const { batches, rows } = plan;
    new Float64Array(this.memory, rows.rates, ROW_CAPACITY).set(options.rates);
    new Float64Array(this.memory, rows.momenta, ROW_CAPACITY).set(options.momenta);
    const view = this.#command(layout.COMMAND_TRAIN, plan.train, batches.descriptor);
    view.setInt32(layout.C_STEPS, options.steps, true);
    view.setInt32(layout.C_FIRST_STEP, options.firstStep, true);
    view.setInt32(layout.C_MEASURE, options.measure ? 1 : 0, true);
    view.setInt32(layout.C_FROZEN, options.frozen === true ? 1 : 0, true);
    view.setInt32(batches.descriptor + layout.D_POSITION, options.position, true);
    return this.#kernels.run();
  }

  /** Runs the model in evaluation mode over a region; its outputs are in the region afterwards. @returns the data loss, rounded to f32. */
  evaluate(plan: TrainingPlan, region: DataRegion, elementsOfMean: number): number {
    this.#command(layout.COMMAND_EVALUATE, plan.evaluate, region.descriptor);
    this.#kernels.run();
    return Math.fround(this.#kernels.evaluationLoss(elementsOfMean));
  }

  async dispose(): Promise<void> {
    this.#kernels.stopHelpers();
    await this.#release();
  }
}
