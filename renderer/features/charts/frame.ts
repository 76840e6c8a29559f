// How often a chart works: drawing at most once per animation frame, describing at most once in a while, never after its end.

export interface Frame {
  /** Asks for the work to be done; calls before it happens are one. */
  request(): void;
  /** Forgets what was requested; later requests are ignored. */
  end(): void;
}

export function eachFrame(draw: () => void): Frame {
  let pending: number | null = null;
  let ended = false;
  return {
    request() {
      if (ended || pending !== null) return;
      pending = requestAnimationFrame(() => {
        pending = null;
        draw();
      });
    },
    end() {
      ended = true;
      if (pending !== null) cancelAnimationFrame(pending);
      pending = null;
    },
  };
}

/**
 * Works at once, then at most once per `waitMs`; the last request is never lost. For what people hear or search rather
 * than watch: a description that changed sixty times a second would only cost time.
 */
export function atMostEvery(waitMs: number, work: () => void): Frame {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let asked = false;
  let ended = false;
  const run = (): void => {
    asked = false;
    work();
    timer = setTimeout(() => {
      timer = null;
      if (asked) run();
    }, waitMs);
  };
  return {
    request() {
      if (ended) return;
      if (timer === null) run();
      else asked = true;
    },
    end() {
      ended = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
