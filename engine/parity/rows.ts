// One line of the certificate: what was compared, the largest difference, what it belongs to, and the bound that it is held to.
import type { Tally } from './difference.ts';

export interface ParityRow {
  readonly group: string;
  readonly name: string;
  /** Numbers that were compared. */
  readonly values: number;
  readonly largest: number;
  readonly tolerance: number;
  readonly unit: 'relative' | 'absolute' | 'ulp';
  readonly passed: boolean;
  /** What the largest difference belongs to; empty when there is none. */
  readonly where: string;
  /** What must be known to read the row; empty when nothing. */
  readonly note: string;
}

/** What a comparison found: its rows, and what could not be compared, in words. */
export interface ParityFindings {
  readonly rows: readonly ParityRow[];
  readonly remarks: readonly string[];
}

/** Nothing compared is nothing proven. A certificate travels as JSON, which knows no infinity. */
export function tallyRow(
  group: string,
  name: string,
  { comparisons, largest, where }: Tally,
  bound: { readonly tolerance: number; readonly unit?: ParityRow['unit']; readonly note?: string },
): ParityRow {
  const { tolerance, unit = 'relative', note = '' } = bound;
  const finite = Math.min(largest, Number.MAX_VALUE);
  return {
    group,
    name,
    values: comparisons,
    largest: finite,
    tolerance,
    unit,
    passed: comparisons > 0 && finite <= tolerance,
    where,
    note,
  };
}

/** Of things that are equal or not: how many are not. */
export const unequalRow = (group: string, name: string, values: number, wrong: readonly string[]): ParityRow =>
  tallyRow(
    group,
    name,
    { comparisons: values, largest: wrong.length, where: wrong[0] ?? '' },
    { tolerance: 0, unit: 'absolute' },
  );

/** Several tallies as one. */
export function together(...tallies: readonly Tally[]): Tally {
  const worst = tallies.reduce((most, x) => (x.largest > most.largest ? x : most), {
    comparisons: 0,
    largest: 0,
    where: '',
  });
  return { ...worst, comparisons: tallies.reduce((sum, x) => sum + x.comparisons, 0) };
}
