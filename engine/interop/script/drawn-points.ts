// Data that the lab drew from a description, as a table: a script carries the points themselves, because no few lines of Python
// would draw the same ones.
import { dataShape, elements, SPLITS, type GeneratedSpec, type Split, type TableSpec } from '../../spec/index.ts';
import { InteropError } from '../interop-error.ts';
import type { Rows } from './data-files.ts';

/** Examples of a split: f32 [n, ...input], and f32 [n, ...target] or classes i32 [n]. */
export interface PointArrays {
  readonly x: Float32Array;
  readonly y: Float32Array | Int32Array;
}
export type DrawnPoints = Readonly<Record<Split, PointArrays | null>>;

function rowsOf(values: Float32Array | Int32Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
}

/**
 * @returns a table of the very same numbers.
 * @throws InteropError MISSING_DATA when the points were not given; RangeError when they do not fit the description.
 */
export function tableOf(data: GeneratedSpec, points: DrawnPoints | undefined): TableSpec {
  if (points === undefined)
    throw new InteropError('MISSING_DATA', 'the points of the experiment are needed to write them into the script', {
      what: 'data',
    });
  const { input, target } = dataShape(data);
  const [features, targets] = [elements(input), target.kind === 'classes' ? 1 : elements(target.shape)];
  for (const split of SPLITS) {
    const { x, y } = points[split] ?? { x: [], y: [] };
    const given = y.length / targets;
    if (given !== data[split] || x.length !== data[split] * features)
      throw new RangeError(`there must be ${data[split]} ${split} points, but ${given} were given`);
  }
  const rows = (split: Split): { readonly x: number[][]; readonly y: number[][] } => {
    const { x, y } = points[split] ?? { x: new Float32Array(), y: new Float32Array() };
    return { x: rowsOf(x, features), y: rowsOf(y, targets) };
  };
  const [train, validation, test] = [rows('train'), rows('validation'), rows('test')];
  return {
    type: 'table',
    x: train.x,
    y: train.y,
    validation_x: validation.x,
    validation_y: validation.y,
    test_x: test.x,
    test_y: test.y,
    shape: null,
    classes: target.kind === 'classes' ? target.classes : null,
  };
}

/** The shortest decimal that is this f32 when rounded to f32: 0.1 for 0.10000000149011612. */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return Number(value.toPrecision(9));
}

export const shortestRows = (rows: Rows): Rows => rows.map((row) => row.map(shortest));

/** What the points are, in a comment above them. */
export const drawnWords = ({ type, seed }: GeneratedSpec): string => `Points that the lab drew: ${type}, seed ${seed}.`;
