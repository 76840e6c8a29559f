// Puts a session together: plan, memory, kernels, threads, start or resumed state; and runs it interval by interval.
import * as layout from '../kernels/cpu/assembly/layout.ts';
import { instantiate, loadKernels, type KernelExports, type Kernels } from '../kernels/cpu/load.ts';
import {
  describeBytes,
  EngineError,
  planTraining,
  ROW_CAPACITY,
  writePlan,
  type Buffer,
  type DataRegion,
  type Parameter,
  type PlanOptions,
  type TrainingPlan,
} from '../plan/index.ts';
import {
  emptySteps,
  fitGrid,
  joinSteps,
  resolveVariant,
  type Checkpoint,
  type DataPoints,
  type DeviceInfo,
  type Evaluation,
  type RunFailure,
  type StepColumns,
} from '../spec/index.ts';
import { decodeCheckpoint, encodeCheckpoint, runDigest, type TrainingState } from './checkpoint.ts';
import { drawStart, type Start } from './initialize.ts';
import type { Advance, SessionOptions, TrainingSession } from './session.ts';
import {
  brokenParameter,
  optimizerPowers,
  readGenerator,
  readOutputs,
  readRows,
  writeExamples,
  writeGenerator,
  writeRows,
} from './state.ts';

const PAGE_BYTES = 65_536;
const MAX_THREADS = 64;

/** What only tests ask for. */
export interface SessionInternals extends PlanOptions {
  /** One build of the kernels instead of the best one. */
  readonly simd?: Kernels['simd'];
}

function allocate(plan: TrainingPlan): WebAssembly.Memory {
  const pages = Math.ceil(plan.bytes / PAGE_BYTES);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new EngineError(
      'OUT_OF_MEMORY',
      `this model and data need ${describeBytes(plan.bytes)}, which this machine does not have free`,
      { neededBytes: plan.bytes },
    );
  }
}

function checkThreads({ threads, launcher }: SessionOptions): void {
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS)
    throw new EngineError('BAD_OPTION', `threads must be a whole number from 1 to ${MAX_THREADS}, but is ${threads}`, {
      option: 'threads',
    });
  if (threads > 1 && !launcher)
    throw new EngineError('BAD_OPTION', 'more than one thread needs a launcher', { option: 'launcher' });
}

/** Buffers that decide the steps to come, by their names in checkpoints. */
const stateBuffers = (plan: TrainingPlan): { readonly parameter: Parameter; readonly buffer: Buffer }[] =>
  plan.parameters.flatMap((parameter) =>
    [parameter.value, parameter.state1, parameter.state2].flatMap((buffer) => (buffer ? [{ parameter, buffer }] : [])),
  );

function writeData(plan: TrainingPlan, memory: ArrayBufferLike, points: DataPoints): void {
  const { train, test, fit } = plan.data;
  for (const [region, { x, y }] of [
    [train, points.train],
    [test, points.test],
  ] as const) {
    writeExamples(memory, region, region.x, region.features, x);
    writeExamples(memory, region, region.target, region.targets, y);
  }
  const { x_min: low, x_max: high } = plan.resolved.data;
  if (fit) writeExamples(memory, fit, fit.x, 1, fitGrid(low, high));
}

function writeStart(plan: TrainingPlan, memory: ArrayBufferLike, start: Start): void {
  for (const [i, { weight, bias }] of plan.layers.entries()) {
    const values = start.layers[i];
    if (!values) throw new Error(`no initial values for ${plan.layers[i]?.name}`);
    writeRows(plan, memory, weight, weight.value, values.weight);
    if (bias && values.bias) writeRows(plan, memory, bias, bias.value, values.bias);
  }
  writeGenerator(plan, memory, start.generator.getState());
}

function writeState(plan: TrainingPlan, memory: ArrayBufferLike, state: TrainingState): void {
  for (const { parameter, buffer } of stateBuffers(plan)) {
    const values = state.arrays.get(buffer.name);
    if (values?.length !== parameter.rows * parameter.columns)
      throw new EngineError('BAD_CHECKPOINT', `this checkpoint cannot be continued: ${buffer.name} does not fit`, {
        reason: buffer.name,
      });
    writeRows(plan, memory, parameter, buffer, values);
  }
  if (plan.resolved.recipe.optimizer.type === 'Adam') optimizerPowers(plan, memory).set(state.powers);
  writeGenerator(plan, memory, state.generator);
}

interface Parts {
  readonly plan: TrainingPlan;
  readonly memory: ArrayBufferLike;
  readonly kernels: KernelExports;
  readonly device: DeviceInfo;
  readonly points: DataPoints;
  /** Fingerprint for checkpoints. */
  readonly run: string;
  readonly cachedNormal: number | null;
  readonly release: () => Promise<void>;
}

class CpuSession implements TrainingSession {
  readonly device: DeviceInfo;
  readonly points: DataPoints;
  readonly totalSteps: number;
  readonly parameterCount: number;
  readonly plan: TrainingPlan;
  #parts: Parts | null;
  #step: number;
  #evaluated: number;
  #failure: RunFailure | null = null;

  constructor(parts: Parts, step: number, evaluated: number) {
    this.#parts = parts;
    this.plan = parts.plan;
    this.device = parts.device;
    this.points = parts.points;
    this.totalSteps = parts.plan.resolved.recipe.steps;
    this.parameterCount = parts.plan.parameters.reduce((sum, p) => sum + p.rows * p.columns, 0);
    this.#step = step;
    this.#evaluated = evaluated;
  }

  get step(): number {
    return this.#step;
  }

  /** The arena, for tests that look at sentinels. */
  get memory(): ArrayBufferLike {
    return this.#live().memory;
  }

  advance(maxSteps: number): Advance {
    const parts = this.#live();
    if (!Number.isInteger(maxSteps) || maxSteps < 0)
      throw new EngineError('BAD_OPTION', `maxSteps must be a whole number from 0, but is ${maxSteps}`, {
        option: 'maxSteps',
      });
    const evaluations: Evaluation[] = [];
    const rows: StepColumns[] = [];
    this.#evaluateWhenDue(parts, evaluations);
    const end = Math.min(this.totalSteps, this.#step + maxSteps);
    while (this.#step < end && !this.#failure) {
      const interval = Math.min(end, this.#nextEvaluation()) - this.#step;
      rows.push(this.#train(parts, Math.min(interval, ROW_CAPACITY)));
      if (!this.#failure) this.#evaluateWhenDue(parts, evaluations);
    }
    const failure = this.#failure;
    return { steps: joinSteps(rows), evaluations, failure, done: !failure && this.#step >= this.totalSteps };
  }

  checkpoint(): Checkpoint {
    const { plan, memory, run, cachedNormal } = this.#live();
    const [power1, power2] = optimizerPowers(plan, memory);
    const arrays = stateBuffers(plan).map(
      ({ parameter, buffer }) => [buffer.name, readRows(plan, memory, parameter, buffer)] as const,
    );
    const bytes = encodeCheckpoint({
      run,
      step: this.#step,
      evaluated: this.#evaluated,
      powers: [power1 as number, power2 as number],
      generator: readGenerator(plan, memory, cachedNormal),
      arrays: new Map(arrays),
    });
    return { step: this.#step, bytes };
  }

  parameters(): ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }> {
    const { plan, memory } = this.#live();
    return new Map(
      plan.parameters.map((p) => [p.name, { shape: p.shape, values: readRows(plan, memory, p, p.value) }] as const),
    );
  }

  async dispose(): Promise<void> {
    const parts = this.#parts;
    this.#parts = null;
    if (!parts) return;
    parts.kernels.stopHelpers();
    await parts.release();
  }

  #live(): Parts {
    if (!this.#parts) throw new EngineError('SESSION_OVER', 'this session has been disposed');
    return this.#parts;
  }

  #nextEvaluation(): number {
    const every = this.plan.resolved.recipe.evaluate_every;
    return (Math.floor(this.#step / every) + 1) * every;
  }

  #evaluateWhenDue(parts: Parts, evaluations: Evaluation[]): void {
    const due = this.#step % parts.plan.resolved.recipe.evaluate_every === 0 || this.#step === this.totalSteps;
    if (!due || this.#evaluated === this.#step || this.#failure) return;
    const evaluation = evaluate(parts, this.#step);
    const quantity = (['test_loss', 'train_eval_loss'] as const).find((name) => !Number.isFinite(evaluation[name]));
    if (quantity) this.#failure = describeFailure(parts, this.#step, quantity);
    else evaluations.push(evaluation);
    this.#evaluated = this.#step;
  }

  #train(parts: Parts, steps: number): StepColumns {
    const { plan, memory, kernels } = parts;
    setCommand(parts, layout.COMMAND_TRAIN, plan.train, plan.data.train, steps);
    new DataView(memory).setInt32(layout.C_FIRST_STEP, this.#step, true);
    const taken = kernels.run();
    const rows = emptySteps(taken);
    for (let i = 0; i < taken; i++) rows.step[i] = this.#step + i + 1;
    const column = (address: number): Float64Array => new Float64Array(memory, address, ROW_CAPACITY);
    const columns = {
      train_loss: column(plan.rows.trainLoss),
      penalty_l1: column(plan.rows.penaltyL1),
      penalty_l2: column(plan.rows.penaltyL2),
    };
    const names = ['train_loss', 'penalty_l1', 'penalty_l2'] as const;
    for (const name of names) rows[name].set(columns[name].subarray(0, taken));
    this.#step += taken;
    if (taken < steps) {
      const quantity = names.find((name) => !Number.isFinite(columns[name][taken])) ?? 'train_loss';
      this.#failure = describeFailure(parts, this.#step + 1, quantity);
    }
    return rows;
  }
}

function setCommand(
  { memory, device }: Parts,
  command: number,
  program: TrainingPlan['train'],
  data: DataRegion,
  steps: number,
): void {
  const view = new DataView(memory);
  view.setInt32(layout.C_THREADS, device.threads, true);
  view.setInt32(layout.C_COMMAND, command, true);
  view.setInt32(layout.C_STEPS, steps, true);
  view.setUint32(layout.C_DATASET, data.descriptor, true);
  view.setUint32(layout.C_RECORDS, program.address, true);
  view.setInt32(layout.C_RECORD_COUNT, program.instructions.length, true);
}

/** Runs the model in evaluation mode. @returns its mean squared error, rounded to f32; 0 where there are no targets. */
function evaluateOver(parts: Parts, region: DataRegion): number {
  setCommand(parts, layout.COMMAND_EVALUATE, parts.plan.evaluate, region, 1);
  parts.kernels.run();
  return Math.fround(parts.kernels.evaluationLoss());
}

function evaluate(parts: Parts, step: number): Evaluation {
  const { train, test, fit } = parts.plan.data;
  const trainLoss = evaluateOver(parts, train);
  const testLoss = evaluateOver(parts, test);
  if (fit) evaluateOver(parts, fit);
  return {
    step,
    train_eval_loss: trainLoss,
    test_loss: testLoss,
    fit: fit ? readOutputs(parts.memory, fit) : null,
  };
}

/** A parameter that is not finite is the earlier cause: it is named instead of the loss that it spoils. */
function describeFailure({ plan, memory }: Parts, step: number, quantity: string): RunFailure {
  const parameter = brokenParameter(plan, memory);
  return { code: 'DIVERGED', step, quantity: parameter === null ? quantity : 'parameter', parameter };
}

/** `createSession` with the plan and memory in reach of tests. */
export async function openSession(options: SessionOptions, internals: SessionInternals = {}): Promise<CpuSession> {
  checkThreads(options);
  const { experiment, seed, threads, launcher, resume } = options;
  const resolved = resolveVariant(experiment, options.variant);
  const plan = planTraining(resolved, internals);
  const run = runDigest(resolved, experiment.initialization, seed);
  const state = resume ? decodeCheckpoint(resume.bytes, run) : null;
  const { module, simd } = loadKernels(internals.simd);
  const memory = allocate(plan);
  writePlan(plan, memory.buffer);
  const start = drawStart(experiment, resolved, seed);
  writeData(plan, memory.buffer, start.points);
  if (state) writeState(plan, memory.buffer, state);
  else writeStart(plan, memory.buffer, start);
  const kernels = instantiate(module, memory);
  const helpers = threads > 1 ? await launcher?.launch(module, memory, threads - 1) : undefined;
  const parts: Parts = {
    plan,
    memory: memory.buffer,
    kernels,
    device: { kind: 'cpu', simd, threads },
    points: start.points,
    run,
    cachedNormal: (state?.generator ?? start.generator.getState()).cachedNormal,
    release: async () => helpers?.release(),
  };
  return new CpuSession(parts, state?.step ?? 0, state?.evaluated ?? -1);
}

/**
 * Compiles one variant into a training program and gets it ready to run.
 * @throws DocumentError when the variant does not exist or its shapes do not fit.
 * @throws EngineError OUT_OF_MEMORY, BAD_CHECKPOINT (foreign, damaged, cut off), BAD_OPTION.
 */
export const createSession = (options: SessionOptions): Promise<TrainingSession> => openSession(options);
