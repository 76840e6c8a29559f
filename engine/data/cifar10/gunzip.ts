// Unpacks a .gz piece by piece, and no further than allowed: a small file can stand for a very large one.
import { EngineError } from '../../plan/engine-error.ts';
import type { NamedBytes } from '../files.ts';

const PIECE_BYTES = 65_536;

/** The file's bytes in pieces, so that nothing is copied as a whole. */
function piecesOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      // Copied, because shared memory cannot be streamed.
      controller.enqueue(new Uint8Array(bytes.subarray(at, at + PIECE_BYTES)));
      at += PIECE_BYTES;
    },
  });
}

/**
 * The unpacked bytes, piece by piece; the checksum has been compared when the last one is out.
 * @param limitBytes most that may come out.
 * @throws EngineError BAD_DATA_FILE when the file is no whole .gz, or unpacks to more.
 */
export async function* gunzip({ name, bytes }: NamedBytes, limitBytes: number): AsyncGenerator<Uint8Array> {
  const reader = piecesOf(bytes).pipeThrough(new DecompressionStream('gzip')).getReader();
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new EngineError(
          'BAD_DATA_FILE',
          `${name} is no whole .gz file (damaged or cut off): fetch it again`,
          { file: name, offset: total },
          { cause },
        );
      });
      if (done) return;
      total += value.length;
      if (total > limitBytes)
        throw new EngineError(
          'BAD_DATA_FILE',
          `${name} unpacks to more than ${limitBytes / 1e6} MB, so it is not the archive of CIFAR-10`,
          { file: name, offset: total, limitBytes },
        );
      yield value;
    }
  } finally {
    // Whoever stops early, by an error or a break, leaves nothing unpacking.
    await reader.cancel().catch(() => undefined);
  }
}
