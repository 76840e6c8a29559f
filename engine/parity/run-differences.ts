// How far a run trained again is from its record, number by number.
import { SPLITS, type Split } from '../spec/index.ts';
import { DifferenceTally, relativeDifference, share, ulpDistance, type Tally } from './difference.ts';
import type { RecordedEvaluation, RecordedRun, RecordedScores, RecordedTraining } from './recorded-run.ts';

export interface ReplayedEvaluation {
  readonly step: number;
  /** Of every split that there is. */
  readonly scores: Readonly<Partial<Record<Split, RecordedScores>>>;
  readonly fit: ArrayLike<number> | null;
  /** Of the last update, by parameter; null at step 0. */
  readonly gradientNorms: ReadonlyMap<string, number> | null;
}

/** The same run by the lab, with parameters at the steps where the record has them. */
export interface ReplayedRun {
  readonly train_loss: readonly number[];
  readonly penalty_l1: readonly number[];
  readonly penalty_l2: readonly number[];
  readonly lr: readonly number[];
  readonly evaluations: readonly ReplayedEvaluation[];
  /** Trained values and running statistics. */
  readonly initial: ReadonlyMap<string, Float32Array>;
  readonly parameters: ReadonlyMap<number, ReadonlyMap<string, Float32Array>>;
}

/** |a-b|/|b|; the record's decimals stand for a float32. */
function relative(ours: number | undefined, theirs: number): number {
  const b = Math.fround(theirs);
  return share((ours ?? NaN) - b, Math.abs(b));
}

/** Losses of an evaluation that every record has. */
function recordedLosses(theirs: RecordedEvaluation): readonly (readonly [Split, number])[] {
  const { train_eval_loss: train, test_loss: test } = theirs;
  return [['train', train] as const, ...(test === undefined ? [] : [['test', test] as const])];
}

export interface CurveDifferences {
  /** |a-b|/|b| of the training loss of steps 1 … `steps`. */
  readonly trainLoss: Tally;
  /** The same of train and test loss in evaluation mode up to `steps`. */
  readonly evaluations: Tally;
  /** The same of both after the last step. */
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
    for (const [split, loss] of recordedLosses(theirs)) {
      const difference = ours?.step === theirs.step ? relative(ours.scores[split]?.loss, loss) : Infinity;
      const where = `${recorded.variant}, ${split} loss at step ${theirs.step}`;
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
const scaleOf = (values: readonly number[]): number => values.reduce((m, x) => Math.max(m, Math.abs(x)), 0);

/** Adds every difference of one list to a tally, by the measure of single operations. */
function addValues(tally: DifferenceTally, ours: ArrayLike<number>, theirs: readonly number[], where: string): void {
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
        share((run.evaluations[i]?.fit?.[k] ?? NaN) - b, scale),
        `${recorded.variant}, step ${step}: fit[${k}]`,
      );
  }
}

const SCORES = ['loss', 'accuracy', 'mae'] as const;

/** Every score and gradient norm of every evaluation. @throws Error when an evaluation is of another step. */
function addEvaluations(tally: DifferenceTally, recorded: RecordedTraining, run: ReplayedRun, name: string): void {
  if (run.evaluations.length !== recorded.evaluations.length)
    throw new Error(`${name}: ${run.evaluations.length} evaluations, not ${recorded.evaluations.length}`);
  for (const [i, theirs] of recorded.evaluations.entries()) {
    const ours = run.evaluations[i];
    if (ours?.step !== theirs.step)
      throw new Error(`${name}: evaluation ${i} is of step ${ours?.step}, not ${theirs.step}`);
    const at = `${name}, step ${theirs.step}`;
    for (const split of SPLITS) {
      const [a, b] = [ours.scores[split], theirs.scores?.[split]];
      if (!a !== !b) throw new Error(`${at}: ${split} scores are ${a ? 'ours' : 'PyTorch’s'} only`);
      for (const score of SCORES)
        if (b?.[score] !== undefined)
          tally.add(relativeDifference(a?.[score] ?? NaN, b[score], 1), `${at}: ${split} ${score}`);
    }
    const norms = recorded.gradient_norms[theirs.step - 1];
    if (!norms) continue;
    const largest = scaleOf(Object.values(norms));
    for (const [parameter, norm] of Object.entries(norms))
      tally.add(
        share((ours.gradientNorms?.get(parameter) ?? NaN) - norm, largest),
        `${at}: gradient norm of ${parameter}`,
      );
  }
}

/**
 * Every number of a short run. Losses, penalties, scores: |a-b|/(|b| + 1e-6·scale). A parameter is its start plus its
 * updates and may pass zero, where no digits are left to compare: |a-b|/(|b| + |start|). A fitted curve passes zero,
 * too, and is measured in its largest value; a gradient is a sum over the batch that vanishes where training arrives, and its norm
 * is measured in the largest norm of the update.
 */
export function runDifferences(recorded: RecordedTraining, run: ReplayedRun, name: string): Tally {
  const tally = new DifferenceTally();
  for (const metric of ['train_loss', 'penalty_l1', 'penalty_l2', 'lr'] as const)
    addValues(tally, run[metric], recorded[metric], `${name}: ${metric}`);
  addEvaluations(tally, recorded, run, name);
  fitDifferences(recorded, run, Infinity, tally);
  addParameters(tally, recorded, run, name);
  return tally.result;
}

/** |a-b|/(|b| + |start|) of every recorded parameter. */
function addParameters(tally: DifferenceTally, recorded: RecordedRun, run: ReplayedRun, name: string): void {
  for (const [step, parameters] of Object.entries(recorded.parameters))
    for (const [parameter, theirs] of Object.entries(parameters)) {
      const start = run.initial.get(parameter);
      const ours = step === '0' ? start : run.parameters.get(Number(step))?.get(parameter);
      for (const [k, b] of theirs.entries())
        tally.add(
          share((ours?.[k] ?? NaN) - b, Math.abs(b) + Math.abs(start?.[k] ?? NaN)),
          `${name}, step ${step}: ${parameter}[${k}]`,
        );
    }
}

/** The same of a run whose curve alone is recorded besides. */
export function parameterDifferences(recorded: RecordedRun, run: ReplayedRun): Tally {
  const tally = new DifferenceTally();
  addParameters(tally, recorded, run, recorded.variant);
  return tally.result;
}
