// What the three poolings share: walking over the windows of every channel of every picture.
import { type Tensor } from '../values.ts';

/** Rows or columns of the input that one output looks at: first, one past the last, and the step between them. */
export interface Reach {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/**
 * Calls `place` for every output: its position, the positions of the inputs it looks at (row by row), and where its
 * window lies.
 */
export function forEachPlace(
  input: Tensor,
  output: Tensor,
  reach: (axis: 0 | 1, index: number) => Reach,
  place: (y: number, inputs: readonly number[], rows: Reach, columns: Reach) => void,
): void {
  const [batch = 0, channels = 0, height = 0, width = 0] = input.shape;
  const [, , outHeight = 0, outWidth = 0] = output.shape;
  for (let plane = 0; plane < batch * channels; plane++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++) {
        const [rows, columns] = [reach(0, oy), reach(1, ox)];
        const inputs: number[] = [];
        for (let iy = rows.from; iy < rows.to; iy += rows.step)
          for (let ix = columns.from; ix < columns.to; ix += columns.step)
            inputs.push((plane * height + iy) * width + ix);
        place((plane * outHeight + oy) * outWidth + ox, inputs, rows, columns);
      }
}
