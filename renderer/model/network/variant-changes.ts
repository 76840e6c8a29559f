// What variants change follows the layers: renamed with them, gone with them. Paths are `model.layers.<name>.<field>…`.
import { readField, type ExperimentSpec, type LayerSpec } from '../../../engine/spec/index.ts';

type Variants = ExperimentSpec['variants'];

const PREFIX = 'model.layers.';

/** The layer that a path is about, and what comes behind it. */
function split(path: string): { readonly layer: string; readonly rest: string } | null {
  if (!path.startsWith(PREFIX)) return null;
  const [layer = '', ...rest] = path.slice(PREFIX.length).split('.');
  return { layer, rest: rest.join('.') };
}

const join = (layer: string, rest: string): string => `${PREFIX}${layer}${rest === '' ? '' : `.${rest}`}`;

function mapChanges(
  variants: Variants,
  change: (path: string, value: unknown) => readonly [path: string, value: unknown] | null,
): Variants {
  return variants.map((variant) => {
    const entries = Object.entries(variant.changes);
    const changed = entries.map(([path, value]) => change(path, value));
    if (changed.every((x, i) => x !== null && x[0] === entries[i]?.[0] && x[1] === entries[i]?.[1])) return variant;
    return { ...variant, changes: Object.fromEntries(changed.filter((x) => x !== null)) };
  });
}

/** Paths that count layers (`model.layers.0.p`) get the layer's name: positions change while building. */
export const byName = (variants: Variants, layers: readonly LayerSpec[]): Variants =>
  mapChanges(variants, (path, value) => {
    const found = split(path);
    if (!found || !/^\d+$/.test(found.layer) || layers.some((x) => x.name === found.layer)) return [path, value];
    const layer = layers[Number(found.layer)];
    return [layer === undefined ? path : join(layer.name, found.rest), value];
  });

/** @returns the changes with a layer under its new name, where others take its output too. */
export const renamed = (variants: Variants, from: string, to: string): Variants =>
  mapChanges(variants, (path, value) => {
    const found = split(path);
    if (!found) return [path, value];
    const inputs =
      found.rest === 'inputs' && Array.isArray(value) && value.includes(from)
        ? value.map((x: unknown) => (x === from ? to : x))
        : value;
    return [found.layer === from ? join(to, found.rest) : path, inputs];
  });

/** @returns only the changes whose layers, and the layers that they name as inputs, are in the list. */
export const withoutLayers = (variants: Variants, gone: ReadonlySet<string>): Variants =>
  mapChanges(variants, (path, value) => {
    const found = split(path);
    if (!found) return [path, value];
    if (gone.has(found.layer)) return null;
    const leadsNowhere = found.rest === 'inputs' && Array.isArray(value) && value.some((x) => gone.has(String(x)));
    return leadsNowhere ? null : [path, value];
  });

/** @returns only the changes of a layer that turn a field which the layer has. */
export const withoutMissingFields = (document: ExperimentSpec, name: string): Variants =>
  mapChanges(document.variants, (path, value) =>
    split(path)?.layer === name && readField(document, path) === undefined ? null : [path, value],
  );

/** @param wrong paths of a layer's fields, or of a variant's changes of them. */
export const withoutPaths = (variants: Variants, wrong: ReadonlySet<string>): Variants =>
  variants.flatMap((variant) =>
    mapChanges([variant], (path, value) =>
      split(path) && (wrong.has(path) || wrong.has(`variants.${variant.name}.changes.${path}`)) ? null : [path, value],
    ),
  );

/** Layers whose inputs some variant changes: those must stay written out. */
export const changedInputs = (variants: Variants): ReadonlySet<string> =>
  new Set(
    variants.flatMap(({ changes }) =>
      Object.keys(changes).flatMap((path) => {
        const found = split(path);
        return found?.rest === 'inputs' ? [found.layer] : [];
      }),
    ),
  );
