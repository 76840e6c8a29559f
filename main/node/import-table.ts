// Tables of text between the parsers and the contract: what was guessed, what the person asked for instead, what is wrong where.
import {
  inspectCsv,
  readCsv,
  type CsvColumn,
  type CsvColumnKind,
  type CsvOptions,
  type ImportSource,
  type ReadOptions,
} from '../../engine/data/import/index.ts';
import type { StoredColumns } from '../../engine/data/index.ts';
import type { ImportOptions, ImportPreview, ImportProblem } from '../contract/shapes.ts';

/** Below it the parser sees all of a file when it looks at it. */
const WHOLE_BELOW_BYTES = 1 << 18;
const EXAMPLES = 4;

const dialectOf = (options: ImportOptions | null): CsvOptions => ({
  ...(options?.delimiter && { delimiter: options.delimiter }),
  ...(options?.decimal && { decimal: options.decimal }),
  ...(options && options.header !== null && { header: options.header }),
});

/**
 * What a column is read as. Numbers with a few texts among them are numbers until the person says otherwise: a cell that was mistyped
 * must not make a thousand classes in silence.
 */
function kindOf({ name, kind, mixed }: CsvColumn, options: ImportOptions | null): CsvColumnKind {
  const asked = options && Object.hasOwn(options.kinds, name) ? options.kinds[name] : undefined;
  return asked ?? (mixed === null ? kind : 'number');
}

function mixedProblem(file: string, column: CsvColumn, kind: CsvColumnKind): ImportProblem[] {
  const { name, mixed } = column;
  if (mixed === null || kind !== 'number') return [];
  const { row, value } = mixed;
  const message = `${file}, row ${row}, column "${name}": "${value}" is no number`;
  return [{ code: 'MIXED_TYPES', message, file, row, column: name, params: { value } }];
}

function examplesOf(rows: readonly (readonly string[])[], at: number): string[] {
  const values = new Set<string>();
  for (const row of rows) {
    const value = row[at] ?? '';
    if (value !== '') values.add(value);
    if (values.size === EXAMPLES) break;
  }
  return [...values];
}

/** @throws ImportError when nothing of it can be shown. */
export async function inspectTable(source: ImportSource, options: ImportOptions | null): Promise<ImportPreview> {
  const { dialect, columns, rows, approximateRows, problems } = await inspectCsv(source, dialectOf(options));
  const kinds = columns.map((x) => kindOf(x, options));
  return {
    source: source.name,
    format: 'table',
    sizeBytes: source.size,
    rows: approximateRows,
    approximate: source.size >= WHOLE_BELOW_BYTES,
    ...dialect,
    columns: columns.map(({ name, missing }, i) => ({
      name,
      kind: kinds[i] ?? 'ignore',
      missing,
      examples: examplesOf(rows, i),
    })),
    first: rows,
    pictures: null,
    problems: [
      ...problems.map((x) => ({ ...x, file: source.name, params: { ...x.params } })),
      ...columns.flatMap((x, i) => mixedProblem(source.name, x, kinds[i] ?? 'ignore')),
    ],
  };
}

/** @throws ImportError naming file, row and column. */
export async function readTable(
  source: ImportSource,
  options: ImportOptions,
  how: ReadOptions,
): Promise<StoredColumns> {
  const dialect = dialectOf(options);
  const { columns } = await inspectCsv(source, dialect);
  return readCsv(source, { ...dialect, ...how, kinds: columns.map((x) => kindOf(x, options)) });
}
