// Which fields differ: of a run and the document as it stands now (a frozen run against what Run would do today), and of two documents.
import type { ExperimentSpec } from '../../engine/spec/index.ts';

export interface FieldDifference {
  /** Dotted path, list elements by name. */
  readonly path: string;
  /** `undefined`: the field is not there. */
  readonly then: unknown;
  readonly now: unknown;
}

/** Values by path, list elements by their name; tuples and empty containers count as values. */
function flatten(node: unknown, path: string, into: Map<string, unknown>): Map<string, unknown> {
  if (Array.isArray(node) && node.length > 0 && node.every((x) => typeof x === 'object' && x !== null && 'name' in x)) {
    for (const element of node as { name: string }[]) flatten(element, `${path}.${element.name}`, into);
  } else if (typeof node === 'object' && node !== null && !Array.isArray(node) && Object.keys(node).length > 0) {
    for (const [key, value] of Object.entries(node))
      if (key !== 'name') flatten(value, path === '' ? key : `${path}.${key}`, into);
  } else into.set(path, node);
  return into;
}

/** All parameters of one variant, by path; `seed` and `initialization` included. */
export function parameters(experiment: ExperimentSpec, variantName: string): ReadonlyMap<string, unknown> {
  const { seed, initialization, data, model, recipe } = experiment;
  const values = flatten({ seed, initialization, data, model, recipe }, '', new Map());
  const variant = experiment.variants.find((x) => x.name === variantName);
  for (const [path, value] of Object.entries(variant?.changes ?? {})) values.set(path, value);
  return values;
}

/**
 * @param seed the seed that the run really used.
 * @returns differing fields in the order of the documents. A variant that is gone is compared with the plain document.
 */
export function differences(
  frozen: ExperimentSpec,
  seed: number,
  now: ExperimentSpec,
  variantName: string,
): FieldDifference[] {
  return between(parameters({ ...frozen, seed }, variantName), parameters(now, variantName));
}

/** Every field in which two documents differ, those of variants too; their names are not compared. */
export const documentDifferences = (before: ExperimentSpec, after: ExperimentSpec): FieldDifference[] =>
  between(flatten(before, '', new Map()), flatten(after, '', new Map()));

function between(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): FieldDifference[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths]
    .map((path) => ({ path, then: before.get(path), now: after.get(path) }))
    .filter((x) => JSON.stringify(x.then) !== JSON.stringify(x.now));
}

const MOST_CHARACTERS = 48;

/** A value in one line; of a long list, its beginning. */
export function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
