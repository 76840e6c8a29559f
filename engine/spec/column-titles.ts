// What the numbers of an example are called: the columns of an imported table, or of one in the document that has names. They are
// shown as the model sees them, so a title says whether its numbers are standardized.
import { dataShape, type DataSpec } from './data.ts';
import { columnWidth, featureColumns, targetColumns, type DatasetColumnSpec } from './dataset.ts';

export interface ColumnTitle {
  readonly name: string;
  /** Of a category that became several numbers, which one this is, from 0. */
  readonly category: number | null;
  readonly standardized: boolean;
}

/** One for each number of an example, in their order; null: it has no name of its own. */
export interface ColumnTitles {
  readonly inputs: readonly (ColumnTitle | null)[];
  readonly targets: readonly (ColumnTitle | null)[];
}

function titlesOf(column: DatasetColumnSpec, standardize: boolean): readonly ColumnTitle[] {
  const { name, kind } = column;
  const width = columnWidth(column);
  return Array.from({ length: width }, (_, i) => ({
    name,
    category: kind === 'category' && width > 1 ? i : null,
    standardized: standardize && kind === 'number',
  }));
}

/** @returns null where nothing has a name. */
export function columnTitles(data: DataSpec): ColumnTitles | null {
  if (data.type === 'dataset' && data.columns.length > 0)
    return {
      inputs: featureColumns(data).flatMap((x) => titlesOf(x, data.standardize)),
      // A class is one number, whatever its category would be as a feature.
      targets: targetColumns(data).map(({ name, kind }) => ({
        name,
        category: null,
        standardized: kind === 'number' && data.standardize_target,
      })),
    };
  if (data.type !== 'table' || !data.names) return null;
  const features = dataShape(data).input.reduce((product, x) => product * x, 1);
  const titles = data.names.map((name) => (name === '' ? null : { name, category: null, standardized: false }));
  return { inputs: titles.slice(0, features), targets: titles.slice(features) };
}
