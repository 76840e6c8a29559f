// The charts' props: plain data only, so that the shell owns wording, colours and run state and the charts only draw.
import type { FitAxis } from '../../../engine/spec/index.ts';
import type { SplitPoints } from '../../model/line-data.ts';

/** Colours as CSS colours that a canvas understands; made by `readChartTheme` (chart-theme.ts) from the tokens. */
export interface ChartTheme {
  readonly text: string;
  readonly mutedText: string;
  readonly grid: string;
  readonly surface: string;
  readonly trainPoint: string;
  readonly testPoint: string;
  readonly fontFamily: string;
  readonly fontSizePx: number;
}

/** One fitted curve. */
export interface FitCurve {
  readonly id: string;
  readonly label: string;
  readonly colour: string;
  /** Canvas line dash in px; [] is solid. */
  readonly dash: readonly number[];
  /** f32 [axis.points], the values over the chart's axis. */
  readonly y: Float32Array;
  /** Drawn thick and on top; the others are faint when any curve is emphasised. */
  readonly emphasised: boolean;
}

/** What a chart's spoken description is made of. */
export interface FitFacts {
  readonly trainCount: number;
  readonly validationCount: number;
  readonly testCount: number;
  /** Names of the curves that are shown. */
  readonly curves: readonly string[];
}

export interface FitChartLabels {
  readonly xAxis: string;
  readonly yAxis: string;
  readonly trainPoints: string;
  readonly validationPoints: string;
  readonly testPoints: string;
  /** Shown instead of the chart while there are no points. */
  readonly empty: string;
  /** Name of the legend's group of toggle buttons. */
  readonly legend: string;
  /** One sentence that stands for the picture. */
  readonly describe: (facts: FitFacts) => string;
  /** Column heads and caption of the hidden table: curve, its value at the left, middle and right of the grid. */
  readonly table: { readonly caption: string; readonly curve: string; readonly at: (x: string) => string };
}

export interface FitChartProps {
  readonly points: SplitPoints | null;
  /** Where the curves lie; the chart's x axis. */
  readonly axis: FitAxis;
  readonly curves: readonly FitCurve[];
  /** False where the shell has its own key to the curves; the points keep their legend. */
  readonly listCurves?: boolean;
  /** Raise it when anything inside `points` or `curves` was changed in place. */
  readonly version: number;
  readonly labels: FitChartLabels;
  readonly theme: ChartTheme;
}

export const LINE_KINDS = ['train', 'train-eval', 'validation', 'test', 'data', 'l1', 'l2', 'value'] as const;
/**
 * What a line over the steps is. `train`: training-mode loss of each step. `train-eval`, `validation`, `test`: scores at
 * evaluations. `data`, `l1`, `l2`: parts of the objective at each step. `value`: the only line that a run has.
 */
export type LineKind = (typeof LINE_KINDS)[number];

/** Train solid (every step's is drawn faint), validation dashed, test dotted; parts of the objective likewise. */
export const KIND_DASH = {
  train: [],
  'train-eval': [],
  validation: [7, 4],
  test: [1.5, 3],
  data: [],
  l1: [7, 4],
  l2: [1.5, 3],
  value: [],
} as const satisfies Record<LineKind, readonly number[]>;

/** Something that happened to a run at a step, marked on the time axis. */
export interface ChartMark {
  readonly id: string;
  readonly run: string;
  readonly step: number;
  readonly colour: string;
  /** What happened, to which run, in words. */
  readonly label: string;
  readonly sign: 'change' | 'stop';
}

/** One line over the steps: one kind of one run. The arrays may grow in place (see `length`). */
export interface LossSeries {
  /** Unique among the series. */
  readonly id: string;
  /** The run that it belongs to: series of one run share it, and one legend button. */
  readonly run: string;
  /** The run's name for people. */
  readonly label: string;
  readonly colour: string;
  /** Normally `KIND_DASH[kind]`. */
  readonly dash: readonly number[];
  readonly kind: LineKind;
  /** Ascending. */
  readonly steps: Int32Array;
  readonly values: Float64Array;
  /** Filled part of both arrays. */
  readonly length: number;
  /** Drawn on top at full strength; the others are faint when any series is emphasised. */
  readonly emphasised: boolean;
}

export interface LossFacts {
  readonly series: readonly {
    readonly label: string;
    readonly kind: LineKind;
    readonly step: number;
    /** Last value, as it is written for people. */
    readonly value: string;
  }[];
}

export interface LossChartLabels {
  readonly stepAxis: string;
  readonly lossAxis: string;
  readonly kinds: Readonly<Record<LineKind, string>>;
  /** Shown instead of the chart while no series has a value. */
  readonly empty: string;
  readonly runLegend: string;
  readonly kindLegend: string;
  /** Said beside a value ≤ 0 on the log axis, which is drawn at the axis' floor. */
  readonly belowFloor: string;
  /** Said beside a value that is NaN or infinite. */
  readonly notFinite: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly resetZoom: string;
  /** How to zoom and pan by mouse and keyboard; read with the chart's name. */
  readonly keyboardHelp: string;
  readonly describe: (facts: LossFacts) => string;
  readonly table: {
    readonly caption: string;
    readonly run: string;
    readonly kind: string;
    readonly step: string;
    readonly loss: string;
    /** Caption of the table of marks. */
    readonly marks: string;
    readonly mark: string;
  };
}

export interface LossChartProps {
  readonly series: readonly LossSeries[];
  /** False where the shell has its own key to the runs; the line styles keep their legend. */
  readonly listRuns?: boolean;
  /** Raise it when any series' arrays or length changed in place. */
  readonly version: number;
  readonly logY: boolean;
  /** Values are shares of 1 and are written in per cent. */
  readonly percent?: boolean;
  readonly marks?: readonly ChartMark[];
  /** Step that the axis reaches at least, e.g. the planned steps of live runs, so that it stays put while they run. */
  readonly lastStep?: number;
  readonly labels: LossChartLabels;
  readonly theme: ChartTheme;
}
