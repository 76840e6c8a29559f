// Two columns of numbers against each other: a random sample of the rows that have both, every row as likely as any other.
import { Generator } from '../../random/index.ts';
import type { Split } from '../../spec/index.ts';
import type { StoredColumn } from '../stored/stored-data.ts';
import { splitNumber, walk, type Breathe, type DividedTable } from './walk.ts';

/** Points of a sample; more of them are one cloud. */
export const MOST_SAMPLED = 10_000;
/** The same question gets the same points. */
const SEED = 0;

export interface PairSample {
  /** Rows of the asked splits that have both numbers. */
  readonly total: number;
  /** Those that miss one of them. */
  readonly missing: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** u8, 1 + the position in `SPLITS`. */
  readonly splits: Uint8Array;
  /** i32, of a target that is a class; null: it is none. */
  readonly classes: Int32Array | null;
}

export interface Pair {
  /** Places of the columns in the document. */
  readonly across: number;
  readonly up: number;
  /** null: all splits. */
  readonly split: Split | null;
}

function numbersAt({ matched }: DividedTable, at: number): Extract<StoredColumn, { kind: 'number' }> | null {
  const { spec, stored } = matched[at] ?? {};
  const isUsed = spec?.role === 'feature' || spec?.role === 'target';
  return isUsed && stored?.kind === 'number' ? stored : null;
}

/**
 * Samples as one walks by: a row is taken with the chance of what is still wanted among what is still to come.
 * @returns null when the document does not learn from such columns of numbers.
 * @throws what `breathe` throws.
 */
export async function samplePair(table: DividedTable, pair: Pair, breathe: Breathe): Promise<PairSample | null> {
  const [across, up] = [numbersAt(table, pair.across), numbersAt(table, pair.up)];
  if (across === null || up === null) return null;
  const { splitOf, target } = table;
  const only = pair.split === null ? null : splitNumber(pair.split);
  const isAsked = (row: number): boolean => (only === null ? splitOf[row] !== 0 : splitOf[row] === only);
  const isWhole = (row: number): boolean => Number.isFinite(across.values[row]) && Number.isFinite(up.values[row]);
  let [total, missing] = [0, 0];
  await walk(splitOf.length, breathe, (from, to) => {
    for (let row = from; row < to; row++)
      if (isAsked(row)) {
        if (isWhole(row)) total += 1;
        else missing += 1;
      }
  });
  const count = Math.min(total, MOST_SAMPLED);
  const rows = new Int32Array(count);
  const generator = Generator.manualSeed(SEED);
  let [taken, left] = [0, total];
  await walk(splitOf.length, breathe, (from, to) => {
    for (let row = from; row < to && taken < count; row++) {
      if (!isAsked(row) || !isWhole(row)) continue;
      if (generator.uniform53() * left < count - taken) rows[taken++] = row;
      left -= 1;
    }
  });
  const classes = target?.kind === 'category' ? target.values : null;
  return {
    total,
    missing,
    x: Float64Array.from(rows, (row) => across.values[row] as number),
    y: Float64Array.from(rows, (row) => up.values[row] as number),
    splits: Uint8Array.from(rows, (row) => splitOf[row] as number),
    classes: classes && rows.map((row) => classes[row] as number),
  };
}
