// The points that are painted, in a form that tools work on: one list in the order of the rows, each point immutable, so that
// a step of a stroke shares all points that it leaves alone.
import { MOST_TABLE_ROWS, SPLITS, type Split, type TableSpec } from '../../../engine/spec/index.ts';
import { TABLE_PARTS, type OpenTable } from '../data-rows.ts';

/**
 * What a picture of points means. `height`: one feature across, the target up. `value`: two features, the target is a colour.
 * `class`: two features, the target is one of several classes.
 */
export type PaintKind = 'height' | 'value' | 'class';

/** Rows that one split of a table may have. */
export const MOST_DOTS = MOST_TABLE_ROWS;

export interface Dot {
  /** Across: the first feature. */
  readonly u: number;
  /** Up: the second feature, or the target. */
  readonly v: number;
  /** The target: a number or a class; 0 where the height says it. */
  readonly value: number;
  readonly split: Split;
}

/** How a data set can be painted by what its rows look like; null: it has too many columns for a plane. */
export function paintKind(features: number, targets: number, classes: number | null): PaintKind | null {
  if (classes !== null) return features === 2 ? 'class' : null;
  if (targets !== 1) return null;
  return features === 1 ? 'height' : features === 2 ? 'value' : null;
}

type Rows = readonly (readonly number[])[];

/** The kind of a table; one without any rows is what it says it will be, or follows `before`, what was painted until now. */
export function kindOfTable(table: OpenTable, before: PaintKind | null = null): PaintKind | null {
  if (table.shape !== null) return null;
  const first = (part: 'x' | 'y') => SPLITS.map((split) => (table[TABLE_PARTS[split][part]] as Rows)[0]).find((x) => x);
  const [x, y] = [first('x'), first('y')];
  if ((!x || !y) && table.features !== undefined) return paintKind(table.features, 1, table.classes);
  if (!x || !y) return table.classes !== null ? 'class' : before === 'value' || before === 'class' ? 'value' : 'height';
  return paintKind(x.length, y.length, table.classes);
}

/**
 * The points of a table.
 * @returns null while a cell holds something else than a number, or rows differ in length: it is corrected in the table first.
 */
export function dotsOfTable(table: TableSpec, kind: PaintKind): readonly Dot[] | null {
  const dots: Dot[] = [];
  const width = kind === 'height' ? 1 : 2;
  for (const split of SPLITS) {
    const [x, y] = [table[TABLE_PARTS[split].x] as Rows, table[TABLE_PARTS[split].y] as Rows];
    if (x.length !== y.length) return null;
    for (const [i, row] of x.entries()) {
      const target = y[i];
      if (row.length !== width || target?.length !== 1) return null;
      const [u, v, value] = kind === 'height' ? [row[0], target[0], 0] : [row[0], row[1], target[0]];
      if (!Number.isFinite(u) || !Number.isFinite(v) || !Number.isFinite(value)) return null;
      dots.push({ u: u as number, v: v as number, value: value as number, split });
    }
  }
  return dots;
}

/** A table with these points in the place of its own; how many features they have is said even when none is left. */
export function tableOfDots(table: TableSpec, kind: PaintKind, dots: readonly Dot[]): TableSpec {
  const next: TableSpec = { ...table, features: kind === 'height' ? 1 : 2 };
  for (const split of SPLITS) {
    const own = dots.filter((x) => x.split === split);
    next[TABLE_PARTS[split].x] = own.map(({ u, v }) => (kind === 'height' ? [u] : [u, v]));
    next[TABLE_PARTS[split].y] = own.map(({ v, value }) => [kind === 'height' ? v : value]);
  }
  return next;
}

export function countBySplit(dots: readonly Dot[]): Record<Split, number> {
  const counts = { train: 0, validation: 0, test: 0 };
  for (const { split } of dots) counts[split] += 1;
  return counts;
}
