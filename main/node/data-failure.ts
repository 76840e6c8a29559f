// What goes wrong while data are read, as an error of the contract: with the file, the row and the column, where they are known.
import { ImportError } from '../../engine/data/import/index.ts';
import { EngineError } from '../../engine/data/index.ts';
import { LabError } from '../contract/errors.ts';
import type { DataFailure } from './data-jobs.ts';
import { accessError } from './file-system.ts';

function reworded(error: unknown, file: string): LabError {
  if (error instanceof ImportError) {
    const { code, row, column, params } = error;
    return new LabError('BAD_DATA_FILE', error.message, { file: error.file, code, row, column, params });
  }
  if (error instanceof EngineError) {
    const details = { file, ...error.details };
    if (error.code === 'BAD_DATA_FILE') return new LabError('BAD_DATA_FILE', error.message, details);
    if (error.code === 'DATA_MISSING') return new LabError('DATA_MISSING', error.message, details);
    if (error.code === 'OUT_OF_MEMORY')
      return new LabError('BAD_DATA_FILE', error.message, { ...details, code: 'OUT_OF_MEMORY' });
  }
  // What JavaScript says when an array cannot be had.
  if (error instanceof RangeError && /allocation|invalid.*length/i.test(error.message))
    return new LabError('BAD_DATA_FILE', `${file} needs more memory than there is`, { file, code: 'OUT_OF_MEMORY' });
  // Last: engine and parsers have codes of their own.
  const known = accessError(error, file);
  if (known instanceof LabError) return known;
  return new LabError('INTERNAL', error instanceof Error ? error.message : String(error));
}

export function dataFailure(error: unknown, file: string): DataFailure {
  const { code, message, details } = reworded(error, file);
  return { code, message, details };
}
