// CSV, byte by byte (RFC 4180): where each cell of each record begins and ends. Cells are not copied; numbers are read where they lie.
import { ImportError } from '../import-error.ts';

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** No table has longer rows, quoted cells included. */
export const MOST_RECORD_BYTES = 1 << 24;

/** In quotation marks. */
export const QUOTED = 1;
/** With doubled quotation marks in it. */
export const DOUBLED = 2;

/** One record's cells within `bytes`. Valid only until the next one. */
export interface CsvRecord {
  readonly bytes: Uint8Array;
  readonly cells: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly flags: Uint8Array;
  /** From 1; blank lines count. */
  readonly row: number;
  /** Where `bytes` begin in the file. */
  readonly offset: number;
}

export class RecordScanner {
  readonly #file: string;
  readonly #delimiter: number;
  readonly #onRecord: (record: CsvRecord) => void;
  #starts = new Int32Array(64);
  #ends = new Int32Array(64);
  #flags = new Uint8Array(64);
  /** Begins with a record; not yet scanned to its end. */
  #rest: Uint8Array = new Uint8Array();
  #row = 0;
  #offset: number;

  /**
   * @param delimiter one byte.
   * @param offset bytes of the file that come before what is pushed.
   */
  constructor(file: string, delimiter: number, onRecord: (record: CsvRecord) => void, offset = 0) {
    this.#file = file;
    this.#delimiter = delimiter;
    this.#onRecord = onRecord;
    this.#offset = offset;
  }

  #refuse(what: string): never {
    throw new ImportError('BAD_QUOTE', this.#file, what, {}, { row: this.#row + 1 });
  }

  #grow(): void {
    const length = this.#starts.length * 2;
    const [starts, ends, flags] = [new Int32Array(length), new Int32Array(length), new Uint8Array(length)];
    starts.set(this.#starts);
    ends.set(this.#ends);
    flags.set(this.#flags);
    [this.#starts, this.#ends, this.#flags] = [starts, ends, flags];
  }

  /** End of a quoted cell (its closing mark); -1 when it is not there yet. Sets the flags. */
  #quotedEnd(bytes: Uint8Array, from: number, cell: number, isLast: boolean): number {
    for (let at = from; at < bytes.length; at++) {
      if (bytes[at] !== QUOTE) continue;
      if (at + 1 === bytes.length && !isLast) return -1;
      if (bytes[at + 1] !== QUOTE) return at;
      this.#flags[cell] = QUOTED | DOUBLED;
      at += 1;
    }
    if (isLast) this.#refuse('has a quotation mark that is never closed');
    return -1;
  }

  /** Scans one record. @returns where the next one begins; -1 when its end is not there yet. */
  #scanOne(bytes: Uint8Array, start: number, isLast: boolean): number {
    const delimiter = this.#delimiter;
    const { length } = bytes;
    let cell = 0;
    for (let at = start; ; at++) {
      if (cell === this.#starts.length) this.#grow();
      // A quotation mark counts after blanks, too.
      let mark = at;
      while (bytes[mark] === SPACE && delimiter !== SPACE) mark += 1;
      if (mark >= length && !isLast) return -1;
      let [begin, end] = [at, at];
      if (bytes[mark] === QUOTE) {
        at = mark;
        this.#flags[cell] = QUOTED;
        begin = at + 1;
        end = this.#quotedEnd(bytes, begin, cell, isLast);
        if (end < 0) return -1;
        at = end + 1;
        while (bytes[at] === SPACE && delimiter !== SPACE) at += 1;
        const next = bytes[at];
        if (at < length && next !== delimiter && next !== LF && next !== CR)
          this.#refuse('has text after the closing quotation mark of a cell');
      } else {
        let byte = bytes[at] as number;
        while (at < length && byte !== delimiter && byte !== LF && byte !== CR) byte = bytes[++at] as number;
        end = at;
        while (begin < end && bytes[begin] === SPACE) begin += 1;
        while (end > begin && bytes[end - 1] === SPACE) end -= 1;
        this.#flags[cell] = 0;
      }
      this.#starts[cell] = begin;
      this.#ends[cell] = end;
      cell += 1;
      if (at >= length && !isLast) return -1;
      if (at < length && bytes[at] === delimiter) continue;
      if (bytes[at] === CR) {
        if (at + 1 === length && !isLast) return -1;
        if (bytes[at + 1] === LF) at += 1;
      }
      return this.#emit(bytes, start, cell, Math.min(at + 1, length));
    }
  }

  #emit(bytes: Uint8Array, start: number, cells: number, next: number): number {
    this.#row += 1;
    const isBlank = cells === 1 && this.#flags[0] === 0 && this.#starts[0] === this.#ends[0];
    if (!isBlank)
      this.#onRecord({
        bytes,
        cells,
        starts: this.#starts,
        ends: this.#ends,
        flags: this.#flags,
        row: this.#row,
        offset: this.#offset,
      });
    return next > start ? next : -1;
  }

  /** @throws ImportError TOO_LARGE for a record without end, BAD_QUOTE; what `onRecord` throws. */
  push(piece: Uint8Array, isLast: boolean): void {
    let bytes = piece;
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + piece.length);
      bytes.set(this.#rest);
      bytes.set(piece, this.#rest.length);
      // A very long record is not scanned anew for every small piece.
      if (!isLast && piece.length < this.#rest.length && this.#rest.length > 1 << 16) {
        this.#keep(bytes);
        return;
      }
    }
    let at = 0;
    while (at < bytes.length) {
      const next = this.#scanOne(bytes, at, isLast);
      if (next < 0) break;
      at = next;
    }
    this.#offset += at;
    this.#keep(bytes.slice(at));
  }

  #keep(rest: Uint8Array): void {
    if (rest.length > MOST_RECORD_BYTES)
      throw new ImportError(
        'TOO_LARGE',
        this.#file,
        `has more than ${MOST_RECORD_BYTES} bytes in one row: is another delimiter or quotation mark meant?`,
        { what: 'bytes in one row', limit: MOST_RECORD_BYTES },
        { row: this.#row + 1 },
      );
    this.#rest = rest;
  }
}
