// Every example of a data set as one table: a row per example, the split in the last column.
import { columnTitles, float32Text, type ColumnTitle, type DataSpec, type Split } from '../../engine/spec/index.ts';
import { cell } from './run-csv.ts';

export interface PointRows {
  readonly split: Split;
  readonly rows: number;
  /** f32 [rows, features]. */
  readonly x: Float32Array;
  /** f32 [rows, targets], or classes i32 [rows]. */
  readonly y: Float32Array | Int32Array;
}

const SPLIT = 'split';

const places = (letter: string, count: number): string[] =>
  count === 1 && letter === 'y' ? ['y'] : Array.from({ length: count }, (_, i) => `${letter}${String(i + 1)}`);

const nameOf = (title: ColumnTitle | null | undefined): string | undefined =>
  title ? (title.category === null ? title.name : `${title.name}_${String(title.category)}`) : undefined;

/** The data's own names of columns, and of others x1 … xn, y (or y1 … yn); only those where two would be called the same. */
function columnNames(data: DataSpec, features: number, targets: number): string[] {
  const titles = columnTitles(data);
  const usual = [...places('x', features), ...places('y', targets)];
  const own = titles ? [...titles.inputs, ...titles.targets].map(nameOf) : [];
  const named = usual.map((place, i) => own[i] ?? place);
  return new Set([...named, SPLIT]).size === named.length + 1 ? named : usual;
}

/** RFC 4180, UTF-8, a row of names first, the split's last. */
export function pointsCsv(data: DataSpec, splits: readonly PointRows[]): string {
  const [first] = splits;
  if (!first) return '';
  const [features, targets] = [first.x.length / first.rows, first.y.length / first.rows];
  const lines = [[...columnNames(data, features, targets), SPLIT].map(cell).join(',')];
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
