// The engine process on Node: a child process or an Electron utility process. Only wires channels to the server.
import { availableParallelism, constants, getPriority, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { BESIDE_A_WINDOW, siblingEntry } from './node-entries.ts';
import type { EngineEvent } from './protocol.ts';
import { createEngineServer } from './server.ts';
import type { TrainerConnection } from './trainer-pool.ts';
import type { TrainerEvent } from './trainer-protocol.ts';

/** Electron's channel to the process that started this one. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

interface Channel {
  post(event: EngineEvent): void;
  onMessage(listener: (message: unknown) => void): void;
}

function openChannel(): Channel {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;
  if (parentPort !== undefined)
    return {
      post: (event) => parentPort.postMessage(event),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data)),
    };
  if (process.send === undefined) throw new Error('the engine is started by the app, not by hand');
  process.on('disconnect', () => process.exit(0));
  return {
    // A parent that is gone is seen by `disconnect`; what was on its way is lost with it.
    post: (event) => process.send?.(event, undefined, undefined, () => undefined),
    onMessage: (listener) => process.on('message', listener),
  };
}

function startTrainer(): TrainerConnection {
  const worker = new Worker(siblingEntry('engine-trainer'));
  let reason = '';
  worker.on('error', (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  return {
    post: (command) => worker.postMessage(command),
    onEvent: (listener) => worker.on('message', (event: TrainerEvent) => listener(event)),
    onExit: (listener) => worker.on('exit', (code) => listener(reason || `exit code ${code}`)),
    kill: () => void worker.terminate(),
  };
}

// Ctrl-C and a closed terminal reach the whole process group; the parent decides what happens to the runs.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

// Threads take the priority of the one that starts them: all trainers come after this line.
const low = constants.priority.PRIORITY_BELOW_NORMAL;
if (process.argv.includes(BESIDE_A_WINDOW) && getPriority() < low) setPriority(low);
const channel = openChannel();
const server = createEngineServer({
  post: channel.post,
  startTrainer,
  cores: availableParallelism(),
  report: (problem) => void process.stderr.write(`engine: ${problem}\n`),
  fail(reason) {
    process.stderr.write(`engine: no run can be computed here: ${reason}\n`);
    process.exit(1);
  },
  finished: () => process.exit(0),
});
channel.onMessage((message) => server.receive(message));
