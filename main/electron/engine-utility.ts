// The engine in Electron's utility process: a Node process of its own that a crash or a full core cannot take the app down with.
import { utilityProcess } from 'electron';
import { BESIDE_A_WINDOW } from '../../engine/process/node-entries.ts';
import type { EngineEvent } from '../../engine/process/protocol.ts';
import type { EngineLauncher } from '../services/ports.ts';

/** Enough to see why it died. */
const LAST_WORDS_CHARACTERS = 2000;

/** @param entry absolute path of the bundled engine/process/node-server.ts, which listens on `process.parentPort`. */
export function utilityEngine(entry: string): EngineLauncher {
  return {
    launch: () => {
      const child = utilityProcess.fork(entry, [BESIDE_A_WINDOW], {
        serviceName: 'Overfit Lab Engine',
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let lastWords = '';
      child.stderr?.on('data', (bytes: Buffer) => {
        lastWords = (lastWords + bytes.toString()).slice(-LAST_WORDS_CHARACTERS);
        process.stderr.write(bytes);
      });
      // V8 gave up (out of memory, say): the place is all that is known.
      child.on('error', (type, location) => {
        lastWords = `${type} in ${location}`;
      });
      return {
        // Messages posted before the process is up wait in its port.
        post: (command) => child.postMessage(command),
        onEvent: (listener) => {
          // Our own bundle, from the same package, is at the other end: its events have the protocol's types.
          child.on('message', (event: EngineEvent) => listener(event));
        },
        onExit: (listener) => {
          // Electron gives no signal; on POSIX a killed process reports its signal's number as the code.
          child.once('exit', (code) => listener({ code, signal: null, lastWords: lastWords.trim() }));
        },
        kill: () => {
          // There is no process to end before `spawn`.
          if (!child.kill()) child.once('spawn', () => child.kill());
        },
      };
    },
  };
}
