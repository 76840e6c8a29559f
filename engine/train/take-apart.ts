// Takes one update apart: trains it in a program of its own that keeps every intermediate value, and reads them all. Also finds
// the layer in which a number first ceases to be finite.
import { batchOf, sizesOf, type DataSet } from '../data/index.ts';
import { EngineError, planTraining, type Buffer, type Traced, type TrainingPlan } from '../plan/index.ts';
import {
  elements,
  type DeviceInfo,
  type NamedTensor,
  type ResolvedVariant,
  type StepArithmetic,
} from '../spec/index.ts';
import { Machine } from './machine.ts';
import { writeData } from './write-data.ts';
import { optimizerPowers, readRows, stateBuffers, writeGenerator, writeRows } from './state.ts';
import type { TrainingState } from './checkpoint.ts';

/** Numbers that people can look at; beyond it a model is too large to be taken apart. */
const MOST_VALUES = 4_000_000;

export interface NextStep {
  readonly resolved: ResolvedVariant;
  readonly data: DataSet;
  /** Before the step, its epoch begun. */
  readonly state: TrainingState;
  /** Rows of the train data that it sees. */
  readonly rows: Int32Array;
  readonly lr: number;
  readonly momentum: number;
  readonly simd: DeviceInfo['simd'];
}

/** The step's batch as all there is, in its order. */
function onlyBatch({ resolved, data, rows }: NextStep): { readonly resolved: ResolvedVariant; readonly data: DataSet } {
  const recipe = { ...resolved.recipe, batch_size: null, shuffle: false, drop_last: false };
  return { resolved: { ...resolved, recipe }, data: batchOf(data, rows) };
}

interface Bench {
  readonly plan: TrainingPlan;
  readonly machine: Machine;
}

function setUp(step: NextStep): Bench {
  const { resolved, data } = onlyBatch(step);
  const plan = planTraining(resolved, { keepAll: true }, sizesOf(data));
  const values = plan.train.traced.reduce((sum, { shape }) => sum + step.rows.length * elements(shape), 0);
  if (values > MOST_VALUES)
    throw new EngineError('BAD_OPTION', `one update of this model has ${values} values, too many to be looked at`, {
      option: 'inspect',
    });
  const machine = Machine.alone(plan.bytes, step.simd);
  machine.load(plan);
  writeData(plan, machine.memory, data);
  return { plan, machine };
}

function restore({ plan, machine }: Bench, state: TrainingState): void {
  for (const { array, buffer } of stateBuffers(plan)) {
    const values = state.arrays.get(buffer.name);
    if (values) writeRows(plan, machine.memory, array, buffer, values);
  }
  optimizerPowers(plan, machine.memory).set(state.powers);
  writeGenerator(plan, machine.memory, state.generator);
}

/** Examples side by side become [batch, …]. */
function readTraced({ plan, machine }: Bench, { name, shape, buffer, isInteger }: Traced, batch: number): NamedTensor {
  // Both programs of a single batch have one geometry.
  const { stride } = plan.train.geometry;
  const count = elements(shape);
  const address = plan.addressOf(buffer);
  const source = isInteger
    ? new Int32Array(machine.memory, address, buffer.bytes / 4)
    : new Float32Array(machine.memory, address, buffer.bytes / 4);
  const values = new Float32Array(batch * count);
  for (let example = 0; example < batch; example++) {
    const start = Math.floor(example / stride) * count * stride + (example % stride);
    for (let k = 0; k < count; k++) values[example * count + k] = source[start + k * stride] as number;
  }
  return { name, shape: [batch, ...shape], values };
}

/** Takes the step with parameters held fast. @returns the loss. */
function takeFrozen({ plan, machine }: Bench, { state, lr, momentum }: NextStep): number {
  machine.train(plan, {
    steps: 1,
    firstStep: state.step,
    position: 0,
    rates: Float64Array.of(lr),
    momenta: Float64Array.of(momentum),
    measure: false,
    frozen: true,
  });
  return new Float64Array(machine.memory, plan.rows.trainLoss, 1)[0] as number;
}

/**
 * Every array of one update in the order of computation.
 * @throws EngineError BAD_OPTION when the model is too large to be looked at.
 */
export function takeApart(step: NextStep): StepArithmetic {
  const bench = setUp(step);
  const { plan, machine } = bench;
  const array = (
    name: string,
    shape: readonly number[],
    buffer: Buffer,
    stored: TrainingPlan['parameters'][number],
  ) => ({
    name,
    shape,
    values: readRows(plan, machine.memory, stored, buffer),
  });
  const ofParameters = (suffix: string, pick: (p: TrainingPlan['parameters'][number]) => Buffer): NamedTensor[] =>
    plan.parameters.map((p) => array(`${p.name}${suffix}`, p.shape, pick(p), p));

  restore(bench, step.state);
  const loss = takeFrozen(bench, step);
  const computed = plan.train.traced.map((traced) => readTraced(bench, traced, step.rows.length));
  const isGradient = ({ name }: NamedTensor): boolean => name.endsWith('.gradient');
  const before = ofParameters('', (p) => p.value);
  const gradients = ofParameters('.gradient', (p) => p.gradient);

  // The same step once more, this time with its update.
  machine.load(plan);
  restore(bench, step.state);
  const { lr, momentum, state } = step;
  machine.train(plan, {
    steps: 1,
    firstStep: state.step,
    position: 0,
    rates: Float64Array.of(lr),
    momenta: Float64Array.of(momentum),
    measure: false,
  });
  return {
    step: state.step + 1,
    tensors: [
      ...before,
      ...computed.filter((x) => !isGradient(x)),
      { name: 'loss', shape: [], values: Float32Array.of(loss) },
      ...computed.filter(isGradient),
      ...gradients,
      ...ofParameters('.updated', (p) => p.value),
    ],
  };
}

const LAYER_VALUE = /\.output(\.gradient)?$/;

/** The first layer with a value that is not finite among those of a program that has been run. */
function brokenLayer(bench: Bench, traced: readonly Traced[], batch: number): string | null {
  const broken = traced.find(
    (value) => LAYER_VALUE.test(value.name) && readTraced(bench, value, batch).values.some((x) => !Number.isFinite(x)),
  );
  return broken ? broken.name.replace(LAYER_VALUE, '') : null;
}

/** Nobody needs to hear that the search for a cause was too large as well. */
function orNull(search: () => string | null): string | null {
  try {
    return search();
  } catch (error) {
    if (error instanceof EngineError) return null;
    throw error;
  }
}

/** @returns the first layer of which an output, or a gradient of one, is not finite in a step; null when none is, or nobody can tell. */
export const brokenLayerOfStep = (step: NextStep): string | null =>
  orNull(() => {
    const bench = setUp(step);
    restore(bench, step.state);
    takeFrozen(bench, step);
    return brokenLayer(bench, bench.plan.train.traced, step.rows.length);
  });

/** The same of an evaluation over the rows of `step.data`. */
export const brokenLayerOfEvaluation = (step: NextStep): string | null =>
  orNull(() => {
    const bench = setUp(step);
    restore(bench, step.state);
    bench.machine.evaluate(bench.plan, bench.plan.data.train, 0);
    return brokenLayer(bench, bench.plan.evaluate.traced, step.rows.length);
  });
