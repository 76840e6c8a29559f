// One evaluation of a session: every split in evaluation mode, the fit over the data's range, and what the parameters have become.
import type { DataSet } from '../data/index.ts';
import type { Parameter, TrainingPlan } from '../plan/index.ts';
import {
  PREVIEW_IMAGES,
  SPLITS,
  type Evaluation,
  type Fit,
  type ParameterStatistics,
  type Scores,
  type Split,
} from '../spec/index.ts';
import type { Machine } from './machine.ts';
import { confidences, confusionOf, predictedClasses, scoresOf } from './scores.ts';
import { readOutputs } from './state.ts';

/** Elements that a mean of the loss divides by; 0 where the loss is a sum. */
function meanOver({ resolved, data: { train } }: TrainingPlan, data: DataSet, rows: number): number {
  if (resolved.recipe.loss.reduction === 'sum') return 0;
  return data.target.kind === 'classes' ? rows : rows * train.outputs;
}

/** Runs the model over a split. @returns its data loss; null where the split has no examples. */
export function splitLoss(machine: Machine, plan: TrainingPlan, data: DataSet, split: Split): number | null {
  const region = plan.data[split];
  return region && machine.evaluate(plan, region, meanOver(plan, data, region.rows));
}

function statistics(
  machine: Machine,
  plan: TrainingPlan,
  parameter: Parameter,
  measured: boolean,
): ParameterStatistics {
  const values = new Float32Array(machine.memory, plan.addressOf(parameter.value), parameter.rows * parameter.stride);
  let [squares, zeros] = [0, 0];
  for (const x of values) {
    squares += x * x;
    if (x === 0) zeros += 1;
  }
  const norms = new Float64Array(machine.memory, plan.addressOf(parameter.norms), parameter.norms.bytes / 8);
  const padding = parameter.rows * (parameter.stride - parameter.columns);
  return {
    name: parameter.name,
    norm: Math.sqrt(squares),
    gradientNorm: measured ? Math.sqrt(norms.reduce((sum, x) => sum + x, 0)) : null,
    zeros: (zeros - padding) / (parameter.rows * parameter.columns),
  };
}

/** The last split that is not trained on, for confusion and predictions. */
const judged = (plan: TrainingPlan): Split | null =>
  plan.data.test ? 'test' : plan.data.validation ? 'validation' : null;

/** What the model answers over the fit's grid; draws nothing. */
function fitOf(machine: Machine, plan: TrainingPlan, { target, fitAxes: axes }: DataSet): Fit | null {
  const region = plan.data.fit;
  if (!region || !axes) return null;
  machine.evaluate(plan, region, 0);
  const outputs = readOutputs(machine.memory, region);
  if (target.kind === 'values') return { axes, values: outputs, classes: null };
  const classes = predictedClasses(outputs, target.classes);
  return { axes, values: confidences(outputs, classes), classes: Uint8Array.from(classes) };
}

/**
 * @param step updates taken; the scores are those after them.
 * @param measured the last step left its gradients' norms.
 */
export function evaluate(
  machine: Machine,
  plan: TrainingPlan,
  data: DataSet,
  step: number,
  measured: boolean,
): Evaluation {
  const scores: Partial<Record<Split, Scores>> = {};
  const outputs: Partial<Record<Split, Float32Array>> = {};
  for (const split of SPLITS) {
    const region = plan.data[split];
    const examples = data.splits[split];
    const loss = splitLoss(machine, plan, data, split);
    if (!region || !examples || loss === null) continue;
    const given = readOutputs(machine.memory, region);
    outputs[split] = given;
    scores[split] = scoresOf(loss, given, examples.y, data.target);
  }
  const split = judged(plan);
  const { target } = data;
  const labels = split && data.splits[split]?.y;
  const given = split && outputs[split];
  const isClassified = labels instanceof Int32Array && given && target.kind === 'classes';
  return {
    step,
    train: scores.train as Scores,
    validation: scores.validation ?? null,
    test: scores.test ?? null,
    fit: fitOf(machine, plan, data),
    confusion: isClassified ? confusionOf(given, labels, target.classes) : null,
    predicted:
      isClassified && split === 'test' && data.normalization
        ? predictedClasses(given.subarray(0, PREVIEW_IMAGES * target.classes), target.classes)
        : null,
    parameters: plan.parameters.map((parameter) => statistics(machine, plan, parameter, measured)),
  };
}
