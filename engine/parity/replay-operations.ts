// Computes the recorded operations again with the plain-TypeScript reference of each.
import {
  afterEvaluation,
  afterUpdate,
  clipGradients,
  decoupledDecay,
  evaluateLoss,
  l1Penalty,
  l2Penalty,
  limitNorms,
  optimizerReference,
  softThreshold,
  startSchedule,
  tensor,
  updateValues,
  type ScheduleRecipe,
} from '../ops/index.ts';
import { Generator, randint, randn, uniform } from '../random/index.ts';
import { elements, LOSS_TARGETS, type GradientClippingSpec, type LossSpec, type OptimizerSpec } from '../spec/index.ts';
import { DifferenceTally, relativeDifference, share, type Tally } from './difference.ts';
import { recordedAt, type RecordedValues } from './fixture.ts';
import { layerOutputs, type Output, type RecordedLayer } from './replay-layers.ts';

type Outputs = Readonly<Record<string, RecordedValues & { readonly scale: number }>>;

/** Learning rates of a schedule, f64. */
export interface ScheduleCase {
  readonly operation: 'schedule';
  readonly recipe: ScheduleRecipe;
  /** Updates per epoch. */
  readonly epoch: number;
  /** Of the evaluation before each update. */
  readonly metrics: readonly number[];
  readonly lr: readonly number[];
  readonly momentum: readonly (number | null)[];
}

/** An operation on drawn values. */
export type DrawnCase = { readonly seed: number; readonly outputs: Outputs } & (
  | ({ readonly operation: 'layer' } & RecordedLayer)
  | { readonly operation: 'loss'; readonly loss: LossSpec; readonly shape: readonly number[] }
  | { readonly operation: 'updates'; readonly size: number; readonly optimizer: OptimizerSpec }
  | {
      readonly operation: 'penalty';
      readonly size: number;
      readonly form: 'l1' | 'l2_sum' | 'l2_half';
      readonly weight: number;
    }
  | {
      readonly operation: 'clipping';
      readonly clipping: GradientClippingSpec;
      readonly shapes: readonly (readonly number[])[];
    }
  | {
      readonly operation: 'constraint';
      readonly kind: 'decoupled_decay' | 'proximal' | 'max_norm';
      readonly lr: number | null;
      readonly weight: number;
      readonly shape: readonly number[];
    }
);
export type OperationCase = DrawnCase | ScheduleCase;

type Of<T extends DrawnCase['operation']> = DrawnCase & { readonly operation: T };

const times = (values: Float32Array, factor: number): Float32Array =>
  values.map((x) => Math.fround(x * Math.fround(factor)));

function lossOutputs(generator: Generator, { loss, shape }: Of<'loss'>): Record<string, Output> {
  const [batch = 0, classes = 0] = shape;
  const y = tensor(shape, times(randn(generator, elements(shape)), 2));
  const drawTarget = (): ArrayLike<number> => {
    if (LOSS_TARGETS[loss.type] === 'classes') return randint(generator, 0, classes, batch);
    if (loss.type === 'BCEWithLogitsLoss') return uniform(generator, new Float32Array(y.data.length));
    return randn(generator, y.data.length);
  };
  const target = drawTarget();
  const { value, gradient } = evaluateLoss(loss, y, target);
  return { value: { values: [value] }, dx: { values: gradient, terms: lossTerms(loss, gradient, target) } };
}

/** The gradients that are p - t, with p from 0 to 1: |p| + |t|, times the share of an element. */
function lossTerms(loss: LossSpec, gradient: Float64Array, target: ArrayLike<number>): Float64Array | undefined {
  const mean = loss.reduction === 'mean';
  if (loss.type === 'BCEWithLogitsLoss') {
    const share = mean ? 1 / gradient.length : 1;
    return gradient.map((g, i) => g + 2 * share * (target[i] as number));
  }
  if (loss.type !== 'CrossEntropyLoss') return undefined;
  const share = mean ? 1 / target.length : 1;
  const classes = gradient.length / target.length;
  const { label_smoothing: smoothing } = loss;
  return gradient.map((g, i) => {
    const right = target[Math.floor(i / classes)] === i % classes;
    return g + 2 * share * ((right ? 1 - smoothing : 0) + smoothing / classes);
  });
}

function penaltyOutputs(generator: Generator, { size, form, weight }: Of<'penalty'>): Record<string, Output> {
  const w = randn(generator, size).map((x, i) => (i % 5 === 0 ? 0 : x));
  if (form === 'l1')
    return { value: { values: [l1Penalty.value(w, weight)] }, dx: { values: l1Penalty.gradient(w, weight) } };
  const l2Form = form === 'l2_sum' ? 'sum' : 'half';
  return {
    value: { values: [l2Penalty.value(w, weight, l2Form)] },
    dx: { values: l2Penalty.gradient(w, weight, l2Form) },
  };
}

/** A parameter is its start plus its updates, and may pass zero. */
function updatedParameter(generator: Generator, { size, optimizer }: Of<'updates'>): Record<string, Output> {
  const start = Float64Array.from(randn(generator, size));
  const w = start.slice();
  const reference = optimizerReference(optimizer);
  const state = reference.initialState(optimizer, size);
  for (let step = 0; step < 10; step++)
    reference.update(optimizer, updateValues(optimizer), w, times(randn(generator, size), 0.1), state);
  return { w: { values: w, terms: w.map((x, i) => Math.abs(x) + Math.abs(start[i] as number)) } };
}

function clippedGradients(generator: Generator, { clipping, shapes }: Of<'clipping'>): Record<string, Output> {
  const gradients = shapes.map((shape, i) => [`g${i}`, Float64Array.from(randn(generator, elements(shape)))] as const);
  return Object.fromEntries(
    [...clipGradients(new Map(gradients), clipping)].map(([name, values]) => [name, { values }]),
  );
}

function constrained(generator: Generator, { kind, lr, weight, shape }: Of<'constraint'>): Record<string, Output> {
  const w = Float64Array.from(randn(generator, elements(shape)));
  const terms = kind === 'proximal' ? w.map((x) => Math.abs(x) + (lr ?? 0) * weight) : undefined;
  if (kind === 'decoupled_decay') decoupledDecay(w, lr ?? 0, weight);
  else if (kind === 'proximal') softThreshold(w, lr ?? 0, weight);
  else limitNorms(w, shape[0] ?? 0, weight);
  return { w: { values: w, terms } };
}

function outputsOf(recorded: DrawnCase): Record<string, Output> {
  const generator = Generator.manualSeed(recorded.seed);
  switch (recorded.operation) {
    case 'layer':
      return layerOutputs(generator, recorded);
    case 'loss':
      return lossOutputs(generator, recorded);
    case 'penalty':
      return penaltyOutputs(generator, recorded);
    case 'updates':
      return updatedParameter(generator, recorded);
    case 'clipping':
      return clippedGradients(generator, recorded);
    case 'constraint':
      return constrained(generator, recorded);
    default:
      return recorded satisfies never;
  }
}

/** What a case is of: a layer's, loss's or optimizer's type, or the operation itself. */
export function subjectOf(recorded: OperationCase): string {
  switch (recorded.operation) {
    case 'layer':
      return recorded.layer.type;
    case 'loss':
      return recorded.loss.type;
    case 'updates':
      return recorded.optimizer.type;
    case 'schedule':
      return recorded.recipe.schedule.type;
    default:
      return recorded.operation;
  }
}

export interface OperationDifferences {
  /** |a-b| / (|b| + 1e-6·scale), every output that is no sum. */
  readonly elements: Tally;
  /** |a-b| / Σ|terms|, every output that is a sum whose terms may cancel. */
  readonly sums: Tally;
}

/** @throws Error when a recorded output has no counterpart. */
export function compareOperations(cases: readonly OperationCase[]): OperationDifferences {
  const [single, sums] = [new DifferenceTally(), new DifferenceTally()];
  for (const recorded of cases) {
    if (recorded.operation === 'schedule') continue;
    const outputs = outputsOf(recorded);
    for (const [name, theirs] of Object.entries(recorded.outputs)) {
      const ours = outputs[name];
      const title = `${subjectOf(recorded)} (seed ${recorded.seed}, ${theirs.length} values): ${name}`;
      if (ours?.values.length !== theirs.length)
        throw new Error(`${title}: ${ours?.values.length ?? 'no'} values of ours`);
      for (const { index, value } of recordedAt(theirs)) {
        const a = ours.values[index] as number;
        const where = `${title}[${index}]`;
        if (ours.terms) sums.add(share(a - value, ours.terms[index] as number), where);
        else single.add(relativeDifference(a, value, theirs.scale), where);
      }
    }
  }
  return { elements: single.result, sums: sums.result };
}

/** |a-b|/|b| of every learning rate and momentum of the recorded schedules. */
export function compareSchedules(cases: readonly OperationCase[]): Tally {
  const tally = new DifferenceTally();
  for (const recorded of cases) {
    if (recorded.operation !== 'schedule') continue;
    const { recipe, epoch, metrics, lr, momentum } = recorded;
    let state = startSchedule(recipe, lr.length);
    for (const [i, rate] of lr.entries()) {
      state = afterEvaluation(recipe, state, metrics[i] as number);
      const where = `${recipe.schedule.type} of ${recipe.optimizer.type}, update ${i + 1} of ${lr.length}`;
      tally.add(relativeDifference(state.lr, rate, 0), `${where}: lr`);
      const theirs = momentum[i] ?? null;
      if (theirs === null || state.momentum === null)
        tally.add(theirs === state.momentum ? 0 : Infinity, `${where}: momentum`);
      else tally.add(relativeDifference(state.momentum, theirs, 0), `${where}: momentum`);
      state = afterUpdate(recipe, lr.length, state, (i + 1) % epoch === 0);
    }
  }
  return tally.result;
}
