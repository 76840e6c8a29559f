// Exact quantiles by selection: what is needed is put in its place, nothing else is sorted.

/** Puts the k-th smallest at place k, with nothing larger before it and nothing smaller after it, within low … high. */
function select(values: Float64Array, k: number, low: number, high: number): void {
  while (low < high) {
    // The middle one of three, so that ascending values cost no more than others.
    const [a, b, c] = [values[low] as number, values[(low + high) >> 1] as number, values[high] as number];
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let [i, j] = [low, high];
    while (i <= j) {
      while ((values[i] as number) < pivot) i += 1;
      while ((values[j] as number) > pivot) j -= 1;
      if (i > j) break;
      const moved = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = moved;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return;
  }
}

/**
 * Quantiles between the two nearest values in proportion, as torch.quantile and numpy.
 * @param values without NaN; their order is lost.
 * @param shares ascending, 0 … 1.
 * @returns [] without values.
 */
export function quantiles(values: Float64Array, shares: readonly number[]): number[] {
  const last = values.length - 1;
  if (last < 0) return [];
  let from = 0;
  return shares.map((share) => {
    const at = share * last;
    const below = Math.floor(at);
    select(values, below, from, last);
    from = below;
    const low = values[below] as number;
    // + 0: none is -0.
    if (at === below) return low + 0;
    let high = Infinity;
    for (let i = below + 1; i <= last; i++) high = Math.min(high, values[i] as number);
    return low + (high - low) * (at - below);
  });
}
