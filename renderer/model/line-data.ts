// Data that can be drawn as points over one x axis, with fitted curves through them.
import type { DataPreview, DataSpec, ExperimentSpec, LinearNoiseSpec, PointSet } from '../../engine/spec/index.ts';

/** The description of such data; null for any other. */
export const lineData = ({ data }: { readonly data: DataSpec }): LinearNoiseSpec | null =>
  data.type === 'linear_noise' ? data : null;

/** Ends of the x axis; null where there is none. */
export function xRangeOf(experiment: ExperimentSpec): readonly [number, number] | null {
  const { data } = experiment;
  return 'x_min' in data ? [data.x_min, data.x_max] : null;
}

/** What such data looks like; null for pictures, and for points that nothing is tested on. */
export const linePoints = (data: DataPreview | null): { readonly train: PointSet; readonly test: PointSet } | null =>
  data?.kind === 'points' && data.test ? { train: data.train, test: data.test } : null;
