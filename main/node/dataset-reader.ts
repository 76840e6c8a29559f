// The services' DatasetReader over Node: jobs go to threads, so that nothing here waits for a file; what was read lies in the cache.
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CHUNK_BYTES } from '../services/dataset-store.ts';
import type { DatasetReader, ReadDataset } from '../services/ports.ts';
import type { DataJobs } from './data-jobs.ts';
import { DataThread } from './data-thread.ts';
import { DatasetCache } from './dataset-cache.ts';
import { accessError } from './file-system.ts';

/** The thread that answers questions goes when nobody has asked for so long: it holds a whole data set. */
const IDLE_MS = 60_000;

async function* chunksOf(path: string): AsyncIterable<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      for (;;) {
        const chunk = new Uint8Array(CHUNK_BYTES);
        let filled = 0;
        while (filled < CHUNK_BYTES) {
          const { bytesRead } = await file.read(chunk, filled, CHUNK_BYTES - filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        if (filled === 0) return;
        yield chunk.subarray(0, filled);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw accessError(error, path);
  }
}

/** One job in a thread of its own, which ends with it, and at once when it is cancelled. */
async function alone<Job extends 'inspect' | 'read'>(
  job: Job,
  input: DataJobs[Job]['input'],
  signal: AbortSignal,
  onProgress?: (done: number, total: number) => void,
): Promise<DataJobs[Job]['output']> {
  const thread = new DataThread();
  try {
    return await thread.do(job, input, signal, onProgress);
  } finally {
    await thread.end();
  }
}

export function nodeDatasetReader(cache: DatasetCache): DatasetReader {
  const questions = new DataThread();
  let idle: NodeJS.Timeout | undefined;

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    clearTimeout(idle);
    try {
      return await question();
    } finally {
      clearTimeout(idle);
      idle = setTimeout(() => {
        if (questions.isIdle) void questions.end();
      }, IDLE_MS);
      idle.unref();
    }
  }

  return {
    inspect: (path, options, signal) => alone('inspect', { path, options }, signal),

    async read(path, options, { signal, onProgress }): Promise<ReadDataset> {
      const part = await cache.newPart();
      const forget = () => rm(part, { force: true });
      try {
        const entry = await alone('read', { path, options, part }, signal, onProgress);
        return { entry, chunks: () => chunksOf(part), keep: () => cache.adopt(part, entry.digest), discard: forget };
      } catch (error) {
        await forget();
        throw error;
      }
    },

    file: (digest, chunks, signal) => cache.file(digest, chunks, signal),
    chunks: chunksOf,

    async forget(digest) {
      // On some systems a file that a thread has read cannot be removed while it lives.
      await questions.end();
      await cache.remove(digest);
    },

    rows: (file, from, count, signal) => ask(() => questions.do('rows', { file, from, count }, signal)),
    report: (file, data, signal) => ask(() => questions.do('report', { file, data }, signal)),
    column: (file, data, at, signal) => ask(() => questions.do('column', { file, data, at }, signal)),
    pair: (file, data, pair, signal) => ask(() => questions.do('pair', { file, data, pair }, signal)),
    preview: (file, data, signal) => ask(() => questions.do('preview', { file, data }, signal)),

    async close() {
      clearTimeout(idle);
      await questions.end();
    },
  };
}

/** @param appFolder the app's own: the cache lies in it, and what nobody has used for long goes from there now. */
export function createNodeDatasets(appFolder: string): DatasetReader {
  const cache = new DatasetCache(join(appFolder, 'datasets'));
  void cache.clean(Date.now());
  return nodeDatasetReader(cache);
}
