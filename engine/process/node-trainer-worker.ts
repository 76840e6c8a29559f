// One trainer in its own thread: compiles the kernels at once, then waits for runs.
import { parentPort } from 'node:worker_threads';
import { loadKernels } from '../kernels/cpu/load.ts';
import { createSession } from '../train/index.ts';
import { nodeFileSource, storedAt } from './node-files.ts';
import { nodeThreadLauncher } from './node-threads.ts';
import type { TrainerCommand, TrainerEvent } from './trainer-protocol.ts';
import { createTrainer } from './trainer.ts';

if (parentPort === null) throw new Error('a trainer is started by the engine, not by hand');
const port = parentPort;
const post = (event: TrainerEvent): void => port.postMessage(event);

const trainer = createTrainer({
  post,
  open: ({ files, ...options }) =>
    createSession({ ...options, launcher: nodeThreadLauncher(), files: nodeFileSource(files, storedAt(files)) }),
  clock: {
    now: () => performance.now(),
    // After the event loop has looked at the port.
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    setTimeout(callback, milliseconds) {
      const timer = setTimeout(callback, milliseconds);
      return { cancel: () => clearTimeout(timer) };
    },
  },
});
port.on('message', (command: TrainerCommand) => trainer.receive(command));
post({ type: 'warm', simd: loadKernels().simd });
