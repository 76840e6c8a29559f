// A strict reader of zip archives: the directory says what there is, and every claim is compared before it is believed.
import { crc32 } from '../../interop/npz.ts';
import { leadsOutside } from '../tar-stream.ts';
import { ImportError } from './import-error.ts';
import { inflate } from './inflate.ts';
import { fillFrom } from './source.ts';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const END_BYTES = 22;
const MOST_COMMENT = 0xffff;
const MOST_ENTRIES = 200_000;
/** Of all entries together. */
const MOST_UNPACKED_BYTES = 2 ** 32;
/** What deflate can save at most, and a little for short entries. */
const MOST_RATIO = 1032;
const ENCRYPTED = 0x0001;

export interface ZipEntry {
  /** With forward slashes; never leads out of the archive. */
  readonly path: string;
  /** Unpacked. */
  readonly size: number;
  /** @throws ImportError BAD_FILE, CUT_OFF, UNPACKS_TO_TOO_MUCH naming archive and entry. */
  bytes(): Promise<Uint8Array>;
}

const bad = (file: string, place: string, reason: string): ImportError =>
  new ImportError('BAD_FILE', file, `${place}: ${reason}`, { place, reason });

/** @throws ImportError UNSAFE_PATH for a name that leads out: `..`, from the root, from a drive, or with a backslash or a NUL. */
export function requireInside(archive: string, path: string): void {
  if (leadsOutside(path)) throw unsafePath(archive, path);
}
export const unsafePath = (archive: string, path: string): ImportError =>
  new ImportError('UNSAFE_PATH', archive, `holds "${path}", which leads out of the archive`, { path });

interface Directory {
  readonly count: number;
  readonly at: number;
  readonly end: number;
}

function findDirectory(file: string, view: DataView): Directory {
  const { byteLength } = view;
  const first = Math.max(0, byteLength - END_BYTES - MOST_COMMENT);
  for (let at = byteLength - END_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) !== END_OF_DIRECTORY || at + END_BYTES + view.getUint16(at + 20, true) !== byteLength)
      continue;
    const [count, size, start] = [
      view.getUint16(at + 10, true),
      view.getUint32(at + 12, true),
      view.getUint32(at + 16, true),
    ];
    if (count === 0xffff || size === 0xffffffff || start === 0xffffffff)
      throw new ImportError('UNSUPPORTED', file, 'is a zip archive of the 64-bit form', { what: 'zip64' });
    if (start + size > at) throw bad(file, `byte ${at}`, 'its directory would lie behind its end');
    return { count, at: start, end: start + size };
  }
  throw bad(file, 'end', 'has no directory: it is cut off, or no zip archive');
}

function entryAt(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  view: DataView,
  at: number,
  end: number,
): { readonly entry: ZipEntry; readonly next: number; readonly compressed: number } {
  if (at + 46 > end || view.getUint32(at, true) !== CENTRAL_HEADER)
    throw bad(file, `byte ${at}`, 'is no entry of a directory');
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [crc, compressed, size] = [
    view.getUint32(at + 16, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 24, true),
  ];
  const [nameLength, extra, comment] = [28, 30, 32].map((x) => view.getUint16(at + x, true)) as [
    number,
    number,
    number,
  ];
  const start = view.getUint32(at + 42, true);
  const next = at + 46 + nameLength + extra + comment;
  if (next > end) throw bad(file, `byte ${at}`, 'is cut off');
  const path = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
  requireInside(file, path);
  if ((flags & ENCRYPTED) !== 0)
    throw new ImportError('UNSUPPORTED', file, `${path} is encrypted`, { what: 'encryption' });
  if (method !== 0 && method !== 8)
    throw new ImportError('UNSUPPORTED', file, `${path} is packed by method ${method}`, { what: `method ${method}` });
  if (start + 30 > bytes.length || view.getUint32(start, true) !== LOCAL_HEADER)
    throw bad(file, path, 'is not where the directory says');
  const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  if (from + compressed > bytes.length) throw bad(file, path, 'is cut off');
  if (method === 0 ? size !== compressed : size > compressed * MOST_RATIO + 1024)
    throw bad(file, path, `claims ${size} bytes, which its ${compressed} packed ones cannot hold`);
  const packed = bytes.subarray(from, from + compressed);
  const entry: ZipEntry = {
    path,
    size,
    async bytes() {
      const unpacked = method === 0 ? packed : await unpack(`${file}/${path}`, packed, size);
      if (crc32(unpacked) !== crc) throw bad(file, path, 'is damaged (its checksum differs)');
      return unpacked;
    },
  };
  return { entry, next, compressed };
}

async function unpack(file: string, packed: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array> {
  const out = new Uint8Array(size);
  const pieces = (async function* () {
    yield packed;
  })();
  await fillFrom(inflate(pieces, 'deflate-raw', file, size), out, file);
  return out;
}

/**
 * What an archive holds, folders left out.
 * @throws ImportError BAD_FILE, UNSUPPORTED, UNSAFE_PATH, TOO_LARGE; nothing is unpacked.
 */
export function readZip(file: string, bytes: Uint8Array<ArrayBuffer>): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, at: start, end } = findDirectory(file, view);
  const entries = new Map<string, ZipEntry>();
  let [at, unpacked, packed] = [start, 0, 0];
  for (let i = 0; i < count; i++) {
    const { entry, next, compressed } = entryAt(file, bytes, view, at, end);
    at = next;
    if (entry.path.endsWith('/')) continue;
    if (entries.has(entry.path)) throw bad(file, entry.path, 'is there twice');
    unpacked += entry.size;
    packed += compressed;
    // Entries that share their bytes unpack to far more than there is.
    if (packed > bytes.length) throw bad(file, entry.path, 'shares its bytes with another entry');
    if (unpacked > MOST_UNPACKED_BYTES)
      throw new ImportError('UNPACKS_TO_TOO_MUCH', file, `unpacks to more than ${MOST_UNPACKED_BYTES} bytes`, {
        limit: MOST_UNPACKED_BYTES,
      });
    if (entries.size === MOST_ENTRIES)
      throw new ImportError('TOO_LARGE', file, `has more than ${MOST_ENTRIES} files`, {
        what: 'files',
        limit: MOST_ENTRIES,
      });
    entries.set(entry.path, entry);
  }
  return [...entries.values()];
}
