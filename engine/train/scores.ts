// What a model's outputs are worth against what they should be: pure functions of both, in double precision.
import type { Scores, TargetShape } from '../spec/index.ts';

/** Position of the largest of a row's scores, the first one of equals; NaN counts as largest, as in torch.argmax. */
function best(outputs: Float32Array, start: number, classes: number): number {
  let found = 0;
  for (let k = 1; k < classes; k++) {
    const [value, most] = [outputs[start + k] as number, outputs[start + found] as number];
    if (value > most || (Number.isNaN(value) && !Number.isNaN(most))) found = k;
  }
  return found;
}

/** @param outputs f32 [rows, classes]. @returns i32 [rows]. */
export const predictedClasses = (outputs: Float32Array, classes: number): Int32Array =>
  Int32Array.from({ length: outputs.length / classes }, (_, row) => best(outputs, row * classes, classes));

/**
 * How sure a model is of the classes that it predicts: the softmax of each row's scores there.
 * @param outputs f32 [rows, classes]. @param predicted i32 [rows]. @returns f32 [rows], NaN where a score is.
 */
export function confidences(outputs: Float32Array, predicted: Int32Array): Float32Array {
  const classes = outputs.length / predicted.length;
  return Float32Array.from(predicted, (k, row) => {
    const most = outputs[row * classes + k] as number;
    let sum = 0;
    for (let i = row * classes; i < (row + 1) * classes; i++) sum += Math.exp((outputs[i] as number) - most);
    return 1 / sum;
  });
}

/** Share of rows whose right class has fewer than five classes above it. */
function topFive(outputs: Float32Array, labels: Int32Array, classes: number): number {
  let right = 0;
  for (const [row, label] of labels.entries()) {
    const own = outputs[row * classes + label] as number;
    let above = 0;
    for (let k = 0; k < classes; k++) {
      const other = outputs[row * classes + k] as number;
      if (other > own || (other === own && k < label)) above += 1;
    }
    if (above < 5) right += 1;
  }
  return right / labels.length;
}

function classScores(outputs: Float32Array, labels: Int32Array, classes: number): Omit<Scores, 'loss'> {
  const predicted = predictedClasses(outputs, classes);
  const right = predicted.reduce((sum, k, row) => sum + (k === labels[row] ? 1 : 0), 0);
  return {
    accuracy: right / labels.length,
    top5: classes > 5 ? topFive(outputs, labels, classes) : null,
    mae: null,
    r2: null,
  };
}

function valueScores(outputs: Float32Array, targets: Float32Array): Omit<Scores, 'loss'> {
  let [absolute, squared, sum] = [0, 0, 0];
  for (let i = 0; i < targets.length; i++) {
    const difference = (outputs[i] as number) - (targets[i] as number);
    absolute += Math.abs(difference);
    squared += difference ** 2;
    sum += targets[i] as number;
  }
  const mean = sum / targets.length;
  const spread = targets.reduce((total, t) => total + (t - mean) ** 2, 0);
  return { accuracy: null, top5: null, mae: absolute / targets.length, r2: spread > 0 ? 1 - squared / spread : null };
}

/** @param targets f32 [rows, targets], or i32 [rows] of classes. */
export function scoresOf(
  loss: number,
  outputs: Float32Array,
  targets: Float32Array | Int32Array,
  target: TargetShape,
): Scores {
  return targets instanceof Int32Array && target.kind === 'classes'
    ? { loss, ...classScores(outputs, targets, target.classes) }
    : { loss, ...valueScores(outputs, targets as Float32Array) };
}

/** Counts, i32 [true class][predicted class]. */
export function confusionOf(outputs: Float32Array, labels: Int32Array, classes: number): Int32Array {
  const counts = new Int32Array(classes * classes);
  for (const [row, predicted] of predictedClasses(outputs, classes).entries()) {
    const cell = (labels[row] as number) * classes + predicted;
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts;
}
