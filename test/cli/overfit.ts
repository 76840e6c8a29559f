// Starts the real command line from source, as people do, and keeps what it wrote to each stream.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../main/cli/main.ts', import.meta.url));
const REGRESSION = fileURLToPath(new URL('../../assets/examples/regression.json', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
export interface Running {
  readonly outcome: Promise<Outcome>;
  kill(signal: NodeJS.Signals): void;
}

function start(args: readonly string[], cwd: string, before: readonly string[] = []): Running {
  const [program = '', ...words] = [...before, process.execPath, ENTRY, ...args];
  // The app's own folder goes with the test.
  const env = { ...process.env, OVERFIT_HOME: join(cwd, '.overfit-lab') };
  const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { outcome, kill: (signal) => void child.kill(signal) };
}

export interface Folder {
  readonly path: string;
  overfit(...args: string[]): Promise<Outcome>;
  start(...args: string[]): Running;
  /** The same while no file may grow beyond some KiB. */
  limited(fileKiB: number, ...args: string[]): Promise<Outcome>;
  file(name: string): string;
  /** Writes the regression example with changes applied to it. */
  experiment(name: string, change: (document: ExperimentJson) => void): string;
  remove(): void;
}

/** Only what the tests change. */
export interface ExperimentJson {
  [key: string]: unknown;
  data: Record<string, unknown>;
  model: { layers: Record<string, unknown>[] };
  recipe: {
    steps: number;
    checkpoint_every: number;
    optimizer: Record<string, unknown>;
    regularization: Record<string, unknown>;
  };
  variants: { name: string; changes: Record<string, unknown> }[];
}

/** A folder of its own for one test. */
export function makeFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'overfit-cli-'));
  const file = (name: string): string => join(path, name);
  return {
    path,
    file,
    start: (...args) => start(args, path),
    overfit: (...args) => start(args, path).outcome,
    // In bash, `ulimit -f` counts KiB.
    limited: (fileKiB, ...args) => start(args, path, ['bash', '-c', `ulimit -f ${fileKiB}; exec "$0" "$@"`]).outcome,
    experiment(name, change) {
      const document = JSON.parse(readFileSync(REGRESSION, 'utf8')) as ExperimentJson;
      change(document);
      writeFileSync(file(name), JSON.stringify(document));
      return name;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export interface ScoresJson {
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly mae: number | null;
}
export interface EvaluationJson {
  readonly step: number;
  readonly train: ScoresJson;
  readonly validation: ScoresJson | null;
  readonly test: ScoresJson | null;
}

export interface RunJson {
  readonly variant: string;
  readonly seed: number;
  readonly status: string;
  readonly steps: number;
  readonly durationMs: number;
  readonly totalSteps: number | null;
  readonly dataDigest: string;
  readonly final: EvaluationJson | null;
  readonly best: EvaluationJson | null;
  readonly events: readonly unknown[];
  readonly failure: { readonly step: number; readonly quantity: string } | null;
  readonly curve: Readonly<Record<'step' | 'trainLoss' | 'penaltyL1' | 'penaltyL2' | 'lr', readonly (number | null)[]>>;
  readonly evaluations: readonly (EvaluationJson & {
    readonly confusion: readonly (readonly number[])[] | null;
    readonly parameters: readonly { readonly name: string; readonly norm: number }[];
  })[];
  readonly fit: {
    readonly step: number;
    readonly axes: readonly { readonly low: number; readonly high: number; readonly points: number }[];
    readonly values: readonly (number | null)[];
    readonly classes: readonly number[] | null;
  } | null;
}
export interface ReportJson {
  readonly experiment: string;
  readonly device: string;
  readonly threads: number;
  readonly runs: readonly RunJson[];
  readonly overSeeds?: readonly {
    readonly variant: string;
    readonly n: number;
    readonly leftOut: number;
    readonly scores: Readonly<Record<string, { readonly mean: number; readonly half95: number | null }>>;
  }[];
}

/** Stdout must be one JSON document and nothing else. */
export function reportOf({ stdout }: Outcome): ReportJson {
  return JSON.parse(stdout) as ReportJson;
}

/** Waits until a file is there, which only a started command can bring about. */
export async function appears(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
}
