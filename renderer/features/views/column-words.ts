// What the columns of a data set are called on axes and above tables: by the name that they have, else by their place.
import { columnTitles, type ColumnTitle, type DataSpec } from '../../../engine/spec/index.ts';
import type { Words } from '../../state/context.ts';

/** Longer names are cut; an axis has no more room. */
const LONGEST = 40;
const cut = (name: string): string => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);

function titleWord(t: Words['t'], title: ColumnTitle | null): string {
  if (!title) return '';
  const name = cut(title.name);
  if (title.category !== null) return t('columns.oneHot', { name, i: title.category + 1 });
  return title.standardized ? t('columns.standardized', { name }) : name;
}

/** Names of inputs and targets in their order; an empty one, or none: it is called by its place. */
export function columnWords(
  t: Words['t'],
  data: DataSpec | undefined,
): { readonly inputs: readonly string[]; readonly targets: readonly string[] } {
  const { inputs, targets } = (data && columnTitles(data)) ?? { inputs: [], targets: [] };
  const word = (x: ColumnTitle | null) => titleWord(t, x);
  return { inputs: inputs.map(word), targets: targets.map(word) };
}
