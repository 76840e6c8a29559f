// JPEG pictures as bytes, gray or colour; sizes are read from the header before anything is decoded.
import { decode } from 'jpeg-js';
import { ImportError } from '../import-error.ts';
import type { DecodedImage, ImageHeader } from './decode.ts';

const MOST_MEMORY_MB = 512;

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

const badImage = (file: string, reason: string): ImportError => new ImportError('BAD_IMAGE', file, reason, { reason });

/** Markers that begin a frame; C4, C8 and CC stand for something else. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** @throws ImportError BAD_IMAGE. */
export function jpegHeader(file: string, bytes: Uint8Array): ImageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrame(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      if (height === 0 || width === 0) break;
      return { width, height, channels: bytes[at + 9] === 1 ? 1 : 3 };
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw badImage(file, 'is cut off, or no JPEG');
}

/** @throws ImportError BAD_IMAGE. */
export function decodeJpeg(file: string, bytes: Uint8Array): DecodedImage {
  const { width, height, channels } = jpegHeader(file, bytes);
  try {
    const { data } = decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxMemoryUsageInMB: MOST_MEMORY_MB,
    });
    const pixels = new Uint8Array(width * height * channels);
    if (data.length !== width * height * 3) throw new Error('it has another size than it says');
    if (channels === 3) pixels.set(data);
    else for (let i = 0; i < pixels.length; i++) pixels[i] = data[3 * i] as number;
    return { width, height, channels, pixels };
  } catch (error) {
    throw badImage(file, `cannot be decoded (${error instanceof Error ? error.message : String(error)})`);
  }
}
