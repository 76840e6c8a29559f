// What the engine refuses, as typed errors that name the thing; diverging numbers are no error but a RunFailure.

export type EngineErrorCode =
  /** The plan needs more memory than there is; details: neededBytes, limitBytes. */
  | 'OUT_OF_MEMORY'
  /** The checkpoint is damaged, of another version, or of another run; details: reason. */
  | 'BAD_CHECKPOINT'
  /** recipe.batch_size is larger than the train data; details: batchSize, trainRows. */
  | 'BATCH_TOO_LARGE'
  /** A batch leaves a BatchNorm layer one value per channel; details: layer, batchSize. */
  | 'BATCH_TOO_SMALL'
  /** An option of the session cannot be; details: option. */
  | 'BAD_OPTION'
  /** Files that the document needs are not there, or hold too little; details: dataset, or file, or split, wanted, available. */
  | 'DATA_MISSING'
  /** A file is not what its name says; details: file, and where it can be said: offset (bytes), record. */
  | 'BAD_DATA_FILE'
  /** The session was disposed, or its run failed. */
  | 'SESSION_OVER';

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly details: Readonly<Record<string, string | number>>;
  constructor(
    code: EngineErrorCode,
    message: string,
    details: Readonly<Record<string, string | number>> = {},
    options: ErrorOptions = {},
  ) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
    this.details = details;
  }
}
