// How a table of text is written: what parts its cells, whether its first row names them, which mark its decimals have. Guessed from the
// beginning of the file; every guess can be overridden.
import { ImportError } from '../import-error.ts';
import { CellReader, numberOfText } from './cells.ts';
import { RecordScanner, type CsvRecord } from './scan-records.ts';

export const DELIMITERS = [',', '\t', ';', '|', ' '] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export interface CsvDialect {
  readonly delimiter: Delimiter;
  /** Whether the first row holds names. */
  readonly header: boolean;
  readonly decimal: '.' | ',';
}

/** A row of the beginning, as text. */
export interface SampleRow {
  readonly row: number;
  readonly cells: readonly string[];
  /** Bytes of the file up to its end. */
  readonly end: number;
}

/**
 * The whole rows of a file's beginning.
 * @param isWhole whether the sample is all there is; otherwise its last row may be cut off and is left out.
 * @param offset bytes of the file that come before the sample.
 */
export function sampleRows(
  file: string,
  sample: Uint8Array,
  delimiter: string,
  isWhole: boolean,
  most: number,
  offset = 0,
): SampleRow[] {
  const rows: SampleRow[] = [];
  const reader = new CellReader(file, []);
  const keep = (record: CsvRecord): void => {
    if (rows.length >= most) return;
    rows.push({
      row: record.row,
      cells: Array.from({ length: record.cells }, (_, cell) => reader.text(record, cell)),
      end: record.offset + (record.ends[record.cells - 1] as number) + 1,
    });
  };
  const scanner = new RecordScanner(file, delimiter.charCodeAt(0), keep, offset);
  scanner.push(sample, isWhole);
  return rows;
}

/** How well a delimiter explains the rows: cells per row, when nearly all rows agree. */
function scoreOf(rows: readonly SampleRow[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [cells, agreeing] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1, 0];
  return cells < 2 ? 0 : (agreeing / rows.length) ** 4 * Math.log2(cells + 1);
}

function scoreWith(file: string, sample: Uint8Array, delimiter: Delimiter, isWhole: boolean): number {
  try {
    const score = scoreOf(sampleRows(file, sample, delimiter, isWhole, 200));
    // Texts have blanks in them: they part cells only where nothing else does.
    return delimiter === ' ' ? score / 4 : score;
  } catch (error) {
    if (error instanceof ImportError) return -1;
    throw error;
  }
}

/** @param isWhole whether the sample is all there is. */
export function guessDelimiter(file: string, sample: Uint8Array, isWhole: boolean): Delimiter {
  const scores = DELIMITERS.map((x) => scoreWith(file, sample, x, isWhole));
  const best = Math.max(...scores);
  return best <= 0 ? ',' : (DELIMITERS[scores.indexOf(best)] ?? ',');
}

/** Numbers with a decimal comma, where commas do not part cells. */
export function guessDecimal(rows: readonly SampleRow[], delimiter: Delimiter): '.' | ',' {
  if (delimiter === ',') return '.';
  const cells = rows.flatMap((x) => x.cells);
  const [commas, dots] = [/^[+-]?\d+,\d+$/, /^[+-]?\d*\.\d+$/].map((x) => cells.filter((cell) => x.test(cell)).length);
  return (commas ?? 0) > (dots ?? 0) ? ',' : '.';
}

/** The first row holds names when none of its cells is a number and, if there are numbers at all, they come below. */
export function guessHeader(rows: readonly SampleRow[], decimal: string): boolean {
  const [first, ...others] = rows;
  if (!first || others.length === 0) return false;
  const isNumber = (cell: string): boolean => !Number.isNaN(numberOfText(cell, decimal));
  if (first.cells.some(isNumber)) return false;
  if (others.some((x) => x.cells.some(isNumber))) return true;
  // All texts: names differ from each other and from all that is below them.
  return (
    new Set(first.cells).size === first.cells.length &&
    first.cells.every((name, i) => others.every((x) => x.cells[i] !== name))
  );
}
