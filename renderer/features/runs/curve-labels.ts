// The words of a chart over the steps.
import type { Words } from '../../state/context.ts';
import type { LineKind, LossChartLabels } from '../charts/chart-types.ts';

/** @param valueAxis what the values are. */
export function curveLabels(t: Words['t'], valueAxis: string): LossChartLabels {
  const kinds: Record<LineKind, string> = {
    train: t('loss.splitTrain'),
    'train-eval': t('loss.splitTrainEval'),
    validation: t('chart.validation'),
    test: t('loss.splitTest'),
    data: t('chart.dataLoss'),
    l1: t('chart.l1'),
    l2: t('chart.l2'),
    value: valueAxis,
  };
  return {
    stepAxis: t('loss.step'),
    lossAxis: valueAxis,
    kinds,
    empty: t('loss.empty'),
    runLegend: t('loss.runLegend'),
    kindLegend: t('loss.splitLegend'),
    belowFloor: t('loss.belowFloor'),
    notFinite: t('loss.notFinite'),
    zoomIn: t('loss.zoomIn'),
    zoomOut: t('loss.zoomOut'),
    resetZoom: t('loss.resetZoom'),
    keyboardHelp: t('loss.keyboardHelp'),
    describe: ({ series }) =>
      series.length === 0
        ? t('loss.describeNone')
        : t('loss.describe', {
            list: series
              .map((x) => t('loss.describeOne', { label: x.label, split: kinds[x.kind], value: x.value, step: x.step }))
              .join('; '),
          }),
    table: {
      caption: t('loss.tableCaption'),
      run: t('loss.tableRun'),
      kind: t('loss.tableSplit'),
      step: t('loss.tableStep'),
      loss: t('loss.tableLoss'),
      marks: t('chart.marks'),
      mark: t('chart.mark'),
    },
  };
}
