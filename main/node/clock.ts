// The services' clock port over the system's.
import type { Clock } from '../services/ports.ts';

/** Unix milliseconds. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(callback, milliseconds) {
    const timer = setTimeout(callback, milliseconds);
    return { cancel: () => clearTimeout(timer) };
  },
};
