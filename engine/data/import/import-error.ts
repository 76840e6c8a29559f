// What importing a file refuses: one error that names the file and, where it can be said, row and column.

export type ImportErrorCode =
  /** No bytes at all, or only blank lines. */
  | 'EMPTY_FILE'
  /** A header and nothing below it, or a folder without pictures. */
  | 'NO_DATA'
  /** It does not begin as its format does; params: format. */
  | 'WRONG_FORMAT'
  /** It ends before what it promises; params: expected, received (bytes). */
  | 'CUT_OFF'
  /** Damaged, or contradicting itself; params: place, reason. */
  | 'BAD_FILE'
  /** A form of the format that is not read here; params: what. */
  | 'UNSUPPORTED'
  /** More than can be held; params: what, limit. */
  | 'TOO_LARGE'
  /** It unpacks to more than it promises, or than any such file; params: limit (bytes). */
  | 'UNPACKS_TO_TOO_MUCH'
  /** A name in an archive leads out of it; params: path. */
  | 'UNSAFE_PATH'
  /** Binary data, or UTF-16, where text is expected; params: encoding. */
  | 'NOT_TEXT'
  /** Bytes that are no UTF-8; params: byte (offset in the file). */
  | 'BAD_UTF8'
  /** A row with another number of cells; params: expected, received. */
  | 'RAGGED_ROW'
  /** A quotation mark that is never closed, or with text after it. */
  | 'BAD_QUOTE'
  /** Two columns of one name; params: first, second (positions from 1). */
  | 'DUPLICATE_COLUMN'
  /** A cell that is no number in a column of numbers; params: value. */
  | 'MIXED_TYPES'
  /** More different texts than categories can be; params: limit. */
  | 'TOO_MANY_CATEGORIES'
  /** Something that belongs to it was not given; params: what. */
  | 'MISSING_FILE'
  /** Two files, or two arrays, of different numbers of examples; params: first, second, firstRows, secondRows. */
  | 'ROWS_DIFFER'
  /** A label outside of the classes; params: label, limit. */
  | 'BAD_LABEL'
  /** A picture of another size than the first; params: expected, received. */
  | 'SIZE_DIFFERS'
  /** A picture that cannot be decoded; params: reason. */
  | 'BAD_IMAGE';

export interface ImportPlace {
  /** As a spreadsheet counts, from 1, the header included. For pictures and arrays: from 1. */
  readonly row?: number;
  /** Its name, or its position from 1. */
  readonly column?: string;
}

export type ImportParams = Readonly<Record<string, string | number>>;

export class ImportError extends Error {
  readonly code: ImportErrorCode;
  /** Name without folders, or a path within an archive. */
  readonly file: string;
  readonly row: number | null;
  readonly column: string | null;
  readonly params: ImportParams;
  /** @param what in English, for the command line; the place is put before it. */
  constructor(code: ImportErrorCode, file: string, what: string, params: ImportParams = {}, place: ImportPlace = {}) {
    const { row, column } = place;
    const where = [
      ...(row === undefined ? [] : [`row ${row}`]),
      ...(column === undefined ? [] : [`column "${column}"`]),
    ].join(', ');
    super(`${file}${where === '' ? '' : `, ${where}`}: ${what}`);
    this.name = 'ImportError';
    this.code = code;
    this.file = file;
    this.row = row ?? null;
    this.column = column ?? null;
    this.params = params;
  }
}

/** A value in an error: no longer than a line. */
export const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
