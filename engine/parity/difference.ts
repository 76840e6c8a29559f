// The measures of agreement of NUMERICS.md, and the largest difference seen so far under one of them.

const view = new DataView(new ArrayBuffer(4));

/** Position of a float32 on the number line in units in the last place; both zeros are 0. */
function ulpPosition(value: number): number {
  view.setFloat32(0, value);
  const bits = view.getInt32(0);
  return bits < 0 ? -(bits & 0x7fffffff) : bits;
}

/** Float32 steps between two values. */
export const ulpDistance = (a: number, b: number): number => Math.abs(ulpPosition(a) - ulpPosition(b));

/** |a-b| / (|b| + 1e-6·scale); `scale` is the largest |b| of the compared tensor. NaN counts as infinitely far. */
export function relativeDifference(a: number, b: number, scale: number): number {
  if (a === b) return 0;
  const difference = Math.abs(a - b) / (Math.abs(b) + 1e-6 * scale);
  return Number.isNaN(difference) ? Infinity : difference;
}

/** |difference| / size; 0 for no difference, infinite when there is no number. */
export function share(difference: number, size: number): number {
  if (difference === 0) return 0;
  const result = Math.abs(difference) / size;
  return Number.isNaN(result) ? Infinity : result;
}

export interface Tally {
  readonly comparisons: number;
  readonly largest: number;
  /** What the largest difference belongs to. */
  readonly where: string;
}

/** Collects differences of one group of comparisons. */
export class DifferenceTally {
  #comparisons = 0;
  #largest = 0;
  #where = '';

  add(difference: number, where: string): void {
    this.#comparisons += 1;
    if (!(difference > this.#largest)) return;
    this.#largest = difference;
    this.#where = where;
  }

  get result(): Tally {
    return { comparisons: this.#comparisons, largest: this.#largest, where: this.#where };
  }
}
