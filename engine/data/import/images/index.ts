// Pictures in folders that are named after their classes, as files or in a zip archive: cat/1.png, dog/2.jpg; train/cat/1.png and
// test/cat/2.png when they are divided already.
import { allocatePictures } from '../../stored/container.ts';
import { splitNamed } from '../../stored/split-rows.ts';
import type { StoredPictures } from '../../stored/stored-data.ts';
import { ImportError } from '../import-error.ts';
import { readWhole, tooLarge, type ImportSource, type ReadOptions } from '../source.ts';
import { readZip, requireInside } from '../zip.ts';
import { decodeImage, imageHeader, resizeByArea, type DecodedImage, type ImageHeader } from './decode.ts';

const MOST_IMAGE_BYTES = 1 << 26;
const MOST_ZIP_BYTES = 2 ** 31;
const MOST_PIXEL_BYTES = 2 ** 32;
const IS_IMAGE = /\.(png|jpe?g)$/i;

export interface ImageFolderOptions extends ReadOptions {
  /** [height, width] that every picture is brought to by the mean of areas; left out: all must have one size. */
  readonly resize?: readonly [height: number, width: number];
}

export interface ImageFolderInspection {
  readonly classes: readonly { readonly name: string; readonly pictures: number }[];
  /** Pictures in a folder called test. */
  readonly testPictures: number;
  /** [channels, height, width] of the first picture. */
  readonly shape: readonly [number, number, number];
  /** The first picture of another size; null: none among those looked at. */
  readonly differs: { readonly file: string; readonly width: number; readonly height: number } | null;
}

/** Headers that a quick look reads. */
const LOOKED_AT = 200;

interface Picture {
  readonly path: string;
  readonly className: string;
  readonly isTest: boolean;
  bytes(): Promise<Uint8Array>;
}

interface Folder {
  readonly name: string;
  /** By class, then by name: the same order wherever the files lie. */
  readonly pictures: readonly Picture[];
  readonly classes: readonly string[];
}

/** The last folder is the class; one called train or test above it divides. @returns null for what is no picture. */
function placed(archive: string, path: string): Pick<Picture, 'path' | 'className' | 'isTest'> | null {
  requireInside(archive, path);
  const parts = path.split('/');
  const file = parts.at(-1) ?? '';
  // What systems leave beside pictures.
  if (!IS_IMAGE.test(file) || file.startsWith('.') || parts[0] === '__MACOSX') return null;
  const className = parts.at(-2);
  if (className === undefined)
    throw new ImportError('BAD_FILE', path, 'lies in no folder: the folder names the class', {
      place: path,
      reason: 'no folder names its class',
    });
  return { path, className, isTest: parts.slice(0, -2).some((x) => splitNamed(x) === 'test') };
}

async function openFolder(sources: readonly ImportSource[], options: ReadOptions): Promise<Folder> {
  const [first, ...others] = sources;
  const isZip = first !== undefined && others.length === 0 && /\.zip$/i.test(first.name);
  const name = isZip ? first.name : 'folder';
  const files: readonly { readonly path: string; readonly size: number; bytes(): Promise<Uint8Array> }[] = isZip
    ? readZip(name, await readWhole(first, options, MOST_ZIP_BYTES))
    : sources.map((source) => ({
        path: source.name,
        size: source.size,
        bytes: () => readWhole(source, { signal: options.signal }, MOST_IMAGE_BYTES),
      }));
  const pictures = files.flatMap(({ path, size, bytes }): Picture[] => {
    const place = placed(name, path);
    if (place && size > MOST_IMAGE_BYTES) throw tooLarge(path, 'bytes', MOST_IMAGE_BYTES);
    return place ? [{ ...place, bytes }] : [];
  });
  if (pictures.length === 0) throw new ImportError('NO_DATA', name, 'holds no PNG or JPEG pictures');
  const byPath = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  pictures.sort((a, b) => byPath(a.className, b.className) || byPath(a.path, b.path));
  const classes = [...new Set(pictures.map((x) => x.className))];
  if (classes.length < 2)
    throw new ImportError(
      'BAD_FILE',
      name,
      `has one class only ("${classes[0] ?? ''}"): each class has a folder of its own`,
      {
        place: classes[0] ?? '',
        reason: 'one class only',
      },
    );
  return { name, pictures, classes };
}

const sizeText = ({ width, height }: Pick<ImageHeader, 'width' | 'height'>): string => `${width} × ${height}`;

/**
 * Looks at names, and at the headers of the first pictures of the folder's order.
 * @throws ImportError naming the file.
 */
export async function inspectImages(
  sources: readonly ImportSource[],
  options: ReadOptions = {},
): Promise<ImageFolderInspection> {
  const { pictures, classes } = await openFolder(sources, options);
  const step = Math.max(1, Math.floor(pictures.length / LOOKED_AT));
  let [first, differs, channels]: [ImageHeader | null, ImageFolderInspection['differs'], 1 | 3] = [null, null, 1];
  for (let i = 0; i < pictures.length; i += step) {
    options.signal?.throwIfAborted();
    const picture = pictures[i] as Picture;
    const header = imageHeader(picture.path, await picture.bytes());
    first ??= header;
    if (header.channels === 3) channels = 3;
    const { width, height } = header;
    if (differs === null && (width !== first.width || height !== first.height))
      differs = { file: picture.path, width, height };
  }
  return {
    classes: classes.map((name) => ({ name, pictures: pictures.filter((x) => x.className === name).length })),
    testPictures: pictures.filter((x) => x.isTest).length,
    shape: [channels, first?.height ?? 1, first?.width ?? 1],
    differs,
  };
}

/** One size and number of channels for all. @throws ImportError SIZE_DIFFERS naming the first that differs. */
async function shapeOf(
  { pictures }: Folder,
  { resize, signal }: ImageFolderOptions,
): Promise<readonly [1 | 3, number, number]> {
  let [first, channels]: [ImageHeader | null, 1 | 3] = [null, 1];
  for (const picture of pictures) {
    signal?.throwIfAborted();
    const header = imageHeader(picture.path, await picture.bytes());
    first ??= header;
    if (header.channels === 3) channels = 3;
    if (resize === undefined && sizeText(header) !== sizeText(first))
      throw new ImportError(
        'SIZE_DIFFERS',
        picture.path,
        `is ${sizeText(header)}, but ${pictures[0]?.path ?? ''} is ${sizeText(first)}: choose a size for all`,
        { expected: sizeText(first), received: sizeText(header) },
      );
  }
  return [channels, ...(resize ?? [first?.height ?? 1, first?.width ?? 1])];
}

/** [height, width, channels] into [channels, height, width]; gray becomes three equal channels where others have colour. */
function write({ pixels, channels }: DecodedImage, into: Uint8Array, wanted: 1 | 3): void {
  const plane = into.length / wanted;
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < wanted; c++) into[c * plane + i] = pixels[i * channels + (channels === 1 ? 0 : c)] as number;
}

/**
 * Reads all pictures. Every file is read twice: first for sizes, so that nothing is decoded in vain. Memory: the pictures once (and the
 * archive).
 * @throws ImportError naming the file.
 */
export async function readImages(
  sources: readonly ImportSource[],
  options: ImageFolderOptions = {},
): Promise<StoredPictures> {
  const folder = await openFolder(sources, { signal: options.signal });
  const shape = await shapeOf(folder, options);
  const [channels, height, width] = shape;
  const { pictures, classes, name } = folder;
  const size = channels * height * width;
  if (pictures.length * size > MOST_PIXEL_BYTES) throw tooLarge(name, 'bytes of pixels', MOST_PIXEL_BYTES);
  const data = allocatePictures(
    { rows: pictures.length, shape, classes },
    pictures.some((x) => x.isTest),
  );
  const places = new Map(classes.map((x, i) => [x, i]));
  let done = 0;
  for (const [row, picture] of pictures.entries()) {
    options.signal?.throwIfAborted();
    const bytes = await picture.bytes();
    const image = await decodeImage(picture.path, bytes);
    write(resizeByArea(image, height, width), data.pixels.subarray(row * size, (row + 1) * size), channels);
    data.labels[row] = places.get(picture.className) ?? 0;
    if (picture.isTest && data.parts) data.parts[row] = 1;
    done += bytes.length;
    options.onProgress?.(done);
  }
  return data;
}
