// How many updates a person wants to see per second, as an allowance that never bursts after a stall.

/** A run that fell behind (held back, paused, slow) catches up at most this much. */
const LARGEST_DEBT_MS = 100;

export interface Pace {
  /** Updates that may be taken now; Infinity at full speed. */
  allowance(now: number): number;
  /** Milliseconds until the next update may be taken. */
  waitMs(now: number): number;
  took(steps: number): void;
  set(stepsPerSecond: number | null, now: number): void;
  /** The next update may be taken at once (after a pause). */
  restart(): void;
}

export function createPace(stepsPerSecond: number | null): Pace {
  let interval = stepsPerSecond === null ? 0 : 1000 / stepsPerSecond;
  /** When the next update is due; null: at once, and time counts from then. */
  let due: number | null = null;

  const settle = (now: number): number => {
    due = Math.max(due ?? now, now - Math.max(interval, LARGEST_DEBT_MS));
    return due;
  };
  return {
    allowance: (now) => (interval === 0 ? Infinity : Math.max(0, Math.floor((now - settle(now)) / interval + 1))),
    waitMs: (now) => (interval === 0 ? 0 : Math.max(0, settle(now) - now)),
    took(steps) {
      if (due !== null) due += steps * interval;
    },
    set(next, now) {
      interval = next === null ? 0 : 1000 / next;
      // A slow pace must not make a faster one wait out the old interval, nor leave a debt.
      if (due !== null) due = Math.max(now, Math.min(due, now + interval));
    },
    restart() {
      due = null;
    },
  };
}
