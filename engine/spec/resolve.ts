// Applies a variant's changes to the base document: field paths in, a complete training description out.
import * as v from 'valibot';
import { Data, type DataSpec } from './data.ts';
import type { ExperimentSpec, VariantSpec } from './experiment.ts';
import { Model, type ModelSpec } from './model.ts';
import { parseWith } from './validate.ts';
import { DocumentError, type Problem } from './problem.ts';
import { Recipe, type RecipeSpec } from './recipe.ts';

/** Everything that determines one training run, except the device. */
export interface ResolvedVariant {
  readonly variant: string;
  readonly data: DataSpec;
  readonly model: ModelSpec;
  readonly recipe: RecipeSpec;
}

/** What a variant resolves to, as a document. */
export const Base = v.strictObject({ data: Data, model: Model, recipe: Recipe });

const SomeParts = v.partial(Base);
const PARTS = ['data', 'model', 'recipe'] as const;

type Json = Record<string, unknown> | unknown[];

/** One step down a path: by key in an object (own keys only), by `name` or index in a list. */
function locate(node: unknown, segment: string): { container: Json; key: string | number } | undefined {
  if (Array.isArray(node)) {
    const byName = node.findIndex(
      (x) => typeof x === 'object' && x !== null && (x as { name?: unknown }).name === segment,
    );
    if (byName >= 0) return { container: node, key: byName };
    const index = /^\d+$/.test(segment) ? Number(segment) : -1;
    return index >= 0 && index < node.length ? { container: node, key: index } : undefined;
  }
  if (typeof node === 'object' && node !== null && Object.hasOwn(node, segment))
    return { container: node as Record<string, unknown>, key: segment };
  return undefined;
}

const get = (place: { container: Json; key: string | number }): unknown =>
  (place.container as Record<string | number, unknown>)[place.key];

/**
 * Reads the field at a path.
 * @returns undefined when there is no such field.
 */
export function readField(document: unknown, path: string): unknown {
  let node = document;
  for (const segment of path.split('.')) {
    const place = locate(node, segment);
    if (!place) return undefined;
    node = get(place);
  }
  return node;
}

/**
 * Sets the field at a path in place.
 * @returns false when there is no such field.
 */
export function writeField(document: unknown, path: string, value: unknown): boolean {
  const segments = path.split('.');
  let node = document;
  for (const [i, segment] of segments.entries()) {
    const place = locate(node, segment);
    if (!place) return false;
    if (i === segments.length - 1) {
      (place.container as Record<string | number, unknown>)[place.key] = value;
      return true;
    }
    node = get(place);
  }
  return false;
}

/** What resolving looks at; the parts may still be unchecked. */
export interface Resolvable {
  readonly data: unknown;
  readonly model: unknown;
  readonly recipe: unknown;
  readonly variants: readonly VariantSpec[];
}

const partOf = (path: string): string => path.split('.', 1)[0] ?? '';

/** Resolves; parts that the variant leaves alone and that `isChecked` says were validated are taken as they are. */
function resolve(experiment: Resolvable, variantName: string, isChecked: boolean): ResolvedVariant {
  const variant = experiment.variants.find((x) => x.name === variantName);
  if (!variant) {
    const known = experiment.variants.map((x) => x.name).join(', ');
    throw new DocumentError('Experiment', [
      {
        path: `variants.${variantName}`,
        code: 'unknown_variant',
        message: `there is no such variant (there are: ${known})`,
        params: { name: variantName, known },
      },
    ]);
  }
  // Written-out examples may be many, and hardly any variant changes them.
  const changed = new Set(Object.keys(variant.changes).map(partOf));
  const base: Record<string, unknown> = {};
  for (const part of PARTS) base[part] = changed.has(part) ? structuredClone(experiment[part]) : experiment[part];
  const unknown: Problem[] = [];
  for (const [path, value] of Object.entries(variant.changes)) {
    if (!writeField(base, path, structuredClone(value)))
      unknown.push({
        path: `variants.${variantName}.changes.${path}`,
        code: 'unknown_field',
        message: 'there is no such field in the experiment',
        params: { field: path },
      });
  }
  if (unknown.length > 0) throw new DocumentError('Experiment', unknown);
  try {
    const open = PARTS.filter((part) => changed.has(part) || !isChecked);
    const parsed = parseWith(SomeParts, Object.fromEntries(open.map((part) => [part, base[part]])), 'Experiment');
    // Parts that are not parsed here were parsed before.
    return { variant: variantName, ...({ ...base, ...parsed } as v.InferOutput<typeof Base>) };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const prefix = `variants.${variantName}`;
    throw new DocumentError(
      'Experiment',
      error.problems.map((p) => ({
        ...p,
        path: Object.hasOwn(variant.changes, p.path) ? `${prefix}.changes.${p.path}` : p.path,
      })),
    );
  }
}

/**
 * The complete description of one variant.
 * @throws DocumentError naming the variant, or the changed field that does not exist or does not fit.
 */
export const resolveVariant = (experiment: Resolvable, variantName: string): ResolvedVariant =>
  resolve(experiment, variantName, false);

/** The same of a document that was validated: only what the variant changes is validated again. @throws as `resolveVariant`. */
export const resolveValid = (experiment: ExperimentSpec, variantName: string): ResolvedVariant =>
  resolve(experiment, variantName, true);
