// Columns that grow while a file is read: numbers as numbers, texts as positions in a list of categories. No row is ever an object.
import { MOST_CATEGORIES } from '../../../spec/index.ts';
import type { StoredColumn } from '../../stored/stored-data.ts';
import { ImportError, shortened } from '../import-error.ts';
import { numberOfBytes, numberOfText, type CellReader, type MissingWords } from './cells.ts';
import { DOUBLED, type CsvRecord } from './scan-records.ts';

const BLOCK_ROWS = 1 << 16;

/** Values in blocks, so that growing copies nothing; joined once at the end. */
class Blocks<T extends Float64Array | Int32Array> {
  readonly #make: (length: number) => T;
  readonly #full: T[] = [];
  #block: T;
  #at = 0;
  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#block = make(BLOCK_ROWS);
  }

  add(value: number): void {
    if (this.#at === BLOCK_ROWS) {
      this.#full.push(this.#block);
      this.#block = this.#make(BLOCK_ROWS);
      this.#at = 0;
    }
    this.#block[this.#at++] = value;
  }

  joined(): T {
    const all = this.#make(this.#full.length * BLOCK_ROWS + this.#at);
    for (const [i, block] of this.#full.entries()) all.set(block, i * BLOCK_ROWS);
    all.set(this.#block.subarray(0, this.#at), this.#full.length * BLOCK_ROWS);
    return all;
  }
}

export interface ColumnBuilder {
  /** @throws ImportError naming row and column. */
  add(record: CsvRecord, cell: number): void;
  done(): StoredColumn;
}

export interface CellContext {
  readonly file: string;
  readonly cells: CellReader;
  readonly missing: MissingWords;
  /** Byte of the decimal mark. */
  readonly decimal: number;
}

export function numberColumn(name: string, { file, cells, missing, decimal }: CellContext): ColumnBuilder {
  const values = new Blocks((length) => new Float64Array(length));
  return {
    add(record, cell) {
      const [start, end] = [record.starts[cell] as number, record.ends[cell] as number];
      const value = numberOfBytes(record.bytes, start, end, decimal);
      // NaN itself is one of the words for nothing.
      if (Number.isNaN(value) && !missing.has(record.bytes, start, end)) {
        const text = cells.text(record, cell);
        throw new ImportError(
          'MIXED_TYPES',
          file,
          `has "${shortened(text)}" in a column of numbers`,
          { value: shortened(text) },
          { row: record.row, column: name },
        );
      }
      values.add(value);
    },
    done: () => ({ name, kind: 'number', values: values.joined() }),
  };
}

/** Texts by their bytes: most cells repeat one that is known, and are then never decoded. */
class TextTable {
  readonly texts: string[] = [];
  readonly #byText = new Map<string, number>();
  readonly #bytes: Uint8Array[] = [];
  #slots = new Int32Array(1024).fill(-1);

  static #hash(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  static #same(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
    if (known.length !== end - start) return false;
    for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
    return true;
  }

  /** Bytes of each entry of `#bytes`, and the text that they stand for. */
  readonly #textOf: number[] = [];

  #slotOf(bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = TextTable.#hash(bytes, start, end) & mask;
    for (;;) {
      const entry = this.#slots[slot] as number;
      if (entry < 0 || TextTable.#same(this.#bytes[entry] as Uint8Array, bytes, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  indexOfText(text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    this.#byText.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  /** @param decode called when these bytes are new. */
  indexOf(bytes: Uint8Array, start: number, end: number, decode: () => string): number {
    const slot = this.#slotOf(bytes, start, end);
    const entry = this.#slots[slot] as number;
    if (entry >= 0) return this.#textOf[entry] as number;
    const index = this.indexOfText(decode());
    this.#slots[slot] = this.#bytes.length;
    this.#bytes.push(bytes.slice(start, end));
    this.#textOf.push(index);
    if (this.#bytes.length * 2 > this.#slots.length) this.#grow();
    return index;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (const [entry, bytes] of this.#bytes.entries()) this.#slots[this.#slotOf(bytes, 0, bytes.length)] = entry;
  }
}

/** Numbers by size, texts by their letters: the same order whatever the order of rows. */
function sortedCategories(texts: readonly string[]): number[] {
  const numbers = texts.map((x) => numberOfText(x, '.'));
  const areNumbers = numbers.every((x) => !Number.isNaN(x));
  const byText = (a: number, b: number): number => ((texts[a] ?? '') < (texts[b] ?? '') ? -1 : 1);
  return texts
    .map((_, i) => i)
    .sort((a, b) => (areNumbers ? (numbers[a] ?? 0) - (numbers[b] ?? 0) || byText(a, b) : byText(a, b)));
}

export function categoryColumn(name: string, { file, cells, missing }: CellContext): ColumnBuilder {
  const values = new Blocks((length) => new Int32Array(length));
  const table = new TextTable();
  return {
    add(record, cell) {
      const [start, end] = [record.starts[cell] as number, record.ends[cell] as number];
      if (missing.has(record.bytes, start, end)) {
        values.add(-1);
        return;
      }
      // Doubled marks are rare, and the same bytes are another text where they are not doubled.
      const isDoubled = ((record.flags[cell] as number) & DOUBLED) !== 0;
      const index = isDoubled
        ? table.indexOfText(cells.text(record, cell))
        : table.indexOf(record.bytes, start, end, () => cells.text(record, cell));
      if (index >= MOST_CATEGORIES)
        throw new ImportError(
          'TOO_MANY_CATEGORIES',
          file,
          `has more than ${MOST_CATEGORIES} different texts in one column: leave the column out`,
          { limit: MOST_CATEGORIES },
          { row: record.row, column: name },
        );
      values.add(index);
    },
    done() {
      const order = sortedCategories(table.texts);
      const place = new Int32Array(order.length);
      for (const [to, from] of order.entries()) place[from] = to;
      const found = values.joined();
      for (let i = 0; i < found.length; i++) {
        const index = found[i] as number;
        if (index >= 0) found[i] = place[index] as number;
      }
      return { name, kind: 'category', values: found, categories: order.map((i) => table.texts[i] ?? '') };
    },
  };
}
