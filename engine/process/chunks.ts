// How many updates to take before looking up again: few enough to obey quickly, many enough that looking up costs nothing.

/** Aim for one uninterrupted stretch of computing; half of the 20 ms within which a control must act. */
const TARGET_MS = 8;
/** Growth per chunk, so that one lucky measurement (clock resolution, a cheap first step) cannot make a huge chunk. */
const GROWTH = 4;

export interface Chunks {
  /** Updates to take next. */
  readonly size: number;
  measured(steps: number, elapsedMs: number): void;
}

export function createChunks(): Chunks {
  let size = 1;
  return {
    get size() {
      return size;
    },
    measured(steps, elapsedMs) {
      if (steps === 0) return;
      const fitting = elapsedMs > 0 ? Math.floor((TARGET_MS * steps) / elapsedMs) : Infinity;
      size = Math.max(1, Math.min(fitting, size * GROWTH, 1_000_000));
    },
  };
}
