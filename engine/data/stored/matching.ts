// The columns of a document beside the stored columns that they describe; refused when they are not the same.
import { EngineError } from '../../plan/engine-error.ts';
import type { DatasetColumnSpec, DatasetSpec } from '../../spec/index.ts';
import type { StoredColumn, StoredColumns, StoredData, StoredPictures } from './stored-data.ts';

/** Why a stored data set cannot be used; each has words in the window. */
export type DatasetFault = 'NOT_AS_DESCRIBED' | 'NO_VALUE' | 'BEYOND_F32' | 'BAD_MARK' | 'NO_MARKS' | 'NO_CLASSES';

/** What the data do not allow. @param details name the thing besides the data set: column, row (from 1, as a person counts), value. */
export const badDataset = (
  { name }: DatasetSpec,
  code: DatasetFault,
  what: string,
  details: Readonly<Record<string, string | number>> = {},
): EngineError => new EngineError('BAD_DATA_FILE', `the data set "${name}" ${what}`, { file: name, code, ...details });

export interface MatchedColumn {
  readonly spec: DatasetColumnSpec;
  readonly stored: StoredColumn;
}

const categoriesIn = (column: StoredColumn): number => (column.kind === 'category' ? column.categories.length : 0);

/** @throws EngineError BAD_DATA_FILE when the document describes other data. */
export function matchedColumns(data: StoredColumns, spec: DatasetSpec): readonly MatchedColumn[] {
  if (data.columns.length !== spec.columns.length)
    throw badDataset(
      spec,
      'NOT_AS_DESCRIBED',
      `has ${data.columns.length} columns, but the document describes ${spec.columns.length}`,
    );
  return spec.columns.map((column, i) => {
    const stored = data.columns[i];
    if (
      stored?.name !== column.name ||
      stored.kind !== column.kind ||
      (column.kind === 'category' && categoriesIn(stored) !== column.categories)
    )
      throw badDataset(
        spec,
        'NOT_AS_DESCRIBED',
        `has another column than the document's "${column.name}" in that place`,
        {
          column: column.name,
        },
      );
    return { spec: column, stored };
  });
}

/** @throws EngineError BAD_DATA_FILE when the document describes other data. */
export function requireSamePictures(data: StoredPictures, spec: DatasetSpec): void {
  const { pictures } = spec;
  if (pictures?.shape.join() !== data.shape.join() || pictures.classes !== data.classes.length)
    throw badDataset(
      spec,
      'NOT_AS_DESCRIBED',
      `holds pictures [${data.shape.join(', ')}] of ${data.classes.length} classes, which is not what the document describes`,
    );
}

/** @throws EngineError BAD_DATA_FILE when the document describes other data. */
export function requireSameKind(data: StoredData, spec: DatasetSpec): void {
  if (data.rows !== spec.rows)
    throw badDataset(spec, 'NOT_AS_DESCRIBED', `has ${data.rows} rows, but the document describes ${spec.rows}`);
  if ((data.kind === 'pictures') !== (spec.pictures !== null))
    throw badDataset(spec, 'NOT_AS_DESCRIBED', `holds ${data.kind}, but the document describes something else`);
}

export const isMissing = ({ kind, values }: StoredColumn, row: number): boolean => {
  const value = values[row] as number;
  return kind === 'category' ? value < 0 : Number.isNaN(value);
};
