// The table of an experiment: every field that the base or a variant has as a row, in the order of the forms.
import type { ExperimentSpec, LayerType } from '../../engine/spec/index.ts';
import type { PlainKey } from '../messages/catalogue.ts';
import type { FieldGroup, FieldSpec } from './fields.ts';
import { formOf, type Form } from './form.ts';
import type { L2Place } from './knobs.ts';
import { asVariant } from './variant-edits.ts';

export interface TableRow {
  /** Its paths, joined: rows with one key are the same field. */
  readonly key: string;
  readonly field: FieldSpec;
  /** Seen without asking for all fields. */
  readonly main: boolean;
}

export interface TableGroup {
  readonly id: string;
  readonly title: PlainKey | { readonly layer: string; readonly type: LayerType };
  readonly rows: readonly TableRow[];
}

/** How long a run is counted in, is the whole experiment's matter: a variant could not say it without repeating the recipe. */
const ONLY_BASE: ReadonlySet<string> = new Set(['recipe.length']);

const rowOf = (field: FieldSpec, main: boolean): TableRow => ({ key: field.paths.join(), field, main });
const rowsOf = ({ main, more }: FieldGroup): TableRow[] => [
  ...main.map((x) => rowOf(x, true)),
  ...more.map((x) => rowOf(x, false)),
];

function groupsOf({ data, layers, training, schedule, regularization, augmentation, stopping }: Form): TableGroup[] {
  return [
    { id: 'training', title: 'recipe.title', rows: rowsOf(training) },
    { id: 'regularization', title: 'recipe.regularizationTitle', rows: rowsOf(regularization) },
    ...layers.map(({ layer, p, fields }) => ({
      id: `layer ${layer.name}`,
      title: { layer: layer.name, type: layer.type },
      rows: [...(p ? [rowOf(p, true)] : []), ...fields.map((x) => rowOf(x, false))],
    })),
    { id: 'schedule', title: 'recipe.scheduleTitle', rows: rowsOf(schedule) },
    { id: 'augmentation', title: 'augmentation.title', rows: augmentation.map((x) => rowOf(x, true)) },
    { id: 'stopping', title: 'recipe.stoppingTitle', rows: stopping.map((x) => rowOf(x, false)) },
    { id: 'data', title: 'data.title', rows: rowsOf(data) },
  ];
}

/** Rows of a further column join those that are there; new ones come after the row that they follow in their own form. */
function joined(rows: readonly TableRow[], more: readonly TableRow[]): TableRow[] {
  const all = [...rows];
  let after = -1;
  for (const row of more) {
    const at = all.findIndex((x) => x.key === row.key);
    if (at >= 0) after = at;
    else all.splice(++after, 0, row);
  }
  return all;
}

/** Keys of the fields that each column has; null is the base. */
export type Columns = ReadonlyMap<string | null, ReadonlySet<string>>;

/** The table's rows in groups, and which of them each column has: a variant with another optimizer has other fields. */
export function variantTable(
  document: ExperimentSpec,
  l2: L2Place,
): { readonly groups: readonly TableGroup[]; readonly columns: Columns } {
  const columns = new Map<string | null, ReadonlySet<string>>();
  let groups: TableGroup[] = [];
  for (const name of [null, ...document.variants.map((x) => x.name)]) {
    const own = groupsOf(formOf(name === null ? document : asVariant(document, name), l2));
    const keys = own.flatMap(({ rows }) => rows.map((x) => x.key));
    columns.set(name, new Set(name === null ? keys : keys.filter((x) => !ONLY_BASE.has(x))));
    groups =
      name === null
        ? own
        : groups.map((group) => ({
            ...group,
            rows: joined(group.rows, own.find((x) => x.id === group.id)?.rows ?? []),
          }));
  }
  return { groups: groups.filter((x) => x.rows.length > 0), columns };
}
