// Which views a data set has: what it is made of decides.
import type { DataPreview, DataShape } from '../../../engine/spec/index.ts';
import type { DataRows } from '../../model/data-rows.ts';

export const DATA_VIEWS = ['points', 'pictures', 'table', 'file', 'columns', 'classes'] as const;
export type DataView = (typeof DATA_VIEWS)[number];

/** Points of a split that are drawn at most; more of them are one cloud. */
export const MOST_DRAWN = 10_000;

interface Known {
  readonly rows: DataRows | null;
  readonly pictures: Extract<DataPreview, { kind: 'images' }> | null;
  /** Its points lie on a plane. */
  readonly paintable: boolean;
  readonly shape: DataShape | null;
  /** A table that was imported: it is looked at without its preview, and its classes are counted without it. */
  readonly imported: boolean;
}

export function viewsOf({ rows, pictures, paintable, shape, imported }: Known): readonly DataView[] {
  const has: Readonly<Record<DataView, boolean>> = {
    points: paintable,
    pictures: pictures !== null,
    table: rows !== null,
    file: imported,
    columns: imported || rows !== null,
    classes: rows ? rows.classes !== null : (imported || pictures !== null) && shape?.target.kind === 'classes',
  };
  return DATA_VIEWS.filter((x) => has[x]);
}
