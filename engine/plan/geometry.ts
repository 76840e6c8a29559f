// How examples lie in the arena: blocks of examples side by side, and chunks of blocks that pass through the network together.
import type { LayerShape, ModelSpec } from '../spec/index.ts';

/** Rounds up to whole vectors of four floats. */
export const padded = (count: number): number => Math.ceil(count / 4) * 4;

/**
 * Floats from one example's row to the next where rows of all examples are read together: never a multiple of 512 bytes, because
 * the lines of such rows would share few places of the first-level cache.
 */
export const spread = (count: number): number => (padded(count) % 128 === 0 ? padded(count) + 16 : padded(count));

export interface Geometry {
  /** Examples of a block, innermost in every activation; a multiple of 4. */
  readonly stride: number;
  /** Blocks of a chunk at most. */
  readonly blocks: number;
  /** Every column of a block is computed, also beyond the last example: sums may run over whole blocks. */
  readonly whole: boolean;
}

/** Examples of a block in nets of vectors: their activations stay in the cache, and several chunks are cut where torch's sums over the batch have their seams. */
const VECTOR_STRIDE = 48;
/** Examples of a block in nets of images: two vectors, which is what the convolution's tiles take. */
const IMAGE_STRIDE = 8;
/** Examples that images pass through the network together at most, so that activations do not outgrow the caches. */
const IMAGE_CHUNK = 128;

export const hasImages = (shapes: readonly LayerShape[]): boolean => shapes.some((x) => x.input.length === 3);

/** Layers that need every example of a batch at once. */
const crossesExamples = (model: ModelSpec): boolean => model.layers.some((x) => x.type.startsWith('BatchNorm'));

/**
 * @param batch examples that are computed together at most.
 * @param training false: layers that cross examples use their running statistics.
 */
export function chooseGeometry(
  model: ModelSpec,
  shapes: readonly LayerShape[],
  batch: number,
  training: boolean,
): Geometry {
  const images = hasImages(shapes);
  const stride = images ? (batch <= 4 ? 4 : IMAGE_STRIDE) : Math.min(VECTOR_STRIDE, padded(batch));
  const blocks = Math.ceil(batch / stride);
  const most = images ? IMAGE_CHUNK / stride : 1;
  return { stride, blocks: training && crossesExamples(model) ? blocks : Math.min(blocks, most), whole: images };
}
