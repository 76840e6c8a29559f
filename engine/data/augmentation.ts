// What is done to the examples of a train batch before the model sees them: the draws, and a plain reference of their effect.
// Kernels are held to the reference; the draws are torch's.
import { randint, randn, uniform, type Generator } from '../random/index.ts';
import { elements, type AugmentationSpec, type Shape } from '../spec/index.ts';

/** One augmentation's draws for one batch of n examples. */
export type AugmentationDraw =
  /** u8 [n], 1 where the picture is mirrored. */
  | { readonly type: 'RandomHorizontalFlip'; readonly flipped: Uint8Array }
  /** Where the crop begins in the padded picture, i32 [n, 2] (top, left), each 0 … 2·padding. */
  | { readonly type: 'RandomCrop'; readonly padding: number; readonly starts: Int32Array }
  /** Standard normals f32 [n, ...example]. */
  | { readonly type: 'GaussianNoise'; readonly std: number; readonly noise: Float32Array };

/**
 * Draws a batch's augmentations in the order of the list:
 * RandomHorizontalFlip: `torch.rand(n) < p`. RandomCrop: `torch.randint(0, 2 * padding + 1, (n, 2))`.
 * GaussianNoise: `torch.randn_like(x)`.
 * @param rows n, the batch's examples.
 * @source golden: draws/flip, draws/crop, draws/noise.
 */
export function drawAugmentation(
  generator: Generator,
  specs: readonly AugmentationSpec[],
  rows: number,
  example: Shape,
): AugmentationDraw[] {
  return specs.map((spec): AugmentationDraw => {
    switch (spec.type) {
      case 'RandomHorizontalFlip': {
        // torch compares in f32.
        const p = Math.fround(spec.p);
        const draws = uniform(generator, new Float32Array(rows));
        return { type: spec.type, flipped: Uint8Array.from(draws, (u) => (u < p ? 1 : 0)) };
      }
      case 'RandomCrop': {
        const { padding } = spec;
        const starts = Int32Array.from(randint(generator, 0, 2 * padding + 1, 2 * rows));
        return { type: spec.type, padding, starts };
      }
      case 'GaussianNoise':
        return { type: spec.type, std: spec.std, noise: randn(generator, rows * elements(example)) };
      default:
        return spec satisfies never;
    }
  });
}

/** Mirrors the rows of the marked pictures. */
function flip(x: Float32Array, flipped: Uint8Array, width: number): Float32Array {
  const size = x.length / flipped.length;
  return x.map((value, i) => {
    if (flipped[Math.floor(i / size)] === 0) return value;
    const column = i % width;
    return x[i - column + (width - 1 - column)] as number;
  });
}

/** Shifts every picture; what comes in from outside is 0 (after normalization, so the mean colour, as in F.pad). */
function crop(x: Float32Array, starts: Int32Array, padding: number, height: number, width: number): Float32Array {
  const size = (2 * x.length) / starts.length;
  return x.map((_, i) => {
    const picture = Math.floor(i / size);
    const [column, row] = [i % width, Math.floor(i / width) % height];
    const fromRow = row + (starts[2 * picture] as number) - padding;
    const fromColumn = column + (starts[2 * picture + 1] as number) - padding;
    if (fromRow < 0 || fromRow >= height || fromColumn < 0 || fromColumn >= width) return 0;
    return x[i + (fromRow - row) * width + (fromColumn - column)] as number;
  });
}

/** `x + std * noise`, each operation rounded to f32. */
function addNoise(x: Float32Array, noise: Float32Array, std: number): Float32Array {
  const std32 = Math.fround(std);
  return x.map((value, i) => value + Math.fround(std32 * (noise[i] as number)));
}

/**
 * The batch after its augmentations, one after another.
 * @param x f32 [n, ...example], normalized.
 * @param example [channels, height, width], or any shape when there is only noise.
 */
export function augment(x: Float32Array, draws: readonly AugmentationDraw[], example: Shape): Float32Array {
  const [height, width] = [example.at(-2) ?? 1, example.at(-1) ?? 1];
  return draws.reduce((batch, draw) => {
    switch (draw.type) {
      case 'RandomHorizontalFlip':
        return flip(batch, draw.flipped, width);
      case 'RandomCrop':
        return crop(batch, draw.starts, draw.padding, height, width);
      case 'GaussianNoise':
        return addNoise(batch, draw.noise, draw.std);
      default:
        return draw satisfies never;
    }
  }, x);
}
