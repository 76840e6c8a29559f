// Finds a Python that can import torch, and runs the recorders with it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface PythonWithTorch {
  readonly command: string;
  readonly torch: string;
}

const RECORDERS = ['draws', 'initialization', 'operations', 'training', 'regression'] as const;

/** Which programs to try, in order. */
export const pythonCandidates = (environment: NodeJS.ProcessEnv): readonly string[] => [
  ...(environment['OVERFIT_PYTHON'] ? [environment['OVERFIT_PYTHON']] : []),
  'python3',
  'python',
];

/** @returns the first candidate that imports torch, or why each did not. */
export function findPython(candidates: readonly string[]): PythonWithTorch | { readonly reasons: readonly string[] } {
  const reasons: string[] = [];
  for (const command of candidates) {
    const { status, error, stdout, stderr } = spawnSync(command, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
    });
    if (status === 0) return { command, torch: stdout.trim() };
    const missing = error && 'code' in error && error.code === 'ENOENT';
    const said = stderr?.trim().split('\n').at(-1);
    reasons.push(`${command}: ${missing ? 'not found' : (error?.message ?? said ?? `ended with ${status}`)}`);
  }
  return { reasons };
}

/**
 * Runs every recorder; its own output goes nowhere unless it fails.
 * @throws Error with the recorder's last words.
 */
export function recordAll(python: PythonWithTorch, folder: string): void {
  for (const name of RECORDERS) {
    const script = fileURLToPath(new URL(`record/${name}.py`, import.meta.url));
    const { status, error, stderr } = spawnSync(python.command, [script, '--out', folder], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    if (status !== 0) throw new Error(`${name}.py failed: ${error?.message ?? stderr.trim()}`);
  }
}
