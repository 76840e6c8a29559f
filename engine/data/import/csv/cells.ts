// What a cell says: nothing, a number, or a text; read from its bytes.
import { ImportError } from '../import-error.ts';
import { DOUBLED, type CsvRecord } from './scan-records.ts';

/** Powers of ten that f64 holds exactly. */
const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const MOST_EXACT_DIGITS = 15;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Texts of numbers that are no plain decimals of at most 15 digits. NaN: no number, or beyond f64's range. */
export function numberOfText(text: string, decimal: string): number {
  const dotted = decimal === '.' ? text : text.includes('.') ? '' : text.replace(decimal, '.');
  if (!NUMBER.test(dotted)) return NaN;
  const value = Number(dotted);
  return Number.isFinite(value) ? value : NaN;
}

/**
 * The number that some bytes spell, rounded as `Number` does: digits and a power of ten that are both exact are divided once.
 * @param decimal byte of the decimal mark.
 * @returns NaN for anything else, infinities included.
 */
export function numberOfBytes(bytes: Uint8Array, start: number, end: number, decimal: number): number {
  let at = start;
  const sign = bytes[at];
  if (sign === 0x2d || sign === 0x2b) at += 1;
  let [value, digits, places, seen] = [0, 0, -1, 0];
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x30 && byte <= 0x39) {
      value = value * 10 + (byte - 0x30);
      seen += 1;
      if (value > 0) digits += 1;
      if (places >= 0) places += 1;
    } else if (byte === decimal && places < 0) places = 0;
    else break;
  }
  if (at < end || seen === 0 || digits > MOST_EXACT_DIGITS || places > 22)
    return at === start || seen === 0 || end - start > 400
      ? NaN
      : numberOfText(asciiOf(bytes, start, end), String.fromCharCode(decimal));
  const scaled = places > 0 ? value / (EXACT_POWERS[places] as number) : value;
  return sign === 0x2d ? -scaled : scaled;
}

function asciiOf(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Length of the beginning that is UTF-8. */
function soundLength(bytes: Uint8Array): number {
  for (let length = bytes.length; length > 0; length--) {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length));
      return length;
    } catch {
      // Shorter.
    }
  }
  return 0;
}

/** Cells of a record, with everything that an error about one has to name. */
export class CellReader {
  readonly #file: string;
  readonly #names: readonly string[];
  constructor(file: string, names: readonly string[]) {
    this.#file = file;
    this.#names = names;
  }

  nameOf(cell: number): string {
    return this.#names[cell] ?? String(cell + 1);
  }

  /** @throws ImportError BAD_UTF8 naming row, column and byte. */
  text(record: CsvRecord, cell: number): string {
    const [start, end] = [record.starts[cell] as number, record.ends[cell] as number];
    const raw = record.bytes.subarray(start, end);
    let text: string;
    try {
      text = decoder.decode(raw);
    } catch {
      const byte = record.offset + start + soundLength(raw.slice(0, 4096));
      throw new ImportError(
        'BAD_UTF8',
        this.#file,
        `has bytes that are no UTF-8 (byte ${byte}): save the file as UTF-8`,
        { byte },
        { row: record.row, column: this.nameOf(cell) },
      );
    }
    return ((record.flags[cell] as number) & DOUBLED) === 0 ? text : text.replaceAll('""', '"');
  }
}

/** What stands for nothing, whatever the case of its letters. An empty cell always does. */
export const MISSING_WORDS: readonly string[] = ['NA', 'N/A', 'NaN', 'null', '?'];

/** Tells missing cells by their bytes. */
export class MissingWords {
  readonly #words: ReadonlySet<string>;
  readonly #longest: number;
  constructor(words: readonly string[]) {
    this.#words = new Set(words.map((x) => x.trim().toLowerCase()));
    this.#longest = Math.max(0, ...[...this.#words].map((x) => new TextEncoder().encode(x).length));
  }

  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (start === end) return true;
    if (end - start > this.#longest) return false;
    const text = asciiOf(bytes, start, end);
    return this.#words.has(text.toLowerCase()) || (/[^\x00-\x7f]/.test(text) && this.#hasText(bytes, start, end));
  }

  #hasText(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#words.has(new TextDecoder().decode(bytes.subarray(start, end)).toLowerCase());
  }
}
