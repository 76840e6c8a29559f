// The thread that reads data: one job after the other; the data set that was read last stays decoded, because a table that is scrolled
// asks for it many times.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import {
  decodeStored,
  prepareSteps,
  previewStored,
  type Breathe,
  type PreparedSteps,
  type StoredColumns,
  type StoredData,
} from '../../engine/data/index.ts';
import type { DatasetSpec } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type { DatasetRows } from '../contract/shapes.ts';
import { dataFailure } from './data-failure.ts';
import type { DataCommand, DataEvent, DataJobName, DataJobs } from './data-jobs.ts';
import { DataSummaries } from './data-summaries.ts';
import { accessError } from './file-system.ts';
import { inspectSource, readSource } from './import-source.ts';

if (parentPort === null) throw new Error('the thread that reads data is started by the app, not by hand');
const port = parentPort;
const post = (event: DataEvent): void => port.postMessage(event);

function bytesOf(file: string): Uint8Array {
  try {
    const { buffer, byteOffset, byteLength } = readFileSync(file);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    throw accessError(error, file);
  }
}

let latest: { readonly file: string; readonly data: StoredData } | null = null;
/** What was said of it last: its report and its preview are asked for at once. */
let prepared: { readonly key: string; readonly steps: PreparedSteps } | null = null;

const summaries = new DataSummaries();

function stored(file: string): { readonly data: StoredData } {
  if (latest?.file === file) return latest;
  // The old one goes before the new one comes.
  latest = null;
  prepared = null;
  summaries.letGo();
  latest = { file, data: decodeStored(bytesOf(file)) };
  return latest;
}

function stepsOf(file: string, spec: DatasetSpec): PreparedSteps {
  const { data } = stored(file);
  const key = JSON.stringify(spec);
  if (prepared?.key === key) return prepared.steps;
  prepared = null;
  prepared = { key, steps: prepareSteps(data, spec) };
  return prepared.steps;
}

/** A stored table; pictures have no columns to be described. */
function storedColumns(file: string): StoredColumns {
  const { data } = stored(file);
  if (data.kind === 'columns') return data;
  throw new RangeError('pictures have no columns');
}

function rowsOf({ file, from, count }: DataJobs['rows']['input']): DatasetRows {
  const { data } = stored(file);
  const first = Math.min(from, data.rows);
  const end = Math.min(data.rows, first + count);
  if (data.kind === 'pictures') {
    const size = data.pixels.length / data.rows;
    return {
      kind: 'pictures',
      from: first,
      total: data.rows,
      pixels: data.pixels.slice(first * size, end * size),
      labels: data.labels.slice(first, end),
    };
  }
  const cells = Array.from({ length: end - first }, (_, i) =>
    data.columns.map((column) => {
      const value = column.values[first + i] ?? NaN;
      if (column.kind === 'category') return column.categories[value] ?? null;
      return Number.isNaN(value) ? null : value;
    }),
  );
  return { kind: 'columns', from: first, total: data.rows, cells };
}

const cancelled = new Set<number>();
/** Lets in who has changed their mind meanwhile. */
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

const breather =
  (id: number): Breathe =>
  async () => {
    await pause();
    if (cancelled.has(id)) throw new LabError('CANCELLED', 'The call was cancelled.');
  };

const jobs: {
  readonly [Job in DataJobName]: (input: DataJobs[Job]['input'], id: number) => Promise<DataJobs[Job]['output']>;
} = {
  inspect: ({ path, options }) => inspectSource(path, options),
  read: ({ path, options, part }, id) =>
    readSource(path, options, part, (done, total) => post({ type: 'progress', id, done, total })),
  rows: async (input) => rowsOf(input),
  report: async ({ file, data }) => stepsOf(file, data).report,
  column: ({ file, data, at }, id) => summaries.column(() => storedColumns(file), data, at, breather(id)),
  pair: ({ file, data, pair }, id) => summaries.pair(storedColumns(file), data, pair, breather(id)),
  preview: async ({ file, data }) => previewStored(stepsOf(file, data), data),
};

let turn: Promise<void> = Promise.resolve();

async function take({ id, job, input }: Extract<DataCommand, { type: 'job' }>): Promise<void> {
  await pause();
  if (cancelled.delete(id)) return;
  try {
    const run = jobs[job] as (input: unknown, id: number) => Promise<DataJobs[DataJobName]['output']>;
    post({ type: 'done', id, output: await run(input, id) });
  } catch (error) {
    const file = 'path' in input ? basename(input.path) : '';
    post({ type: 'failed', id, failure: dataFailure(error, file) });
  }
  cancelled.delete(id);
}

port.on('message', (command: DataCommand) => {
  if (command.type === 'cancel') cancelled.add(command.id);
  else turn = turn.then(() => take(command));
});
