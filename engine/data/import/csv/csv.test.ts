// Tables of text as people have them: every way to write them is read alike, and what is wrong is named by row and column.
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { ImportError } from '../import-error.ts';
import { bytesSource, type ImportSource } from '../source.ts';
import { numberOfBytes } from './cells.ts';
import { inspectCsv, readCsv, type CsvReadOptions } from './index.ts';
import { RecordScanner } from './scan-records.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const file = (text: string | Uint8Array, name = 'table.csv'): ImportSource =>
  bytesSource(name, typeof text === 'string' ? encode(text) : text);
/** The same bytes in pieces of any size. */
const inPieces = (bytes: Uint8Array, size: number): ImportSource => ({
  name: 'table.csv',
  size: bytes.length,
  async *open() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
  },
});

/** Columns as plain lists; categories by name, missing as null. */
async function read(text: string | Uint8Array, options: CsvReadOptions = {}): Promise<Record<string, unknown[]>> {
  const { columns } = await readCsv(file(text), options);
  return Object.fromEntries(
    columns.map((x) => [
      x.name,
      x.kind === 'number'
        ? Array.from(x.values, (value) => (Number.isNaN(value) ? null : value))
        : Array.from(x.values, (value) => (value < 0 ? null : x.categories[value])),
    ]),
  );
}
const problem = async (text: string | Uint8Array, options: CsvReadOptions = {}): Promise<Partial<ImportError>> => {
  try {
    await read(text, options);
  } catch (error) {
    if (error instanceof ImportError) {
      const { code, row, column, params } = error;
      return { code, row, column, params };
    }
    throw error;
  }
  throw new Error('it was read');
};

describe('a table is read', () => {
  const want = { x: [1, -2.5], name: ['a', 'b c'] };
  it.each<[string, string]>([
    ['with commas', 'x,name\n1,a\n-2.5,b c\n'],
    ['with tabs', 'x\tname\n1\ta\n-2.5\tb c\n'],
    ['with semicolons', 'x;name\n1;a\n-2.5;b c\n'],
    ['with semicolons and decimal commas', 'x;name\n1,0;a\n-2,5;b c\n'],
    ['with bars', 'x|name\n1|a\n-2.5|b c\n'],
    ['with the line ends of Windows', 'x,name\r\n1,a\r\n-2.5,b c\r\n'],
    ['with the line ends of old Macs', 'x,name\r1,a\r-2.5,b c'],
    ['with the mark of UTF-8', '\ufeffx,name\n1,a\n-2.5,b c'],
    ['with quotation marks', '"x","name"\n"1","a"\n"-2.5","b c"'],
    ['with blanks around cells', ' x , name\n 1,  a\n-2.5 , "b c" \n'],
    ['with blank lines', '\nx,name\n\n1,a\n-2.5,b c\n\n\n'],
    ['with an exponent', 'x,name\n10e-1,a\n-.25E+1,b c\n'],
  ])('%s', async (_, text) => {
    expect(await read(text)).toEqual(want);
  });

  it('with what quotation marks protect', async () => {
    expect(await read('x,note\n1,"a ""b"", c"\n2,"two\nlines"\n3,"a ""b"", c"\n')).toEqual({
      x: [1, 2, 3],
      note: ['a "b", c', 'two\nlines', 'a "b", c'],
    });
  });

  it('with doubled quotation marks apart from those that are not', async () => {
    const text = 'k,n\na""b,1\n"a""b",2\n"a""""b",3\na"b,4\n';
    expect((await read(text, { delimiter: ',', header: true })).k).toEqual(['a""b', 'a"b', 'a""b', 'a"b']);
  });

  it('without a header, columns named by their place', async () => {
    expect(await read('1,a\n2,b\n')).toEqual({ 'column 1': [1, 2], 'column 2': ['a', 'b'] });
    expect(await read('x,y\n1,2\n', { header: false, kinds: ['category', 'category'] })).toEqual({
      'column 1': ['x', '1'],
      'column 2': ['y', '2'],
    });
    expect(await read(',x\n0,5\n1,6\n')).toEqual({ 'column 1': [0, 1], x: [5, 6] });
  });

  it('with words for nothing, an empty cell among them', async () => {
    const text = 'x,k\n1,a\nNA,?\n,b\nnan,\nNULL,N/A\n"",-\n-,a\n';
    await expect(read(text)).resolves.toMatchObject({ k: ['a', null, 'b', null, null, '-', 'a'] });
    expect(await read(text, { missing: ['na', '?', 'nan', 'null', 'n/a', '-'] })).toEqual({
      x: [1, null, null, null, null, null, null],
      k: ['a', null, 'b', null, null, null, 'a'],
    });
  });

  it('with formulas as the text that they are', async () => {
    const text = 'x,f\n1,=1+1\n2,"=HYPERLINK(""http://x"",""y"")"\n3,+cmd\n';
    expect((await read(text)).f).toEqual(['=1+1', '=HYPERLINK("http://x","y")', '+cmd']);
  });

  it('with categories in one order, whatever the order of rows', async () => {
    const [one, two] = await Promise.all(
      ['k,n\nb,10\na,9\n狗,100', 'k,n\n狗,100\na,9\nb,10'].map((x) =>
        readCsv(file(x), { kinds: ['category', 'category'] }),
      ),
    );
    const categories = (x: typeof one) => x?.columns.map((column) => column.kind === 'category' && column.categories);
    expect(categories(one)).toEqual([
      ['a', 'b', '狗'],
      ['9', '10', '100'],
    ]);
    expect(categories(two)).toEqual(categories(one));
  });

  it('with columns left out and renamed', async () => {
    expect(await read('a,a,b\n1,2,x\n', { names: ['p', 'q', 'r'], kinds: ['number', 'number', 'ignore'] })).toEqual({
      p: [1],
      q: [2],
    });
  });

  it('with more rows than fit into one block', async () => {
    const rows = 70_000;
    const { x, k } = await read(`x,k\n${Array.from({ length: rows }, (_, i) => `${i / 8},c${i % 3000}`).join('\n')}`, {
      kinds: ['number', 'category'],
    });
    expect([x?.length, x?.[65_536], x?.at(-1), k?.at(-1)]).toEqual([
      rows,
      8192,
      (rows - 1) / 8,
      `c${(rows - 1) % 3000}`,
    ]);
  });

  it('telling how far it is, and stopping when asked', async () => {
    const bytes = encode(`x\n${'1\n'.repeat(1000)}`);
    const told: number[] = [];
    await readCsv(inPieces(bytes, 500), { onProgress: (done) => told.push(done) });
    expect([told[0], told.at(-1)]).toEqual([500, bytes.length]);
    const stop = new AbortController();
    const stopped = readCsv(inPieces(bytes, 500), { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('any table comes back', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }).map((x) => x.replaceAll('\0', '')),
    fc.constantFrom('"', '""', ',', 'a,b', '\n', '\r\n', 'x"y', ' padded ', '=1', '1', '猫', ''),
  );
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));

  it('from a writer that quotes, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 40 }),
        async (rows, delimiter, newline, size) => {
          const text = Papa.unparse([rows[0]?.map((_, i) => `h${i}`) ?? [], ...rows], {
            delimiter,
            newline,
            quotes: true,
          });
          const { columns } = await readCsv(inPieces(encode(text), size), {
            delimiter: delimiter as ',',
            header: true,
            missing: [],
            kinds: (rows[0] ?? []).map(() => 'category'),
          });
          const back = rows.map((_, row) =>
            columns.map((x) => (x.kind === 'category' ? (x.categories[x.values[row] ?? -1] ?? '') : null)),
          );
          expect(back).toEqual(rows.map((row) => row.map((x) => new TextDecoder().decode(encode(x)))));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('and unquoted text is cut as another reader cuts it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '1', ',', '\n', '\r\n', '.', '-') }), (text) => {
        const rows: string[][] = [];
        const scanner = new RecordScanner('t', 44, ({ bytes, cells, starts, ends }) =>
          rows.push(Array.from({ length: cells }, (_, i) => new TextDecoder().decode(bytes.slice(starts[i], ends[i])))),
        );
        for (const byte of encode(text)) scanner.push(Uint8Array.of(byte), false);
        scanner.push(new Uint8Array(), true);
        const theirs = Papa.parse<string[]>(text.replaceAll('\r\n', '\n'), { delimiter: ',', newline: '\n' }).data;
        expect(rows).toEqual(theirs.filter((x) => x.join('') !== '' || x.length > 1));
      }),
      { numRuns: 300 },
    );
  });

  it('with every number as JavaScript reads it', () => {
    const text = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.tuple(fc.integer(), fc.nat({ max: 12 })).map(([x, digits]) => (x / 2 ** 20).toFixed(digits)),
      fc.string({ unit: fc.constantFrom('1', '0', '9', '.', '-', '+', 'e') }),
    );
    fc.assert(
      fc.property(text, (x) => {
        const bytes = encode(x);
        const want = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(x) && Number.isFinite(Number(x)) ? Number(x) : NaN;
        expect(numberOfBytes(bytes, 0, bytes.length, 46)).toBe(want);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what is wrong is named', () => {
  const long = (bad: string, at = 5000): string =>
    `x,k\n${Array.from({ length: 2 * at }, (_, i) => (i === at ? bad : `${i},some text that is long enough`)).join('\n')}`;

  it.each<[string, string | Uint8Array, CsvReadOptions, object]>([
    ['no bytes', '', {}, { code: 'EMPTY_FILE' }],
    ['blank lines only', '\n\r\n\n', {}, { code: 'EMPTY_FILE' }],
    ['a header only', 'x,y\n', { header: true }, { code: 'NO_DATA' }],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x78, 0), {}, { code: 'NOT_TEXT', params: { encoding: 'UTF-16' } }],
    ['binary data', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), {}, { code: 'NOT_TEXT', params: { encoding: 'binary' } }],
    ['a short row', 'a,b,c\n1,2,3\n4,5\n', {}, { code: 'RAGGED_ROW', row: 3, params: { expected: 3, received: 2 } }],
    ['a long row', 'a,b\n1,2\n4,5,6\n', {}, { code: 'RAGGED_ROW', row: 3, params: { expected: 2, received: 3 } }],
    [
      'two columns of one name',
      'a,b,a\n1,2,3\n',
      {},
      { code: 'DUPLICATE_COLUMN', column: 'a', params: { first: 1, second: 3 } },
    ],
    [
      'text among numbers',
      long('oops,k'),
      {},
      { code: 'MIXED_TYPES', row: 5002, column: 'x', params: { value: 'oops' } },
    ],
    ['a number that is none', 'x\n1\n1e999\n', { kinds: ['number'] }, { code: 'MIXED_TYPES', row: 3, column: 'x' }],
    ['a hexadecimal number', 'x\n0x10\n', { kinds: ['number'] }, { code: 'MIXED_TYPES', params: { value: '0x10' } }],
    ['a formula among numbers', 'x\n1\n=1\n', { kinds: ['number'] }, { code: 'MIXED_TYPES', params: { value: '=1' } }],
    ['an open quotation mark', 'x,y\n1,"a\n2,b\n', { delimiter: ',' }, { code: 'BAD_QUOTE', row: 2 }],
    ['text after a quotation mark', 'x,y\n1,"a"b\n', { delimiter: ',' }, { code: 'BAD_QUOTE', row: 2 }],
  ])('%s', async (_, text, options, want) => {
    expect(await problem(text, options)).toMatchObject(want);
  });

  it('bytes that are no UTF-8, by row, column and byte, in the first rows and later', async () => {
    const start = encode('\ufeffx,name\n1,a\n2,caf');
    const latin1 = new Uint8Array([...start, 0xe9, 0x0a]);
    expect(await problem(latin1)).toEqual({
      code: 'BAD_UTF8',
      row: 3,
      column: '2',
      params: { byte: start.length },
    });
    const [before, after] = long('1,@').split('@');
    const later = new Uint8Array([...encode(before ?? ''), 0xc3, 0x28, ...encode(after ?? '')]);
    expect(await problem(later)).toEqual({
      code: 'BAD_UTF8',
      row: 5002,
      column: 'k',
      params: { byte: encode(before ?? '').length },
    });
  });

  it('a row without end, before it fills the memory', async () => {
    const piece = encode('x'.repeat(1 << 20));
    let opened = 0;
    const endless: ImportSource = {
      name: 'endless.csv',
      size: 10 ** 10,
      async *open() {
        opened += 1;
        yield encode('a,b\n1,"');
        for (let i = 0; i < 10_000; i++) yield piece;
      },
    };
    await expect(readCsv(endless, { delimiter: ',', header: true })).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(opened).toBeGreaterThan(0);
  });

  it('a category too many', async () => {
    const text = `k,x\n${Array.from({ length: 65_600 }, (_, i) => `t${i},1`).join('\n')}`;
    expect(await problem(text, { kinds: ['category', 'number'] })).toMatchObject({
      code: 'TOO_MANY_CATEGORIES',
      row: 65_538,
      column: 'k',
    });
  });
});

describe('a quick look', () => {
  it('guesses how the table is written, what its columns hold, and shows the first rows', async () => {
    const text = `id;value;label;comment\n${Array.from({ length: 300 }, (_, i) => `n${i};${i % 7 === 0 ? '' : `${i},5`};${i % 3};k${i % 4}`).join('\n')}\n`;
    const seen = await inspectCsv(file(text));
    expect(seen.dialect).toEqual({ delimiter: ';', header: true, decimal: ',' });
    expect(seen.columns).toEqual([
      { name: 'id', kind: 'ignore', missing: 0, mixed: null },
      { name: 'value', kind: 'number', missing: 43, mixed: null },
      { name: 'label', kind: 'category', missing: 0, mixed: null },
      { name: 'comment', kind: 'category', missing: 0, mixed: null },
    ]);
    expect([seen.rows.length, seen.rows[1], seen.approximateRows, seen.problems]).toEqual([
      20,
      ['n1', '1,5', '1', 'k1'],
      300,
      [],
    ]);
  });

  it('names what would stop the reading, and columns of two kinds', async () => {
    const seen = await inspectCsv(file('a,a\n1,2\nx,3,4\n5,6\n7,8\n'), { delimiter: ',' });
    expect(seen.columns[0]).toMatchObject({ kind: 'category', mixed: { row: 3, value: 'x' } });
    expect(seen.problems.map(({ code, row }) => [code, row])).toEqual([
      ['DUPLICATE_COLUMN', 1],
      ['RAGGED_ROW', 3],
    ]);
    expect((await inspectCsv(file('a,b\n'), { header: true })).problems).toMatchObject([{ code: 'NO_DATA' }]);
  });

  it('reads no more than the beginning of a long file', async () => {
    let taken = 0;
    const row = '1.5,2.5,text\n';
    const source: ImportSource = {
      name: 'long.csv',
      size: row.length * 1e8,
      async *open() {
        for (;;) {
          taken += 1;
          yield encode(row.repeat(5000));
        }
      },
    };
    const seen = await inspectCsv(source);
    expect(seen.approximateRows).toBeGreaterThan(0.9e8);
    expect(seen.approximateRows).toBeLessThan(1.1e8);
    expect(taken).toBeLessThan(10);
  });
});
