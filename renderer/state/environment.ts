// What the state classes need from the window, passed in so that tests can drive time and frames.

export interface Environment {
  /** The reader's languages, best first. */
  readonly languages: readonly string[];
  /** Whether the system asks for a dark appearance, and when that changes. */
  readonly prefersDark: { readonly matches: boolean; onChange(listener: (dark: boolean) => void): void };
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** A seed that was not asked for before, 0 … 999,999: short enough to read out. */
  newSeed(): number;
  /** Calls back before the next picture is drawn. */
  requestFrame(callback: () => void): void;
  setTimeout(callback: () => void, milliseconds: number): { cancel(): void };
}

export function windowEnvironment(target: Window): Environment {
  const dark = target.matchMedia('(prefers-color-scheme: dark)');
  return {
    languages: target.navigator.languages,
    prefersDark: {
      get matches() {
        return dark.matches;
      },
      onChange(listener) {
        dark.addEventListener('change', (event) => {
          listener(event.matches);
        });
      },
    },
    now: () => target.performance.now(),
    newSeed: () => (target.crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 1_000_000,
    requestFrame: (callback) => {
      // A hidden window draws no frames; the record must still be kept up, if more slowly.
      if (target.document.hidden) target.setTimeout(callback, 250);
      else target.requestAnimationFrame(callback);
    },
    setTimeout: (callback, milliseconds) => {
      const id = target.setTimeout(callback, milliseconds);
      return {
        cancel: () => {
          target.clearTimeout(id);
        },
      };
    },
  };
}
