// A strict reader of tar archives as a stream: what an archive holds, entry by entry, with nothing kept that is not asked for. What
// it does not take it tells as a fault; who reads an archive words it.

const BLOCK = 512;
/** More than any folder of batches has, so that an archive of a million empty files ends soon. */
const MOST_ENTRIES = 1000;
/** Where the parts of a header lie: first byte and length. */
const FIELDS = { name: [0, 100], size: [124, 12], checksum: [148, 8], magic: [257, 6], prefix: [345, 155] } as const;
const TYPE_AT = 156;
/** Kinds of entries that change what the next one is called or how long it is. */
const EXTENSIONS: ReadonlySet<string> = new Set(['x', 'L', 'K', 'S', 'V', 'M']);

/** What is wrong with an archive; `offset` in the unpacked bytes. */
export type TarFault = { readonly offset: number } & (
  | { readonly kind: 'cut_off' | 'damaged' | 'bad_size' }
  | { readonly kind: 'too_many'; readonly limit: number }
  | { readonly kind: 'unsafe_path'; readonly path: string }
  | { readonly kind: 'extension'; readonly type: string }
);
export type RefuseTar = (fault: TarFault) => never;

/** An entry; `body` can be read once, before the next entry is asked for. What is left of it is skipped. */
export interface TarEntry {
  readonly path: string;
  /** Last part of the path. */
  readonly file: string;
  /** `0`: a plain file. */
  readonly type: string;
  readonly sizeBytes: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Takes bytes off a stream of pieces, counting them. */
class Reader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #refuse: RefuseTar;
  #piece: Uint8Array = new Uint8Array();
  offset = 0;

  constructor(pieces: AsyncIterator<Uint8Array>, refuse: RefuseTar) {
    this.#pieces = pieces;
    this.#refuse = refuse;
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
      if (!piece) return this.#refuse({ kind: 'cut_off', offset: this.offset });
      left -= piece.length;
      yield piece;
    }
  }
}

/** Pieces put together. @param sizeBytes of all of them. */
export async function wholeOf(pieces: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<Uint8Array> {
  const out = new Uint8Array(sizeBytes);
  let at = 0;
  for await (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
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

/** Whether a name within an archive leads out of it, on any system. */
export const leadsOutside = (path: string): boolean =>
  path.split('/').includes('..') || /^([/\\]|[A-Za-z]:)|[\\\0]/.test(path);

function headerOf(header: Uint8Array, offset: number, refuse: RefuseTar): Omit<TarEntry, 'body'> {
  if (numberOf(header, FIELDS.checksum) !== checksumOf(header)) refuse({ kind: 'damaged', offset });
  const sizeBytes = numberOf(header, FIELDS.size);
  if (Number.isNaN(sizeBytes)) refuse({ kind: 'bad_size', offset });
  const prefix = textOf(header, FIELDS.magic) === 'ustar' ? textOf(header, FIELDS.prefix) : '';
  const path = prefix === '' ? textOf(header, FIELDS.name) : `${prefix}/${textOf(header, FIELDS.name)}`;
  if (leadsOutside(path)) refuse({ kind: 'unsafe_path', path, offset });
  const type = String.fromCharCode(header[TYPE_AT] as number);
  if (EXTENSIONS.has(type)) refuse({ kind: 'extension', type, offset });
  return { path, file: path.split('/').at(-1) ?? path, type: type === '\0' ? '0' : type, sizeBytes };
}

/**
 * The entries of an archive, in order: files, folders, links and devices.
 * @param pieces unpacked; ended whatever happens.
 * @param refuse throws.
 */
export async function* tarEntries(pieces: AsyncGenerator<Uint8Array>, refuse: RefuseTar): AsyncGenerator<TarEntry> {
  const reader = new Reader(pieces, refuse);
  try {
    for (let entries = 0; ; entries++) {
      const header = await wholeOf(reader.take(BLOCK), BLOCK);
      if (header.every((byte) => byte === 0)) break;
      if (entries === MOST_ENTRIES) refuse({ kind: 'too_many', limit: MOST_ENTRIES, offset: reader.offset });
      const entry = headerOf(header, reader.offset - BLOCK, refuse);
      const end = reader.offset + Math.ceil(entry.sizeBytes / BLOCK) * BLOCK;
      yield { ...entry, body: reader.take(entry.sizeBytes) };
      for (; reader.offset < end;)
        if (!(await reader.next(end - reader.offset))) refuse({ kind: 'cut_off', offset: reader.offset });
    }
    // To the end, so that the compressed file's own checksum is compared.
    while (await reader.next(Infinity));
  } finally {
    await pieces.return(undefined);
  }
}
