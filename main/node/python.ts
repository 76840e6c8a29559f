// Finds a Python with the PyTorch that the numbers are held to, and runs programs with it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The version that fixtures are recorded with; another one may compute otherwise. */
export const TORCH = '2.13';

export interface PythonWithTorch {
  readonly command: string;
  /** `2.13.0+cpu`. */
  readonly torch: string;
}

/** Which programs to try, in order. */
export const pythonCandidates = (environment: NodeJS.ProcessEnv): readonly string[] => [
  ...(environment['OVERFIT_PYTHON'] ? [environment['OVERFIT_PYTHON']] : []),
  'python3',
  'python',
];

export interface PythonRun {
  readonly signal: AbortSignal;
  readonly environment?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}

/** Enough of what it says last to see why it failed. */
const LAST_WORDS_LINES = 5;

/**
 * Runs a program to its end; killed when `signal` is.
 * @throws Error with its last words when it fails.
 */
export function runPython(command: string, args: readonly string[], run: PythonRun): Promise<void> {
  const { signal, environment = {}, onLine } = run;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      signal,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8', ...environment },
    });
    const lastWords: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => onLine?.(line));
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastWords.push(line);
      if (lastWords.length > LAST_WORDS_LINES) lastWords.shift();
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(lastWords.join('\n') || `it ended with ${code}`));
    });
  });
}

async function tryPython(command: string, signal: AbortSignal): Promise<PythonWithTorch | string> {
  let torch = '';
  try {
    await runPython(command, ['-c', 'import torch; print(torch.__version__)'], {
      signal,
      onLine: (line) => {
        torch = line.trim();
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    return 'code' in error && error.code === 'ENOENT' ? 'not found' : (error.message.split('\n').at(-1) ?? '');
  }
  return torch.startsWith(`${TORCH}.`) ? { command, torch } : `torch ${torch}, not ${TORCH}`;
}

/** @returns the first candidate that imports the right torch, or why each did not. */
export async function findPython(
  candidates: readonly string[],
  signal: AbortSignal,
): Promise<PythonWithTorch | { readonly reasons: readonly string[] }> {
  const reasons: string[] = [];
  for (const command of candidates) {
    const found = await tryPython(command, signal);
    if (typeof found !== 'string') return found;
    reasons.push(`${command}: ${found}`);
  }
  return { reasons };
}
