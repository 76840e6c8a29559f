// The columns of a table in the document as a person plans them: how many there are, what they are called, which stay, and the
// table that comes of it.
import { Data, MOST_TABLE_ROWS, parseWith, SPLITS, type Split, type TableSpec } from '../../engine/spec/index.ts';
import { setData } from './data-edits.ts';
import { rowsOfTable, TABLE_PARTS } from './data-rows.ts';
import type { Edit } from './edits.ts';

export interface PlannedColumn {
  /** Empty: it is called by its place. */
  readonly name: string;
  /** Where it stands in the table that is changed; null: it is new. */
  readonly from: number | null;
}

export interface TablePlan {
  readonly inputs: readonly PlannedColumn[];
  readonly targets: readonly PlannedColumn[];
  /** null: targets are numbers. As it is typed, so perhaps anything. */
  readonly classes: unknown;
  /** Of a new table; as they are typed. */
  readonly rows: Readonly<Record<Split, unknown>>;
}

/** Least and most of what can be planned here; a document may have more columns. */
export const PLAN_LIMITS = {
  inputs: [1, 200],
  targets: [1, 50],
  classes: [2, 1000],
  train: [1, MOST_TABLE_ROWS],
  validation: [0, MOST_TABLE_ROWS],
  test: [0, MOST_TABLE_ROWS],
} as const satisfies Record<string, readonly [number, number]>;
export type PlanCount = keyof typeof PLAN_LIMITS;

const NEW_COLUMN: PlannedColumn = { name: '', from: null };

export const isCount = (what: PlanCount, value: unknown): value is number => {
  const [least, most] = PLAN_LIMITS[what];
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
};

/** As many columns as are wanted: new ones come and the last ones go. */
export const resized = (columns: readonly PlannedColumn[], count: number): readonly PlannedColumn[] =>
  Array.from({ length: count }, (_, i) => columns[i] ?? NEW_COLUMN);

export const FIRST_PLAN: TablePlan = {
  inputs: resized([], 3),
  targets: resized([], 1),
  classes: null,
  rows: { train: 10, validation: 0, test: 5 },
};

/** The plan that leaves a table as it is. */
export function planOf(table: TableSpec): TablePlan {
  const { features, targets, names = [] } = rowsOfTable(table);
  const columns = (count: number, first: number) =>
    Array.from({ length: count }, (_, i) => ({ name: names[first + i] ?? '', from: i }));
  return {
    inputs: columns(features, 0),
    targets: columns(targets, features),
    classes: table.classes,
    rows: { train: table.x.length, validation: table.validation_x.length, test: table.test_x.length },
  };
}

/** What of a plan cannot be. @param typed counts of columns as they are typed, which the plan cannot have yet. */
export function planProblems(
  { inputs, targets, classes, rows }: TablePlan,
  typed: Partial<Readonly<Record<'inputs' | 'targets', unknown>>> = {},
): ReadonlySet<PlanCount> {
  const counts: Readonly<Record<PlanCount, unknown>> = {
    inputs: typed.inputs ?? inputs.length,
    targets: classes === null ? (typed.targets ?? targets.length) : 1,
    classes: classes ?? PLAN_LIMITS.classes[0],
    ...rows,
  };
  return new Set((Object.keys(PLAN_LIMITS) as PlanCount[]).filter((what) => !isCount(what, counts[what])));
}

/** Names in the order of the columns; none when all are called by their place. */
function namesOf({ inputs, targets, classes }: TablePlan): { readonly names?: string[] } {
  const names = [...inputs, ...(classes === null ? targets : targets.slice(0, 1))].map((x) => x.name.trim());
  return names.some((x) => x !== '') ? { names } : {};
}

/** A table of zeros. @param plan without problems. */
export function newTable(plan: TablePlan): TableSpec {
  const targets = plan.classes === null ? plan.targets.length : 1;
  const zeros = (split: Split, width: number) =>
    Array.from({ length: Number(plan.rows[split]) }, () => new Array<number>(width).fill(0));
  const parts = SPLITS.map((split) => ({
    [TABLE_PARTS[split].x]: zeros(split, plan.inputs.length),
    [TABLE_PARTS[split].y]: zeros(split, targets),
  }));
  const table = { type: 'table', classes: plan.classes, features: plan.inputs.length, ...namesOf(plan) };
  return parseWith(Data, Object.assign(table, ...parts), 'Data') as TableSpec;
}

/** Another set of columns: those that stay keep their cells, new ones begin with 0. */
function withColumns(table: TableSpec, plan: TablePlan): TableSpec {
  const { names: _, ...rest } = table;
  const next: TableSpec = {
    ...rest,
    classes: plan.classes as TableSpec['classes'],
    features: plan.inputs.length,
    ...namesOf(plan),
  };
  const taken = (rows: readonly (readonly number[])[], columns: readonly PlannedColumn[]) =>
    rows.map((row) => columns.map(({ from }) => (from === null ? 0 : (row[from] ?? 0))));
  for (const split of SPLITS) {
    const { x, y } = TABLE_PARTS[split];
    next[x] = taken(table[x], plan.inputs);
    next[y] = taken(table[y], plan.targets);
  }
  return next;
}

export const createTable = (plan: TablePlan): Edit => setData(newTable(plan));

/** Changes the columns of the document's table; other names alone change nothing but these. */
export const changeColumns =
  (plan: TablePlan): Edit =>
  (document) => {
    if (document.data.type !== 'table') return document;
    const before = planOf(document.data);
    const next = withColumns(document.data, plan);
    const stay = (columns: readonly PlannedColumn[], were: readonly PlannedColumn[]) =>
      columns.length === were.length && columns.every((x, i) => x.from === i);
    const onlyNames =
      stay(plan.inputs, before.inputs) && stay(plan.targets, before.targets) && plan.classes === before.classes;
    if (!onlyNames) return setData(next)(document);
    const { names: _, ...rest } = document.data;
    return { ...document, data: { ...rest, ...(next.names && { names: next.names }) } };
  };
