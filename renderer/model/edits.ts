// Edit commands: each takes an experiment document and gives a changed copy. They do not validate: a wrong value must be
// able to stand at its field with its problem beside it; parseExperiment judges the result.
import { readField, writeField, type ExperimentSpec } from '../../engine/spec/index.ts';
import { knobPaths, L2_PENALTY_PATH, l2Place, WEIGHT_DECAY_PATH, type L2Place, type VariantKnob } from './knobs.ts';

export type Edit = (document: ExperimentSpec) => ExperimentSpec;

/** Sets fields of the base document. */
export const setFields =
  (paths: readonly string[], value: unknown): Edit =>
  (document) => {
    const next = structuredClone(document);
    for (const path of paths) writeField(next, path, value);
    return next;
  };

/** A row like the last one, at the end. Only of tables. */
export const addRow: Edit = (document) => {
  if (document.data.type !== 'table') return document;
  const { x, y } = document.data;
  const copy = (rows: number[][]) => [...rows, [...(rows.at(-1) ?? [])]];
  return { ...document, data: { ...document.data, x: copy(x), y: copy(y) } };
};

export const removeRow =
  (index: number): Edit =>
  (document) => {
    if (document.data.type !== 'table') return document;
    const { x, y } = document.data;
    const without = (rows: number[][]) => rows.filter((_, i) => i !== index);
    return { ...document, data: { ...document.data, x: without(x), y: without(y) } };
  };

/** Sets a knob of one variant; `undefined` lets it follow the base again. */
export const setVariantKnob =
  (variantName: string, knob: VariantKnob, l2: L2Place, value: unknown): Edit =>
  (document) => {
    const paths = knobPaths(document, knob, l2);
    return withVariant(document, variantName, (variant) => {
      const changes = { ...variant.changes };
      for (const path of paths) {
        if (value === undefined) delete changes[path];
        else changes[path] = value;
      }
      return { ...variant, changes };
    });
  };

export const renameVariant =
  (variantName: string, name: string): Edit =>
  (document) =>
    withVariant(document, variantName, (variant) => ({ ...variant, name }));

export const removeVariant =
  (variantName: string): Edit =>
  (document) => ({ ...document, variants: document.variants.filter((x) => x.name !== variantName) });

/** A variant that follows the base in everything, at the end. */
export const addVariant =
  (name: string): Edit =>
  (document) => {
    const taken = document.variants.map((x) => x.name);
    const free = taken.includes(name) ? freeName(name, taken) : name;
    return { ...document, variants: [...document.variants, { name: free, changes: {} }] };
  };

/** Adds a copy of a variant at the end, so that the other variants keep their colours and their place in the stream. */
export const duplicateVariant =
  (variantName: string): Edit =>
  (document) => {
    const original = document.variants.find((x) => x.name === variantName);
    if (!original) return document;
    const name = freeName(
      variantName,
      document.variants.map((x) => x.name),
    );
    return { ...document, variants: [...document.variants, { ...structuredClone(original), name }] };
  };

/**
 * Moves λ2 between the optimizer and the loss, in the base and in every variant, at the same strength:
 * the gradient of ½λΣw² is weight decay's λw, that of λΣw² is twice it.
 */
export const setL2Place =
  (place: L2Place): Edit =>
  (document) => {
    const from = l2Place(document, place);
    const next = structuredClone(document);
    if (place !== 'weight_decay') next.recipe.regularization.l2_form = place;
    if (from === place) return next;
    const fromPath = from === 'weight_decay' ? WEIGHT_DECAY_PATH : L2_PENALTY_PATH;
    const toPath = place === 'weight_decay' ? WEIGHT_DECAY_PATH : L2_PENALTY_PATH;
    const factor = (place === 'sum' ? 0.5 : 1) * (from === 'sum' ? 2 : 1);
    const converted = (value: unknown): unknown => (typeof value === 'number' ? value * factor : value);
    const base = readField(document, fromPath);
    writeField(next, fromPath, 0);
    writeField(next, toPath, converted(base));
    next.variants = next.variants.map((variant) => {
      if (!Object.hasOwn(variant.changes, fromPath)) return variant;
      const { [fromPath]: value, ...changes } = variant.changes;
      return { ...variant, changes: { ...changes, [toPath]: converted(value) } };
    });
    return next;
  };

function withVariant(
  document: ExperimentSpec,
  name: string,
  change: (variant: ExperimentSpec['variants'][number]) => ExperimentSpec['variants'][number],
): ExperimentSpec {
  // Only the first of two equal names: while a duplicate name stands there as a problem, the other one must not follow.
  const index = document.variants.findIndex((x) => x.name === name);
  return { ...document, variants: document.variants.map((x, i) => (i === index ? change(x) : x)) };
}

/** The name with the first number from 2 on that is free. */
export function freeName(base: string, taken: readonly string[]): string {
  const stem = base.replace(/ \d+$/, '');
  let number = 2;
  while (taken.includes(`${stem} ${String(number)}`)) number += 1;
  return `${stem} ${String(number)}`;
}

/**
 * What was typed into a number field: the number, or the text itself when it is none (the schema then says what is wrong).
 * Takes a comma for a point when it cannot mean anything else, and the true minus sign.
 */
export function typedNumber(text: string): unknown {
  const plain = text.trim().replace('−', '-');
  // "1,000" may be one or a thousand: it is left as it is, and refused.
  const ambiguous = /^-?[1-9]\d{0,2},\d{3}$/.test(plain);
  const pointed = /^-?\d*,\d+$/.test(plain) && !ambiguous ? plain.replace(',', '.') : plain;
  if (pointed === '') return '';
  const value = Number(pointed);
  return Number.isFinite(value) ? value : text;
}
