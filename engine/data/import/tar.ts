// A strict reader of tar archives as a stream: what an archive holds, entry by entry, with nothing kept that is not asked for.
import { ImportError } from './import-error.ts';
import { requireInside } from './zip.ts';

const BLOCK = 512;
const MOST_ENTRIES = 1000;
const FIELDS = { name: [0, 100], size: [124, 12], checksum: [148, 8], magic: [257, 6], prefix: [345, 155] } as const;
const TYPE_AT = 156;
/** Kinds of entries that change what the next one is called or how long it is. */
const EXTENSIONS: ReadonlySet<string> = new Set(['x', 'L', 'K', 'S', 'V', 'M']);

/** A plain file; `body` can be read once, before the next entry is asked for. What is left of it is skipped. */
export interface TarEntry {
  readonly path: string;
  /** Last part of the path. */
  readonly file: string;
  readonly size: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Takes bytes off a stream of pieces, counting them. */
class Reader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #archive: string;
  #piece: Uint8Array = new Uint8Array();
  offset = 0;

  constructor(pieces: AsyncIterator<Uint8Array>, archive: string) {
    this.#pieces = pieces;
    this.#archive = archive;
  }

  refuse(reason: string, offset = this.offset): never {
    throw new ImportError('BAD_FILE', this.#archive, `byte ${offset} of the unpacked archive: ${reason}`, {
      place: `unpacked byte ${offset}`,
      reason,
    });
  }

  /** The next bytes, at most `most`; null at the end. */
  async next(most: number): Promise<Uint8Array | null> {
    while (this.#piece.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done) return null;
      this.#piece = value;
    }
    const taken = this.#piece.subarray(0, most);
    this.#piece = this.#piece.subarray(taken.length);
    this.offset += taken.length;
    return taken;
  }

  async *take(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      const piece = await this.next(left);
      if (!piece) return this.refuse('it is cut off');
      left -= piece.length;
      yield piece;
    }
  }

  async block(): Promise<Uint8Array> {
    const out = new Uint8Array(BLOCK);
    let at = 0;
    for await (const piece of this.take(BLOCK)) {
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }
}

function textOf(header: Uint8Array, [start, length]: readonly [number, number]): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** An octal number with blanks around it; NaN for anything else, binary numbers included. */
function numberOf(header: Uint8Array, field: readonly [number, number]): number {
  const text = textOf(header, field).trim();
  return /^[0-7]+$/.test(text) ? parseInt(text, 8) : NaN;
}

function checksumOf(header: Uint8Array): number {
  const [start, length] = FIELDS.checksum;
  // The field itself counts as blanks.
  return header.reduce((sum, byte, i) => sum + (i >= start && i < start + length ? 0x20 : byte), 0);
}

/**
 * The plain files of an archive, in order; folders, links and devices are passed over.
 * @param pieces unpacked; ended whatever happens.
 * @throws ImportError BAD_FILE, UNSUPPORTED, UNSAFE_PATH, TOO_LARGE.
 */
export async function* tarEntries(archive: string, pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = new Reader(pieces, archive);
  try {
    for (let entries = 0; ; entries++) {
      const header = await reader.block();
      if (header.every((byte) => byte === 0)) break;
      const offset = reader.offset - BLOCK;
      if (entries === MOST_ENTRIES)
        throw new ImportError('TOO_LARGE', archive, `has more than ${MOST_ENTRIES} files`, {
          what: 'files',
          limit: MOST_ENTRIES,
        });
      if (numberOf(header, FIELDS.checksum) !== checksumOf(header))
        reader.refuse('is damaged, or no tar archive', offset);
      const size = numberOf(header, FIELDS.size);
      if (Number.isNaN(size)) reader.refuse('names a size that is no octal number', offset);
      const prefix = textOf(header, FIELDS.magic) === 'ustar' ? textOf(header, FIELDS.prefix) : '';
      const path = prefix === '' ? textOf(header, FIELDS.name) : `${prefix}/${textOf(header, FIELDS.name)}`;
      requireInside(archive, path);
      const type = String.fromCharCode(header[TYPE_AT] as number);
      if (EXTENSIONS.has(type))
        throw new ImportError(
          'UNSUPPORTED',
          archive,
          `uses an extension of tar (type "${type}"): unpack it and choose the files instead`,
          {
            what: `tar type ${type}`,
          },
        );
      const end = reader.offset + Math.ceil(size / BLOCK) * BLOCK;
      if (type === '0' || type === '\0')
        yield { path, file: path.split('/').at(-1) ?? path, size, body: reader.take(size) };
      for (; reader.offset < end;) if (!(await reader.next(end - reader.offset))) reader.refuse('it is cut off');
    }
    // To the end, so that the compressed file's own checksum is compared.
    while (await reader.next(Infinity));
  } finally {
    await pieces.return(undefined);
  }
}
