// Mean and deviation of each channel of stored pictures, from whole numbers: exact whatever the order.
import type { Normalization } from '../data-set.ts';
import type { StoredPictures } from './stored-data.ts';

const LEVELS = 256;

/** How often each level is there in one channel of some rows. */
function histogram({ pixels, shape }: StoredPictures, channel: number, rows: Int32Array): Float64Array {
  const counts = new Float64Array(LEVELS);
  const plane = shape[1] * shape[2];
  for (const row of rows) {
    const start = (row * shape[0] + channel) * plane;
    for (let i = start; i < start + plane; i++) {
      const level = pixels[i] as number;
      counts[level] = (counts[level] as number) + 1;
    }
  }
  return counts;
}

/** Of pixels / 255 over some rows; a channel of one colour keeps its scale. */
export function channelScales(data: StoredPictures, rows: Int32Array): Normalization {
  const scales = Array.from({ length: data.shape[0] }, (_, channel) => {
    const counts = histogram(data, channel, rows);
    const total = counts.reduce((sum, x) => sum + x, 0);
    const mean = counts.reduce((sum, count, level) => sum + count * level, 0) / total;
    const variance = counts.reduce((sum, count, level) => sum + count * (level - mean) ** 2, 0) / total;
    return { mean: mean / 255, std: variance > 0 ? Math.sqrt(variance) / 255 : 1 };
  });
  return { mean: scales.map((x) => x.mean), std: scales.map((x) => x.std) };
}
