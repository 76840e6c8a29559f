// Edits of one variant, made from edits of a document: whatever a form can do to the base, it can do to a variant.
import { readField, writeField, type ExperimentSpec } from '../../engine/spec/index.ts';
import type { Edit } from './edits.ts';

const isWithin = (path: string, whole: string): boolean => path === whole || path.startsWith(`${whole}.`);

/** A variant as if it were the base: its changes are in the document, also wrong ones. Parts that it leaves are shared. */
export function asVariant(document: ExperimentSpec, variantName: string): ExperimentSpec {
  const changes = Object.entries(document.variants.find((x) => x.name === variantName)?.changes ?? {});
  const seen: ExperimentSpec = { ...document };
  for (const part of ['data', 'model', 'recipe'] as const)
    if (changes.some(([path]) => isWithin(path, part)))
      Object.assign(seen, { [part]: structuredClone(document[part]) });
  for (const [path, value] of changes) writeField(seen, path, structuredClone(value));
  return seen;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (x: unknown): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x);
const isNamed = (x: unknown): x is Json & { readonly name: string } => isObject(x) && typeof x['name'] === 'string';
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Fields that can be changed one by one: those of objects with the same keys, and of lists with the same names. */
function fieldsOf(
  before: unknown,
  after: unknown,
): readonly [segment: string, before: unknown, after: unknown][] | null {
  if (isObject(before) && isObject(after)) {
    const keys = Object.keys(before);
    if (before['type'] !== after['type'] || keys.length !== Object.keys(after).length) return null;
    return keys.every((key) => Object.hasOwn(after, key)) ? keys.map((key) => [key, before[key], after[key]]) : null;
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && before.every(isNamed)) {
    const fields = before.map((x, i) => [x.name, x, after[i] as unknown] as [string, unknown, unknown]);
    return fields.every(([name, , y]) => isNamed(y) && y.name === name) ? fields : null;
  }
  return null;
}

function difference(path: string, before: unknown, after: unknown, into: Record<string, unknown>): void {
  // A part that an edit leaves is shared, and may be a table of ten thousand rows.
  if (before === after || same(before, after)) return;
  const fields = path === '' ? null : fieldsOf(before, after);
  if (fields === null) into[path] = after;
  else for (const [segment, x, y] of fields) difference(`${path}.${segment}`, x, y, into);
}

/**
 * What changed between two documents, as changes of a variant: field by field where both have the same fields, else the
 * smallest part that holds the difference (a whole optimizer, when its kind changed).
 */
export function changesBetween(before: ExperimentSpec, after: ExperimentSpec): Readonly<Record<string, unknown>> {
  const changes: Record<string, unknown> = {};
  for (const part of ['data', 'model', 'recipe'] as const) difference(part, before[part], after[part], changes);
  return changes;
}

/** A change of a part takes the place of earlier ones within it; one within an earlier change is written into that. */
function merged(changes: Readonly<Record<string, unknown>>, path: string, value: unknown): Record<string, unknown> {
  const around = Object.keys(changes).find((x) => x !== path && isWithin(path, x));
  if (around !== undefined) {
    const whole = structuredClone(changes[around]);
    writeField({ whole }, `whole${path.slice(around.length)}`, value);
    return { ...changes, [around]: whole };
  }
  const others = Object.entries(changes).filter(([x]) => !isWithin(x, path));
  return { ...Object.fromEntries(others), [path]: value };
}

/** Makes an edit of a document one of a variant. */
export const editVariant =
  (variantName: string, edit: Edit): Edit =>
  (document) => {
    const before = asVariant(document, variantName);
    const changed = changesBetween(before, edit(before));
    return {
      ...document,
      variants: document.variants.map((variant) => {
        if (variant.name !== variantName) return variant;
        let changes: Record<string, unknown> = { ...variant.changes };
        for (const [path, value] of Object.entries(changed)) changes = merged(changes, path, value);
        return { ...variant, changes };
      }),
    };
  };

/** Lets a variant follow the base again in these fields; a change of a part that holds one of them goes as a whole. */
export const followBase =
  (variantName: string, paths: readonly string[]): Edit =>
  (document) => ({
    ...document,
    variants: document.variants.map((variant) => {
      if (variant.name !== variantName) return variant;
      const kept = Object.entries(variant.changes).filter(
        ([changed]) => !paths.some((path) => isWithin(changed, path) || isWithin(path, changed)),
      );
      return { ...variant, changes: Object.fromEntries(kept) };
    }),
  });

/** Whether a variant itself says something of these fields. */
export const isOwn = ({ changes }: ExperimentSpec['variants'][number], paths: readonly string[]): boolean =>
  Object.keys(changes).some((changed) => paths.some((path) => isWithin(changed, path) || isWithin(path, changed)));

/** Whether a variant would be trained differently from the base in these fields. */
export function differs(document: ExperimentSpec, variantName: string, paths: readonly string[]): boolean {
  const seen = asVariant(document, variantName);
  return paths.some((path) => !same(readField(document, path), readField(seen, path)));
}
