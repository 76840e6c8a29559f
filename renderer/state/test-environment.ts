// Time and frames under a test's control.
import type { Environment } from './environment.ts';

export interface TestEnvironment extends Environment {
  /** Draws one frame: runs what asked for it. */
  frame(): void;
  /** Lets time pass and runs the timers that fall due. */
  pass(milliseconds: number): void;
  setDark(dark: boolean): void;
}

export function createTestEnvironment(languages: readonly string[] = ['en']): TestEnvironment {
  let now = 0;
  let seed = 41;
  let dark = false;
  let frames: (() => void)[] = [];
  let timers: { at: number; callback: () => void }[] = [];
  const darkListeners: ((dark: boolean) => void)[] = [];
  return {
    languages,
    prefersDark: {
      get matches() {
        return dark;
      },
      onChange: (listener) => darkListeners.push(listener),
    },
    now: () => now,
    newSeed: () => (seed += 1),
    requestFrame: (callback) => frames.push(callback),
    setTimeout(callback, milliseconds) {
      const timer = { at: now + milliseconds, callback };
      timers.push(timer);
      return {
        cancel: () => {
          timers = timers.filter((x) => x !== timer);
        },
      };
    },
    frame() {
      now += 16;
      const due = frames;
      frames = [];
      for (const callback of due) callback();
    },
    pass(milliseconds) {
      now += milliseconds;
      const due = timers.filter((x) => x.at <= now);
      timers = timers.filter((x) => x.at > now);
      for (const timer of due) timer.callback();
    },
    setDark(next) {
      dark = next;
      for (const listener of darkListeners) listener(next);
    },
  };
}
