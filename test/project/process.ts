// Starts one of the programs beside this file in its own process and listens to the lines that it prints.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Program {
  readonly child: ChildProcess;
  /** Every line printed so far. */
  readonly lines: readonly string[];
  /** Resolves with the first line that fits; rejects when the program ends before. */
  line(fits: (line: string) => boolean): Promise<string>;
  /** Resolves when it has ended and everything that it printed has arrived. */
  ended(): Promise<{ readonly code: number | null; readonly errors: string }>;
}

export function startProgram(name: string, parameters: readonly string[]): Program {
  const file = fileURLToPath(new URL(`./${name}`, import.meta.url));
  const child = spawn(process.execPath, [file, ...parameters], { stdio: 'pipe' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const closed = once(child, 'close').then(() => ({ code: child.exitCode, errors }));
  return {
    child,
    lines,
    ended: () => closed,
    line(fits) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(fits);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void closed.then(() => {
          reject(new Error(`${name} ended too early: ${errors}`));
        });
      });
    },
  };
}
