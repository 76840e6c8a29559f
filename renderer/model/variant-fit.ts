// Whether a variant from elsewhere can stand in a document, and what of a document's own variants still stands when the rest of it
// has changed.
import { DocumentError, parseDraft, writeField, type ExperimentSpec, type Problem } from '../../engine/spec/index.ts';

type Variant = ExperimentSpec['variants'][number];

/** Everything that is wrong with a document, or only unfinished. */
export function problemsOf(document: ExperimentSpec): readonly Problem[] {
  try {
    return parseDraft(document).unfinished;
  } catch (error) {
    if (error instanceof DocumentError) return error.problems;
    throw error;
  }
}

const keyOf = ({ path, message }: Problem): string => JSON.stringify([path, message]);

/** The document with this variant alone. */
export const alone = (document: ExperimentSpec, variant: Variant): ExperimentSpec => ({
  ...document,
  variants: [variant],
});

/** What is wrong with the document whatever its variants say. */
export const baseProblems = (document: ExperimentSpec): readonly Problem[] =>
  problemsOf(alone(document, { name: 'base', changes: {} }));

/** What is wrong with a document besides what is known. */
export function newProblems(document: ExperimentSpec, known: readonly Problem[]): readonly Problem[] {
  const keys = new Set(known.map(keyOf));
  return problemsOf(document).filter((x) => !keys.has(keyOf(x)));
}

/**
 * Why a variant does not fit; null: it does, though the document itself may be unfinished.
 * @param known `baseProblems` of the document.
 */
export const misfit = (document: ExperimentSpec, variant: Variant, known = baseProblems(document)): Problem | null =>
  newProblems(alone(document, variant), known)[0] ?? null;

/** The changes of fields that are there, one after another. */
function ofPresentFields({ data, model, recipe }: ExperimentSpec, variant: Variant): Variant {
  const changesData = Object.keys(variant.changes).some((path) => path === 'data' || path.startsWith('data.'));
  const seen = { data: changesData ? structuredClone(data) : data, ...structuredClone({ model, recipe }) };
  const kept = Object.entries(variant.changes).filter(([path, value]) =>
    writeField(seen, path, structuredClone(value)),
  );
  return { ...variant, changes: Object.fromEntries(kept) };
}

/**
 * A variant without the changes that no longer fit a changed document; in everything else it follows it.
 * @param excused what was wrong with the variant before, too.
 */
export function standing(
  document: ExperimentSpec,
  variant: Variant,
  known: readonly Problem[],
  excused: readonly Problem[],
): Variant {
  let kept = ofPresentFields(document, variant);
  for (;;) {
    const wrong = newProblems(alone(document, kept), [...known, ...excused]).map(({ path }) => path);
    if (wrong.length === 0 || Object.keys(kept.changes).length === 0) return kept;
    const prefix = `variants.${variant.name}.changes.`;
    const paths = wrong.map((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : path));
    const touches = (changed: string) =>
      paths.some((path) => changed === path || changed.startsWith(`${path}.`) || path.startsWith(`${changed}.`));
    const changes = Object.entries(kept.changes).filter(([path]) => !touches(path));
    // What stands at no change of its own comes of all of them together.
    kept = { ...kept, changes: changes.length < Object.keys(kept.changes).length ? Object.fromEntries(changes) : {} };
  }
}
