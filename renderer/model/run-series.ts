// The record of one run as the window holds it: columns that grow in place, and the fits over time.
// Rows are kept in step order without gaps or doubles, whatever order live batches and re-readings come in.
import type { DataPreview, Evaluation, StepColumns } from '../../engine/spec/index.ts';

/** A growing column pair; `steps` and `values` may be replaced by larger arrays. */
export interface Column {
  steps: Int32Array;
  values: Float64Array;
  length: number;
}

/** Fits kept per run (0.8 kB each); beyond it every other one is dropped, the newest always stays. */
const FITS_KEPT = 512;

export interface Fit {
  readonly step: number;
  /** f32 [FIT_GRID_POINTS]. */
  readonly y: Float32Array;
}

const emptyColumn = (): Column => ({ steps: new Int32Array(1024), values: new Float64Array(1024), length: 0 });

function push(column: Column, step: number, value: number): void {
  if (column.length === column.steps.length) {
    const steps = new Int32Array(column.length * 2);
    steps.set(column.steps);
    const values = new Float64Array(column.length * 2);
    values.set(column.values);
    column.steps = steps;
    column.values = values;
  }
  column.steps[column.length] = step;
  column.values[column.length] = value;
  column.length += 1;
}

function cut(column: Column, afterStep: number): void {
  while (column.length > 0 && (column.steps[column.length - 1] ?? 0) > afterStep) column.length -= 1;
}

export class RunSeries {
  /** Training-mode loss of each step. */
  readonly train: Column = emptyColumn();
  /** Eval-mode losses at evaluations; of test nothing where there is no test data. */
  readonly trainEval: Column = emptyColumn();
  readonly test: Column = emptyColumn();
  /** Ascending steps. */
  readonly fits: Fit[] = [];
  data: DataPreview | null = null;

  /** Last step of which the loss is held; 0 before the first. */
  get lastStep(): number {
    return this.train.length > 0 ? (this.train.steps[this.train.length - 1] ?? 0) : 0;
  }

  /** `afterStep` for `run.read`: nothing after it is held completely. An evaluation may arrive later than its step. */
  get completeUpTo(): number {
    return Math.min(this.lastStep, this.lastEvaluation);
  }

  /** Step of the newest evaluation; -1 before the first. */
  get lastEvaluation(): number {
    const { steps, length } = this.trainEval;
    return length > 0 ? (steps[length - 1] ?? 0) : -1;
  }

  /**
   * Adds what is new in a batch; rows that are already there are passed over.
   * @returns false when rows between what is held and the batch are missing; nothing is added then.
   */
  append(steps: StepColumns | null, evaluations: readonly Evaluation[]): boolean {
    const held = this.lastStep;
    if (steps && steps.step.length > 0 && (steps.step[0] ?? 0) > held + 1) return false;
    // The evaluation of step 0 comes with the first batch: without it, the batch before this one was missed.
    if (this.trainEval.length === 0 && evaluations.length > 0 && (evaluations[0]?.step ?? 0) > 0) return false;
    if (steps) {
      for (const [i, step] of steps.step.entries())
        if (step > held) push(this.train, step, steps.train_loss[i] ?? Number.NaN);
    }
    for (const row of evaluations) {
      if (row.step <= this.lastEvaluation) continue;
      push(this.trainEval, row.step, row.train.loss);
      if (row.test) push(this.test, row.step, row.test.loss);
      if (row.fit) this.addFit({ step: row.step, y: row.fit });
    }
    return true;
  }

  /** Forgets every row after `step`: the run went back, or goes on from there. */
  truncate(step: number): void {
    cut(this.train, step);
    cut(this.trainEval, step);
    cut(this.test, step);
    while ((this.fits.at(-1)?.step ?? -1) > step) this.fits.pop();
  }

  /** The fit at the newest evaluation that is not after `step`; the first one when all are after it. */
  fitAt(step: number): Fit | null {
    let found = this.fits[0] ?? null;
    for (const fit of this.fits) {
      if (fit.step > step) break;
      found = fit;
    }
    return found;
  }

  private addFit(fit: Fit): void {
    this.fits.push(fit);
    if (this.fits.length <= FITS_KEPT) return;
    const last = this.fits.length - 1;
    const kept = this.fits.filter((_, i) => i % 2 === 0 || i === last);
    this.fits.splice(0, this.fits.length, ...kept);
  }
}
