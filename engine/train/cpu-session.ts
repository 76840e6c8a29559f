// One run on the CPU: takes steps interval by interval, evaluates when it is due, remembers, changes and goes back.
import { sizesOf, type DataSet, type Examples } from '../data/index.ts';
import { EngineError, planTraining, ROW_CAPACITY, type PlanOptions, type TrainingPlan } from '../plan/index.ts';
import { Generator, type GeneratorState } from '../random/index.ts';
import {
  emptySteps,
  joinSteps,
  stepsPerEpoch,
  totalSteps,
  type Checkpoint,
  type DataDigest,
  type DataPreview,
  type DeviceInfo,
  type Evaluation,
  type OptimizerSpec,
  type ResolvedVariant,
  type RunEvent,
  type RunFailure,
  type Split,
  type StepArithmetic,
  type StepColumns,
} from '../spec/index.ts';
import { changed, withEvents } from './change.ts';
import { encodeCheckpoint, type TrainingState } from './checkpoint.ts';
import { nextEpochOrder } from './epochs.ts';
import { evaluate, splitLoss } from './evaluation.ts';
import { History } from './history.ts';
import type { Machine } from './machine.ts';
import { NOT_STOPPING, stoppingAfter, type ProgressState, type StoppingState } from './progress.ts';
import { Rates, type RatesState } from './rates.ts';
import type { Advance, BestStep, NamedArrays, TrainingSession } from './session.ts';
import { brokenLayerOfEvaluation, brokenLayerOfStep, takeApart, type NextStep } from './take-apart.ts';
import {
  brokenParameter,
  optimizerPowers,
  readGenerator,
  readOutputs,
  readRows,
  stateBuffers,
  writeGenerator,
  writeRows,
} from './state.ts';

/** Everything that a session is made of. */
export interface SessionParts {
  readonly resolved: ResolvedVariant;
  readonly data: DataSet;
  readonly preview: DataPreview;
  readonly digest: DataDigest;
  /** Holds the data already. */
  readonly machine: Machine;
  /** Of the variant without changes. */
  readonly plan: TrainingPlan;
  /** Fingerprint for checkpoints. */
  readonly run: string;
  /** The state of a run that has not taken a step, for going back beyond what is kept. */
  readonly start: TrainingState;
  /** Changes to come, by step. */
  readonly events: readonly RunEvent[];
  readonly planOptions: PlanOptions;
}

type Penalized = 'train_loss' | 'penalty_l1' | 'penalty_l2';
const REPORTED = ['train_loss', 'penalty_l1', 'penalty_l2'] as const satisfies readonly Penalized[];

export class CpuSession implements TrainingSession {
  readonly #history = new History();
  #parts: SessionParts | null;
  #resolved: ResolvedVariant;
  #plan: TrainingPlan;
  #rates: Rates;
  #step = 0;
  #evaluated = -1;
  #measured = false;
  #order: Int32Array | null = null;
  #stopping: StoppingState = NOT_STOPPING;
  #best: BestStep | null = null;
  #done: RunEvent[] = [];
  #failure: RunFailure | null = null;

  /** @param state where to begin: the start of a run, or a checkpoint. */
  constructor(parts: SessionParts, state: TrainingState) {
    this.#parts = parts;
    this.#resolved = withEvents(parts.resolved, state.events);
    this.#plan = state.events.length === 0 ? parts.plan : this.#planFor(this.#resolved);
    this.#rates = this.#ratesFrom(null);
    parts.machine.load(this.#plan);
    this.#restore(state);
  }

  get device(): DeviceInfo {
    return this.#live().machine.device;
  }
  get data(): DataPreview {
    return this.#live().preview;
  }
  get dataDigest(): DataDigest {
    return this.#live().digest;
  }
  get totalSteps(): number {
    return totalSteps(this.#resolved.recipe, this.#plan.data.train.rows) as number;
  }
  get parameterCount(): number {
    return this.#plan.parameters.reduce((sum, p) => sum + p.rows * p.columns, 0);
  }
  get step(): number {
    return this.#step;
  }
  get best(): BestStep | null {
    return this.#best;
  }
  /** The present plan and arena, for tests. */
  get plan(): TrainingPlan {
    return this.#plan;
  }
  get memory(): ArrayBufferLike {
    return this.#live().machine.memory;
  }
  /** For the benchmark: milliseconds per step that changes nothing. */
  timeFrozenSteps(steps: number): number {
    const { machine } = this.#live();
    const { rates, momenta } = this.#ratesFrom(this.#rates.state).next(this.#step, steps);
    const options = { steps, firstStep: this.#step, position: 0, rates, momenta, measure: false, frozen: true };
    const start = performance.now();
    machine.train(this.#plan, options);
    return (performance.now() - start) / steps;
  }

  advance(maxSteps: number): Advance {
    this.#live();
    if (!Number.isInteger(maxSteps) || maxSteps < 0)
      throw new EngineError('BAD_OPTION', `maxSteps must be a whole number from 0, but is ${maxSteps}`, {
        option: 'maxSteps',
      });
    const evaluations: Evaluation[] = [];
    const rows: StepColumns[] = [];
    this.#evaluateWhenDue(evaluations);
    const end = Math.min(this.totalSteps, this.#step + maxSteps);
    while (this.#step < end && !this.#failure && !this.#stopping.ended) {
      this.#makeChanges();
      this.#beginEpochWhenDue();
      rows.push(this.#train(Math.min(end, this.#nextStop()) - this.#step));
      if (this.#failure) break;
      this.#evaluateWhenDue(evaluations);
      this.#history.offer(this.#step, () => this.#state());
    }
    const failure = this.#failure;
    const done = !failure && (this.#step >= this.totalSteps || this.#stopping.ended);
    return { steps: joinSteps(rows), evaluations, failure, done };
  }

  change(path: string, value: unknown): RunEvent {
    this.#live();
    this.#makeChanges();
    const event = { step: this.#step, path, value };
    this.#make(event);
    return event;
  }

  stepBack(steps: number): number {
    const parts = this.#live();
    const { start } = parts;
    if (!Number.isInteger(steps) || steps < 1)
      throw new EngineError('BAD_OPTION', `steps must be a whole number from 1, but is ${steps}`, { option: 'steps' });
    const target = Math.max(0, this.#step - steps);
    const events = this.#done.filter((x) => x.step < target);
    const state = this.#history.before(target, events) ?? start;
    this.#history.forgetAfter(target);
    // What was still to come from there on is not made any more either.
    this.#parts = { ...parts, events: parts.events.filter((x) => x.step < target) };
    this.#failure = null;
    this.#adopt(withEvents(this.#live().resolved, state.events), state);
    // The way from what is kept to the target is trained again: the same numbers, so nothing of it is reported.
    const again = events.filter((x) => x.step >= state.step);
    for (const event of again) {
      this.#retrain(event.step);
      this.#make(event);
    }
    this.#retrain(target);
    return this.#step;
  }

  evaluate(): Advance {
    this.#live();
    if (this.#evaluated === this.#step || this.#failure)
      return { steps: null, evaluations: [], failure: this.#failure, done: false };
    const evaluation = this.#evaluation();
    return { steps: null, evaluations: evaluation ? [evaluation] : [], failure: this.#failure, done: false };
  }

  checkpoint(): Checkpoint {
    this.#live();
    return { step: this.#step, bytes: encodeCheckpoint(this.#state()) };
  }

  parameters(): NamedArrays {
    const { machine } = this.#live();
    return new Map(
      [...this.#plan.parameters, ...this.#plan.state].map(
        (x) => [x.name, { shape: x.shape, values: readRows(this.#plan, machine.memory, x, x.value) }] as const,
      ),
    );
  }

  outputs(split: Split): Float32Array | null {
    const { machine, data } = this.#live();
    const region = this.#plan.data[split];
    if (!region) return null;
    splitLoss(machine, this.#plan, data, split);
    return readOutputs(machine.memory, region);
  }

  inspect(): StepArithmetic {
    this.#live();
    return takeApart(this.#nextStep());
  }

  async dispose(): Promise<void> {
    const parts = this.#parts;
    this.#parts = null;
    await parts?.machine.dispose();
  }

  #live(): SessionParts {
    if (!this.#parts) throw new EngineError('SESSION_OVER', 'this session has been disposed');
    return this.#parts;
  }

  #planFor(resolved: ResolvedVariant): TrainingPlan {
    const { machine, data, planOptions } = this.#live();
    return planTraining(resolved, { ...planOptions, threads: machine.device.threads }, sizesOf(data));
  }

  #ratesFrom(state: RatesState | null): Rates {
    return new Rates(this.#resolved.recipe, this.totalSteps, this.#perEpoch(), state);
  }

  #perEpoch(): number {
    return stepsPerEpoch(this.#resolved.recipe, this.#plan.data.train.rows);
  }

  /** The next step at which something happens between two calls into the kernels. */
  #nextStop(): number {
    const { recipe } = this.#resolved;
    const after = (every: number): number => (Math.floor(this.#step / every) + 1) * every;
    const nextEvent = this.#live().events.find((x) => x.step > this.#step)?.step ?? Infinity;
    const epochEnd = recipe.batch_size === null ? Infinity : after(this.#perEpoch());
    return Math.min(this.#step + ROW_CAPACITY, after(recipe.evaluate_every), epochEnd, nextEvent);
  }

  /** Changes that were recorded at this step and are not made yet. */
  #makeChanges(): void {
    const at = (event: RunEvent): boolean => event.step === this.#step;
    // Those of one step are made in order, so it is enough to count the ones that a checkpoint holds.
    for (const event of this.#live().events.filter(at).slice(this.#done.filter(at).length)) this.#make(event);
  }

  #make(event: RunEvent): void {
    const resolved = changed(this.#resolved, event.path, event.value);
    const rates = this.#rates.changed(resolved.recipe);
    const { optimizer: before } = this.#resolved.recipe;
    this.#adopt(resolved);
    this.#rates = rates;
    this.#raiseBetas(before);
    this.#done.push(event);
  }

  /** torch raises the betas as they are now to the step's power: once they change, the product of the former ones is wrong. */
  #raiseBetas(before: OptimizerSpec): void {
    const { optimizer } = this.#resolved.recipe;
    if (!('betas' in optimizer) || !('betas' in before) || String(optimizer.betas) === String(before.betas)) return;
    optimizerPowers(this.#plan, this.memory).set(optimizer.betas.map((beta) => beta ** this.#step));
  }

  #beginEpochWhenDue(): void {
    const begun = this.#epochBegun(readGenerator(this.#plan, this.memory));
    if (!begun) return;
    this.#order = begun.order;
    writeGenerator(this.#plan, this.memory, begun.generator);
    this.#writeOrder();
  }

  /** The order of the epoch that the next step begins, and the generator after it was drawn; null within an epoch. */
  #epochBegun(state: GeneratorState): { readonly order: Int32Array | null; readonly generator: GeneratorState } | null {
    const { recipe } = this.#resolved;
    if (recipe.batch_size === null || this.#step % this.#perEpoch() !== 0) return null;
    const generator = Generator.fromState(state);
    const order = nextEpochOrder(generator, this.#plan.data.train.rows, recipe.shuffle);
    return { order, generator: generator.getState() };
  }

  /** What decides the next update, for looking at it from outside. */
  #nextStep(): NextStep {
    const { data, machine } = this.#live();
    const state = this.#state();
    const { order, generator } = this.#epochBegun(state.generator) ?? state;
    const { train } = this.#plan.data;
    const { size } = this.#plan.batches;
    const first = (this.#step % this.#perEpoch()) * size;
    const count = Math.min(size, train.rows - first);
    const { rates, momenta } = this.#ratesFrom(this.#rates.state).next(this.#step, 1);
    return {
      resolved: this.#resolved,
      data,
      state: { ...state, generator },
      rows: Int32Array.from({ length: count }, (_, i) => order?.[first + i] ?? first + i),
      lr: rates[0] as number,
      momentum: momenta[0] as number,
      simd: machine.device.simd,
    };
  }

  #writeOrder(): void {
    if (!this.#order) return;
    new Int32Array(this.memory, this.#plan.batches.order, this.#order.length).set(this.#order);
  }

  #evaluateWhenDue(evaluations: Evaluation[]): void {
    const { recipe } = this.#resolved;
    const due = this.#step % recipe.evaluate_every === 0 || this.#step === this.totalSteps;
    if (!due || this.#evaluated === this.#step || this.#failure) return;
    this.#evaluated = this.#step;
    const evaluation = this.#evaluation();
    if (!evaluation) return;
    evaluations.push(evaluation);
    this.#rates.evaluated(evaluation);
    this.#stopping = stoppingAfter(this.#stopping, recipe.early_stopping, evaluation);
    const loss = evaluation.validation?.loss;
    if (loss !== undefined && loss < (this.#best?.loss ?? Infinity)) {
      this.#best = { step: this.#step, loss, checkpoint: null };
      this.#best = { step: this.#step, loss, checkpoint: this.checkpoint() };
    }
  }

  /** Of the present step. @returns null when a loss is not finite; the run has failed then. */
  #evaluation(): Evaluation | null {
    const { machine, data } = this.#live();
    const evaluation = evaluate(machine, this.#plan, data, this.#step, this.#measured);
    const broken = (['test', 'validation', 'train'] as const).find((split) => {
      const scores = evaluation[split];
      return scores !== null && !Number.isFinite(scores.loss);
    });
    if (!broken) return evaluation;
    const quantity = broken === 'train' ? 'train_eval_loss' : `${broken}_loss`;
    this.#fail(this.#step, quantity, () => brokenLayerOfEvaluation(this.#brokenRow(broken)));
    return null;
  }

  /** One call into the kernels. */
  #train(steps: number): StepColumns {
    const { machine } = this.#live();
    const { recipe } = this.#resolved;
    const plan = this.#plan;
    const { rates, momenta } = this.#rates.next(this.#step, steps);
    const last = this.#step + steps;
    const measure = last % recipe.evaluate_every === 0 || last === this.totalSteps;
    const position = (this.#step % this.#perEpoch()) * plan.batches.size;
    const taken = machine.train(plan, { steps, firstStep: this.#step, position, rates, momenta, measure });
    const rows = emptySteps(taken);
    const column = (address: number): Float64Array => new Float64Array(machine.memory, address, ROW_CAPACITY);
    const columns = {
      train_loss: column(plan.rows.trainLoss),
      penalty_l1: column(plan.rows.penaltyL1),
      penalty_l2: column(plan.rows.penaltyL2),
    };
    for (let i = 0; i < taken; i++) rows.step[i] = this.#step + i + 1;
    for (const name of REPORTED) rows[name].set(columns[name].subarray(0, taken));
    rows.lr.set(rates.subarray(0, taken));
    this.#step += taken;
    this.#measured = measure && taken === steps;
    if (taken < steps) {
      const quantity = REPORTED.find((name) => !Number.isFinite(columns[name][taken])) ?? 'train_loss';
      this.#fail(this.#step + 1, quantity, () => brokenLayerOfStep(this.#nextStep()));
    }
    return rows;
  }

  /** The first example of a split that the model has no finite answer to. */
  #brokenRow(split: Split): NextStep {
    const { data } = this.#live();
    const outputs = this.outputs(split) ?? new Float32Array();
    const examples = data.splits[split] as Examples;
    const row = Math.max(
      0,
      outputs.findIndex((x) => !Number.isFinite(x)),
    );
    const rows = Int32Array.of(Math.floor((row * examples.rows) / Math.max(1, outputs.length)));
    return { ...this.#nextStep(), data: { ...data, splits: { ...data.splits, train: examples } }, rows };
  }

  /** A parameter that is not finite is the earlier cause: it is named instead of the loss that it spoils. */
  #fail(step: number, quantity: string, findLayer: () => string | null): void {
    const parameter = brokenParameter(this.#plan, this.memory);
    this.#failure = {
      code: 'DIVERGED',
      step,
      quantity: parameter ? 'parameter' : quantity,
      parameter: parameter?.name ?? null,
      layer: parameter?.layer ?? findLayer(),
    };
  }

  /** Trains up to a step that has been reached before. */
  #retrain(step: number): void {
    while (this.#step < step) {
      const { failure } = this.advance(step - this.#step);
      if (failure || this.#stopping.ended) break;
    }
  }

  /** Goes on with another recipe, in the present state or in the given one. */
  #adopt(resolved: ResolvedVariant, state = this.#state()): void {
    const plan = this.#planFor(resolved);
    this.#live().machine.load(plan);
    this.#plan = plan;
    this.#resolved = resolved;
    this.#restore(state);
  }

  #state(): TrainingState {
    const { machine, run } = this.#live();
    const [power1 = 1, power2 = 1] = optimizerPowers(this.#plan, machine.memory);
    const arrays = stateBuffers(this.#plan).map(
      ({ array, buffer }) => [buffer.name, readRows(this.#plan, machine.memory, array, buffer)] as const,
    );
    return {
      run,
      step: this.#step,
      evaluated: this.#evaluated,
      powers: [power1, power2],
      generator: readGenerator(this.#plan, machine.memory),
      order: this.#order,
      progress: this.#progress(),
      events: [...this.#done],
      arrays: new Map(arrays),
    };
  }

  #progress(): ProgressState {
    const best = this.#best && { step: this.#best.step, loss: this.#best.loss };
    return { rates: this.#rates.state, stopping: this.#stopping, best };
  }

  /**
   * Writes a state into the arena. Arrays that it does not have stay zero: state of an optimizer that was changed since.
   * @throws EngineError BAD_CHECKPOINT when an array does not fit.
   */
  #restore(state: TrainingState): void {
    const { memory } = this.#live().machine;
    const plan = this.#plan;
    for (const { array, buffer } of stateBuffers(plan)) {
      const values = state.arrays.get(buffer.name);
      if (!values && buffer !== array.value) continue;
      if (values?.length !== array.rows * array.columns)
        throw new EngineError('BAD_CHECKPOINT', `this checkpoint cannot be continued: ${buffer.name} does not fit`, {
          reason: buffer.name,
        });
      writeRows(plan, memory, array, buffer, values);
    }
    optimizerPowers(plan, memory).set(state.powers);
    writeGenerator(plan, memory, state.generator);
    this.#step = state.step;
    this.#evaluated = state.evaluated;
    this.#order = state.order;
    this.#writeOrder();
    this.#rates = this.#ratesFrom(state.progress?.rates ?? null);
    this.#stopping = state.progress?.stopping ?? NOT_STOPPING;
    const best = state.progress?.best ?? null;
    this.#best = best && { ...best, checkpoint: this.#best?.step === best.step ? this.#best.checkpoint : null };
    this.#done = [...state.events];
    this.#measured = false;
  }
}
