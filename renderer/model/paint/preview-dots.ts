// The points of any data set that fit a plane, as the engine drew them, and the table that has exactly the same points.
import { float32Text, SPLITS, type DataShape, type PointSet, type TableSpec } from '../../../engine/spec/index.ts';
import type { Points } from '../data-rows.ts';
import { MOST_DOTS, paintKind, tableOfDots, type Dot, type PaintKind } from './dots.ts';

/** How points of these sizes are drawn; null: not on a plane. */
export function kindOfShape({ input, target }: DataShape): PaintKind | null {
  if (input.length !== 1) return null;
  const targets = target.kind === 'classes' ? 1 : target.shape.reduce((n, x) => n * x, 1);
  return paintKind(input[0] ?? 0, targets, target.kind === 'classes' ? target.classes : null);
}

/** Every n-th point of each split, so that at most about `most` are drawn of any. */
export function dotsOfPoints(points: Points, kind: PaintKind, most = Number.POSITIVE_INFINITY): readonly Dot[] {
  const dots: Dot[] = [];
  for (const split of SPLITS) {
    const set = points[split];
    if (!set) continue;
    const rows = set.y.length;
    const every = Math.max(1, Math.ceil(rows / most));
    for (let i = 0; i < rows; i += every) dots.push({ ...placeOf(set, kind, i), split });
  }
  return dots;
}

function placeOf({ x, y }: PointSet, kind: PaintKind, i: number): Omit<Dot, 'split'> {
  const target = y[i] ?? Number.NaN;
  if (kind === 'height') return { u: x[i] ?? Number.NaN, v: target, value: 0 };
  return { u: x[2 * i] ?? Number.NaN, v: x[2 * i + 1] ?? Number.NaN, value: target };
}

/** Why points cannot become a table. */
export type NoTable = 'too_many' | 'sampled';

/** Whether a preview holds every row that a data set says it has, and a table has room for them. */
export function tableRefusal(points: Points, shape: DataShape): NoTable | null {
  const rows = points.rows ?? { train: shape.trainRows, validation: shape.validationRows, test: shape.testRows };
  for (const split of SPLITS) {
    const shown = points[split]?.y.length ?? 0;
    if (Math.max(rows[split] ?? 0, shown) > MOST_DOTS) return 'too_many';
    if ((rows[split] ?? shown) > shown) return 'sampled';
  }
  return null;
}

/** An f32 with the fewest digits that read back to it: what a person would have written. */
const written = (value: number): number => Number(float32Text(value));

/** The same points as a table, which gives the f32 values back bit by bit. */
export function tableOfPoints(points: Points, kind: PaintKind, classes: number | null): TableSpec {
  const empty: TableSpec = {
    type: 'table',
    x: [],
    y: [],
    validation_x: [],
    validation_y: [],
    test_x: [],
    test_y: [],
    shape: null,
    classes,
  };
  const dots = dotsOfPoints(points, kind).map((x) => ({
    ...x,
    u: written(x.u),
    v: written(x.v),
    value: written(x.value),
  }));
  return tableOfDots(empty, kind, dots);
}
