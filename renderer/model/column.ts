// Pairs of step and value that grow in place: what a run's curves are kept in, read by charts without copying.

/** `steps` and `values` may be replaced by larger arrays; steps ascend. */
export interface Column {
  steps: Int32Array;
  values: Float64Array;
  length: number;
}

export const emptyColumn = (capacity = 64): Column => ({
  steps: new Int32Array(capacity),
  values: new Float64Array(capacity),
  length: 0,
});

export function push(column: Column, step: number, value: number): void {
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

/**
 * Adds a value that mostly stays as it was (a learning rate): a level takes two points, its first and its newest step, so that a
 * line through the points is the staircase itself.
 */
export function pushLevel(column: Column, step: number, value: number): void {
  const last = column.length - 1;
  const isLevel = last >= 1 && column.values[last] === value && column.values[last - 1] === value;
  if (isLevel) column.steps[last] = step;
  else push(column, step, value);
}

/** Forgets what lies after a step. */
export function cut(column: Column, afterStep: number): void {
  while (column.length > 0 && (column.steps[column.length - 1] ?? 0) > afterStep) column.length -= 1;
}

/** The same for levels: the one that was cut goes on up to the step. */
export function cutLevels(column: Column, afterStep: number): void {
  const before = column.length;
  cut(column, afterStep);
  const last = column.length - 1;
  if (column.length === before || last < 0 || (column.steps[last] ?? 0) === afterStep) return;
  pushLevel(column, afterStep, column.values[last] ?? Number.NaN);
}

/** Whether it has a value other than 0: a penalty without strength has none. */
export function isSomething({ values, length }: Column): boolean {
  for (let i = 0; i < length; i++) if (values[i] !== 0) return true;
  return false;
}

/** The value at the newest step that is not after `step`; null before the first. */
export function valueAt({ steps, values, length }: Column, step: number): number | null {
  let i = length - 1;
  while (i >= 0 && (steps[i] ?? 0) > step) i -= 1;
  return i < 0 ? null : (values[i] ?? null);
}
