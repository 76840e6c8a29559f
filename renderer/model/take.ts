// Taking parts of another project's document into this one: what becomes of it, which of the other's variants fit, and why not.
// Pure: the same parts can be looked at before they are taken.
import {
  parseDraft,
  DocumentError,
  type DatasetSpec,
  type ExperimentSpec,
  type Problem,
} from '../../engine/spec/index.ts';
import { fitModel, fitRecipe, inBatches } from './data-edits.ts';
import { documentDifferences, type FieldDifference } from './differences.ts';
import { freeName } from './edits.ts';
import { byName } from './network/variant-changes.ts';
import { asVariant } from './variant-edits.ts';
import { alone, baseProblems, misfit, newProblems, problemsOf, standing } from './variant-fit.ts';

export const PARTS = ['data', 'model', 'recipe', 'seed'] as const;
export type Part = (typeof PARTS)[number];

export interface Ticks {
  /** The other document in the place of this one, all but its name; what else is ticked does not matter then. */
  readonly whole: boolean;
  readonly parts: ReadonlySet<Part>;
  /** Names of the other document's variants, which join those that are here. */
  readonly variants: ReadonlySet<string>;
}

export const NO_TICKS: Ticks = { whole: false, parts: new Set(), variants: new Set() };

/** What a variant would be called here, or why it does not fit. */
export type VariantOffer = { readonly name: string } | { readonly misfit: Problem };

export interface Taken {
  /** Can always be stored; where the parts cannot stand together, it is the document as it was. */
  readonly document: ExperimentSpec;
  /** Why the parts cannot stand together; empty: they can. */
  readonly problems: readonly Problem[];
  /** What must be done before the new document can be trained, and was not to be done before. */
  readonly unfinished: readonly Problem[];
  /** The other document's variants by their names there, whether they are ticked or not. */
  readonly offers: ReadonlyMap<string, VariantOffer>;
  readonly changes: readonly FieldDifference[];
}

const has = (parts: ReadonlySet<Part>, ...wanted: readonly Part[]): boolean => wanted.some((x) => parts.has(x));

/** The parts put in, and what must follow them; of the variants that are here, what still stands. */
function withParts(here: ExperimentSpec, there: ExperimentSpec, parts: ReadonlySet<Part>): ExperimentSpec {
  if (parts.size === 0) return here;
  let next: ExperimentSpec = {
    ...here,
    ...(has(parts, 'data') && { data: there.data }),
    ...(has(parts, 'model') && { model: there.model }),
    ...(has(parts, 'recipe') && { recipe: there.recipe }),
    ...(has(parts, 'seed') && { seed: there.seed, initialization: there.initialization }),
  };
  // What comes from one document together fits as it did there.
  if (has(parts, 'data') !== has(parts, 'model')) next = fitModel(next);
  if (has(parts, 'data') !== has(parts, 'recipe')) next = fitRecipe(next);
  if (has(parts, 'data') && !has(parts, 'recipe')) next = inBatches(here.data)(next);
  const known = baseProblems(next);
  const own = byName(here.variants, here.model.layers);
  const joint = { ...next, variants: own };
  if (newProblems(joint, known).length === 0) return joint;
  return { ...next, variants: own.map((x) => standing(next, x, known, problemsOf(alone(here, x)))) };
}

/** Which of the other's variants fit into the document, and their names there. */
function offersOf(
  document: ExperimentSpec,
  variants: ExperimentSpec['variants'],
  ticked: Ticks['variants'],
): Map<string, VariantOffer> {
  const known = baseProblems(document);
  const taken = document.variants.map((x) => x.name);
  return new Map(
    variants.map((variant): [string, VariantOffer] => {
      const problem = misfit(document, variant, known);
      if (problem !== null) return [variant.name, { misfit: problem }];
      const name = taken.includes(variant.name) ? freeName(variant.name, taken) : variant.name;
      if (ticked.has(variant.name)) taken.push(name);
      return [variant.name, { name }];
    }),
  );
}

function joined(base: ExperimentSpec, variants: ExperimentSpec['variants'], offers: Taken['offers'], ticks: Ticks) {
  const added = variants.flatMap((variant) => {
    const offer = offers.get(variant.name);
    return ticks.variants.has(variant.name) && offer && 'name' in offer ? [{ ...variant, name: offer.name }] : [];
  });
  return added.length === 0 ? base : { ...base, variants: [...base.variants, ...added] };
}

/** What taking these parts would make of the document that is here. */
export function take(here: ExperimentSpec, there: ExperimentSpec, ticks: Ticks): Taken {
  const base = ticks.whole ? here : withParts(here, there, ticks.parts);
  const variants = byName(there.variants, there.model.layers);
  const offers = ticks.whole
    ? new Map(there.variants.map(({ name }) => [name, { name }] as const))
    : offersOf(base, variants, ticks.variants);
  const next = ticks.whole ? { ...there, name: here.name } : joined(base, variants, offers, ticks);
  if (next === here) return { document: here, problems: [], unfinished: [], offers, changes: [] };
  try {
    const { document, unfinished } = parseDraft(next);
    const known = new Set(problemsOf(here).map((x) => x.path));
    return {
      document,
      problems: [],
      unfinished: unfinished.filter((x) => !known.has(x.path)),
      offers,
      changes: documentDifferences(here, document),
    };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return { document: here, problems: error.problems, unfinished: [], offers, changes: [] };
  }
}

/** The imported data sets that a document or a variant of it learns from, by digest. */
export function datasetsOf(document: ExperimentSpec): ReadonlyMap<string, DatasetSpec> {
  const all = [document, ...document.variants.map((x) => asVariant(document, x.name))];
  return new Map(all.flatMap(({ data }) => (data.type === 'dataset' ? [[data.digest, data] as const] : [])));
}

export interface NeededData {
  /** Digests of what lies in the other project alone. */
  readonly toCopy: readonly string[];
  /** What neither project holds. What is missing here already is no reason to refuse the rest. */
  readonly missing: readonly DatasetSpec[];
}

/** The imported data that a document needs which is about to take another one's place. */
export function neededData(
  before: ExperimentSpec,
  after: ExperimentSpec,
  held: Readonly<Record<'here' | 'there', readonly { readonly digest: string }[]>>,
): NeededData {
  const lies = (where: 'here' | 'there', digest: string): boolean => held[where].some((x) => x.digest === digest);
  const known = datasetsOf(before);
  const needed = [...datasetsOf(after).values()].filter(({ digest }) => !lies('here', digest));
  return {
    toCopy: needed.map((x) => x.digest).filter((x) => lies('there', x)),
    missing: needed.filter(({ digest }) => !lies('there', digest) && !known.has(digest)),
  };
}

export const toggled = <T>(set: ReadonlySet<T>, value: T, on: boolean): ReadonlySet<T> =>
  new Set(on ? [...set, value] : [...set].filter((x) => x !== value));
