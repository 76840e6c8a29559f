// One thread that does data jobs, as promises: started when the first job comes, ended by a cancelled import or when it is told to.
import { Worker } from 'node:worker_threads';
import { LabError } from '../contract/errors.ts';
import type { DataCommand, DataEvent, DataJobName, DataJobs } from './data-jobs.ts';

/** Beside this file, from source and from the bundle. */
const entry = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './data-worker.ts' : './data-worker.js', import.meta.url);

export const cancelled = () => new LabError('CANCELLED', 'The call was cancelled.');

interface Waiting {
  readonly resolve: (output: never) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: (done: number, total: number) => void;
}

function lost(error: unknown): unknown {
  const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isTooLarge
    ? new LabError('BAD_DATA_FILE', 'The data need more memory than there is.', { code: 'OUT_OF_MEMORY' })
    : error;
}

export class DataThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextId = 1;

  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  /**
   * @throws LabError as the job says; CANCELLED as soon as the signal says so, while the thread may still go on for a moment.
   */
  do<Job extends DataJobName>(
    job: Job,
    input: DataJobs[Job]['input'],
    signal: AbortSignal,
    onProgress: Waiting['onProgress'] = () => undefined,
  ): Promise<DataJobs[Job]['output']> {
    if (signal.aborted) return Promise.reject(cancelled());
    const id = this.#nextId++;
    return new Promise<DataJobs[Job]['output']>((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(id);
        this.#post({ type: 'cancel', id });
        reject(cancelled());
      };
      const done = () => signal.removeEventListener('abort', abort);
      this.#waiting.set(id, {
        resolve: (output) => {
          done();
          resolve(output);
        },
        reject: (error) => {
          done();
          reject(error as Error);
        },
        onProgress,
      });
      signal.addEventListener('abort', abort);
      this.#post({ type: 'job', id, job, input } as DataCommand);
    });
  }

  /** Ends it, whatever it does. Another job starts a new one. */
  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
    this.#fail(cancelled());
  }

  #post(command: DataCommand): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(command);
  }

  #start(): Worker {
    const worker = new Worker(entry());
    // It keeps nothing alive: whoever waits for it does.
    worker.unref();
    let failure: unknown = null;
    worker.on('message', (event: DataEvent) => this.#hear(event));
    worker.on('error', (error) => {
      failure = lost(error);
    });
    worker.on('exit', (code) => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#fail(failure ?? new Error(`the thread that reads data ended with code ${code}`));
    });
    return worker;
  }

  #hear(event: DataEvent): void {
    const waiting = this.#waiting.get(event.id);
    if (waiting === undefined) return;
    if (event.type === 'progress') {
      waiting.onProgress(event.done, event.total);
      return;
    }
    this.#waiting.delete(event.id);
    if (event.type === 'done') waiting.resolve(event.output as never);
    else waiting.reject(new LabError(event.failure.code, event.failure.message, event.failure.details));
  }

  #fail(error: unknown): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(error);
  }
}
