// Holds the numbers against PyTorch's: starts the threads and programs that compute, and gathers what they found. Nothing is computed here,
// so the app goes on meanwhile; an abort ends whatever is computing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { loadKernels } from '../../engine/kernels/cpu/load.ts';
import { LabError } from '../contract/errors.ts';
import type { Comparison, ParityProgress } from '../contract/shapes.ts';
import type { ParityRunner } from '../services/ports.ts';
import { checkExports, CHECKER, exportRows } from './parity-exports.ts';
import { LIVE_STAGES, recordEverything, requireLive, type LiveTools } from './parity-live.ts';
import type { ParityEvent, ParityJob } from './parity-worker.ts';
import { pythonCandidates } from './python.ts';

/** The engine is run with up to so many threads. */
const THREADS = 2;

export interface ParityOptions {
  /** Pythons to try, in order. */
  readonly pythons?: readonly string[];
  /** Where the clone lies, if there is one: what `live` needs is not shipped. */
  readonly clone?: string;
  /** Another folder of recorded numbers, ends with a separator; null: the shipped ones. */
  readonly fixtures?: string | null;
}

/** Beside this file, from source and from the bundle. */
const workerEntry = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './parity-worker.ts' : './parity-worker.js', import.meta.url);

function runWorker(job: ParityJob, signal: AbortSignal, onEvent: (event: ParityEvent) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerEntry(), { workerData: job });
    const abort = (): void => void worker.terminate();
    signal.addEventListener('abort', abort);
    worker.on('message', (event: ParityEvent) => onEvent(event));
    worker.once('error', reject);
    worker.once('exit', (code) => {
      signal.removeEventListener('abort', abort);
      if (signal.aborted) reject(signal.reason as Error);
      else if (code === 0) resolve();
      else reject(new Error(`the comparison ended with code ${code}`));
    });
  });
}

/** Gathers findings, and counts what is done: the total grows when a job says how much it is. */
class Gathering {
  readonly comparisons: Comparison[] = [];
  readonly remarks: string[] = [];
  reference = '';
  readonly #onProgress: (progress: ParityProgress) => void;
  #done = 0;
  #total: number;

  constructor(expected: number, onProgress: (progress: ParityProgress) => void) {
    this.#total = expected;
    this.#onProgress = onProgress;
  }

  expect(count: number): void {
    this.#total += count;
  }

  begin(current: string): void {
    this.#onProgress({ done: this.#done, total: this.#total, current });
    this.#done = Math.min(this.#done + 1, this.#total);
  }

  hear(event: ParityEvent): void {
    switch (event.type) {
      case 'begun':
        this.#total += event.tasks;
        if (event.reference !== '') this.reference = event.reference;
        break;
      case 'task':
        this.begin(event.title);
        break;
      case 'found':
        this.comparisons.push(...event.rows);
        this.remarks.push(...event.remarks);
        break;
      default:
        event satisfies never;
    }
  }
}

async function runLive(tools: LiveTools, found: Gathering, signal: AbortSignal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'overfit-parity-'));
  try {
    const exports = join(folder, 'exports');
    const pictures = join(folder, 'pictures');
    found.begin('live: exports');
    await runWorker({ job: 'prepare', exports, pictures }, signal, (event) => found.hear(event));
    const { records, others } = await recordEverything(tools, { folder, pictures }, signal, (what) =>
      found.begin(what),
    );
    await runWorker({ job: 'live', folder: records, others }, signal, (event) => found.hear(event));
    found.begin('live: exported files');
    const checked = await checkExports(tools, exports, signal);
    const origin = `PyTorch ${tools.python.torch} of this machine, ${CHECKER}`;
    const { rows, remarks } = exportRows(checked);
    found.comparisons.push(...rows.map((x) => ({ ...x, origin })));
    found.remarks.push(...remarks);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function createParityRunner(options: ParityOptions = {}): ParityRunner {
  const { pythons = pythonCandidates(process.env), fixtures = null } = options;
  return {
    async run({ live, signal, onProgress }) {
      try {
        signal.throwIfAborted();
        // What cannot be is said before anything is computed.
        const tools = live ? await requireLive(pythons, options.clone, signal) : null;
        const found = new Gathering(live ? LIVE_STAGES : 0, onProgress);
        await runWorker({ job: 'recorded', folder: fixtures }, signal, (event) => found.hear(event));
        if (tools) await runLive(tools, found, signal);
        const device = { kind: 'cpu', simd: loadKernels().simd, threads: THREADS } as const;
        const { reference, comparisons, remarks } = found;
        return { reference, live, device, comparisons, remarks };
      } catch (error) {
        if (signal.aborted) throw new LabError('CANCELLED', 'The call was cancelled.');
        throw error;
      }
    },
  };
}
