// What scores and splits are called in the reader's language.
import type { EvaluationMetric, Score, Split } from '../../../engine/spec/index.ts';
import { nameOf, splitOf } from '../../model/scores.ts';
import type { Words } from '../../state/context.ts';

export const scoreWords = (t: Words['t']): Record<Score, string> => ({
  loss: t('loss.title'),
  accuracy: t('chart.accuracy'),
  top5: t('chart.top5'),
  mae: t('chart.mae'),
  r2: t('chart.r2'),
});

export const splitWords = (t: Words['t']): Record<Split, string> => ({
  train: t('chart.onTrain'),
  validation: t('chart.onValidation'),
  test: t('chart.onTest'),
});

/** A score of a split: "Test accuracy". */
export const metricWord = (t: Words['t'], metric: EvaluationMetric): string =>
  t('chart.scoreOf', {
    split: splitWords(t)[splitOf(metric)],
    score: scoreWords(t)[nameOf(metric)].toLowerCase(),
  });
