// One helper thread: takes its share of every step until the session ends. Blocks; hears no messages meanwhile.
import { parentPort, workerData } from 'node:worker_threads';
import { instantiate } from '../kernels/cpu/load.ts';
import type { ThreadStart } from './node-threads.ts';

const { module, memory, index } = workerData as ThreadStart;
const kernels = instantiate(module, memory);
parentPort?.postMessage('ready');
kernels.helperLoop(index);
