// The public face of importing: every format with a quick look and a whole reading, and one error.
export { inspectArrays, readArrays, type ArrayInspection, type ArrayRoles } from './arrays/index.ts';
export { inspectCifar, readCifar, type CifarInspection, type CifarOptions } from './cifar.ts';
export {
  DELIMITERS,
  inspectCsv,
  MISSING_WORDS,
  readCsv,
  type CsvColumn,
  type CsvColumnKind,
  type CsvDialect,
  type CsvInspection,
  type CsvOptions,
  type CsvReadOptions,
  type Delimiter,
  type ImportProblem,
} from './csv/index.ts';
export { guessFormat, type ImportFormat } from './guess-format.ts';
export { inspectIdx, readIdx, type IdxFile } from './idx.ts';
export { inspectImages, readImages, type ImageFolderInspection, type ImageFolderOptions } from './images/index.ts';
export { ImportError, type ImportErrorCode, type ImportParams } from './import-error.ts';
export { bytesSource, type ImportSource, type ReadOptions } from './source.ts';
