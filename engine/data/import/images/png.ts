// PNG pictures as bytes: what the file claims is compared with what it holds before anything is decoded; only the chunks that make the
// picture reach the decoder.
import { decode, convertIndexedToRgb } from 'fast-png';
import { ImportError } from '../import-error.ts';
import { inflate } from '../inflate.ts';
import type { DecodedImage, ImageHeader } from './decode.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Colour types of the format: how many numbers make a pixel. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: ReadonlySet<number> = new Set([1, 2, 4, 8, 16]);
const NEEDED: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND']);
/** Packed data below this cannot become more than the decoder may take. */
const HARMLESS_BYTES = 1 << 16;

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((x, i) => bytes[i] === x);

interface Chunk {
  readonly type: string;
  /** With length, type and checksum. */
  readonly whole: Uint8Array;
  readonly data: Uint8Array;
}

const badImage = (file: string, reason: string): ImportError => new ImportError('BAD_IMAGE', file, reason, { reason });

function chunksOf(file: string, bytes: Uint8Array): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < bytes.length;) {
    if (at + 12 > bytes.length) throw badImage(file, 'is cut off');
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) throw badImage(file, 'is cut off');
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.push({
      type,
      whole: bytes.subarray(at, at + 12 + length),
      data: bytes.subarray(at + 8, at + 8 + length),
    });
    at += 12 + length;
    if (type === 'IEND') break;
  }
  if (chunks[0]?.type !== 'IHDR' || chunks[0].data.length !== 13 || chunks.at(-1)?.type !== 'IEND')
    throw badImage(file, 'is cut off, or no PNG');
  return chunks;
}

interface PngHeader extends ImageHeader {
  /** What its packed data become. */
  readonly rawBytes: number;
  readonly isIndexed: boolean;
}

function headerIn(file: string, { data }: Chunk): PngHeader {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height, depth, type] = [view.getUint32(0), view.getUint32(4), view.getUint8(8), view.getUint8(9)];
  const samples = SAMPLES[type];
  if (samples === undefined || !DEPTHS.has(depth) || width === 0 || height === 0)
    throw badImage(file, 'has a header that makes no picture');
  // With interlacing each of the seven passes has rows of its own.
  const rawBytes = height * (2 + Math.ceil((width * samples * depth) / 8)) + 8 * (height + 8);
  return { width, height, channels: type === 0 || type === 4 ? 1 : 3, rawBytes, isIndexed: type === 3 };
}

/** @throws ImportError BAD_IMAGE. */
export function pngHeader(file: string, bytes: Uint8Array): ImageHeader {
  const [first] = chunksOf(file, bytes);
  const { width, height, channels } = headerIn(file, first as Chunk);
  return { width, height, channels };
}

/** Unpacks for the length alone. @throws ImportError UNPACKS_TO_TOO_MUCH, BAD_IMAGE. */
async function requireLength(file: string, parts: readonly Uint8Array[], rawBytes: number): Promise<void> {
  const pieces = (async function* () {
    yield* parts;
  })();
  const walk = inflate(pieces, 'deflate', file, rawBytes);
  try {
    while (!(await walk.next()).done);
  } catch (error) {
    if (error instanceof ImportError && error.code === 'BAD_FILE') throw badImage(file, 'is damaged');
    throw error;
  }
}

/** Gray or colour, 8 bits; transparency is left out. */
function toBytes({ data, channels, depth }: ReturnType<typeof decode>, wanted: 1 | 3, pixels: number): Uint8Array {
  const out = new Uint8Array(pixels * wanted);
  const shift = depth === 16 ? 8 : 0;
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < wanted; c++) out[i * wanted + c] = (data[i * channels + c] as number) >> shift;
  return out;
}

const STEPS: Readonly<Record<number, number>> = { 1: 255, 2: 85, 4: 17 };

/** Pixels of less than 8 bits lie packed in bytes, each row from a byte of its own. */
function spread(data: ArrayLike<number>, width: number, height: number, depth: 1 | 2 | 4): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = data[y * rowBytes + (bit >> 3)] as number;
      out[y * width + x] = ((byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1)) * (STEPS[depth] ?? 1);
    }
  return out;
}

/** @throws ImportError BAD_IMAGE, UNPACKS_TO_TOO_MUCH. */
export async function decodePng(file: string, bytes: Uint8Array): Promise<DecodedImage> {
  const chunks = chunksOf(file, bytes);
  const { width, height, channels, rawBytes, isIndexed } = headerIn(file, chunks[0] as Chunk);
  const packed = chunks.filter((x) => x.type === 'IDAT');
  const packedBytes = packed.reduce((sum, x) => sum + x.data.length, 0);
  if (packedBytes > HARMLESS_BYTES)
    await requireLength(
      file,
      packed.map((x) => x.data),
      rawBytes,
    );
  const needed = chunks.filter((x) => NEEDED.has(x.type));
  const clean = new Uint8Array(SIGNATURE.length + needed.reduce((sum, x) => sum + x.whole.length, 0));
  clean.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const { whole } of needed) {
    clean.set(whole, at);
    at += whole.length;
  }
  try {
    const png = decode(clean, { checkCrc: true });
    const shape = { width, height, channels } as const;
    if (isIndexed) return { ...shape, pixels: Uint8Array.from(convertIndexedToRgb(png)) };
    const { depth } = png;
    if (depth === 1 || depth === 2 || depth === 4) return { ...shape, pixels: spread(png.data, width, height, depth) };
    return { ...shape, pixels: toBytes(png, channels, width * height) };
  } catch (error) {
    throw badImage(file, `cannot be decoded (${error instanceof Error ? error.message : String(error)})`);
  }
}
