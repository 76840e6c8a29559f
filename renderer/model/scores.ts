// Which scores an experiment's runs have, and which of them says in one number how good a run is.
import {
  dataShape,
  type EvaluationMetric,
  type ExperimentSpec,
  type Score,
  type Split,
} from '../../engine/spec/index.ts';
import type { EvaluationScores } from '../../main/contract/shapes.ts';

/** What of an experiment decides its scores. */
type Scored = Pick<ExperimentSpec, 'data'>;

/** Splits with examples, in the house's order. */
export function splitsOf({ data }: Scored): readonly Split[] {
  const { validationRows, testRows } = dataShape(data);
  return (['train', 'validation', 'test'] as const).filter(
    (split) => split === 'train' || (split === 'test' ? testRows !== 0 : validationRows > 0),
  );
}

/** Scores that an experiment's runs have: the loss, and what people ask of classes or of numbers. */
export function scoresOf({ data }: Scored): readonly Score[] {
  const { target } = dataShape(data);
  if (target.kind === 'values') return ['loss', 'mae', 'r2'];
  return target.classes > 5 ? ['loss', 'accuracy', 'top5'] : ['loss', 'accuracy'];
}

/** The number beside a run's name: of classes the accuracy, else the loss; on test data, or the nearest there is to it. */
export function headline(experiment: Scored): EvaluationMetric {
  const split = splitsOf(experiment).at(-1) ?? 'train';
  return `${split}_${dataShape(experiment.data).target.kind === 'classes' ? 'accuracy' : 'loss'}`;
}

export const splitOf = (metric: EvaluationMetric): Split => metric.slice(0, metric.indexOf('_')) as Split;
export const nameOf = (metric: EvaluationMetric): Score => metric.slice(metric.indexOf('_') + 1) as Score;

/** @returns null where the evaluation has no such score. */
export const scoreIn = (evaluation: EvaluationScores | null, metric: EvaluationMetric): number | null =>
  evaluation?.[splitOf(metric)]?.[nameOf(metric)] ?? null;

/** Scores that are shares of examples, written in per cent. */
export const isShare = (score: Score): boolean => score === 'accuracy' || score === 'top5';
