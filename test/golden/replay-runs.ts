// Trains the recorded runs again with the lab's engine and measures how far each number is from PyTorch's.
import { parseExperiment, type ExperimentSpec } from '../../engine/spec/index.ts';
import { createSession, type ThreadLauncher, type TrainingSession } from '../../engine/train/index.ts';
import { DifferenceTally, relativeDifference, ulpDistance, type Tally } from './difference.ts';
import { sha256, type RecordedValues } from './fixture.ts';

export interface RecordedEvaluation {
  readonly step: number;
  readonly train_eval_loss: number;
  readonly test_loss: number;
  readonly fit?: readonly number[];
}

export interface RecordedRun {
  readonly variant: string;
  readonly seed: number;
  readonly x: readonly number[];
  readonly train_y: readonly number[];
  readonly test_y: readonly number[];
  readonly initial: Readonly<Record<string, RecordedValues & { readonly shape: readonly number[] }>>;
  readonly train_loss: readonly number[];
  /** λ·Σ|w| before each step; empty when the run has no such penalty. */
  readonly penalty_l1: readonly number[];
  readonly penalty_l2: readonly number[];
  readonly evaluations: readonly RecordedEvaluation[];
  /** Step → parameter → values. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

/** A run of a document that travels with it. */
export interface RecordedTraining extends RecordedRun {
  readonly experiment: unknown;
}
/** A run of the bundled regression example. */
export interface RecordedExample extends RecordedRun {
  readonly initialization: 'sequential' | 'same';
}

export interface ReplayOptions {
  readonly experiment: ExperimentSpec;
  readonly threads: number;
  readonly launcher?: ThreadLauncher;
}

/** The same run by the engine, with parameters at the steps where the record has them. */
export interface ReplayedRun {
  readonly session: TrainingSession;
  readonly train_loss: readonly number[];
  readonly penalty_l1: readonly number[];
  readonly penalty_l2: readonly number[];
  readonly evaluations: readonly RecordedEvaluation[];
  readonly initial: ReadonlyMap<string, Float32Array>;
  readonly parameters: ReadonlyMap<number, ReadonlyMap<string, Float32Array>>;
}

const valuesOf = (session: TrainingSession): ReadonlyMap<string, Float32Array> =>
  new Map([...session.parameters()].map(([name, { values }]) => [name, values]));

/**
 * Trains to the end; the caller need not dispose the session.
 * @throws Error when the run fails.
 */
export async function replay(recorded: RecordedRun, options: ReplayOptions): Promise<ReplayedRun> {
  const { experiment, threads, launcher } = options;
  const session = await createSession({
    experiment,
    variant: recorded.variant,
    seed: recorded.seed,
    threads,
    ...(launcher && { launcher }),
  });
  try {
    const initial = valuesOf(session);
    const rows = { train_loss: [] as number[], penalty_l1: [] as number[], penalty_l2: [] as number[] };
    const evaluations: RecordedEvaluation[] = [];
    const parameters = new Map<number, ReadonlyMap<string, Float32Array>>();
    const stops = new Set([...Object.keys(recorded.parameters).map(Number), session.totalSteps]);
    for (const stop of [...stops].sort((a, b) => a - b)) {
      const { steps, evaluations: due, failure } = session.advance(stop - session.step);
      if (failure) throw new Error(`${recorded.variant}: ${failure.quantity} is not finite at step ${failure.step}`);
      rows.train_loss.push(...(steps?.train_loss ?? []));
      rows.penalty_l1.push(...(steps?.penalty_l1 ?? []));
      rows.penalty_l2.push(...(steps?.penalty_l2 ?? []));
      for (const { fit, ...evaluation } of due) evaluations.push({ ...evaluation, ...(fit && { fit: [...fit] }) });
      parameters.set(stop, valuesOf(session));
    }
    return { session, ...rows, evaluations, initial, parameters };
  } finally {
    await session.dispose();
  }
}

/** Values that must be equal bit for bit before training starts; returns what is not. */
export function startDifferences(recorded: RecordedRun, run: ReplayedRun): string[] {
  const { points } = run.session;
  const pairs: readonly (readonly [string, Float32Array, readonly number[]])[] = [
    ['x', points.train.x, recorded.x],
    ['test x', points.test.x, recorded.x],
    ['train y', points.train.y, recorded.train_y],
    ['test y', points.test.y, recorded.test_y],
  ];
  const wrong = pairs
    .filter(([, ours, theirs]) => sha256(ours) !== sha256(Float32Array.from(theirs)))
    .map(([name]) => name);
  for (const [name, expected] of Object.entries(recorded.initial)) {
    const ours = run.initial.get(name);
    if (!ours || sha256(ours) !== expected.sha256) wrong.push(`initial ${name}`);
  }
  if (run.initial.size !== Object.keys(recorded.initial).length) wrong.push('number of parameters');
  return wrong;
}

/** |difference| / size; 0 for no difference, infinite when there is no number. */
function ratio(difference: number, size: number): number {
  if (difference === 0) return 0;
  const result = Math.abs(difference) / size;
  return Number.isNaN(result) ? Infinity : result;
}

/** |a-b|/|b|; the record's decimals stand for a float32. */
function relative(ours: number | undefined, theirs: number): number {
  const b = Math.fround(theirs);
  return ratio((ours ?? NaN) - b, Math.abs(b));
}

export interface CurveDifferences {
  /** |a-b|/|b| of the training loss of steps 1 … `steps`. */
  readonly trainLoss: Tally;
  /** The same of both evaluation losses up to `steps`. */
  readonly evaluations: Tally;
  /** The same of both evaluation losses after the last step. */
  readonly final: Tally;
  /** Steps before the first whose training loss is not the recorded float32. */
  readonly equalSteps: number;
}

/** Compares loss curves over the first `steps` steps, and the losses at the end. */
export function curveDifferences(recorded: RecordedRun, run: ReplayedRun, steps: number): CurveDifferences {
  const train = new DifferenceTally();
  for (const [i, theirs] of recorded.train_loss.slice(0, steps).entries())
    train.add(relative(run.train_loss[i], theirs), `${recorded.variant}, step ${i + 1}`);
  const unequal = recorded.train_loss.findIndex(
    (theirs, i) => ulpDistance(run.train_loss[i] ?? NaN, Math.fround(theirs)) !== 0,
  );
  const [evaluations, final] = [new DifferenceTally(), new DifferenceTally()];
  for (const [i, theirs] of recorded.evaluations.entries()) {
    const ours = run.evaluations[i];
    for (const metric of ['train_eval_loss', 'test_loss'] as const) {
      const difference = ours?.step === theirs.step ? relative(ours[metric], theirs[metric]) : Infinity;
      const where = `${recorded.variant}, ${metric} at step ${theirs.step}`;
      if (theirs.step <= steps) evaluations.add(difference, where);
      if (i === recorded.evaluations.length - 1) final.add(difference, where);
    }
  }
  return {
    trainLoss: train.result,
    evaluations: evaluations.result,
    final: final.result,
    equalSteps: unequal < 0 ? recorded.train_loss.length : unequal,
  };
}

/** Largest |value|, the scale of a tensor. */
export const scaleOf = (values: readonly number[]): number => values.reduce((m, x) => Math.max(m, Math.abs(x)), 0);

/** Adds every difference of one list to a tally, by the measure of single operations. */
export function addValues(
  tally: DifferenceTally,
  ours: ArrayLike<number>,
  theirs: readonly number[],
  where: string,
): void {
  const scale = scaleOf(theirs);
  for (const [i, b] of theirs.entries()) tally.add(relativeDifference(ours[i] ?? NaN, b, scale), `${where}[${i}]`);
}

/** Adds |a-b| in units of the curve's largest value, for every fitted curve up to `steps`. */
export function fitDifferences(recorded: RecordedRun, run: ReplayedRun, steps: number, tally: DifferenceTally): void {
  for (const [i, { step, fit }] of recorded.evaluations.entries()) {
    if (!fit || step > steps) continue;
    const scale = scaleOf(fit);
    for (const [k, b] of fit.entries())
      tally.add(
        ratio((run.evaluations[i]?.fit?.[k] ?? NaN) - b, scale),
        `${recorded.variant}, step ${step}: fit[${k}]`,
      );
  }
}

/**
 * Every number of a short run. Losses and penalties: |a-b|/(|b| + 1e-6·scale). A parameter is its start plus its
 * updates and may pass zero, where no digits are left to compare: |a-b|/(|b| + |start|). A fitted curve passes zero,
 * too, and is measured in its largest value.
 */
export function runDifferences(recorded: RecordedRun, run: ReplayedRun, name: string): Tally {
  const tally = new DifferenceTally();
  for (const metric of ['train_loss', 'penalty_l1', 'penalty_l2'] as const)
    addValues(tally, run[metric], recorded[metric], `${name}: ${metric}`);
  for (const [i, theirs] of recorded.evaluations.entries()) {
    const ours = run.evaluations[i];
    if (ours?.step !== theirs.step)
      throw new Error(`${name}: evaluation ${i} is of step ${ours?.step}, not ${theirs.step}`);
    const at = `${name}, step ${theirs.step}`;
    addValues(
      tally,
      [ours.train_eval_loss, ours.test_loss],
      [theirs.train_eval_loss, theirs.test_loss],
      `${at}: losses`,
    );
  }
  fitDifferences(recorded, run, Infinity, tally);
  for (const [step, parameters] of Object.entries(recorded.parameters))
    for (const [parameter, theirs] of Object.entries(parameters)) {
      const ours = run.parameters.get(Number(step))?.get(parameter);
      const start = run.initial.get(parameter);
      for (const [k, b] of theirs.entries())
        tally.add(
          ratio((ours?.[k] ?? NaN) - b, Math.abs(b) + Math.abs(start?.[k] ?? NaN)),
          `${name}, step ${step}: ${parameter}[${k}]`,
        );
    }
  return tally.result;
}

/** Parses the bundled example with another rule of initialisation. */
export const withInitialization = (document: object, initialization: string): ExperimentSpec =>
  parseExperiment({ ...document, initialization });
