// A certificate as it is read: comparisons by group, with what each group shows as a whole.
import type { Certificate } from '../../main/contract/shapes.ts';

export type Comparison = Certificate['comparisons'][number];

export interface ComparisonGroup {
  readonly name: string;
  readonly comparisons: readonly Comparison[];
  /** Numbers that were compared. */
  readonly values: number;
  readonly failed: number;
  /** Comparisons without any difference. */
  readonly equal: number;
}

/** In the order in which the groups come first; those in which something does not hold before the others. */
export function comparisonGroups({ comparisons }: Pick<Certificate, 'comparisons'>): readonly ComparisonGroup[] {
  const groups = new Map<string, Comparison[]>();
  for (const comparison of comparisons) {
    const group = groups.get(comparison.group);
    if (group) group.push(comparison);
    else groups.set(comparison.group, [comparison]);
  }
  const summed = [...groups].map(([name, own]) => ({
    name,
    comparisons: own,
    values: own.reduce((sum, x) => sum + x.values, 0),
    failed: own.filter((x) => !x.passed).length,
    equal: own.filter((x) => x.largest === 0).length,
  }));
  return [...summed.filter((x) => x.failed > 0), ...summed.filter((x) => x.failed === 0)];
}
