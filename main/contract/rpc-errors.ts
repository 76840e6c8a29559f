// Exceptions to their wire form and back. Only what was thrown as a typed error may say anything about itself.
import { DocumentError } from '../../engine/spec/index.ts';
import { ERROR_CODES, LabError, type ErrorCode, type WireError } from './errors.ts';

/** What the host's log gets and the window does not. */
export interface Defect {
  /** Also in the message that the window shows, so that a report leads to the log line. */
  readonly id: string;
  /** The call or message in which it happened. */
  readonly where: string;
  readonly error: unknown;
}

/** Where defects (bugs, broken envelopes) are reported. */
export type Report = (defect: Defect) => void;

export const logDefect: Report = ({ id, where, error }) => {
  // eslint-disable-next-line no-console -- the log of last resort, on either side of the line
  console.error(`defect ${id} in ${where}:`, error);
};

export const newDefectId = (): string => crypto.randomUUID().slice(0, 8);

/** The wire form of anything thrown; exceptions that nobody foresaw are reported and become INTERNAL. */
export function toWireError(error: unknown, where: string, report: Report): WireError {
  if (error instanceof LabError) return { code: error.code, message: error.message, details: error.details };
  if (error instanceof DocumentError)
    return { code: 'INVALID_DOCUMENT', message: error.message, details: { problems: error.problems } };
  const id = newDefectId();
  report({ id, where, error });
  return { code: 'INTERNAL', message: `something went wrong in ${where} (error ${id})`, details: { id } };
}

const isErrorCode = (code: string): code is ErrorCode => (ERROR_CODES as readonly string[]).includes(code);

/** A code that this side does not know becomes INTERNAL. */
export function fromWireError(error: {
  readonly code: string;
  readonly message: string;
  readonly details: Record<string, unknown>;
}): LabError {
  return new LabError(isErrorCode(error.code) ? error.code : 'INTERNAL', error.message, error.details);
}
