// A strict reader of tar archives as a stream: takes the few files it is asked for, and nothing that could mean something else.
import { EngineError } from '../../plan/engine-error.ts';
import type { NamedBytes } from '../files.ts';

const BLOCK = 512;
/** More than any folder of batches has, so that an archive of a million empty files ends soon. */
const MOST_ENTRIES = 1000;

/** Where the parts of a header lie: first byte and length. */
const FIELDS = { name: [0, 100], size: [124, 12], checksum: [148, 8], magic: [257, 6], prefix: [345, 155] } as const;
const TYPE_AT = 156;

interface Entry {
  readonly path: string;
  /** Last part of the path. */
  readonly file: string;
  readonly type: string;
  readonly sizeBytes: number;
}

/** Takes bytes off a stream of pieces, counting them. */
class Source {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #archive: string;
  #piece: Uint8Array = new Uint8Array();
  offset = 0;

  constructor(pieces: AsyncIterator<Uint8Array>, archive: string) {
    this.#pieces = pieces;
    this.#archive = archive;
  }

  refuse(what: string, offset = this.offset): never {
    throw new EngineError('BAD_DATA_FILE', `${this.#archive}: ${what}`, { file: this.#archive, offset });
  }

  /** The next bytes, at most `most`; null at the end. */
  async #next(most: number): Promise<Uint8Array | null> {
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

  /** @throws EngineError BAD_DATA_FILE when the archive ends before. */
  async skip(count: number, into?: Uint8Array): Promise<void> {
    for (let done = 0; done < count;) {
      const piece = await this.#next(count - done);
      if (!piece) this.refuse('is cut off');
      into?.set(piece, done);
      done += piece.length;
    }
  }

  async take(count: number): Promise<Uint8Array> {
    const out = new Uint8Array(count);
    await this.skip(count, out);
    return out;
  }

  /** Reads to the end, so that the compressed file's own checksum is compared. */
  async drain(): Promise<void> {
    while (await this.#next(Infinity));
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

function entryOf(header: Uint8Array, source: Source): Entry {
  const offset = source.offset - BLOCK;
  if (numberOf(header, FIELDS.checksum) !== checksumOf(header)) source.refuse('is damaged, or no tar archive', offset);
  const sizeBytes = numberOf(header, FIELDS.size);
  if (Number.isNaN(sizeBytes)) source.refuse('names a size that is no octal number', offset);
  const prefix = textOf(header, FIELDS.magic) === 'ustar' ? textOf(header, FIELDS.prefix) : '';
  const path = prefix === '' ? textOf(header, FIELDS.name) : `${prefix}/${textOf(header, FIELDS.name)}`;
  const parts = path.split(/[/\\]/);
  if (/^([/\\]|[A-Za-z]:)/.test(path) || parts.includes('..'))
    source.refuse(`holds the path "${path}", which leads out of the archive`, offset);
  const type = String.fromCharCode(header[TYPE_AT] as number);
  return { path, file: parts.at(-1) as string, type: type === '\0' ? '0' : type, sizeBytes };
}

/** Kinds of entries that change what the next one is called or how long it is. */
const EXTENSIONS: ReadonlySet<string> = new Set(['x', 'L', 'K', 'S', 'V', 'M']);

/** @throws EngineError BAD_DATA_FILE, see `readTar`. */
async function filesIn(source: Source, wanted: ReadonlySet<string>, limitBytes: number): Promise<NamedBytes[]> {
  const found = new Map<string, Uint8Array>();
  for (let entries = 0; ; entries++) {
    const header = await source.take(BLOCK);
    if (header.every((byte) => byte === 0)) break;
    if (entries === MOST_ENTRIES) source.refuse(`holds more than ${MOST_ENTRIES} files`);
    const { path, file, type, sizeBytes } = entryOf(header, source);
    if (EXTENSIONS.has(type))
      source.refuse(`uses an extension of tar (type "${type}"): unpack it and choose the folder instead`);
    if (!wanted.has(file)) {
      await source.skip(Math.ceil(sizeBytes / BLOCK) * BLOCK);
      continue;
    }
    if (type !== '0') source.refuse(`${path} is no plain file (type "${type}")`);
    if (found.has(file)) source.refuse(`holds ${file} twice`);
    if (sizeBytes > limitBytes) source.refuse(`${path} has ${sizeBytes} bytes, more than the ${limitBytes} of a batch`);
    found.set(file, await source.take(sizeBytes));
    await source.skip((BLOCK - (sizeBytes % BLOCK)) % BLOCK);
  }
  await source.drain();
  return [...found].map(([name, bytes]) => ({ name, bytes }));
}

/**
 * Takes some files out of an archive.
 * @param pieces the archive's bytes, as `gunzip` gives them; ended whatever happens.
 * @param wanted by file name, whatever folder they are in.
 * @param limitBytes of a wanted file; checked before memory is taken.
 * @throws EngineError BAD_DATA_FILE for what is damaged, cut off, too large, double, no plain file, or leads out of the archive.
 */
export async function readTar(
  archive: string,
  pieces: AsyncGenerator<Uint8Array>,
  wanted: ReadonlySet<string>,
  limitBytes: number,
): Promise<readonly NamedBytes[]> {
  try {
    return await filesIn(new Source(pieces, archive), wanted, limitBytes);
  } finally {
    await pieces.return(undefined);
  }
}
