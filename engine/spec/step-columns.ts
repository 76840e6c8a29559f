// Joining and cutting step columns: whoever batches a run's rows (engine, project file, charts) does it the same way.
import { STEP_METRICS, type StepColumns } from './run.ts';

export function emptySteps(rows = 0): StepColumns {
  return {
    step: new Int32Array(rows),
    train_loss: new Float64Array(rows),
    penalty_l1: new Float64Array(rows),
    penalty_l2: new Float64Array(rows),
    lr: new Float64Array(rows),
  };
}

/** All rows of `parts` in order, copied; null when there are none. */
export function joinSteps(parts: readonly (StepColumns | null)[]): StepColumns | null {
  const present = parts.filter((x) => x !== null);
  const rows = present.reduce((sum, part) => sum + part.step.length, 0);
  if (rows === 0) return null;
  const joined = emptySteps(rows);
  let at = 0;
  for (const part of present) {
    joined.step.set(part.step, at);
    for (const metric of STEP_METRICS) joined[metric].set(part[metric], at);
    at += part.step.length;
  }
  return joined;
}

/** The rows after step `after`, copied. Steps are ascending. */
export function stepsAfter(columns: StepColumns, after: number): StepColumns {
  const first = columns.step.findIndex((step) => step > after);
  return cut(columns, first < 0 ? columns.step.length : first, columns.step.length);
}

/** The rows up to step `last` inclusive, copied: what is left after stepping back. */
export function stepsUpTo(columns: StepColumns, last: number): StepColumns {
  const first = columns.step.findIndex((step) => step > last);
  return cut(columns, 0, first < 0 ? columns.step.length : first);
}

function cut(columns: StepColumns, from: number, to: number): StepColumns {
  const part = emptySteps(Math.max(0, to - from));
  part.step.set(columns.step.subarray(from, to));
  for (const metric of STEP_METRICS) part[metric].set(columns[metric].subarray(from, to));
  return part;
}
