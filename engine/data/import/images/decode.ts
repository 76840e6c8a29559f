// One picture of a folder: its size first, then its pixels, in the size that is wanted.
import { ImportError } from '../import-error.ts';
import { tooLarge } from '../source.ts';
import { decodeJpeg, isJpeg, jpegHeader } from './jpeg.ts';
import { decodePng, isPng, pngHeader } from './png.ts';

export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  /** Gray, or red, green and blue. */
  readonly channels: 1 | 3;
}

export interface DecodedImage extends ImageHeader {
  /** u8 [height, width, channels]. */
  readonly pixels: Uint8Array;
}

const MOST_PIXELS = 4096 * 4096;

/** @throws ImportError BAD_IMAGE, TOO_LARGE. */
export function imageHeader(file: string, bytes: Uint8Array): ImageHeader {
  if (!isPng(bytes) && !isJpeg(bytes))
    throw new ImportError('BAD_IMAGE', file, 'is neither PNG nor JPEG', { reason: 'neither PNG nor JPEG' });
  const header = isPng(bytes) ? pngHeader(file, bytes) : jpegHeader(file, bytes);
  if (header.width * header.height > MOST_PIXELS) throw tooLarge(file, 'pixels', MOST_PIXELS);
  return header;
}

/** @throws ImportError BAD_IMAGE, TOO_LARGE, UNPACKS_TO_TOO_MUCH. */
export async function decodeImage(file: string, bytes: Uint8Array): Promise<DecodedImage> {
  imageHeader(file, bytes);
  return isPng(bytes) ? decodePng(file, bytes) : decodeJpeg(file, bytes);
}

/** Which source pixels an output pixel covers along one side, and how much of each. */
function coverage(from: number, to: number): readonly (readonly (readonly [at: number, weight: number])[])[] {
  const step = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * step, (i + 1) * step];
    const covered: (readonly [number, number])[] = [];
    for (let at = Math.floor(start); at < Math.min(from, Math.ceil(end - 1e-9)); at++)
      covered.push([at, (Math.min(end, at + 1) - Math.max(start, at)) / step]);
    return covered;
  });
}

/** Every new pixel is the mean of the area that it covers. */
export function resizeByArea(image: DecodedImage, height: number, width: number): DecodedImage {
  if (image.height === height && image.width === width) return image;
  const { channels, pixels } = image;
  const [rows, columns] = [coverage(image.height, height), coverage(image.width, width)];
  const out = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const [row, rowWeight] of rows[y] ?? [])
          for (const [column, weight] of columns[x] ?? [])
            sum += rowWeight * weight * (pixels[(row * image.width + column) * channels + c] as number);
        out[(y * width + x) * channels + c] = Math.round(sum);
      }
  return { height, width, channels, pixels: out };
}
