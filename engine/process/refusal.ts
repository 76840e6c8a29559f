// Why something could not be done, in the form in which it leaves the engine.
import { DocumentError, type Problem } from '../spec/index.ts';

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** @param error a DocumentError, an error with a `code` (bad checkpoint, missing data), a failed allocation, or a defect. */
export function refusalOf(error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
  return {
    code: error instanceof RangeError ? 'OUT_OF_MEMORY' : code,
    message: error instanceof Error ? error.message : String(error),
    problems: error instanceof DocumentError ? error.problems : [],
  };
}

/** Asked of a run that has ended meanwhile. */
export const RUN_OVER: Refusal = { code: 'RUN_OVER', message: 'the run is over', problems: [] };
