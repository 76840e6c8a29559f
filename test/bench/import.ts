// How long importing takes and how much memory at its peak: CIFAR-10 in its real size (files and archive) and a table of a million rows.
// Writes the files into a folder of its own, measures each reading in a fresh process, and prints one line for each.
// Usage: node test/bench/import.ts
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readCifar, readCsv, type ImportSource } from '../../engine/data/import/index.ts';
import { encodeStored } from '../../engine/data/index.ts';
import { DatasetCache } from '../../main/node/dataset-cache.ts';
import { nodeDatasetReader } from '../../main/node/dataset-reader.ts';
import { tarOf } from '../fixtures/import-files.ts';

const MB = 1e6;
const CIFAR = [
  'data_batch_1.bin',
  'data_batch_2.bin',
  'data_batch_3.bin',
  'data_batch_4.bin',
  'data_batch_5.bin',
  'test_batch.bin',
];
const ROWS = 1_000_000;
const WRITE = 'write the files';

/** The file in pieces that share one buffer. */
function fileSource(path: string): ImportSource {
  return {
    name: basename(path),
    size: statSync(path).size,
    async *open() {
      const buffer = new Uint8Array(1 << 20);
      const file = openSync(path, 'r');
      try {
        for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) yield buffer.subarray(0, read);
      } finally {
        closeSync(file);
      }
    },
  };
}

const ARCHIVE = 'cifar-10-binary.tar.gz';
const TABLE = 'table.csv';

/** As the app reads it: in a thread, with its digest, onto the disk. */
async function throughReader(folder: string, name: string): Promise<number> {
  const reader = nodeDatasetReader(new DatasetCache(join(folder, 'cache')));
  const options = { delimiter: null, header: null, decimal: null, resize: null, kinds: {} };
  const { signal } = new AbortController();
  const read = await reader.read(join(folder, name), options, { signal, onProgress: () => undefined });
  await read.discard();
  await reader.close();
  return read.entry.sizeBytes;
}

/** Each gives the bytes that are to be stored. */
const READINGS: Readonly<Record<string, (folder: string) => Promise<number>>> = {
  'CIFAR-10, files': async (folder) =>
    encodeStored(await readCifar(CIFAR.map((name) => fileSource(join(folder, name))))).length,
  'CIFAR-10, archive': async (folder) => encodeStored(await readCifar([fileSource(join(folder, ARCHIVE))])).length,
  'CIFAR-10, archive, as the app reads it': (folder) => throughReader(folder, ARCHIVE),
  'CSV, 10⁶ × 10': async (folder) => encodeStored(await readCsv(fileSource(join(folder, TABLE)))).length,
  'CSV, 10⁶ × 10, as the app reads it': (folder) => throughReader(folder, TABLE),
};

/** In a process of its own. */
async function measure(name: string, folder: string): Promise<void> {
  const peakMb = (): number => process.resourceUsage().maxRSS / 1000;
  const before = peakMb();
  const start = performance.now();
  const cpu = process.cpuUsage();
  const bytes = await READINGS[name]?.(folder);
  if (bytes === undefined) throw new Error(`there is no reading ${name}`);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  const more = peakMb() - before;
  process.stdout.write(
    `${name}: ${seconds.toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of processor time), ` +
      `${(bytes / MB).toFixed(0)} MB stored, peak ${more.toFixed(0)} MB more (${((more * MB) / bytes).toFixed(2)} times)\n`,
  );
}

/** Pixels that do not pack well, as photographs. */
function batch(seed: number): Uint8Array {
  const bytes = new Uint8Array(10_000 * 3073);
  let state = seed + 1;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = i % 3073 === 0 ? (state >>> 16) % 10 : ((state >>> 27) << 3) | ((i >> 5) & 7);
  }
  return bytes;
}

function writeFiles(folder: string): void {
  for (const [i, name] of CIFAR.entries()) writeFileSync(join(folder, name), batch(i));
  const files = CIFAR.map((name) => ({
    path: `cifar-10-batches-bin/${name}`,
    bytes: readFileSync(join(folder, name)),
  }));
  writeFileSync(join(folder, ARCHIVE), gzipSync(tarOf(files), { level: 1 }));
  const lines = ['a,b,c,d,e,f,g,h,kind,y'];
  for (let i = 0; i < ROWS; i++)
    lines.push(
      `${i},${(i * 0.37).toFixed(4)},${Math.sin(i)},${i % 7},-${i}.5,1e-3,${i * 3},0.25,category ${i % 50},${i % 3}`,
    );
  writeFileSync(join(folder, TABLE), lines.join('\n'));
}

/** A process's peak counts its parent's size at the start: this one stays small, and its children do the work. */
const inChild = (job: string, folder: string): void => {
  const { status } = spawnSync(process.execPath, [import.meta.filename, job, folder], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${job} ended with ${status}`);
};

const [job, given] = process.argv.slice(2);
if (job === WRITE && given !== undefined) writeFiles(given);
else if (job !== undefined && given !== undefined) await measure(job, given);
else {
  const folder = mkdtempSync(join(tmpdir(), 'overfit-import-'));
  try {
    for (const each of [WRITE, ...Object.keys(READINGS)]) inChild(each, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
