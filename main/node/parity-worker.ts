// Computes the comparisons in a thread of its own, by the engine that is shipped: one job, then it ends.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { writeExports } from '../../engine/parity/exports.ts';
import type { FixtureHeader } from '../../engine/parity/fixture.ts';
import { liveTasks, type LiveSource } from '../../engine/parity/live-tasks.ts';
import { pictureFiles } from '../../engine/parity/pictures.ts';
import type { ParityRow } from '../../engine/parity/rows.ts';
import type { ParitySource, ParityTask } from '../../engine/parity/source.ts';
import { recordedTasks } from '../../engine/parity/tasks.ts';
import { nodeThreadLauncher } from '../../engine/process/node-threads.ts';
import { parseExperiment } from '../../engine/spec/index.ts';
import { FIXTURES, readFixture } from './parity-fixtures.ts';

export type ParityJob =
  /** Against the numbers in a folder (the committed ones, when it is null). */
  | { readonly job: 'recorded'; readonly folder: string | null }
  /** Writes exports, and the pictures that PyTorch is to be trained on. */
  | { readonly job: 'prepare'; readonly exports: string; readonly pictures: string }
  /** Against numbers recorded just now; `others`: by PyTorch under other instruction sets. */
  | { readonly job: 'live'; readonly folder: string; readonly others: readonly string[] };

export type ParityEvent =
  | { readonly type: 'begun'; readonly tasks: number; readonly reference: string }
  | { readonly type: 'task'; readonly title: string }
  | {
      readonly type: 'found';
      readonly rows: readonly (ParityRow & { readonly origin: string })[];
      readonly remarks: readonly string[];
    };

if (parentPort === null) throw new Error('the comparison is started by the app, not by hand');
const port = parentPort;
const post = (event: ParityEvent): void => port.postMessage(event);

const originOf = ({ torch, cpu_capability: simd, made_by: recorder }: FixtureHeader, live: boolean): string =>
  `PyTorch ${torch} ${live ? 'of this machine' : 'recorded'} (${simd}), ${recorder}`;

function sourceIn(folder: string, onRead: (header: FixtureHeader) => void = () => undefined): ParitySource {
  return {
    read<Case>(name: string) {
      const fixture = readFixture<Case>(name, folder);
      onRead(fixture.header);
      return fixture;
    },
    example: (name) => EXAMPLES[name] as object,
    launcher: nodeThreadLauncher(),
  };
}

async function runTasks(tasks: readonly ParityTask[], origin: () => string): Promise<void> {
  for (const task of tasks) {
    post({ type: 'task', title: task.title });
    const { rows, remarks } = await task.run();
    post({ type: 'found', rows: rows.map((x) => ({ ...x, origin: origin() })), remarks });
  }
}

function write(folder: string, path: string, content: string | Uint8Array): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function numbersIn(folder: string): Float32Array {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, 'steps.f32'));
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

async function run(job: ParityJob): Promise<void> {
  let origin = '';
  switch (job.job) {
    case 'recorded': {
      const folder = job.folder ?? FIXTURES;
      const source = sourceIn(folder, (header) => {
        origin = originOf(header, false);
      });
      const tasks = recordedTasks(source);
      const { header } = readFixture('draws', folder);
      post({ type: 'begun', tasks: tasks.length, reference: `PyTorch ${header.torch}` });
      return runTasks(tasks, () => origin);
    }
    case 'prepare':
      for (const [name, bytes] of await pictureFiles(parseExperiment(EXAMPLES['cnn'])))
        write(job.pictures, name, bytes);
      await writeExports((path, content) => write(job.exports, path, content), EXAMPLES);
      return;
    case 'live': {
      const source: LiveSource = {
        ...sourceIn(job.folder + sep, (header) => {
          origin = originOf(header, true);
        }),
        committed: (name) => readFixture(name),
        others: job.others.map((folder) => sourceIn(folder + sep)),
        numbers: () => numbersIn(job.folder),
      };
      const tasks = liveTasks(source);
      post({ type: 'begun', tasks: tasks.length, reference: '' });
      return runTasks(tasks, () => origin);
    }
    default:
      return job satisfies never;
  }
}

await run(workerData as ParityJob);
// What is left (a helper thread that still goes to sleep) keeps nothing alive.
port.close();
