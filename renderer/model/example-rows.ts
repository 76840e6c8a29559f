// The examples of small data row by row: those of a table from the document, those of generated data from their preview.
import {
  dataShape,
  elements,
  isGenerated,
  type DataPreview,
  type DataSpec,
  type PointSet,
  type Split,
} from '../../engine/spec/index.ts';

export interface DataRow {
  readonly x: readonly number[];
  /** Targets, or one class. */
  readonly y: readonly number[];
  readonly split: Split;
}

export interface DataRows {
  readonly count: number;
  /** Numbers of an input, and of a target. */
  readonly inputs: number;
  readonly targets: number;
  readonly isClasses: boolean;
  /** Splits that have rows. */
  readonly splits: readonly Split[];
  /** null beyond the last row. */
  at(index: number): DataRow | null;
}

interface Part {
  readonly split: Split;
  readonly count: number;
  row(index: number): Pick<DataRow, 'x' | 'y'>;
}

function joined(parts: readonly Part[], shape: Pick<DataRows, 'inputs' | 'targets' | 'isClasses'>): DataRows {
  const held = parts.filter((x) => x.count > 0);
  return {
    ...shape,
    count: held.reduce((sum, x) => sum + x.count, 0),
    splits: held.map((x) => x.split),
    at(index) {
      let rest = index;
      for (const part of held) {
        if (rest < part.count) return { ...part.row(rest), split: part.split };
        rest -= part.count;
      }
      return null;
    },
  };
}

/** @returns null for pictures, and for points that are not there yet. */
export function dataRows(data: DataSpec, preview: DataPreview | null): DataRows | null {
  const { target } = dataShape(data);
  const isClasses = target.kind === 'classes';
  if (data.type === 'table') {
    const part = (split: Split, x: readonly number[][], y: readonly number[][]): Part => ({
      split,
      count: x.length,
      row: (i) => ({ x: x[i] ?? [], y: y[i] ?? [] }),
    });
    return joined(
      [
        part('train', data.x, data.y),
        part('validation', data.validation_x, data.validation_y),
        part('test', data.test_x, data.test_y),
      ],
      { inputs: data.x[0]?.length ?? 0, targets: data.y[0]?.length ?? 0, isClasses },
    );
  }
  if (!isGenerated(data) || preview?.kind !== 'points') return null;
  const inputs = elements(dataShape(data).input);
  const targets = isClasses ? 1 : elements(target.shape);
  const part = (split: Split, points: PointSet | null): Part => ({
    split,
    count: points ? points.y.length / targets : 0,
    row: (i) => ({
      x: [...(points?.x.subarray(i * inputs, (i + 1) * inputs) ?? [])],
      y: [...(points?.y.subarray(i * targets, (i + 1) * targets) ?? [])],
    }),
  });
  return joined([part('train', preview.train), part('validation', preview.validation), part('test', preview.test)], {
    inputs,
    targets,
    isClasses,
  });
}
