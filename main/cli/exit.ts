// How a command ends when it does not simply succeed: a code for scripts and lines for people.
import { DocumentError } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import { say, type HelpTopic } from './messages.ts';

export const EXIT = { done: 0, runFailed: 1, badInput: 2 } as const;
/** What shells give a process that a signal ended: 128 + its number. */
export const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT] | (typeof SIGNAL_EXIT)[keyof typeof SIGNAL_EXIT];

class CommandError extends Error {
  /** Further lines, e.g. one per wrong field. */
  readonly details: readonly string[];
  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}
/** Bad usage or input: what, where, what to do. */
export class InputError extends CommandError {
  override readonly name = 'InputError';
}
/** Runs that began could not go on: what happened, what is kept. */
export class RunError extends CommandError {
  override readonly name = 'RunError';
}

export const usageError = (message: string, topic: HelpTopic): InputError => new InputError(message, [say.hint(topic)]);

/** A document's problems, one line per field. @param file where the document came from. */
export const documentError = (file: string, error: DocumentError): InputError =>
  new InputError(
    say.badDocument(file, error.problems.length),
    error.problems.map((p) => say.problem(p.path, p.message)),
  );

/** Codes that the person can do something about by giving other input. */
const INPUT_CODES: ReadonlySet<string> = new Set([
  'INVALID_DOCUMENT',
  'FILE_NOT_FOUND',
  'FILE_EXISTS',
  'FILE_FOREIGN',
  'FILE_DAMAGED',
  'FILE_NEWER',
  'FILE_IN_USE',
  'FILE_ACCESS',
  'READ_ONLY',
  'BAD_INPUT',
  'NOT_FOUND',
  'DATA_MISSING',
  'EXPORT_UNSUPPORTED',
]);

/** The lines and exit code of whatever a command threw. */
export function wordFailure(error: unknown): { readonly lines: readonly string[]; readonly code: ExitCode } {
  if (error instanceof CommandError) {
    const code = error instanceof RunError ? EXIT.runFailed : EXIT.badInput;
    return { lines: [withinSentence(error.message), ...error.details], code };
  }
  if (error instanceof DocumentError) return wordFailure(documentError('the experiment', error));
  if (error instanceof LabError) {
    const known = error.code !== 'INTERNAL';
    return {
      lines: [known ? withinSentence(error.message) : say.internal(error.message)],
      code: INPUT_CODES.has(error.code) ? EXIT.badInput : EXIT.runFailed,
    };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { lines: [say.internal(message)], code: EXIT.runFailed };
}

/** A sentence that goes on after `overfit: `; file names keep their case. */
const withinSentence = (message: string): string => message.replace(/^(?:There|The|Nothing)\b/, (x) => x.toLowerCase());
