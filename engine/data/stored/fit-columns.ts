// What is learnt from the train rows before any training: what fills gaps, and the mean and deviation that numbers are scaled by.
import type { DatasetColumnSpec, DatasetSpec } from '../../spec/index.ts';
import { badDataset, type MatchedColumn } from './matching.ts';
import type { StoredColumn } from './stored-data.ts';

/** (value - mean) / std. */
export interface Scale {
  readonly mean: number;
  readonly std: number;
}

export interface FittedColumn extends MatchedColumn {
  /** Stands where a value is missing; NaN (-1 for categories) when nothing may be missing. */
  readonly fill: number;
  /** null: as it is. */
  readonly scale: Scale | null;
}

/** As scikit-learn: the mean of the two in the middle when their number is even. */
function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** The smallest of the most frequent ones. */
function mostFrequent(values: Float64Array): number {
  const sorted = values.slice().sort();
  let [best, bestCount, count] = [NaN, 0, 0];
  for (const [i, value] of sorted.entries()) {
    count = i > 0 && value === sorted[i - 1] ? count + 1 : 1;
    if (count > bestCount) [best, bestCount] = [value, count];
  }
  return best;
}

const meanOf = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / values.length;

// One loop for each kind of array: in a shared one, every access asks again which kind it is.

function presentNumbers(values: Float64Array, rows: Int32Array): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i] as number] as number;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return present.subarray(0, count);
}

function presentCategories(values: Int32Array, rows: Int32Array): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i] as number] as number;
    if (value >= 0) present[count++] = value;
  }
  return present.subarray(0, count);
}

const presentIn = (stored: StoredColumn, rows: Int32Array): Float64Array =>
  stored.kind === 'number' ? presentNumbers(stored.values, rows) : presentCategories(stored.values, rows);

const FILLS: Readonly<Record<Exclude<DatasetColumnSpec['missing'], 'drop'>, (values: Float64Array) => number>> = {
  mean: meanOf,
  median: medianOf,
  most_frequent: mostFrequent,
};

/** Mean and population deviation, as scikit-learn's StandardScaler; a column that never changes keeps its scale. */
export function scaleOf(values: Float64Array): Scale {
  const mean = meanOf(values);
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return { mean, std: variance > 0 ? Math.sqrt(variance) : 1 };
}

/**
 * Fits what a feature or target column needs.
 * @param train rows of the file.
 * @throws EngineError BAD_DATA_FILE naming a column in which every train row is empty.
 */
export function fitColumn(dataset: DatasetSpec, { spec, stored }: MatchedColumn, train: Int32Array): FittedColumn {
  const none = stored.kind === 'category' ? -1 : NaN;
  const isScaled =
    stored.kind === 'number' && (spec.role === 'target' ? dataset.standardize_target : dataset.standardize);
  const canMiss = spec.role === 'feature' && spec.missing !== 'drop';
  if (!canMiss && !isScaled) return { spec, stored, fill: none, scale: null };
  const present = presentIn(stored, train);
  if (present.length === 0)
    throw badDataset(dataset, 'NO_VALUE', `has no value in column "${spec.name}" in any train row`, {
      column: spec.name,
    });
  const fill = canMiss && spec.missing !== 'drop' ? FILLS[spec.missing](present) : none;
  if (!isScaled) return { spec, stored, fill, scale: null };
  const filled = new Float64Array(canMiss ? train.length : present.length).fill(fill);
  filled.set(present);
  return { spec, stored, fill, scale: scaleOf(filled) };
}
