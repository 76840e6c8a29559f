// Has the PyTorch of this machine record everything anew. The recorders are not shipped: they lie in the clone, so only a clone
// can repeat the comparison live.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError } from '../contract/errors.ts';
import { CHECKER } from './parity-exports.ts';
import { findPython, runPython, TORCH, type PythonWithTorch } from './python.ts';

export interface LiveTools {
  readonly python: PythonWithTorch;
  /** Where the clone lies. */
  readonly root: string;
}

/** The source tree, seen from itself and from the bundle in it. */
const CLONE = fileURLToPath(new URL('../../', import.meta.url));
const RECORDERS = 'test/golden/record';

/** Scripts that record once, longest first. */
const SCRIPTS = ['steps', 'regression', 'training', 'operations', 'draws', 'initialization'] as const;
/** The same PyTorch, asked to compute in other ways: how far it parts from itself is how far anyone can be held to it. */
const OTHER_WAYS = [
  { name: 'plain', environment: { ATEN_CPU_CAPABILITY: 'default' } },
  { name: 'compatible', environment: { MKL_CBWR: 'COMPATIBLE' } },
] as const;
/** What chaos multiplies is recorded in the other ways, too. */
const CHAOTIC = ['regression', 'steps'] as const;

/** Programs that record, the writing of exports and their check: what is counted as progress besides the comparisons. */
export const LIVE_STAGES = SCRIPTS.length + OTHER_WAYS.length * CHAOTIC.length + 2;
/** Recorders take one thread each. */
const AT_ONCE = 2;

/** @throws LabError NOT_AVAILABLE (what: clone, python) saying what is missing and how to get it. */
export async function requireLive(
  candidates: readonly string[],
  clone: string | undefined,
  signal: AbortSignal,
): Promise<LiveTools> {
  const root = clone ?? CLONE;
  if (!existsSync(join(root, RECORDERS, 'experiment.py')) || !existsSync(join(root, CHECKER)))
    throw new LabError(
      'NOT_AVAILABLE',
      'The live comparison needs the scripts that come with the source code: run `npx overfit parity --live` in a clone of it.',
      { what: 'clone' },
    );
  const python = await findPython(candidates, signal);
  if (!('reasons' in python)) return { python, root };
  throw new LabError(
    'NOT_AVAILABLE',
    `There is no Python with torch ${TORCH} (${python.reasons.join('; ')}). To get it: python3 -m venv .venv && .venv/bin/pip install torch==${TORCH}.0 numpy safetensors onnx onnxruntime, then set OVERFIT_PYTHON to .venv/bin/python.`,
    { what: 'python', reasons: [...python.reasons] },
  );
}

interface Recording {
  readonly title: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

function recordings(folder: string, pictures: string): readonly Recording[] {
  const argsOf = (script: string, out: string): string[] => [
    '--out',
    join(folder, out),
    ...(script === 'steps' ? ['--pictures', pictures] : []),
  ];
  const once = SCRIPTS.map((script) => ({
    title: `live: PyTorch records ${script}`,
    script,
    args: argsOf(script, 'records'),
    environment: {},
  }));
  const again = OTHER_WAYS.flatMap(({ name, environment }) =>
    CHAOTIC.map((script) => ({
      title: `live: PyTorch records ${script}, ${name}`,
      script,
      args: [...argsOf(script, name), ...(script === 'steps' ? ['--curves'] : [])],
      environment,
    })),
  );
  return [...once.slice(0, 2), ...again, ...once.slice(2)];
}

/**
 * Runs every recorder, two at a time.
 * @returns the folders of the records, and of those in other ways.
 * @throws Error with a recorder's last words.
 */
export async function recordEverything(
  { python, root }: LiveTools,
  { folder, pictures }: { readonly folder: string; readonly pictures: string },
  signal: AbortSignal,
  onBegin: (title: string) => void,
): Promise<{ readonly records: string; readonly others: readonly string[] }> {
  const waiting = [...recordings(folder, pictures)];
  // When one fails the others are ended, too.
  const failing = new AbortController();
  const either = AbortSignal.any([signal, failing.signal]);
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { title, script, args, environment } = next;
      onBegin(title);
      try {
        await runPython(python.command, [join(root, RECORDERS, `${script}.py`), ...args], {
          signal: either,
          environment,
        });
      } catch (error) {
        if (either.aborted) throw error;
        failing.abort();
        throw new Error(`${script}.py failed: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  const failures = ended.filter((x) => x.status === 'rejected').map((x) => x.reason as Error);
  const failure = failures.find((x) => x.name !== 'AbortError') ?? failures[0];
  if (failure) throw failure;
  return { records: join(folder, 'records'), others: OTHER_WAYS.map(({ name }) => join(folder, name)) };
}
