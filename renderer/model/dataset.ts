// Imported data in a document: what each column is for, how an import's choices become the document's data, and the edits of the steps.
// Pure. What must fit together (names of classes, ways to divide rows) follows the target by itself.
import {
  targetColumns,
  type DatasetColumnSpec,
  type DatasetSpec,
  type ExperimentSpec,
} from '../../engine/spec/index.ts';
import type { ColumnKind, DatasetColumnInfo, DatasetEntry, ImportPreview } from '../../main/contract/shapes.ts';
import { withData } from './data-edits.ts';

export type ColumnRole = DatasetColumnSpec['role'];
export type MissingRule = DatasetColumnSpec['missing'];
export type Encoding = DatasetColumnSpec['encoding'];

export const COLUMN_ROLES = ['feature', 'target', 'split', 'ignore'] as const satisfies readonly ColumnRole[];
export const ENCODINGS = ['one_hot', 'index'] as const satisfies readonly Encoding[];

/** What a person decides about a column before it is imported. */
export interface ColumnChoice {
  readonly role: ColumnRole;
  readonly missing: MissingRule;
}
/** By the column's name; columns that are not named stay as they are described. */
export type ColumnChoices = Readonly<Record<string, ColumnChoice>>;

/** What can be done where a value is missing, by kind of column. */
export const MISSING_RULES = {
  number: ['drop', 'mean', 'median'],
  category: ['drop', 'most_frequent'],
} as const satisfies Record<ColumnKind, readonly MissingRule[]>;

/** Names of classes that a document holds at most. */
const MOST_NAMES = 1000;
/** Words that a column marks rows with, when it says which are for what. */
const MARK = /^(train(ing)?|val(id(ation)?)?|dev|test(ing)?)$/i;
const COUNTER_NAME = /^(id|index|row|no|nr|unnamed: 0|)$/i;
const TARGET_NAME = /^(target|labels?|class|y|output|outcome|species|quality|price)$/i;

type ReadColumn = Omit<ImportPreview['columns'][number], 'kind'> & { readonly kind: ColumnKind };

/** Columns of a file that will be read. */
export const readColumns = (preview: ImportPreview): ReadColumn[] =>
  preview.columns.flatMap((x) => (x.kind === 'ignore' ? [] : [{ ...x, kind: x.kind }]));

/** First guesses for columns of a file that has only been looked at; after the import the whole data are described. */
export function guessedChoices(columns: readonly ReadColumn[]): ColumnChoices {
  const isMark = ({ examples }: ReadColumn) =>
    examples.some((x) => /^train/i.test(x.trim())) && examples.every((x) => MARK.test(x.trim()));
  const mark = columns.find(isMark);
  const isFree = (x: ReadColumn) => x !== mark && !COUNTER_NAME.test(x.name);
  const target = columns.find((x) => isFree(x) && TARGET_NAME.test(x.name)) ?? columns.findLast(isFree);
  return Object.fromEntries(
    columns.map((column) => {
      const role: ColumnRole =
        column === target ? 'target' : column === mark ? 'split' : isFree(column) ? 'feature' : 'ignore';
      return [column.name, { role, missing: suitable(column.missing === 0 ? 'drop' : 'median', column.kind) }];
    }),
  );
}

/** The rule itself where the column's kind has it; else the one that is nearest to it. */
export const suitable = (rule: MissingRule, kind: ColumnKind): MissingRule => {
  const rules: readonly MissingRule[] = MISSING_RULES[kind];
  if (rules.includes(rule)) return rule;
  return kind === 'number' ? 'median' : 'most_frequent';
};

/**
 * Makes a column the target. A target of categories stands alone; what was the target before is learnt from instead, unless all of
 * them are numbers and `alone` is not asked for.
 */
export function withTarget<C extends { readonly name: string; readonly kind: ColumnKind; readonly role: ColumnRole }>(
  columns: readonly C[],
  name: string,
  alone: boolean,
): C[] {
  const chosen = columns.find((x) => x.name === name);
  return columns.map((x) => {
    if (x.name === name) return { ...x, role: 'target' };
    const goes = alone || chosen?.kind === 'category' || x.kind === 'category';
    return x.role === 'target' && goes ? { ...x, role: 'feature' } : x;
  });
}

/** Class names and the way to divide rows, as they must be for these columns. */
function consistent(data: DatasetSpec, infos: readonly DatasetColumnInfo[]): DatasetSpec {
  if (data.pictures !== null) return data;
  const [target] = targetColumns(data);
  const isClass = target?.kind === 'category';
  const names = isClass ? (infos.find((x) => x.name === target.name)?.names ?? []) : [];
  const hasMark = data.columns.some((x) => x.role === 'split');
  const { method } = data.split;
  const drawn = isClass ? ('stratified' as const) : ('random' as const);
  return {
    ...data,
    class_names: isClass && names.length === target.categories && names.length <= MOST_NAMES ? [...names] : [],
    split: {
      ...data.split,
      method:
        method === 'column' ? (hasMark ? method : drawn) : method === 'stratified' && !isClass ? 'random' : method,
    },
  };
}

/** A column of the description changed; what hangs on it follows. */
export function setColumn(
  data: DatasetSpec,
  infos: readonly DatasetColumnInfo[],
  name: string,
  change: Partial<Pick<DatasetColumnSpec, 'role' | 'encoding' | 'missing'>>,
): DatasetSpec {
  const changed = data.columns.map((x) => (x.name === name ? { ...x, ...change } : x));
  const columns = change.role === 'target' ? withTarget(changed, name, false) : changed;
  return consistent({ ...data, columns }, infos);
}

/** The description of an imported data set, with what was decided before it was imported. */
export function describedWith(entry: DatasetEntry, choices: ColumnChoices): DatasetSpec {
  const { described, columns: infos } = entry;
  const columns = described.columns.map((column) => {
    const choice = Object.hasOwn(choices, column.name) ? choices[column.name] : undefined;
    if (!choice) return column;
    return { ...column, role: choice.role, missing: suitable(choice.missing, column.kind) };
  });
  return consistent({ ...described, columns }, infos);
}

/** Puts an imported data set into a document, which then asks for what the data have. */
export const useDataset = (document: ExperimentSpec, entry: DatasetEntry, choices: ColumnChoices): ExperimentSpec =>
  withData(document, describedWith(entry, choices));
