// Every example of a data set as one table: a row per example, the split in the last column.
import { float32Text, type Split } from '../../engine/spec/index.ts';
import { cell } from './run-csv.ts';

export interface PointRows {
  readonly split: Split;
  readonly rows: number;
  /** f32 [rows, features]. */
  readonly x: Float32Array;
  /** f32 [rows, targets], or classes i32 [rows]. */
  readonly y: Float32Array | Int32Array;
}

const names = (letter: string, count: number): string[] =>
  count === 1 && letter === 'y' ? ['y'] : Array.from({ length: count }, (_, i) => `${letter}${String(i + 1)}`);

/** RFC 4180, UTF-8, a row of names first: x1 … xn, y (or y1 … yn), split. */
export function pointsCsv(splits: readonly PointRows[]): string {
  const [first] = splits;
  if (!first) return '';
  const [features, targets] = [first.x.length / first.rows, first.y.length / first.rows];
  const lines = [[...names('x', features), ...names('y', targets), 'split'].map(cell).join(',')];
  for (const { split, rows, x, y } of splits)
    for (let row = 0; row < rows; row++) {
      const cells: string[] = [];
      for (let i = 0; i < features; i++) cells.push(float32Text(x[row * features + i] as number));
      for (let i = 0; i < targets; i++) cells.push(float32Text(y[row * targets + i] as number));
      cells.push(cell(split));
      lines.push(cells.join(','));
    }
  return [...lines, ''].join('\r\n');
}
