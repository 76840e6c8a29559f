// A file to import: whoever can read files hands it in as pieces, so that parsers know no host and hold no more than they must.
import { ImportError } from './import-error.ts';

export interface ImportSource {
  /** Without folders; for pictures of a folder the path within it, with forward slashes. */
  readonly name: string;
  /** Bytes of the whole file. */
  readonly size: number;
  /** From the beginning; can be called again. A piece is looked at only until the next one is asked for: its memory may be used again. */
  open(): AsyncIterable<Uint8Array>;
}

export interface ReadOptions {
  /** @param doneBytes of the file (packed, where it is packed); of all files together. */
  readonly onProgress?: ((doneBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const PIECE_BYTES = 1 << 20;

/** A file that is in memory already. */
export function bytesSource(name: string, bytes: Uint8Array): ImportSource {
  return {
    name,
    size: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
    },
  };
}

/** The file's pieces, watched: stops when it should, and says how far it is. @param before bytes of earlier files. */
export async function* piecesOf(
  source: ImportSource,
  { onProgress, signal }: ReadOptions,
  before = 0,
): AsyncGenerator<Uint8Array> {
  let done = before;
  for await (const piece of source.open()) {
    signal?.throwIfAborted();
    yield piece;
    done += piece.length;
    onProgress?.(done);
  }
}

export const tooLarge = (file: string, what: string, limit: number): ImportError =>
  new ImportError('TOO_LARGE', file, `has more than ${limit} ${what}`, { what, limit });

/**
 * Takes a stream's bytes one after another into one array of a known size.
 * @throws ImportError CUT_OFF when there are fewer; BAD_FILE when there are more.
 */
export async function fillFrom(pieces: AsyncIterable<Uint8Array>, into: Uint8Array, file: string): Promise<void> {
  let at = 0;
  for await (const piece of pieces) {
    if (at + piece.length > into.length)
      throw new ImportError('BAD_FILE', file, `goes on after its ${into.length} bytes`, {
        place: `byte ${into.length}`,
        reason: 'goes on after its end',
      });
    into.set(piece, at);
    at += piece.length;
  }
  if (at < into.length) throw cutOff(file, into.length, at);
}

export const cutOff = (file: string, expected: number, received: number): ImportError =>
  new ImportError('CUT_OFF', file, `is cut off: it should have ${expected} bytes, but has ${received}`, {
    expected,
    received,
  });

/**
 * The whole file.
 * @throws ImportError TOO_LARGE before anything is read.
 */
export async function readWhole(
  source: ImportSource,
  options: ReadOptions,
  limitBytes: number,
  before = 0,
): Promise<Uint8Array<ArrayBuffer>> {
  if (source.size > limitBytes) throw tooLarge(source.name, 'bytes', limitBytes);
  const bytes = new Uint8Array(source.size);
  await fillFrom(piecesOf(source, options, before), bytes, source.name);
  return bytes;
}

/** The first bytes, as many as there are. */
export async function readStart(pieces: AsyncIterable<Uint8Array>, count: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    parts.push(piece.slice(0, count - length));
    length += parts.at(-1)?.length ?? 0;
    if (length >= count) break;
  }
  const start = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    start.set(part, at);
    at += part.length;
  }
  return start;
}

/** What comes after the first bytes. */
export async function* skipping(pieces: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const piece of pieces) {
    if (left < piece.length) yield piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}
