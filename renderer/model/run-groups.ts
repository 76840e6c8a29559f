// Earlier runs as people think of them: one entry per press of Run, newest first.
import type { RunSummary } from '../../main/contract/shapes.ts';

/** What grouping looks at; none of it ever changes during a run's life. */
export interface GroupedRun {
  readonly id: string;
  readonly experimentId: string;
  /** Shared by the runs of one press. */
  readonly pressId: string;
  readonly number: number;
  readonly variant: string;
  readonly seed: number;
  readonly createdAt: number;
}

export interface RunGroup<R extends GroupedRun> {
  /** Id of its first run. */
  readonly id: string;
  readonly createdAt: number;
  readonly seed: number;
  readonly runs: readonly R[];
}

/**
 * @param runs any order.
 * @returns newest group first, runs inside a group by number.
 */
export function groupRuns<R extends GroupedRun>(runs: readonly R[]): RunGroup<R>[] {
  const groups = new Map<string, R[]>();
  for (const run of [...runs].sort((a, b) => a.number - b.number)) {
    const group = groups.get(run.pressId);
    if (group) group.push(run);
    else groups.set(run.pressId, [run]);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      return first ? [{ id: first.id, createdAt: first.createdAt, seed: first.seed, runs: group }] : [];
    })
    .reverse();
}

/** Position of the run's variant in its own frozen experiment; that is what its colour follows. */
export function variantIndex(run: Pick<RunSummary, 'variant' | 'experiment'>): number {
  return Math.max(
    0,
    run.experiment.variants.findIndex((x) => x.name === run.variant),
  );
}
