// Two columns against each other as points to be drawn.
import { SPLITS, type Split } from '../../../engine/spec/index.ts';
import type { DataRows } from '../data-rows.ts';
import type { Dot } from './dots.ts';

export interface ColumnPair {
  readonly across: number;
  readonly up: number;
  /** null: all of them. */
  readonly split: Split | null;
}

/** Of rows at hand. @param most points of a split; of more, some that are taken evenly. */
export function dotsOfPair(rows: DataRows, { across, up, split }: ColumnPair, most: number): Dot[] {
  const found: Dot[] = [];
  for (const own of rows.splits) {
    if (split !== null && own.split !== split) continue;
    const every = Math.max(1, Math.ceil(own.rows / most));
    for (let row = 0; row < own.rows; row += every) {
      const [u, v, value] = [across, up, rows.features].map((column) => Number(rows.cell(own.split, row, column)));
      if (Number.isFinite(u) && Number.isFinite(v))
        found.push({ u: u as number, v: v as number, value: value ?? 0, split: own.split });
    }
  }
  return found;
}

export interface SampledPair {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** 1 + the position in `SPLITS`. */
  readonly splits: Uint8Array;
  readonly classes: Int32Array | null;
}

/** Of a sample of rows that lie elsewhere. */
export const dotsOfSample = ({ x, y, splits, classes }: SampledPair): Dot[] =>
  Array.from(x, (u, i) => ({
    u,
    v: y[i] ?? NaN,
    value: classes?.[i] ?? 0,
    split: SPLITS[(splits[i] ?? 1) - 1] ?? 'train',
  }));
