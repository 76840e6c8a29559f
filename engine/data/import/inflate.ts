// Unpacks piece by piece, and no further than was promised: a small file can stand for a very large one.
import { ImportError } from './import-error.ts';
import { piecesOf, readStart, type ImportSource, type ReadOptions } from './source.ts';

const PIECE_BYTES = 1 << 16;

/** The compressed pieces as a stream of small ones. Ends their source when it is given up. */
function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = pieces[Symbol.asyncIterator]();
  let piece: Uint8Array = new Uint8Array();
  return new ReadableStream(
    {
      async pull(controller) {
        while (piece.length === 0) {
          const { done, value } = await iterator.next();
          if (done) return controller.close();
          piece = value;
        }
        // Copied, because shared memory cannot be streamed.
        controller.enqueue(new Uint8Array(piece.subarray(0, PIECE_BYTES)));
        piece = piece.subarray(PIECE_BYTES);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * The unpacked bytes; with gzip the checksum has been compared when the last piece is out.
 * @param file for messages.
 * @param limitBytes most that may come out.
 * @throws ImportError BAD_FILE when it is damaged or cut off, UNPACKS_TO_TOO_MUCH; what `pieces` throws.
 */
export async function* inflate(
  pieces: AsyncIterable<Uint8Array>,
  format: CompressionFormat,
  file: string,
  limitBytes: number,
): AsyncGenerator<Uint8Array> {
  let failure: Error | null = null;
  const watched = (async function* () {
    try {
      yield* pieces;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  })();
  const reader = streamOf(watched).pipeThrough(new DecompressionStream(format)).getReader();
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        // What the file's own reader says is truer than what unpacking makes of it.
        if (failure !== null) throw failure;
        throw new ImportError('BAD_FILE', file, 'cannot be unpacked: it is damaged or cut off', {
          place: `unpacked byte ${total}`,
          reason: 'damaged or cut off',
        });
      });
      if (done) return;
      total += value.length;
      if (total > limitBytes)
        throw new ImportError('UNPACKS_TO_TOO_MUCH', file, `unpacks to more than the ${limitBytes} bytes it may have`, {
          limit: limitBytes,
        });
      yield value;
    }
  } finally {
    // Whoever stops early, by an error or a break, leaves nothing unpacking.
    await reader.cancel().catch(() => undefined);
  }
}

export const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b;

/** A file's bytes, unpacked where it is a .gz. @param limitBytes most that may come out of one. */
export async function* unpacked(
  source: ImportSource,
  options: ReadOptions,
  limitBytes: number,
  before = 0,
): AsyncGenerator<Uint8Array> {
  const pieces = piecesOf(source, options, before);
  if (isGzip(await readStart(source.open(), 2))) yield* inflate(pieces, 'gzip', source.name, limitBytes);
  else yield* pieces;
}
