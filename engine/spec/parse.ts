// Turns unknown input into a typed document, or into problems that name each field. The only way in for documents.
import * as v from 'valibot';
import { Experiment, type ExperimentSpec } from './experiment.ts';
import { DocumentError, type Problem, type ProblemCode } from './problem.ts';
import { ruleProblems } from './rules.ts';
import { Base, resolveValid, resolveVariant, type ResolvedVariant } from './resolve.ts';
import { parseWith } from './validate.ts';

function duplicates(names: readonly string[], path: string): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const name of names) {
    if (seen.has(name))
      problems.push({
        path: `${path}.${name}`,
        code: 'duplicate_name',
        message: `the name "${name}" is used twice`,
        params: { name },
      });
    seen.add(name);
  }
  return problems;
}

/** A fault of the base document shows in every variant; it is said once. */
const withoutRepeats = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((p) => [`${p.path}\0${p.message}`, p])).values(),
];

/** Enough of a document to look at its variants, while other parts of it are wrong. */
const Outline = v.object({
  data: v.unknown(),
  model: v.unknown(),
  recipe: v.unknown(),
  variants: v.array(v.object({ name: v.string(), changes: v.optional(v.record(v.string(), v.unknown()), {}) })),
});

/** The problems of variants' own changes in a document that is wrong elsewhere too: people hear of both at once. */
function changeProblems(input: unknown): Problem[] {
  const outline = v.safeParse(Outline, input);
  if (!outline.success) return [];
  return outline.output.variants.flatMap(({ name }) => {
    try {
      resolveVariant(outline.output, name);
      return [];
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      return error.problems.filter((problem) => problem.path.startsWith(`variants.${name}.changes.`));
    }
  });
}

function parseFields(input: unknown): ExperimentSpec {
  try {
    return parseWith(Experiment, input, 'Experiment');
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new DocumentError('Experiment', withoutRepeats([...error.problems, ...changeProblems(input)]));
  }
}

/** A document that is being built: everything in it is right by itself, but it need not be complete. */
export interface Draft {
  /** With defaults filled in. */
  readonly document: ExperimentSpec;
  /** What must still be done before it can be trained: layers that do not fit together, no layer that learns, no examples. */
  readonly unfinished: readonly Problem[];
}

const UNFINISHED: ReadonlySet<ProblemCode> = new Set(['empty', 'shape_mismatch', 'unknown_layer', 'unused_layer']);

/**
 * Validates the fields, names and every variant's changes of a document that is still being built, which can be stored and
 * edited, but not trained.
 * @param input a parsed JSON value from a file, the app or the project.
 * @throws DocumentError with one Problem per wrong field, and what is unfinished besides.
 */
export function parseDraft(input: unknown): Draft {
  const experiment = parseFields(input);
  const problems: Problem[] = [
    ...duplicates(
      experiment.variants.map((x) => x.name),
      'variants',
    ),
    ...duplicates(
      experiment.model.layers.map((x) => x.name),
      'model.layers',
    ),
  ];
  if (problems.length === 0) {
    for (const variant of experiment.variants) {
      try {
        const resolved = resolveValid(experiment, variant.name);
        problems.push(...ruleProblems(resolved));
      } catch (error) {
        if (!(error instanceof DocumentError)) throw error;
        problems.push(...error.problems);
      }
    }
  }
  if (problems.some((x) => !UNFINISHED.has(x.code))) throw new DocumentError('Experiment', withoutRepeats(problems));
  return { document: experiment, unfinished: withoutRepeats(problems) };
}

/**
 * Validates an experiment document wholly: fields, names, every variant's changes, and the shapes of every variant's model.
 * @param input a parsed JSON value from a file, the app or the project.
 * @returns the document with defaults filled in.
 * @throws DocumentError with one Problem per wrong field.
 */
export function parseExperiment(input: unknown): ExperimentSpec {
  const { document, unfinished } = parseDraft(input);
  if (unfinished.length > 0) throw new DocumentError('Experiment', unfinished);
  return document;
}

/**
 * Validates one variant that has been changed since it was resolved.
 * @returns the variant with defaults filled in.
 * @throws DocumentError with one Problem per wrong field.
 */
export function checkVariant({ variant, ...base }: ResolvedVariant): ResolvedVariant {
  const checked = { variant, ...parseWith(Base, base, 'Experiment') };
  const problems = ruleProblems(checked);
  if (problems.length > 0) throw new DocumentError('Experiment', problems);
  return checked;
}

/** @throws DocumentError with code `bad_json` when the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DocumentError('Experiment', [
      { path: '', code: 'bad_json', message: `is not valid JSON (${reason})`, params: { reason } },
    ]);
  }
}

/**
 * Parses the text of an experiment file.
 * @throws DocumentError; with code `bad_json` when the text is no JSON.
 */
export const parseExperimentText = (text: string): ExperimentSpec => parseExperiment(parseJson(text));

/** Parses the text of a document that may be unfinished. @throws as `parseExperimentText`. */
export const parseDraftText = (text: string): Draft => parseDraft(parseJson(text));
