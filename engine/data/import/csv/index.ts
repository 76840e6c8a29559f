// Tables of text (CSV, TSV and their relatives): a quick look that guesses, and the whole file by what was decided.
import { MOST_DATASET_COLUMNS, MOST_DATASET_ROWS } from '../../../spec/index.ts';
import type { StoredColumns } from '../../stored/stored-data.ts';
import { ImportError, type ImportErrorCode, type ImportParams } from '../import-error.ts';
import { piecesOf, readStart, tooLarge, type ImportSource, type ReadOptions } from '../source.ts';
import { CellReader, MISSING_WORDS, MissingWords, numberOfText } from './cells.ts';
import { categoryColumn, numberColumn, type CellContext, type ColumnBuilder } from './columns.ts';
import { guessDecimal, guessDelimiter, guessHeader, sampleRows, type CsvDialect, type SampleRow } from './dialect.ts';
import { RecordScanner, type CsvRecord } from './scan-records.ts';

export { MISSING_WORDS } from './cells.ts';
export { DELIMITERS, type CsvDialect, type Delimiter } from './dialect.ts';

const SAMPLE_BYTES = 1 << 18;
const SAMPLE_ROWS = 2000;
const SHOWN_ROWS = 20;
/** As long as the document takes. */
const MOST_NAME = 200;
/** Cells of a whole table; 8 bytes each at most. */
const MOST_CELLS = 1 << 28;
/** Different texts that may still be classes, when all of them are whole numbers. */
const MOST_CLASS_NUMBERS = 20;
const CLASS_NAME = /^(target|label|labels|class|species)$/i;

export type CsvColumnKind = 'number' | 'category' | 'ignore';

export interface CsvColumn {
  readonly name: string;
  /** Guessed from the first rows. */
  readonly kind: CsvColumnKind;
  /** Missing cells among the first rows. */
  readonly missing: number;
  /** The first text in a column that mostly holds numbers; null: it is of one kind. */
  readonly mixed: { readonly row: number; readonly value: string } | null;
}

/** What would stop `readCsv`, as an `ImportError` says it. */
export interface ImportProblem {
  readonly code: ImportErrorCode;
  readonly message: string;
  readonly row: number | null;
  readonly column: string | null;
  readonly params: ImportParams;
}

export interface CsvInspection {
  readonly dialect: CsvDialect;
  readonly columns: readonly CsvColumn[];
  /** The first rows below the header. */
  readonly rows: readonly (readonly string[])[];
  /** In the whole file, from the length of the first rows; exact when the file is short. */
  readonly approximateRows: number;
  readonly problems: readonly ImportProblem[];
}

export interface CsvOptions extends Partial<CsvDialect> {
  /** Words that stand for nothing, besides an empty cell. */
  readonly missing?: readonly string[];
}

export interface CsvReadOptions extends CsvOptions, ReadOptions {
  /** One for each column of the file; left out: as `inspectCsv` guesses. */
  readonly kinds?: readonly CsvColumnKind[];
  /** Instead of the file's. */
  readonly names?: readonly string[];
}

const BOM = [0xef, 0xbb, 0xbf];
const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean => start.every((x, i) => bytes[i] === x);

/** @throws ImportError EMPTY_FILE, NOT_TEXT. */
function checkText(file: string, sample: Uint8Array): void {
  if (sample.length === 0) throw new ImportError('EMPTY_FILE', file, 'is empty');
  if (startsWith(sample, [0xff, 0xfe]) || startsWith(sample, [0xfe, 0xff]))
    throw new ImportError('NOT_TEXT', file, 'is written in UTF-16: save it as UTF-8', { encoding: 'UTF-16' });
  if (sample.includes(0))
    throw new ImportError('NOT_TEXT', file, 'holds binary data, not text', { encoding: 'binary' });
}

interface Sample {
  readonly dialect: CsvDialect;
  /** Header included. */
  readonly rows: readonly SampleRow[];
  /** Bytes before the first row: the mark of UTF-8. */
  readonly skipped: number;
  readonly isWhole: boolean;
}

async function readSample(source: ImportSource, options: CsvOptions): Promise<Sample> {
  const start = await readStart(source.open(), SAMPLE_BYTES);
  checkText(source.name, start);
  const isWhole = start.length < SAMPLE_BYTES || start.length >= source.size;
  const skipped = startsWith(start, BOM) ? BOM.length : 0;
  const text = start.subarray(skipped);
  const delimiter = options.delimiter ?? guessDelimiter(source.name, text, isWhole);
  const rows = sampleRows(source.name, text, delimiter, isWhole, SAMPLE_ROWS, skipped);
  if (rows.length === 0 && !isWhole) throw tooLarge(source.name, 'bytes in one row', SAMPLE_BYTES);
  if (rows.length === 0) throw new ImportError('EMPTY_FILE', source.name, 'holds blank lines only');
  const decimal = options.decimal ?? guessDecimal(rows, delimiter);
  const header = options.header ?? guessHeader(rows, decimal);
  return { dialect: { delimiter, decimal, header }, rows, skipped, isWhole };
}

const namesIn = (rows: readonly SampleRow[], { header }: CsvDialect): readonly string[] =>
  (rows[0]?.cells ?? []).map((cell, i) => (header && cell !== '' ? cell.slice(0, MOST_NAME) : `column ${i + 1}`));

/** @throws ImportError DUPLICATE_COLUMN, TOO_LARGE. */
function checkNames(file: string, names: readonly string[]): void {
  if (names.length > MOST_DATASET_COLUMNS) throw tooLarge(file, 'columns', MOST_DATASET_COLUMNS);
  for (const [i, name] of names.entries()) {
    const first = names.indexOf(name);
    if (first < i)
      throw new ImportError(
        'DUPLICATE_COLUMN',
        file,
        `columns ${first + 1} and ${i + 1} have the same name`,
        { first: first + 1, second: i + 1 },
        { row: 1, column: name },
      );
  }
}

function guessColumn(
  name: string,
  cells: readonly SampleRow[],
  at: number,
  context: CsvOptions & CsvDialect,
): CsvColumn {
  const words = new Set((context.missing ?? MISSING_WORDS).map((x) => x.toLowerCase()));
  const present = cells.flatMap(({ row, cells: all }) => {
    const value = all[at] ?? '';
    return value === '' || words.has(value.toLowerCase()) ? [] : [{ row, value }];
  });
  const missing = cells.length - present.length;
  const texts = present.filter((x) => Number.isNaN(numberOfText(x.value, context.decimal)));
  const distinct = new Set(present.map((x) => x.value));
  if (texts.length === 0) {
    const areClasses =
      CLASS_NAME.test(name) &&
      distinct.size <= MOST_CLASS_NUMBERS &&
      [...distinct].every((x) => Number.isInteger(numberOfText(x, context.decimal)));
    return { name, kind: areClasses ? 'category' : 'number', missing, mixed: null };
  }
  const [first] = texts;
  const mixed = first && texts.length * 2 < present.length ? first : null;
  // A text of its own in every row says nothing.
  const isName = distinct.size > 50 && distinct.size * 2 > present.length && mixed === null;
  return { name, kind: isName ? 'ignore' : 'category', missing, mixed };
}

/** Columns as the first rows suggest. */
function guessColumns({ dialect, rows }: Sample, options: CsvOptions): readonly CsvColumn[] {
  const body = dialect.header ? rows.slice(1) : rows;
  return namesIn(rows, dialect).map((name, i) => guessColumn(name, body, i, { ...options, ...dialect }));
}

const raggedRow = (file: string, row: number, expected: number, received: number): ImportError =>
  new ImportError(
    'RAGGED_ROW',
    file,
    `has ${received} cells, but the first row has ${expected}`,
    { expected, received },
    { row },
  );

function problemsOf(file: string, { rows, dialect }: Sample, columns: readonly CsvColumn[]): ImportProblem[] {
  const found: ImportError[] = [];
  try {
    checkNames(
      file,
      columns.map((x) => x.name),
    );
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    found.push(error);
  }
  const ragged = rows.find((x) => x.cells.length !== columns.length);
  if (ragged) found.push(raggedRow(file, ragged.row, columns.length, ragged.cells.length));
  if (rows.length === 1 && dialect.header) found.push(noRows(file));
  return found.map(({ code, message, row, column, params }) => ({ code, message, row, column, params }));
}

const noRows = (file: string): ImportError => new ImportError('NO_DATA', file, 'has no rows below its header');

/**
 * Looks at a table's beginning.
 * @throws ImportError EMPTY_FILE, NOT_TEXT, BAD_UTF8, BAD_QUOTE, TOO_LARGE; what can be corrected is in `problems`.
 */
export async function inspectCsv(source: ImportSource, options: CsvOptions = {}): Promise<CsvInspection> {
  const sample = await readSample(source, options);
  const { dialect, rows, isWhole } = sample;
  const columns = guessColumns(sample, options);
  const head = dialect.header ? 1 : 0;
  const last = rows.at(-1);
  return {
    dialect,
    columns,
    rows: rows.slice(head, head + SHOWN_ROWS).map((x) => x.cells),
    approximateRows:
      (isWhole && rows.length < SAMPLE_ROWS
        ? rows.length
        : Math.round((source.size * rows.length) / (last?.end ?? 1))) - head,
    problems: problemsOf(source.name, sample, columns),
  };
}

/** Takes records into columns. */
class TableBuilder {
  readonly #file: string;
  readonly #width: number;
  readonly #builders: readonly (readonly [cell: number, builder: ColumnBuilder])[];
  readonly #header: boolean;
  rows = 0;

  constructor(
    file: string,
    names: readonly string[],
    kinds: readonly CsvColumnKind[],
    header: boolean,
    context: CellContext,
  ) {
    this.#file = file;
    this.#width = names.length;
    this.#header = header;
    const make = { number: numberColumn, category: categoryColumn } as const;
    this.#builders = names.flatMap((name, i) => {
      const kind = kinds[i] ?? 'ignore';
      return kind === 'ignore' ? [] : [[i, make[kind](name, context)] as const];
    });
  }

  #seenHeader = false;

  add(record: CsvRecord): void {
    if (record.cells !== this.#width) throw raggedRow(this.#file, record.row, this.#width, record.cells);
    if (this.#header && !this.#seenHeader) {
      this.#seenHeader = true;
      return;
    }
    this.rows += 1;
    if (this.rows > MOST_DATASET_ROWS) throw tooLarge(this.#file, 'rows', MOST_DATASET_ROWS);
    if (this.rows * this.#builders.length > MOST_CELLS) throw tooLarge(this.#file, 'cells', MOST_CELLS);
    for (const [cell, builder] of this.#builders) builder.add(record, cell);
  }

  done(): StoredColumns {
    return { kind: 'columns', rows: this.rows, columns: this.#builders.map(([, builder]) => builder.done()) };
  }
}

/**
 * Reads a whole table. Memory: the columns, and one column more while they are joined.
 * @throws ImportError naming row and column, see its codes; what `signal` gives.
 */
export async function readCsv(source: ImportSource, options: CsvReadOptions = {}): Promise<StoredColumns> {
  const file = source.name;
  const sample = await readSample(source, options);
  const { delimiter, header, decimal } = sample.dialect;
  const guessed = guessColumns(sample, options);
  const names = options.names ?? guessed.map((x) => x.name);
  const kinds = options.kinds ?? guessed.map((x) => x.kind);
  if (names.length !== guessed.length || kinds.length !== guessed.length)
    throw new RangeError(`names and kinds must be ${guessed.length}, one for each column`);
  checkNames(file, names);
  const table = new TableBuilder(file, names, kinds, header, {
    file,
    cells: new CellReader(file, names),
    missing: new MissingWords(options.missing ?? MISSING_WORDS),
    decimal: decimal.charCodeAt(0),
  });
  const { skipped } = sample;
  const scanner = new RecordScanner(file, delimiter.charCodeAt(0), (record) => table.add(record), skipped);
  let at = 0;
  for await (const piece of piecesOf(source, options)) {
    scanner.push(at < skipped ? piece.subarray(skipped - at) : piece, false);
    at += piece.length;
  }
  scanner.push(new Uint8Array(), true);
  if (table.rows === 0) throw noRows(file);
  return table.done();
}
