// What import and export refuse, as typed errors that name the file and place, or the part of the experiment.

export type InteropErrorCode =
  /** A file is damaged or no such file at all; details: file, place, reason. */
  | 'BAD_FILE'
  /** A file or an experiment holds something that has no counterpart on the other side; details: what, reason; of exports also refusal, value. */
  | 'UNSUPPORTED'
  /** Arrays of a file do not fit a model; details: missing, unexpected, wrongShape. */
  | 'WRONG_WEIGHTS'
  /** The exporter was not given what the document only describes (pictures); details: what. */
  | 'MISSING_DATA';

export type InteropErrorDetails = Readonly<Record<string, string | readonly string[]>>;

export class InteropError extends Error {
  readonly code: InteropErrorCode;
  readonly details: InteropErrorDetails;
  constructor(code: InteropErrorCode, message: string, details: InteropErrorDetails) {
    super(message);
    this.name = 'InteropError';
    this.code = code;
    this.details = details;
  }
}

/**
 * @param file name for the message, without folders.
 * @param place where in the file: a byte, or a tensor's name.
 */
export const badFile = (file: string, place: string, reason: string): InteropError =>
  new InteropError('BAD_FILE', `${file}: ${place}: ${reason}`, { file, place, reason });

/** @param what the offending part, as the person knows it: a field's path, or a layer and its type. */
export const unsupported = (what: string, reason: string, more: InteropErrorDetails = {}): InteropError =>
  new InteropError('UNSUPPORTED', `${what}: ${reason}`, { what, reason, ...more });
