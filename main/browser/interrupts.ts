// What Ctrl-C means: the first one ends the lab with everything saved, the second one ends it at once.

/** One Ctrl-C may arrive twice, from the terminal and from the command that started this one. */
const SAME_PRESS_MS = 300;
const FORCED = 130;

export interface InterruptPorts {
  readonly now: () => number;
  /** Stops the runs, stores everything, closes the server. */
  readonly close: () => Promise<void>;
  readonly exit: (code: number) => void;
  readonly say: (sentence: string) => void;
}

/** @returns what to call on SIGINT, SIGTERM and SIGHUP. */
export function interruptHandler({ now, close, exit, say }: InterruptPorts): () => void {
  let firstAt: number | null = null;
  const end = async () => {
    try {
      await close();
      exit(0);
    } catch (error) {
      say(`not everything could be saved: ${error instanceof Error ? error.message : String(error)}`);
      exit(1);
    }
  };
  return () => {
    if (firstAt === null) {
      firstAt = now();
      void end();
    } else if (now() - firstAt > SAME_PRESS_MS) {
      exit(FORCED);
    }
  };
}
