// Variants as text: a name and what it changes, fit for any project whose experiment has those fields.
import {
  DocumentError,
  parseDraft,
  parseWith,
  Variant,
  type ExperimentSpec,
  type Problem,
} from '../../engine/spec/index.ts';
import { clippingText, readClipping, type ClippingKind } from './clippings.ts';
import { freeName } from './edits.ts';
import { byName } from './network/variant-changes.ts';
import { misfit } from './variant-fit.ts';

/** @returns null when there is no such variant. */
export function copyVariant(document: ExperimentSpec, name: string): string | null {
  // Positions of layers mean nothing elsewhere.
  const variant = byName(document.variants, document.model.layers).find((x) => x.name === name);
  return variant ? clippingText('variant', { variant }) : null;
}

/** Why a text is not pasted. */
export type PasteRefusal =
  /** It is a clipping of another kind; null: of none. */
  | { readonly reason: 'other'; readonly kind: ClippingKind | null }
  | { readonly reason: 'newer' }
  | { readonly reason: 'wrong'; readonly problem: Problem }
  | { readonly reason: 'misfit'; readonly name: string; readonly problem: Problem };

export type PasteResult = { readonly document: ExperimentSpec; readonly name: string } | PasteRefusal;

/** The document with the variant of a text at its end, under a free name; or why not. */
export function pasteVariant(document: ExperimentSpec, text: string): PasteResult {
  const clipping = readClipping(text);
  if (clipping?.kind !== 'variant') return { reason: 'other', kind: clipping?.kind ?? null };
  if (clipping.newer) return { reason: 'newer' };
  try {
    const variant = parseWith(Variant, clipping.content['variant'], 'Variant');
    const problem = misfit(document, variant);
    if (problem) return { reason: 'misfit', name: variant.name, problem };
    const taken = document.variants.map((x) => x.name);
    const name = taken.includes(variant.name) ? freeName(variant.name, taken) : variant.name;
    // There may be too many already.
    const { document: pasted } = parseDraft({ ...document, variants: [...document.variants, { ...variant, name }] });
    return { document: pasted, name };
  } catch (error) {
    const [problem] = error instanceof DocumentError ? error.problems : [];
    if (!problem) throw error;
    return { reason: 'wrong', problem };
  }
}
