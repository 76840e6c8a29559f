// How a byte of a picture becomes a number of the input.

/** Values of a byte. */
const LEVELS = 256;

/**
 * What each pixel value becomes in each channel: torchvision's ToTensor and Normalize, (v / 255 - mean) / std with every
 * operation rounded to f32.
 * @param mean one number per channel; `std` likewise, each > 0.
 * @returns f32 [channels, 256].
 * @source golden: draws/pixel_table.
 */
export function pixelTable(mean: readonly number[], std: readonly number[]): Float32Array {
  const table = new Float32Array(mean.length * LEVELS);
  for (const [channel, value] of mean.entries()) {
    const [mean32, std32] = [Math.fround(value), Math.fround(std[channel] as number)];
    for (let level = 0; level < LEVELS; level++)
      table[channel * LEVELS + level] = Math.fround(Math.fround(level / 255) - mean32) / std32;
  }
  return table;
}

/**
 * Pixels as the model sees them.
 * @param pixels u8 [rows, channels, ...], `table` as `pixelTable` makes it.
 * @returns f32 of the same shape.
 */
export function normalized(pixels: Uint8Array, table: Float32Array, rows: number): Float32Array {
  const channels = table.length / LEVELS;
  const plane = pixels.length / rows / channels;
  return Float32Array.from(pixels, (level, i) => table[(Math.floor(i / plane) % channels) * LEVELS + level] as number);
}
