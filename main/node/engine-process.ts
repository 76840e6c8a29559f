// The engine as a child process of Node: its launcher, its last words, and its end.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BESIDE_A_WINDOW, siblingEntry } from '../../engine/process/node-entries.ts';
import type { EngineEvent } from '../../engine/process/protocol.ts';
import type { EngineLauncher } from '../services/ports.ts';

/** Enough to see why it died. */
const LAST_WORDS_CHARACTERS = 2000;

/** @param options `besideAWindow`: a window draws what is trained, so training yields to it. */
export function processEngine(options: { entry?: URL; besideAWindow?: boolean } = {}): EngineLauncher {
  const { entry = siblingEntry('engine-server'), besideAWindow = false } = options;
  return {
    launch() {
      const child = fork(fileURLToPath(entry), besideAWindow ? [BESIDE_A_WINDOW] : [], {
        // Typed arrays cross as they are.
        serialization: 'advanced',
        // The parent's own switches (a debugger's port, a test runner's loader) are not for it.
        execArgv: [],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      let lastWords = '';
      let failure = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        lastWords = (lastWords + text).slice(-LAST_WORDS_CHARACTERS);
        process.stderr.write(text);
      });
      child.on('error', (error) => {
        failure = error.message;
      });
      return {
        // A command to a process that is gone is answered by its exit.
        post: (command) => void child.send(command, () => undefined),
        onEvent(listener) {
          // Our own bundle is at the other end: its events have the protocol's types.
          child.on('message', (event) => listener(event as EngineEvent));
        },
        onExit(listener) {
          let open = 2;
          let exit: { code: number | null; signal: string | null } = { code: null, signal: null };
          // What it still said before it died, events and last words, comes first.
          const ended = () => {
            open -= 1;
            if (open === 0) listener({ ...exit, lastWords: failure || lastWords.trim() });
          };
          child.once('disconnect', ended);
          child.once('close', (code, signal) => {
            exit = { code, signal };
            ended();
          });
        },
        kill: () => void child.kill('SIGKILL'),
      };
    },
  };
}
