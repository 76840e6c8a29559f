// Counts of true against predicted classes, as a table with its sums.

export interface ConfusionTable {
  /** [true class][predicted class]. */
  readonly counts: readonly (readonly number[])[];
  /** Examples of each true class. */
  readonly rowTotals: readonly number[];
  /** How often each class was predicted. */
  readonly columnTotals: readonly number[];
  readonly total: number;
  readonly right: number;
}

/** A true and a predicted class. */
export interface ClassPair {
  readonly truth: number;
  readonly predicted: number;
}

const sum = (values: readonly number[]): number => values.reduce((all, x) => all + x, 0);

/** @param counts row-major, [classes][classes]. */
export function confusionTable(counts: Int32Array): ConfusionTable {
  const classes = Math.round(Math.sqrt(counts.length));
  const each = Array.from({ length: classes }, (_, i) => i);
  const rows = each.map((truth) => [...counts.subarray(truth * classes, (truth + 1) * classes)]);
  const rowTotals = rows.map(sum);
  return {
    counts: rows,
    rowTotals,
    columnTotals: each.map((predicted) => sum(rows.map((row) => row[predicted] ?? 0))),
    total: sum(rowTotals),
    right: sum(each.map((i) => rows[i]?.[i] ?? 0)),
  };
}

/** How strongly a cell is tinted, 0 … 1: its share of the true class. Rare mistakes must still be seen, hence the root. */
export function tint(table: ConfusionTable, { truth, predicted }: ClassPair): number {
  const total = table.rowTotals[truth] ?? 0;
  return total === 0 ? 0 : Math.sqrt((table.counts[truth]?.[predicted] ?? 0) / total);
}

/** The cell that an arrow key, Home or End leads to; null for other keys. */
export function neighbour({ truth, predicted }: ClassPair, key: string, classes: number): ClassPair | null {
  const within = (x: number): number => Math.min(classes - 1, Math.max(0, x));
  switch (key) {
    case 'ArrowUp':
      return { truth: within(truth - 1), predicted };
    case 'ArrowDown':
      return { truth: within(truth + 1), predicted };
    case 'ArrowLeft':
      return { truth, predicted: within(predicted - 1) };
    case 'ArrowRight':
      return { truth, predicted: within(predicted + 1) };
    case 'Home':
      return { truth, predicted: 0 };
    case 'End':
      return { truth, predicted: classes - 1 };
    default:
      return null;
  }
}
