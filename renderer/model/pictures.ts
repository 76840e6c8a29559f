// Pictures of a preview with what they are and what a run takes them for.
import type { ImageSample, Shape } from '../../engine/spec/index.ts';
import type { ClassPair } from './confusion.ts';

export interface Picture {
  /** Place in the preview. */
  readonly index: number;
  readonly truth: number;
  /** null: nobody was asked. */
  readonly predicted: number | null;
}

export const isWrong = ({ truth, predicted }: Picture): boolean => predicted !== null && predicted !== truth;

/** @param predicted one class per picture, or null. */
export const picturesOf = ({ labels }: ImageSample, predicted: Int32Array | null): Picture[] =>
  Array.from(labels, (truth, index) => ({ index, truth, predicted: predicted?.[index] ?? null }));

export interface PictureFilter {
  readonly onlyWrong: boolean;
  readonly pair: ClassPair | null;
}

export const filtered = (pictures: readonly Picture[], { onlyWrong, pair }: PictureFilter): readonly Picture[] =>
  pictures.filter(
    (x) => (!onlyWrong || isWrong(x)) && (pair === null || (x.truth === pair.truth && x.predicted === pair.predicted)),
  );

/** One picture as RGBA, row by row; one channel is grey. @param shape [channels, height, width]. */
export function rgbaOf(
  pixels: Uint8Array,
  [channels = 1, height = 1, width = 1]: Shape,
  index: number,
): Uint8ClampedArray<ArrayBuffer> {
  const plane = height * width;
  const start = index * channels * plane;
  const rgba = new Uint8ClampedArray(4 * plane);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = pixels[start + (channels === 3 ? c : 0) * plane + i] ?? 0;
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}
