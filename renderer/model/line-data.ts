// Data that can be drawn as points over one x axis, with fitted curves through them.
import {
  fitAxes,
  FIT_GRID_POINTS,
  SPLITS,
  type DataPreview,
  type DataSpec,
  type FitAxis,
  type LinearNoiseSpec,
  type PointSet,
  type Split,
} from '../../engine/spec/index.ts';

/** The description of such data, where it is the tutorial's line; null for any other. */
export const lineData = ({ data }: { readonly data: DataSpec }): LinearNoiseSpec | null =>
  data.type === 'linear_noise' ? data : null;

/** The points of every split; null where it has none. */
export type SplitPoints = Readonly<Record<Split, PointSet | null>> & { readonly train: PointSet };

/** What data look like that are shown point by point; null for pictures. */
export const pointsOf = (data: DataPreview | null): SplitPoints | null =>
  data?.kind === 'points' ? { train: data.train, validation: data.validation, test: data.test } : null;

/** Where the fits over such data will lie, before there are any; null where none are recorded or the points are not known. */
export function axesOfPoints(data: DataSpec, points: SplitPoints | null): readonly FitAxis[] | null {
  if (!points && data.type !== 'linear_noise') return null;
  return fitAxes(
    data,
    SPLITS.flatMap((split) => points?.[split]?.x ?? []),
  );
}

export const sameAxis = (a: FitAxis | undefined, b: FitAxis): boolean =>
  a?.low === b.low && a.high === b.high && a.points === b.points;

/** An axis for a chart of which nothing is known yet. */
export const UNKNOWN_AXIS: FitAxis = { low: -1, high: 1, points: FIT_GRID_POINTS };
