// Starts a session's helper threads on Node: worker threads over the session's shared memory.
import { Worker } from 'node:worker_threads';
import type { ThreadLauncher } from '../train/session.ts';
import { siblingEntry } from './node-entries.ts';

/** What a helper is given; it answers with one message when it enters its loop. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** 1 … threads - 1; the session's own thread is 0. */
  readonly index: number;
}

interface Helper {
  readonly ready: Promise<void>;
  readonly exit: Promise<void>;
  /** Keeps the program alive until the helper has ended. */
  hold(): void;
  terminate(): void;
}

function startHelper(entry: URL, start: ThreadStart): Helper {
  const worker = new Worker(entry, { workerData: start });
  // The session decides how long the program lives, not its helpers.
  worker.unref();
  const ready = new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`engine thread ${start.index} ended with code ${code}`)));
  });
  const exit = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  return { ready, exit, hold: () => worker.ref(), terminate: () => void worker.terminate() };
}

/**
 * @param entry the helper's program; found beside this file, from source and from a bundle.
 * @returns a launcher whose `launch` rejects when a helper cannot start (the others are ended).
 */
export function nodeThreadLauncher(entry: URL = siblingEntry('engine-thread')): ThreadLauncher {
  return {
    async launch(module, memory, count) {
      const helpers = Array.from({ length: count }, (_, i) => startHelper(entry, { module, memory, index: i + 1 }));
      try {
        await Promise.all(helpers.map((helper) => helper.ready));
      } catch (error) {
        for (const helper of helpers) helper.terminate();
        throw error;
      }
      return {
        async release() {
          for (const helper of helpers) helper.hold();
          await Promise.all(helpers.map((helper) => helper.exit));
        },
      };
    },
  };
}
