// Thins long curves to what a screen can show, so that drawing costs pixels and not steps, without losing a spike.

/** The part of a series that decimation reads; `length` is the filled part of both arrays, steps ascend. */
export interface SeriesData {
  readonly steps: Int32Array;
  readonly values: Float64Array;
  readonly length: number;
}

/** Reused between frames: `x` and `y` are valid up to `length`; y = NaN is a gap. */
export interface ThinnedLine {
  x: Float64Array;
  y: Float64Array;
  length: number;
}

export const emptyLine = (): ThinnedLine => ({ x: new Float64Array(0), y: new Float64Array(0), length: 0 });

/** First index in 0…length whose step is ≥ `step`. */
export function lowerBound(steps: Int32Array, length: number, step: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] as number) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

function reserve(line: ThinnedLine, capacity: number): void {
  if (line.x.length >= capacity) return;
  line.x = new Float64Array(capacity);
  line.y = new Float64Array(capacity);
}

/** Appends a point; neighbouring gaps become one. */
function push(line: ThinnedLine, x: number, y: number): void {
  const n = line.length;
  if (Number.isNaN(y) && n > 0 && Number.isNaN(line.y[n - 1])) return;
  line.x[n] = x;
  line.y[n] = y;
  line.length = n + 1;
}

const finiteOrGap = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);

/**
 * Thins the visible part of a series to at most two points per pixel column, the smallest and the largest value in the
 * order in which they occur (plus one gap mark in a column that has NaN or infinite values). Short parts are copied.
 * One neighbour beyond each edge is kept, so that lines run on to the border.
 * @param low first visible step; @param high last visible step, > low.
 * @param columns width of the plot in pixels, ≥ 1.
 * @param out overwritten; its arrays grow when needed and are reused otherwise.
 */
export function thinLine(series: SeriesData, low: number, high: number, columns: number, out: ThinnedLine): void {
  const { steps, values, length } = series;
  const first = Math.max(0, lowerBound(steps, length, low) - 1);
  const end = Math.min(length, lowerBound(steps, length, Math.floor(high) + 1) + 1);
  out.length = 0;
  const count = end - first;
  if (count <= 0) return;
  const width = Math.max(1, Math.floor(columns));
  if (count <= 2 * width) {
    reserve(out, count);
    for (let i = first; i < end; i++) push(out, steps[i] as number, finiteOrGap(values[i] as number));
    return;
  }
  // Columns 0…width-1 lie inside; one more on each side takes the neighbours.
  reserve(out, 3 * (width + 2));
  const perStep = width / (high - low);
  let column = Number.NEGATIVE_INFINITY;
  let smallest = -1;
  let largest = -1;
  let gap = -1;
  const flush = (): void => {
    if (smallest >= 0) {
      const [a, b] = smallest <= largest ? [smallest, largest] : [largest, smallest];
      push(out, steps[a] as number, values[a] as number);
      if (b !== a) push(out, steps[b] as number, values[b] as number);
    }
    if (gap >= 0) push(out, steps[gap] as number, Number.NaN);
    smallest = largest = gap = -1;
  };
  for (let i = first; i < end; i++) {
    const at = Math.min(width, Math.max(-1, Math.floor(((steps[i] as number) - low) * perStep)));
    if (at !== column) {
      flush();
      column = at;
    }
    const value = values[i] as number;
    if (!Number.isFinite(value)) gap = i;
    else if (smallest < 0) smallest = largest = i;
    else if (value < (values[smallest] as number)) smallest = i;
    else if (value > (values[largest] as number)) largest = i;
  }
  flush();
}
