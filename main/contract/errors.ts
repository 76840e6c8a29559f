// Every error that may cross the contract. Codes are stable; the renderer words them in the reader's language.

export const ERROR_CODES = [
  'BAD_INPUT', // the call's input does not fit its schema
  'BAD_OUTPUT', // the answer does not fit its schema (a defect)
  'UNKNOWN_METHOD',
  'CANCELLED',
  'CONNECTION_LOST',
  'FORBIDDEN',
  'INVALID_DOCUMENT', // details.problems: Problem[]
  'NOT_FOUND', // details.what, details.id
  'NAME_TAKEN', // details.name
  'READ_ONLY', // details.reason
  'FILE_NOT_FOUND', // details.file
  'FILE_EXISTS', // details.file
  'FILE_FOREIGN', // not an Overfit Lab project; details.file
  'FILE_DAMAGED', // details.file, details.problems: string[]
  'FILE_NEWER', // details.file, details.version
  'FILE_IN_USE', // details.file
  'SAME_PROJECT', // the open project was chosen as the other one; details.file
  'FILE_ACCESS', // details.file, details.cause (errno)
  'DISK_FULL', // details.file
  'RUN_NOT_LIVE', // details.runId
  'RUN_LIVE', // details.runId
  'FIELD_FIXED', // cannot change while a run goes on; details.path, details.reason
  'MODEL_TOO_LARGE', // to be looked into step by step; details.runId
  'DATA_MISSING', // the data lies in files that the app was not given; details.dataset; of another project: details.project
  'BAD_DATA_FILE', // what is imported, or was, is not what it should be; details.file, and where known: code, row, column, params
  'DATA_IN_USE', // details.name, details.experiments: string[], details.runs: number[]
  'EXPORT_UNSUPPORTED', // the format has no word for it; details as ExportRefusal in shapes.ts
  'NOT_AVAILABLE', // not part of this build or host; details.what
  'BUSY', // details.what goes on already
  'ENGINE_LOST',
  'ENGINE_REJECTED', // details.code, details.message
  'INTERNAL',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** The wire form of an error: no stack, no path that the other side did not name. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export class LabError extends Error implements WireError {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'LabError';
    this.code = code;
    this.details = details;
  }
}
