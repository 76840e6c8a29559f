// A page without pixels and sizes, as jsdom has it: what the views of data ask for there is nothing, but no error.
import { afterEach, beforeEach, vi } from 'vitest';

/** For every test of the file; undone after each. */
export function withoutPixels(): void {
  beforeEach(() => {
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
    vi.stubGlobal('matchMedia', () => ({ matches: false }));
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe() {}
        unobserve() {}
        disconnect() {}
      },
    );
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });
}
