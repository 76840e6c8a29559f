// What every comparison is given, what it is held to, and what it is.
import type { ThreadLauncher } from '../train/index.ts';
import type { Fixture } from './fixture.ts';
import type { ParityFindings } from './rows.ts';

/** Single operations, elements that are no sums (NUMERICS); sums, in Σ|terms|. */
export const BOUNDS = { elements: 1e-5, sums: 1e-6, schedules: 1e-12, updates: 1e-5, curve: 1e-4, end: 0.05 } as const;
/** Updates over which the loss curve of a whole run is held. */
export const CURVE_STEPS = 100;
/** Threads that the engine is run with; its numbers are the same for each. */
export const THREADS = [1, 2] as const;

export interface ParityTask {
  /** Group of its rows. */
  readonly title: string;
  run(): Promise<ParityFindings>;
}

/** Where a comparison gets everything from that is not computed. */
export interface ParitySource {
  /** What `<name>.json` holds. */
  read<Case>(name: string): Fixture<Case>;
  /** A bundled example's document. */
  example(name: string): object;
  /** For the engine on more than one thread. */
  readonly launcher: ThreadLauncher;
}
