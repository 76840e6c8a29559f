// PyTorch as one engine of the benchmark: a Python process that trains the same workload when asked.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./peer.py', import.meta.url));

export interface Peer {
  readonly version: string;
  /** @returns milliseconds per step. */
  time(workload: string, steps: number): Promise<number>;
  end(): void;
}

/** A Python that has torch: OVERFIT_PYTHON, python3, python. @returns its command, or why there is none. */
export function findPython(): { readonly command: string } | { readonly reason: string } {
  const reasons: string[] = [];
  for (const command of [process.env.OVERFIT_PYTHON, 'python3', 'python']) {
    if (command === undefined || command === '') continue;
    const { status, error } = spawnSync(command, ['-c', 'import torch'], { stdio: 'ignore' });
    if (status === 0) return { command };
    reasons.push(error ? `${command} cannot be started` : `${command} has no torch`);
  }
  return { reason: `${reasons.join(', ')} (name one with OVERFIT_PYTHON)` };
}

/** @throws Error when the process ends before it is ready. */
export async function startPeer(python: string, threads: number): Promise<Peer> {
  const child = spawn(python, [SCRIPT, String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the PyTorch process ended (exit code ${child.exitCode})`);
    return value;
  };
  return {
    version: await answer(),
    async time(workload, steps) {
      child.stdin.write(`${workload} ${steps}\n`);
      return Number(await answer());
    },
    end: () => child.stdin.end(),
  };
}
